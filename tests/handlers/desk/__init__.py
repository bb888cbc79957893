"""What staff tap and type."""
