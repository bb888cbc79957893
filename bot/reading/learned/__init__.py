"""What a message is and what it asks for, learned from examples by the characters people use."""
