"""The client pages: what they show, take and refuse."""
