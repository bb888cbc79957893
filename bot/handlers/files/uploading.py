"""上传: where documents go that the chat does not carry; asked for in words or by trying."""

from bot.handlers.registering.dialog import aside, draft_of
from bot.handlers.registering.matters import matters
from bot.handlers.turn import Answer, Turn
from bot.messages import Kind, Say
from bot.reading.concerns.uploads import asks_for_upload


def asked(turn: Turn) -> Answer | None:
    """The link to this client's upload page; the registration under way stays as it is."""
    if turn.inbound.kind is not Kind.TEXT or not asks_for_upload(turn.inbound.text):
        return None
    draft = draft_of(turn)
    begun = draft is not None and bool(draft.rows) and not draft.cancelled
    values = {
        "link": link_of(turn),
        "agency": turn.catalog.agency,
        # a page without any place for a file is told before it is opened
        "nothing": not begun and not matters(turn),
    }
    return aside(turn, Say("upload/link", values))


def link_of(turn: Turn) -> str:
    """The address of the page of whoever writes; "" where nobody could reach it."""
    return turn.office.links.upload(turn.person.id)
