"""Never silence: whatever nobody else answered gets a useful sentence."""

from bot.handlers.dialog import draft_of, still_there
from bot.handlers.turn import Answer, Turn
from bot.messages import Kind, Say

# Kinds that the official account cannot read; each has its own sentence.
UNREADABLE = {
    Kind.VOICE: "talk/voice",
    Kind.VIDEO: "talk/video",
    Kind.FILE: "talk/file",
    Kind.LINK: "talk/link",
    Kind.IMAGE: "talk/photo",
    Kind.LOCATION: "talk/location",
    Kind.UNKNOWN: "talk/unknown_kind",
}


def not_understood(turn: Turn) -> Answer:
    """What to send instead, what can be done here, and how to reach a person."""
    key = UNREADABLE.get(turn.inbound.kind)
    if key is not None:
        return Answer((Say(key, {"agency": turn.catalog.agency}), *still_there(turn)))
    draft = draft_of(turn)
    values = {
        "agency": turn.catalog.agency,
        "categories": [category.name for category in turn.catalog.categories],
        "paused": draft is not None and draft.cancelled,
    }
    return Answer((Say("talk/not_understood", values),))
