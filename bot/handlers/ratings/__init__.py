"""The rating of a finished case and what is improved after a low one."""
