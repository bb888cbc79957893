"""证书 编号 标题: what staff hand to a client as a file, and how the client gets it (7.4.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.cases import Case, Need, NeedState
from bot.domain.catalog import Staff
from bot.domain.files import FilePurpose, FileState
from bot.handlers.desk import needs as desk
from bot.handlers.to_client import News, to_client
from bot.handlers.told import Told, told_by
from bot.handlers.turn import Answer, Office, Turn
from bot.messages import Channel, Kind, Push, PushKind, Say
from bot.reading.staff.commands import Command
from storage import cases, events, files, outbox, people
from storage.db import Tx
from storage.files import File

VERB = "certificate"
# a file sent later than that is meant for something else; one sent first waits a day
PATIENCE, KEPT = timedelta(minutes=30), timedelta(hours=24)
# the chat of a WeCom app carries photos and no documents (wechat_platform.md 5.2)
SENT = frozenset({Kind.IMAGE})
# as many as one need ever has
MOST = 10


@dataclass(frozen=True)
class Ordered:
    """A need, and what the file for its client is called."""

    case: Case
    need: Need
    title: str


def ordered(turn: Turn) -> Answer | None:
    """The command, and the file it waits for; None if it is about other things."""
    staff = turn.staff
    if staff is None:
        return None
    waiting = turn.person.progress.get("form") == VERB and fresh(turn, PATIENCE)
    if turn.inbound.kind in SENT and waiting:
        return sent(turn, staff)
    if turn.command is not None:
        return begin(turn, staff, turn.command) if turn.command.verb == VERB else None
    return unless_dropped(turn) if waiting and turn.inbound.kind is Kind.TEXT else None


def unless_dropped(turn: Turn) -> Answer:
    """Words where a file is waited for: given up, or reminded."""
    if turn.reading.gives_up:
        return Answer((Say("staff/dropped"),), {})
    return Answer((Say("files/staff_waiting"),))


def fresh(turn: Turn, lasts: timedelta) -> bool:
    """Whether what stands in the staff member's progress is not too long ago."""
    at = turn.person.progress.get("at")
    return isinstance(at, str) and turn.now - datetime.fromisoformat(at) <= lasts


def begin(turn: Turn, staff: Staff, command: Command) -> Answer:
    """Which need it is for; a file that was sent first is taken at once."""
    found = desk.look_up(turn, staff, command)
    if isinstance(found, Say):
        return Answer((found,))
    case, need = found
    if need.state is NeedState.WITHDRAWN:
        return Answer((Say("files/staff_withdrawn", {"number": case.number}),))
    title = " ".join(command.words.split())[:LONGEST] or turn.office.renderer.text(
        Say("files/title")
    )
    order = Ordered(case, need, title)
    media = loose_media(turn)
    if media:
        return take(turn, order, media)
    progress = {"form": VERB, "need": need.id, "title": title, "at": turn.now.isoformat()}
    link = turn.office.links.hand_over(turn.person.id, need.id, title)
    say = Say("files/staff_send_now", values_of(turn, order) | {"link": link})
    return Answer((say,), progress)


LONGEST = 40


def loose_media(turn: Turn) -> list[str]:
    """What was sent before the command: media ids."""
    kept = turn.person.progress.get("files")
    if turn.person.progress.get("form") != "loose" or not isinstance(kept, list):
        return []
    return [str(media) for media in kept] if fresh(turn, KEPT) else []


def sent(turn: Turn, staff: Staff) -> Answer:
    """The file that the command waited for."""
    found = desk.mine(turn, staff, int(str(turn.person.progress["need"])))
    if isinstance(found, Say):
        return Answer((found,), {})
    order = Ordered(*found, str(turn.person.progress["title"]))
    return take(turn, order, [medium_of(turn)])


def medium_of(turn: Turn) -> str:
    """Where this message's photo lies."""
    return turn.inbound.media.media_id if turn.inbound.media is not None else ""


