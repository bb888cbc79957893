"""What a browser is told of every page of ours: what may run in it, and where it may stand."""


def content_policy(forms: str) -> str:
    """Everything comes from here, nothing runs but our own files, nobody may frame a page.

    `forms` says where its forms may go: "'self'" or "'none'".
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'none'",
            f"form-action {forms}",
            "frame-ancestors 'none'",
        )
    )
