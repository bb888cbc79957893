"""What `bot/reading/concerns` reads."""
