"""The clock jobs, on both databases."""
