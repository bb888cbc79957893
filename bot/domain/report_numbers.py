"""The one form of a report number: however it is typed, the same number is found."""

import re
import unicodedata

_APART = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]+")


def report_key(number: str) -> str:
    """Letters, digits and Han characters alone, in capitals and half width."""
    return _APART.sub("", unicodedata.normalize("NFKC", number)).upper()
