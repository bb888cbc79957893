"""What comes along with a pasted block and is nobody's value: headers, mail addresses, slogans."""

import re

from bot.reading.findings import Findings
from bot.reading.vocabulary import any_of, any_pattern, words

_HEADER = re.compile(any_pattern(words("noise", "headers")), re.MULTILINE)
_PIECE = re.compile(any_pattern(words("noise", "pieces")))
_MARKS = r"\s,;:.!~\u3001\u3002\u2026\uff0c"
_PHRASE = re.compile(
    rf"(?:(?<=[{_MARKS}])|^){any_of(words('noise', 'phrases'))}[{_MARKS}]*(?=[{_MARKS}]|$)"
)


def drop_headers(findings: Findings) -> None:
    """Take the lines of a forwarded chat; before labels, since they look like values."""
    plain = findings.text.plain
    if "\n" in plain:
        for found in _HEADER.finditer(plain):
            findings.take(*found.span())


def drop_pieces(findings: Findings) -> None:
    """Take addresses of mail and pages, and the phrases around a block; after labels."""
    free = findings.free()
    for pattern in (_PIECE, _PHRASE) if findings.fields else (_PIECE,):
        for found in pattern.finditer(free):
            findings.take(*found.span())
