"""Talks that a staff member takes over from the assistant."""
