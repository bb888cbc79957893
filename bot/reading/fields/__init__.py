"""What a form asks for, found in a text: who asks, where, how to be reached, since when."""
