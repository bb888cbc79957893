"""The table of clock jobs; each only enqueues, purges, or wakes the worker.

APScheduler ticks and nothing more: every job looks at the database and at the bot's clock. So
nothing is missed when the machine was off, nothing is doubled by a second process (what may
happen once per period takes the period in the database, in the same transaction), and the
demonstration's movable clock moves these too.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import SHANGHAI, Clock, system_now
from bot.domain.cases import Case, Need
from bot.domain.catalog import Clocks
from bot.domain.retry import redacted
from bot.messages import Push
from storage import cases, inbox, outbox, people, quotas, runs
from storage.db import Database, Tx

log = logging.getLogger(__name__)

INBOX_KEPT = timedelta(days=180)
SLICE = 5_000


@dataclass(frozen=True)
class Desk:
    """What the jobs work with. `remind` makes the pushes for a need that nobody has taken up."""

    db: Database
    clock: Clock
    clocks: Clocks
    wake: Callable[[], None]
    remind: Callable[[Case, Need, datetime], Sequence[Push]]


def deliver(desk: Desk) -> None:
    """Has the worker look for pushes that have come due."""
    desk.wake()


def forget_first_words(desk: Desk) -> None:
    """What was written before any consent is kept for so many hours and not longer."""
    before = desk.clock() - timedelta(hours=desk.clocks.sealed_hours)
    desk.db.run(lambda tx: people.forget_first_words(tx, before))


def drop_drafts(desk: Desk) -> None:
    """A cancelled or forgotten draft can be taken up again for so many days."""
    before = desk.clock() - timedelta(days=desk.clocks.draft_days)
    desk.db.run(lambda tx: people.drop_drafts(tx, before))


def purge(desk: Desk) -> None:
    """Answered messages and used-up quotas; in slices, so that turns come between."""
    before = desk.clock() - INBOX_KEPT
    while desk.db.run(lambda tx: inbox.purge(tx, before, SLICE)) == SLICE:
        pass
    desk.db.run(lambda tx: inbox.purge_kept(tx, before))
    desk.db.run(lambda tx: quotas.purge(tx, desk.clock() - timedelta(days=1)))


def expire_held(desk: Desk) -> None:
    """Held pushes that nobody needs any more become visible to staff."""
    desk.db.run(lambda tx: outbox.expire_held(tx, desk.clock()))


def remind_unaccepted(desk: Desk) -> None:
    """Each need that was given to somebody and not taken up is brought up once a day."""
    now = desk.clock()
    before = now - timedelta(minutes=desk.clocks.accept_minutes)
    for need_id in desk.db.run(lambda tx: cases.unaccepted(tx, before)):
        desk.db.run(partial(remind_once, desk=desk, need_id=need_id, now=now))


def remind_once(tx: Tx, *, desk: Desk, need_id: int, now: datetime) -> None:
    """Enqueues the reminders of one need, unless some replica did so today."""
    found = cases.need(tx, need_id)
    if found is None:
        return
    case, need = found
    pushes = desk.remind(case, need, now)
    if pushes and runs.once(tx, "remind_unaccepted", f"{need_id}:{need.version}:{now:%Y-%m-%d}"):
        outbox.enqueue(tx, pushes)


def beat(desk: Desk) -> None:
    """Shows that the clock is running."""
    desk.db.run(lambda tx: runs.beat(tx, "schedule", desk.clock()))


@dataclass(frozen=True)
class Job:
    """What is run how often; in every replica, so running it twice must do no harm."""

    name: str
    trigger: IntervalTrigger
    run: Callable[[Desk], None]


def every(**interval: int) -> IntervalTrigger:
    """Each so many seconds, minutes or hours; the zone is ours, whatever the machine's is."""
    return IntervalTrigger(timezone=SHANGHAI, **interval)


JOBS = (
    Job("deliver", every(seconds=1), deliver),
    Job("beat", every(seconds=10), beat),
    Job("expire_held", every(minutes=1), expire_held),
    Job("remind_unaccepted", every(minutes=1), remind_unaccepted),
    Job("forget_first_words", every(minutes=1), forget_first_words),
    Job("drop_drafts", every(minutes=10), drop_drafts),
    Job("purge", every(minutes=10), purge),
)


class Schedule:
    """Runs the table in the background; whatever was missed while off is run at the start."""

    def __init__(self, desk: Desk, jobs: Sequence[Job] = JOBS) -> None:
        self._desk, self._jobs = desk, jobs
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(4)},
            # without a grace time of None, a busy second silently skips a run
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=SHANGHAI,
        )

    def start(self) -> None:
        """Starts ticking, every job at once the first time."""
        for job in self._jobs:
            self._scheduler.add_job(
                attempt, job.trigger, [job, self._desk], id=job.name, next_run_time=system_now()
            )
        self._scheduler.start()

    def stop(self) -> None:
        """Lets the jobs in hand finish."""
        self._scheduler.shutdown(wait=True)


def attempt(job: Job, desk: Desk) -> None:
    """Runs a job; a failure is one line without personal data, and the next tick tries again."""
    try:
        job.run(desk)
    except Exception as error:  # noqa: BLE001 -- the clock must go on
        log.warning("job %s: %s: %s", job.name, type(error).__name__, redacted(str(error)))
