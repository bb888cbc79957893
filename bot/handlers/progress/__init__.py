"""Where a registered need stands: told when asked, told by the clocks, undone by the client."""
