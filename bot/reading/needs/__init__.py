"""What a client wants done: where it belongs in the catalogue, and under which conditions."""
