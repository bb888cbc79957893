"""The tests: transcripts first, then folders that mirror the code."""
