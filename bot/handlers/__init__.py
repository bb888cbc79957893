"""Who answers an inbound message: one handler a module."""
