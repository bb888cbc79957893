"""What `bot/reading/staff` reads."""
