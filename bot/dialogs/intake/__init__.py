"""Intake: from the first sentence to a confirmed Table B.1 (DESIGN.md 4)."""
