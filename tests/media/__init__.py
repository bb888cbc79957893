"""Pictures and documents: what is kept, what is refused."""
