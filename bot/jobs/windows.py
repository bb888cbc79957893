"""What staff hear of clients whom a message no longer reaches, or soon will not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from bot.clock import SHANGHAI
from bot.domain.cases import Case, Field, Need, NeedState
from bot.domain.catalog import Purpose, Staff
from bot.domain.quiet_hours import is_quiet
from bot.domain.retry import Failure
from bot.handlers.desk.reminders import staff_text
from bot.jobs.desk import Desk, each
from bot.messages import Channel, Say
from bot.wechat.limits import GRANTED, WINDOWS, Grant, Reason, Way
from storage import cases, handovers, outbox, people, quotas, runs, windows
from storage.db import Tx
from storage.handovers import Handover
from storage.models import PushState
from storage.outbox import Unreached
from storage.people import Person

WINDOW = WINDOWS[Grant.WROTE].lasts
# staff have this long to say what they still want to say
LEAD = timedelta(hours=1)
# or the evening before, where that hour falls into the night
EVENING = time(19, 30)
# no reminder comes longer than this before the window closes: a night, and the hour before it
LONGEST_LEAD = timedelta(hours=14)
# what a client waits for; surveys and the like have clocks of their own
MATTERS = (Purpose.STATUS, Purpose.NOTICE)
# so many lines fit into one text
LINES = 15
JOB = "window"


def reopen(desk: Desk) -> None:
    """Calls the platform had closed are tried again, with what waited for them."""

    def turn(tx: Tx) -> int:
        now = desk.clock()
        opened = quotas.reopen(tx, now)
        return sum(outbox.reopen(tx, one, Reason.SWITCHED_OFF, now) for one in opened)

    if desk.db.run(turn):
        desk.wake()


# --- a window that is about to close


def remind_at(wrote_at: datetime) -> datetime:
    """When staff are reminded: an hour before the window closes, or the evening before that."""
    at = wrote_at.astimezone(SHANGHAI) + WINDOW - LEAD
    if not is_quiet(at):
        return at
    evening = datetime.combine(at.date(), EVENING, SHANGHAI)
    return evening if evening <= at else evening - timedelta(days=1)


def remind_of_windows(desk: Desk) -> None:
    """Once for each window, while something in it still waits; by day alone."""
    now = desk.clock()
    if is_quiet(now):
        return
    due = desk.db.run(lambda tx: unreminded(tx, now))
    each(desk, "window of client", due, lambda tx, one: remind(tx, desk, one, now))


def unreminded(tx: Tx, now: datetime) -> tuple[int, ...]:
    """Whose window closes soon, and of whom nobody was told yet."""
    found = windows.closing(tx, now - WINDOW, now - WINDOW + LONGEST_LEAD)
    return tuple(
        person_id
        for person_id, wrote_at in found
        if remind_at(wrote_at) <= now and not runs.taken(tx, JOB, period(person_id, wrote_at))
    )


def period(person_id: int, wrote_at: datetime) -> str:
    """One window of one client."""
    return f"{person_id} {wrote_at:%Y%m%d%H%M%S}"


def remind(tx: Tx, desk: Desk, person_id: int, now: datetime) -> None:
    """Judges once more with the client's row locked: they may be writing just now."""
    found = people.by_id(tx, person_id)
    client = None if found is None else people.lock(tx, found.channel, found.identity)
    if client is None or not closes_soon(desk, client, now):
        return
    open_, wrote_at = whats_open(tx, client), client.credits.wrote_at
    if not open_ or wrote_at is None or not runs.once(tx, JOB, period(client.id, wrote_at)):
        return
    for staff, share in open_.by_staff(desk):
        key = f"{JOB}:{client.id}:{wrote_at:%Y%m%d%H%M%S}:{staff.id}"
        text = desk.office.renderer.text(Say("staff/window", share))
        outbox.enqueue(tx, [staff_text(key, staff, text, now, "reminder")])


def closes_soon(desk: Desk, client: Person, now: datetime) -> bool:
    """Whether it is time; an account that may send nothing has no window to lose."""
    wrote_at = client.credits.wrote_at
    granted = GRANTED[desk.office.account.kind]
    if client.channel is Channel.OFFICIAL and Way.CUSTOMER_SERVICE not in granted:
        return False
    return wrote_at is not None and remind_at(wrote_at) <= now < wrote_at + WINDOW