def take(turn: Turn, order: Ordered, media: Sequence[str]) -> Answer:
    """Has the files fetched; the client hears of each once it is stored."""
    for media_id in media:
        files.expect(
            turn.tx,
            channel=Channel.WECOM,
            media_id=media_id,
            purpose=FilePurpose.CERTIFICATE,
            at=turn.now,
            person_id=turn.person.id,
            case_id=order.case.id,
            need_id=order.need.id,
            title=order.title,
        )
    values = values_of(turn, order) | {"count": len(media)}
    return Answer((Say("files/staff_fetching", values),), {})


def loose(turn: Turn) -> Answer | None:
    """A photo without a word: kept until it is said whose it is."""
    staff = turn.staff
    media = turn.inbound.media
    busy = turn.person.progress.get("form") not in {None, "loose", VERB}
    if staff is None or busy or turn.inbound.kind not in SENT or media is None:
        return None
    kept = [*loose_media(turn), medium_of(turn)][-MOST:]
    progress = {"form": "loose", "files": kept, "at": turn.now.isoformat()}
    return Answer((Say("files/staff_loose", {"count": len(kept)}),), progress)


def values_of(turn: Turn, order: Ordered) -> dict[str, object]:
    """What staff read about the order."""
    item = turn.catalog.service(order.need).name
    return {"number": order.case.number, "item": item, "title": order.title}


def deliver(office: Office, tx: Tx, file: File, now: datetime) -> None:
    """It is stored: the client gets the link, the timeline a line, the sender a word."""
    found = need_of(tx, file)
    if found is None:
        return
    case, need = found
    client = people.by_id(tx, case.person_id)
    sender = None if file.person_id is None else people.by_id(tx, file.person_id)
    by = sender.identity if sender else "system"
    values = {
        "number": case.number,
        "item": office.catalog.service(need).name,
        "title": file.title or "",
        "link": office.links.certificate(file.key),
        "agency": office.catalog.agency,
    }
    note = {"title": file.title, "key": file.key}
    events.append(tx, case.id, need.id, now, "certificate", by, note)
    told = Told()
    if client is not None:
        news = News(f"certificate:{file.id}", Say("files/certificate", values))
        pushes = to_client(office, client, case, need, news, now)
        outbox.enqueue(tx, pushes)
        told = told_by(office, tx, client, pushes, now)
    say = Say("files/staff_delivered", values | {"told": told})
    to_sender(office, tx, file, say, now)


def refused(office: Office, tx: Tx, file: File, reason: str, now: datetime) -> None:
    """It could not be used: the client hears nothing, the sender why."""
    found = need_of(tx, file)
    why = office.renderer.text(Say("files/why", {"reason": reason, "sort": file.sort.value}))
    number = found[0].number if found else ""
    values = {"number": number, "title": file.title or "", "why": why, "reason": reason}
    to_sender(office, tx, file, Say("files/staff_refused", values), now)


def need_of(tx: Tx, file: File) -> tuple[Case, Need] | None:
    """The need a file was ordered for."""
    return None if file.need_id is None else cases.need(tx, file.need_id)


def to_sender(office: Office, tx: Tx, file: File, say: Say, now: datetime) -> None:
    """A text to the staff member who sent the file."""
    sender = None if file.person_id is None else people.by_id(tx, file.person_id)
    if sender is None:
        return
    key, body = f"sender:{file.id}", {"text": office.renderer.text(say)}
    to = (Channel.WECOM, sender.identity)
    outbox.enqueue(tx, [Push(key, *to, PushKind.TEXT, body, now, "notice")])


def documents(turn: Turn, case_id: int) -> dict[int, list[dict[str, str]]]:
    """What the client can download of each need of a case: title and link."""
    found: dict[int, list[dict[str, str]]] = {}
    for one in files.of_case(turn.tx, case_id):
        stored = one.state is FileState.STORED and one.purpose is FilePurpose.CERTIFICATE
        if stored and one.need_id is not None:
            link = turn.office.links.certificate(one.key)
            found.setdefault(one.need_id, []).append({"title": one.title or "", "link": link})
    return found
