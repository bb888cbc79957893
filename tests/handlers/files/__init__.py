"""Files, from both sides."""
