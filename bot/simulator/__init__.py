"""WeChat and WeCom, pretended, with their real limits enforced."""
