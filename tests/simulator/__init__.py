"""The pretended platform, held against the rules of the real one."""
