"""Who answers an inbound message: a folder for each matter, a module for each answer."""
