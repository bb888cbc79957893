"""The only package that knows wechatpy and the platforms' wire formats."""
