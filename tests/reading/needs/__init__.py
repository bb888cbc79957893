"""What `bot/reading/needs` reads."""
