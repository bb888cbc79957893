"""Pages that clients open from the chat on their phones."""
