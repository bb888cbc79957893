"""The wire: envelope, codec, limits, doors and the calls out."""
