"""Service options: how a client wants a need done (clause 7.4.4), and quickly (7.4.5)."""

from collections.abc import Mapping
from enum import StrEnum


class Option(StrEnum):
    """One way of doing a need; a wish until staff confirm it."""

    ON_SITE = "on_site"
    PICK_UP = "pick_up"
    SEND_IN = "send_in"
    MAIL_REPORT = "mail_report"
    E_CERTIFICATE = "e_certificate"
    URGENT = "urgent"


# the same sample is either fetched or sent
EXCLUDES = {Option.PICK_UP: Option.SEND_IN, Option.SEND_IN: Option.PICK_UP}


def with_wishes(options: tuple[str, ...], wishes: Mapping[Option, bool]) -> tuple[str, ...]:
    """The options after some were wished for (True) or taken back (False), in their order."""
    kept = set(options) - {one for one, wanted in wishes.items() if not wanted}
    for one in (one for one, wanted in wishes.items() if wanted):
        kept = (kept - {EXCLUDES.get(one)}) | {one}
    return tuple(one.value for one in Option if one in kept)
