"""What a short message answers: an order, a line of a list, a photo named."""
