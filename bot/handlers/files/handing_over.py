"""What staff choose on the hand-over page: it reaches the client as a photo in the chat would."""

from bot.domain.cases import NeedState
from bot.domain.files import FilePurpose
from bot.handlers.desk import needs as desk
from bot.handlers.files import certificates
from bot.handlers.files.certificates import MOST, Ordered
from bot.handlers.files.documents import Document, Parcel, Verdict, allowed, by_digest
from bot.handlers.turn import Turn
from bot.messages import Channel, Say
from storage import files, people


def ordered(turn: Turn, need_id: int, title: str) -> Ordered | None:
    """What is to be handed over; None if it is not this person's to hand over any more."""
    found = desk.mine(turn, turn.staff, need_id) if turn.staff is not None else None
    if found is None or isinstance(found, Say) or found[1].state is NeedState.WITHDRAWN:
        return None
    return Ordered(*found, title)


def receive(turn: Turn, order: Ordered, parcel: Parcel) -> Verdict:
    """Keeps what is new and sends the client the link; a repeat changes nothing."""
    had = sent(turn, order)
    known = set(files.digests(turn.tx, had))
    fresh = [one for digest, one in by_digest(parcel.documents).items() if digest not in known]
    if not fresh:
        return Verdict.SAME if parcel.documents else Verdict.CLOSED
    if len(had) + len(fresh) > MOST or not all(allowed(turn) for _ in fresh):
        return Verdict.TOO_MANY
    for one in fresh:
        keep(turn, order, one)
    progress = turn.person.progress
    if progress.get("form") == certificates.VERB and progress.get("need") == order.need.id:
        # the chat waits for it no longer
        people.save(turn.tx, turn.person.id, {})
    return Verdict.TAKEN


def sent(turn: Turn, order: Ordered) -> list[str]:
    """The documents that the client of the need has been sent, by name."""
    found = files.of_case(turn.tx, order.case.id)
    mine = (one for one in found if one.need_id == order.need.id)
    return [one.key for one in mine if one.purpose is FilePurpose.CERTIFICATE]


def keep(turn: Turn, order: Ordered, one: Document) -> None:
    """Stores a document and tells the client and the sender of it."""
    file = files.put(
        turn.tx,
        purpose=FilePurpose.CERTIFICATE,
        data=one.sealed,
        content_type=one.content_type,
        channel=Channel.WECOM,
        at=turn.now,
        title=order.title,
        filename=one.filename or None,
        person_id=turn.person.id,
        case_id=order.case.id,
        need_id=order.need.id,
    )
    certificates.deliver(turn.office, turn.tx, file, turn.now)
