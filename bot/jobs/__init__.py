"""What clocks cause, a file for each matter; `bot.schedule` says how often each is looked at."""
