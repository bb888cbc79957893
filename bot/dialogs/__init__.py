"""How we ask: forms, and the one engine that runs them."""
