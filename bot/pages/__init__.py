"""Pages opened by a signed link from a chat: where clients and staff send and see files."""
