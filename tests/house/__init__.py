"""The rules of the house, each a function from a root folder to its list of complaints."""
