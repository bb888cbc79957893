"""A client's need on its way into the book: gathered, registered, supplemented, corrected."""
