"""What must not be kept is taken out of a message before anybody reads, answers or stores it."""

import re
from dataclasses import replace

from bot.messages import Inbound
from bot.reading.masking import mask_numbers

# where somebody is, to the metre: the address they send with it is all that is wanted
_PLACE = re.compile(r"<(Location_[XY]|Latitude|Longitude|Precision)>.*?</\1>", re.DOTALL)


def safe(inbound: Inbound) -> Inbound:
    """The message with identity and card numbers masked; itself if it holds none."""
    masked = mask_numbers(inbound.text) if inbound.text else ""
    if masked == inbound.text:
        return inbound
    return replace(inbound, text=masked, masked=True)


def keepable(raw: bytes, inbound: Inbound) -> bytes:
    """The input of a failed turn as it may be kept: without those numbers, without coordinates."""
    whole = _PLACE.sub("", raw.decode("utf-8", "surrogateescape"))
    masked = safe(inbound)
    if masked.masked:
        quoted = inbound.text in whole
        whole = whole.replace(inbound.text, masked.text) if quoted else mask_numbers(whole)
    return whole.encode("utf-8", "surrogateescape")
