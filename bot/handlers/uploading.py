"""上传: where documents go that the chat does not carry; asked for in words or by trying."""

from bot.handlers.dialog import aside, draft_of
from bot.handlers.supplement import waiting_case
from bot.handlers.turn import Answer, Turn
from bot.messages import Kind, Say
from bot.reading.uploads import asks_for_upload


def asked(turn: Turn) -> Answer | None:
    """The link to this client's upload page; the registration under way stays as it is."""
    if turn.inbound.kind is not Kind.TEXT or not asks_for_upload(turn.inbound.text):
        return None
    draft = draft_of(turn)
    known = (draft is not None and bool(draft.rows)) or waiting_case(turn) is not None
    values = {"link": link_of(turn), "agency": turn.catalog.agency, "known": known}
    return aside(turn, Say("upload/link", values))


def link_of(turn: Turn) -> str:
    """The address of the page of whoever writes; "" where nobody could reach it."""
    return turn.office.links.upload(turn.person.id)
