"""Yizhan 一站: the intake assistant of a small inspection and testing agency."""
