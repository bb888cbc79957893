"""What goes wrong on the way to the platforms, ordered from the pretended ones."""
