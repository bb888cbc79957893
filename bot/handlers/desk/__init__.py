"""What staff do from WeCom: by card, by typing, for a client on the telephone."""
