"""Registering, from the outside."""
