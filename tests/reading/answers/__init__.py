"""What `bot/reading/answers` reads."""
