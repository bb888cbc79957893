"""Believable data: months of invented clients, played through the real conversation."""
