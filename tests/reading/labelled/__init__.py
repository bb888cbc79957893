"""What stands under labels, in the layouts and words of the people who fill in forms."""
