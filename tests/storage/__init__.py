"""What storage promises, on both engines."""
