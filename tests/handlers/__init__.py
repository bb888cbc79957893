"""The handlers, through the whole office."""