@dataclass(frozen=True)
class Open:
    """What a client still waits for: needs without an answer, a talk, messages held."""

    client: Person
    cases: tuple[Case, ...]
    needs: tuple[tuple[Case, Need], ...]
    talk: Handover | None
    held: int

    def __bool__(self) -> bool:
        return bool(self.needs or self.talk or self.held)

    def by_staff(self, desk: Desk) -> Sequence[tuple[Staff, Mapping[str, object]]]:
        """Who of staff has to do with it, and what their text shows."""
        shares: dict[Staff, list[tuple[Case, Need]]] = {}
        for case, need in self.needs:
            shares.setdefault(desk.catalog.in_charge(need.assignee), []).append((case, need))
        if self.talk is not None:
            shares.setdefault(desk.catalog.in_charge(self.talk.staff), [])
        if not shares:
            shares[first_in_charge(desk, self.cases)] = []
        return [(staff, self.values(desk, staff, rows)) for staff, rows in shares.items()]

    def values(
        self, desk: Desk, staff: Staff, rows: Sequence[tuple[Case, Need]]
    ) -> Mapping[str, object]:
        """What a text shows."""
        wrote_at = self.client.credits.wrote_at
        case = rows[0][0] if rows else next(iter(self.cases), None)
        talks = self.talk is not None and desk.catalog.in_charge(self.talk.staff) == staff
        return {
            "number": case.number if case else "",
            "reach": reach_of(case) if case else "",
            "closes": wrote_at + WINDOW if wrote_at else None,
            "rows": [(desk.catalog.service(need).name, need.state) for _, need in rows],
            "talk": self.talk.id if self.talk and talks else None,
            "held": self.held,
        }


def whats_open(tx: Tx, client: Person) -> Open:
    """Everything in one look."""
    found = cases.of_person(tx, client.id)
    needs = tuple(
        (case, need) for case in found for need in case.needs if need.state in windows.UNANSWERED
    )
    held = windows.held_of(tx, client.channel, client.identity)
    return Open(client, found, needs, handovers.of_person(tx, client.id), held)


def first_in_charge(desk: Desk, found: Sequence[Case]) -> Staff:
    """Who has the client's newest case; a manager, where there is none."""
    for case in found:
        return keepers(desk, case)[0]
    return desk.catalog.in_charge("")


def keepers(desk: Desk, case: Case) -> tuple[Staff, ...]:
    """Who has its needs; of one that is over, who was asked first."""
    over = {NeedState.CLOSED, NeedState.WITHDRAWN}
    names = [need.assignee for need in case.needs if need.state not in over] or [case.agent]
    return tuple(dict.fromkeys(desk.catalog.in_charge(one) for one in names))


def reach_of(case: Case) -> str:
    """Whom to call."""
    fields = case.record.fields
    return " ".join(fields[key] for key in (Field.CONTACT, Field.PHONE) if key in fields)


# --- messages that did not arrive


@dataclass(frozen=True)
class Late:
    """One line of the digest: a client, and how much of what was said to them waits or is lost."""

    person_id: int
    number: str
    reach: str
    held: int
    failed: int
    reason: str
    # the newest push of it; what is told by it is told for ever
    newest: int


# what each staff member will read, a line for each client
Digest = dict[Staff, list[Late]]


def tell_unreached(desk: Desk) -> None:
    """Once a day for each client and whoever has their case: what did not reach them, and why."""
    now = desk.clock()
    if is_quiet(now):
        return
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    rows: dict[int, list[Unreached]] = {}
    for one in desk.db.run(lambda tx: outbox.unreached(tx, MATTERS, today)):
        if is_lost(one) or one.row.state is PushState.HELD:
            rows.setdefault(one.person_id, []).append(one)
    digest: Digest = {}
    each(desk, "unreached client", rows, lambda tx, one: note(tx, desk, digest, rows[one]))
    for staff, lines in digest.items():
        for start in range(0, len(lines), LINES):
            page = lines[start : start + LINES]
            desk.db.run(partial(tell, desk=desk, staff=staff, lines=page, now=now))


def is_lost(one: Unreached) -> bool:
    """Whether the platform would not take it; what was given up for other reasons is no news."""
    kind = one.row.reason.partition(" ")[0]
    return one.row.state is PushState.FAILED and kind in set(Failure)


def note(tx: Tx, desk: Desk, digest: Digest, rows: Sequence[Unreached]) -> None:
    """The line of one client, for whoever has the case that the newest of it is about."""
    newest = rows[-1].row
    case = cases.by_number(tx, newest.push.fields.get("number", ""))
    if case is None:
        return
    line = Late(
        person_id=rows[-1].person_id,
        number=case.number,
        reach=reach_of(case),
        held=sum(one.row.state is PushState.HELD for one in rows),
        failed=sum(map(is_lost, rows)),
        reason=newest.reason,
        newest=newest.id,
    )
    for staff in keepers(desk, case):
        digest.setdefault(staff, []).append(line)


def tell(tx: Tx, *, desk: Desk, staff: Staff, lines: Sequence[Late], now: datetime) -> None:
    """One text about clients whom this staff member has not heard of today."""
    fresh = [
        one
        for one in lines
        if runs.once(tx, "unreached", f"{now:%Y%m%d} {one.person_id} {staff.id}")
    ]
    for one in fresh:
        people.told_unreached(tx, one.person_id, now)
    if fresh:
        text = desk.office.renderer.text(Say("staff/unreached", {"rows": fresh}))
        key = f"unreached:{staff.id}:{fresh[0].newest}"
        outbox.enqueue(tx, [staff_text(key, staff, text, now, "reminder")])
