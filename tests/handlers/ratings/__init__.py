"""Ratings and what follows from low ones."""
