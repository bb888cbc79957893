"""The rules of the trade: values and pure functions, no I/O."""
