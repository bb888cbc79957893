"""What staff type: commands, sums, times, and words for a client at the desk."""
