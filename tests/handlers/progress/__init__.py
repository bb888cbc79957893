"""Where a need stands."""
