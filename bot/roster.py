"""Reads from WeCom who is there, when a manager asks or a day is over, and says what changed.

WeCom knows who exists, the catalogue who does what: whoever is new has no rights until the
catalogue names them, and whoever is gone takes nothing new, though the catalogue still has them.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.background import Background
from bot.clock import Clock
from bot.domain.catalog import Staff
from bot.domain.quiet_hours import card_due
from bot.domain.retry import SendFailed
from bot.handlers.desk.reminders import staff_text
from bot.handlers.desk.staff_menu import mark, menu
from bot.handlers.turn import Office
from bot.messages import Say
from storage import cases, members, outbox, roster, runs
from storage.db import Busy, Database, Tx
from storage.members import Listed, Member
from storage.roster import Task

log = logging.getLogger(__name__)

# a platform that does not answer is left alone for so long
PAUSE = timedelta(minutes=10)


class Directory(Protocol):
    """The account that knows who is there."""

    def members(self) -> tuple[Listed, ...]:
        """Everybody in its range; or SendFailed."""

    def show_menu(self, menu: Mapping[str, object]) -> None:
        """Puts a menu below everybody's chat; or SendFailed."""


@dataclass(frozen=True)
class Changes:
    """What a reading found: userids and names, as far as they concern anybody."""

    new: tuple[Listed, ...]
    back: tuple[Listed, ...]
    gone: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    moved: tuple[Listed, ...]

    @property
    def any(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.new or self.back or self.gone or self.renamed or self.moved)


class Roster(Background):
    """Reads the list when it is wanted."""

    def __init__(self, db: Database, directory: Directory, office: Office, clock: Clock) -> None:
        super().__init__("roster", 1)
        self._db, self._directory, self._office, self._clock = db, directory, office, clock
        self._not_before: datetime | None = None

    def drain(self) -> int:
        """Reads it as often as it is wanted; how often that was."""
        done = 0
        while not self._stopping.is_set() and self._round():
            done += 1
        return done

    def _round(self) -> bool:
        now = self._clock()
        try:
            task = self._db.run(roster.waiting)
        except Busy:
            return False
        paused = self._not_before is not None and now < self._not_before
        if task is None or (paused and not task.asked):
            return False
        try:
            found = self._directory.members()
            self._show_menu()
        except SendFailed as failure:
            log.warning("the members of WeCom cannot be read: %s", failure)
            self._not_before = now + PAUSE
            return self._failed(task, str(failure.failure), now)
        if not manned(self._office, found):
            log.warning("the list of WeCom has no manager of the catalogue and is not believed")
            self._not_before = now + PAUSE
            return self._failed(task, "no_manager", now)
        self._db.run(lambda tx: apply(tx, self._office, task, found, now))
        return True

    def _show_menu(self) -> None:
        """The menu once, and again when it has changed."""
        wanted = menu(self._office.renderer)
        if self._db.run(lambda tx: runs.last_beat(tx, mark(wanted))) is None:
            self._directory.show_menu(wanted)
            self._db.run(lambda tx: runs.beat(tx, mark(wanted), self._clock()))

    def _failed(self, task: Task, why: str, now: datetime) -> bool:
        """Who asked is told, and asks again; what fell due is tried again by itself."""
        if not task.asked:
            return False

        def told(tx: Tx) -> None:
            roster.done(tx, task)
            tell(tx, self._office, task, Say("roster/failed", {"reason": why}), now)

        self._db.run(told)
        return True


def manned(office: Office, found: Sequence[Listed]) -> bool:
    """Whether a manager is on the list: one without any would leave needs with nobody."""
    there = {one.userid.lower() for one in found}
    return any(one.id.lower() in there for one in office.catalog.managers or office.catalog.staff)


def apply(tx: Tx, office: Office, task: Task, found: Sequence[Listed], now: datetime) -> None:
    """The list as it is now, and what of it managers have to know."""
    if roster.waiting(tx) != task:
        # another process was faster
        return
    before = {one.userid: one for one in members.every(tx)}
    there = {one.userid.lower() for one in found}
    ours = {one.id.lower() for one in office.catalog.staff}
    members.listed(tx, found)
    gone = members.left(tx, ours - there, now)
    # whoever is in neither list is nobody to us, and no business of ours
    members.forget(tx, {*before} - ours - there)
    roster.done(tx, task)
    changes = compared(office, before, found, gone)
    if task.asked or changes.any:
        tell(tx, office, task, report(tx, office, changes, found), now)


def compared(
    office: Office, before: Mapping[str, Member], found: Sequence[Listed], gone: frozenset[str]
) -> Changes:
    """What is not as it was; of the first list, what is not as the catalogue has it."""
    known = {userid: one for userid, one in before.items() if one.listed is not None}
    ours = office.catalog.person
    came = [one for one in found if one.userid.lower() not in known]
    here = [one for one in found if one.userid.lower() in known]
    earlier = {one.userid: known[one.userid.lower()] for one in here}
    named = {one.userid: old for one in here if (old := earlier[one.userid].listed) is not None}
    first = [(ours[one.userid.lower()].name, one) for one in came if one.userid.lower() in ours]
    return Changes(
        # of a first list, those whom the catalogue has were there all the time
        new=tuple(one for one in came if one.userid.lower() not in ours or known),
        back=tuple(one for one in here if earlier[one.userid].left_at is not None),
        gone=tuple(sorted(gone & {*ours})),
        renamed=tuple(
            (old, one.name)
            for old, one in (*first, *((named[one.userid].name, one) for one in here))
            if old != one.name
        ),
        moved=tuple(one for one in here if {*named[one.userid].departments} != {*one.departments}),
    )


def report(tx: Tx, office: Office, changes: Changes, found: Sequence[Listed]) -> Say:
    """What changed, in words."""
    ours, loads = office.catalog.person, cases.open_loads(tx)
    open_needs = {userid.lower(): count for userid, count in loads.items()}
    return Say(
        "roster/report",
        {
            "count": len(found),
            "new": [(one, one.userid.lower() in ours) for one in changes.new],
            "back": changes.back,
            "gone": [(ours[one].name, open_needs.get(one, 0)) for one in changes.gone],
            "renamed": changes.renamed,
            "moved": changes.moved,
        },
    )


def tell(tx: Tx, office: Office, task: Task, say: Say, now: datetime) -> None:
    """The managers read it: at once if somebody asked, else when they are on duty."""
    text = office.renderer.text(say)
    gone = members.gone(tx)
    there = [one for one in office.catalog.managers if one.id.lower() not in gone]
    heads: Sequence[Staff] = there or office.catalog.managers or office.catalog.staff[:1]
    for one in heads:
        due = now if task.asked else card_due(office.catalog, one, now)
        key = f"roster:{task.at.isoformat()}:{one.id}"
        outbox.enqueue(tx, [staff_text(key, one, text, due, "roster")])
