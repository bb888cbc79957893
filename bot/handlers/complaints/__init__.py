"""Complaints and opinions, from both sides."""
