"""What people want done with their own data, and who does it."""
