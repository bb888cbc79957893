"""What `bot/reading/fields` reads."""
