"""Never silence: whatever nobody else answered gets a useful sentence."""

from bot.domain.cases import Field
from bot.handlers.files.uploading import link_of
from bot.handlers.registering import supplement
from bot.handlers.registering.dialog import aside, draft_of
from bot.handlers.registering.supplement import left_of
from bot.handlers.registering.wanted import name_of
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
        values = {"agency": turn.catalog.agency, "upload": link_of(turn)}
        return aside(turn, Say(key, values))
    waiting = supplement.waiting_case(turn)
    if waiting is not None:
        fields = [name_of(turn, key) for key in waiting.wanted if key in set(Field)]
        unclear = {"agency": turn.catalog.agency, "field": next(iter(fields), "")}
        says = (Say("talk/unclear", unclear), left_of(turn, waiting))
        return Answer(says)
    draft = draft_of(turn)
    values = {
        "agency": turn.catalog.agency,
        "categories": [category.name for category in turn.catalog.categories],
        "paused": draft is not None and draft.cancelled,
    }
    return Answer((Say("talk/not_understood", values),))
