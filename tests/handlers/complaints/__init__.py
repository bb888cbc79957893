"""Complaints and opinions."""
