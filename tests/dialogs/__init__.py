"""Tests of the forms and of the engine that runs them."""
