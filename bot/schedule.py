"""The table of clock jobs; each only enqueues, purges, or wakes the worker.

APScheduler ticks and nothing more: every job looks at the database and at the bot's clock. So
nothing is missed when the machine was off, nothing is doubled by a second process (what may
happen once per period takes the period in the database, in the same transaction), and the
demonstration's movable clock moves these too.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import SHANGHAI, system_now
from bot.jobs.acceptance import remind_unaccepted
from bot.jobs.complaints import watch_complaints
from bot.jobs.departed import hand_on
from bot.jobs.desk import Desk, told
from bot.jobs.files import forget_files
from bot.jobs.handovers import watch_talks
from bot.jobs.housekeeping import (
    beat,
    deliver,
    drop_drafts,
    expire_held,
    forget_first_words,
    purge,
)
from bot.jobs.milestones import bring_up, recompute
from bot.jobs.outages import watch_outages
from bot.jobs.privacy import forget_who_left, look_after_requests
from bot.jobs.ratings import move_surveys, plan_surveys, withdraw_surveys
from bot.jobs.retention import empty_records, forget_chats, forget_log
from bot.jobs.roster import read_roster
from bot.jobs.windows import remind_of_windows, reopen, tell_unreached

log = logging.getLogger(__name__)


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
    Job("watch_outages", every(minutes=1), watch_outages),
    Job("hand_on", every(minutes=10), hand_on),
    Job("read_roster", every(minutes=10), read_roster),
    Job("remind_unaccepted", every(minutes=1), remind_unaccepted),
    Job("watch_complaints", every(minutes=1), watch_complaints),
    Job("watch_talks", every(minutes=1), watch_talks),
    Job("reopen", every(minutes=1), reopen),
    Job("remind_of_windows", every(minutes=5), remind_of_windows),
    Job("tell_unreached", every(minutes=10), tell_unreached),
    Job("forget_first_words", every(minutes=1), forget_first_words),
    Job("bring_up", every(minutes=5), bring_up),
    Job("recompute_promises", every(minutes=10), recompute),
    Job("drop_drafts", every(minutes=10), drop_drafts),
    Job("plan_surveys", every(minutes=1), plan_surveys),
    Job("withdraw_surveys", every(minutes=1), withdraw_surveys),
    Job("move_surveys", every(minutes=1), move_surveys),
    Job("purge", every(minutes=10), purge),
    Job("forget_files", every(minutes=10), forget_files),
    Job("look_after_requests", every(minutes=1), look_after_requests),
    Job("forget_who_left", every(minutes=10), forget_who_left),
    Job("forget_chats", every(minutes=10), forget_chats),
    Job("forget_log", every(hours=1), forget_log),
    Job("empty_records", every(hours=1), empty_records),
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

    def hurry(self) -> None:
        """Runs every job at once, since the demonstration's clock was moved on."""
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=system_now())

    def stop(self) -> None:
        """Lets the jobs in hand finish."""
        self._scheduler.shutdown(wait=True)


def attempt(job: Job, desk: Desk) -> None:
    """Runs a job; a failure is one line without personal data, and the next tick tries again."""
    try:
        job.run(desk)
    except Exception as error:  # noqa: BLE001 -- the clock must go on
        log.warning("job %s: %s", job.name, told(error))
