"""`yizhan doctor`: green on a whole office, and each check red when its own thing is broken."""
