"""What was kept long enough (domain.md 8): chats, the log of what was forgotten, records."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from bot.domain.privacy import LOG_YEARS
from bot.jobs.desk import Desk, each
from bot.jobs.privacy import locked
from storage import forgetting, privacy
from storage.db import Tx

# so many rows at a time, so that turns come between
SLICE, CASES = 1_000, 50


def forget_chats(desk: Desk) -> None:
    """What was said: words in timelines, and pushes; replies go with the answered messages."""
    before = desk.clock() - timedelta(days=desk.clocks.media_days)
    in_slices(desk, partial(forgetting.forget_chat, before=before, limit=SLICE), SLICE)
    in_slices(desk, partial(forgetting.purge_pushes, before=before, limit=SLICE), SLICE)


def in_slices(desk: Desk, purge: Callable[[Tx], int], full: int) -> None:
    """Runs it until a slice was not full."""
    while desk.db.run(purge) == full:
        pass


def forget_log(desk: Desk) -> None:
    """That somebody agreed or was forgotten has to be shown for so long and no longer."""
    before = years_before(desk.clock(), LOG_YEARS)
    in_slices(desk, partial(forget_requests, before=before), SLICE)


def forget_requests(tx: Tx, before: datetime) -> int:
    """One slice of requests, and what it says of people who are gone."""
    gone = privacy.purge(tx, before, SLICE)
    for person_id in dict.fromkeys(gone):
        forgetting.forget_consent(tx, person_id)
    return len(gone)


def empty_records(desk: Desk) -> None:
    """Of a case or complaint that ended so many years ago, only what is counted stays."""
    before = years_before(desk.clock(), desk.clocks.record_years)
    voices = partial(forgetting.empty_voices, before=before, now=desk.clock(), limit=SLICE)
    in_slices(desk, voices, SLICE)
    silence = timedelta(days=desk.clocks.media_days)
    empty = partial(empty_one, before=before, now=desk.clock(), silence=silence)
    after = None
    while found := desk.db.run(
        partial(forgetting.outlived, before=before, limit=CASES, after=after)
    ):
        each(desk, "record of case", [number for number, _ in found], empty)
        after = found[-1]


def empty_one(tx: Tx, case_id: int, before: datetime, now: datetime, silence: timedelta) -> None:
    """One case; who has nothing else here is forgotten with the last of theirs.

    But not whoever talked with us so lately that even the chat is still there.
    """
    person_id = forgetting.empty_case(tx, case_id, now)
    if person_id is not None and forgetting.is_past(tx, person_id, before, now - silence):
        person = locked(tx, person_id)
        if person is not None:
            forgetting.vanish(tx, person, now, "outlived")


def years_before(now: datetime, years: int) -> datetime:
    """The same day so many years ago; of 29 February the day before."""
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return now.replace(year=now.year - years, day=day)
