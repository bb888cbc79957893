"""The rules of the trade: working days, the catalogue and its file."""
