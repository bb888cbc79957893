"""Whether a message asks where documents can be sent, and which materials are long lists."""

import re
from functools import lru_cache

from bot.reading.normalise import normalise
from bot.reading.vocabulary import any_pattern, words

# a longer message is about more than that
LONGEST_QUESTION = 24
ASKS = re.compile(any_pattern(words("upload", "asks")), re.IGNORECASE)
LISTS = words("upload", "lists")


@lru_cache(maxsize=64)
def asks_for_upload(text: str) -> bool:
    """Whether that is a question for a way to send PDFs, tables or many photos."""
    plain = "".join(normalise(text).split()).strip(PUNCTUATION)
    return len(plain) <= LONGEST_QUESTION and ASKS.search(plain) is not None


PUNCTUATION = "，。？！、,.?!~～"


def is_long_list(name: str) -> bool:
    """Whether a material by its name is a list that one would rather send as a file."""
    return name.endswith(LISTS)
