"""微信客服: what clients write is pulled, once and all of it."""
