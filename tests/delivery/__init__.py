"""Sending: the worker, and the ways a push can take."""
