"""Tests of bot/reading/learned."""
