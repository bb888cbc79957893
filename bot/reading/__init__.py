"""What a message means: pure functions over text, no I/O."""
