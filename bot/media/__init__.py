"""What people send as bytes: looked at, made safe, or refused with a reason."""
