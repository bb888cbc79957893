"""Why something sent cannot be used; each flaw has its words in `bot/texts/files.yaml`."""

from enum import StrEnum


class Flaw(StrEnum):
    """What is wrong with a picture or a document."""

    NOT_A_PICTURE = "not_a_picture"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    TOO_DARK = "too_dark"
    BLANK = "blank"
    # a document of a kind that is not taken
    WRONG_KIND = "wrong_kind"


class Unusable(Exception):
    """What was sent cannot be used, and why."""

    def __init__(self, flaw: Flaw) -> None:
        self.flaw = flaw
        super().__init__(str(flaw))
