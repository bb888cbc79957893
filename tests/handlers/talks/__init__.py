"""Talks with a person."""
