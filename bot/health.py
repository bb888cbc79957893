"""/healthz, /readyz and /metrics: whether this process lives, can work, and what waits."""

import logging
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Blueprint, Response, jsonify

from bot.clock import Clock
from bot.jobs.outages import stuck
from storage import kf_accounts, outbox, quotas, runs
from storage.db import Busy, Database

log = logging.getLogger(__name__)

# A push older than this while nothing holds it: the worker is not keeping up (deps.md 2.4).
OLDEST_DUE = timedelta(seconds=120)
# The schedule shows every ten seconds that it runs; after this long nobody is sending.
SILENCE = timedelta(seconds=60)


@dataclass
class Alarms:
    """What went wrong in this process since it started; counted, never silent."""

    counts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def clock_skew(self) -> None:
        """A rightly signed request came from another hour: our clock may be wrong."""
        with self.lock:
            self.counts["clock_skew"] += 1


def blueprint(database: Database, clock: Clock, alarms: Alarms) -> Blueprint:
    """The three addresses."""
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @pages.get("/readyz")
    def readyz() -> tuple[Response, int]:
        report = readiness(database, clock(), alarms)
        return jsonify(report), 200 if report["ready"] else 503

    @pages.get("/metrics")
    def metrics() -> Response:
        text = exposition(database, clock(), alarms)
        return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")

    # for every page there is, not for these three alone
    pages.app_errorhandler(Busy)(away)
    return pages


def away(_busy: Busy) -> Response:
    """The database is locked or away: no fault of the page, and no trace of it in the log."""
    log.warning("a page was asked for while the database is away")
    return Response("try again\n", 503, content_type="text/plain; charset=utf-8")


def readiness(database: Database, now: datetime, alarms: Alarms) -> Mapping[str, object]:
    """Whether messages can be taken, and every alarm by name."""
    found = dict(alarms.counts)
    try:
        waiting, beat, unread, closed, absent = database.run(
            lambda tx: (
                outbox.waiting(tx, now),
                runs.last_beat(tx, "schedule"),
                kf_accounts.unread(tx),
                quotas.every_closed_way(tx, now),
                stuck(tx, now),
            )
        )
    except Busy:
        return {"ready": False, "alarms": {**found, "database": 1}}
    late = waiting.oldest_due is not None and now - waiting.oldest_due > OLDEST_DUE
    if late:
        found["outbox_late"] = waiting.due
    if unread:
        found["kf_unread"] = unread
    # a call the platform refuses to the whole account, with the code it gave
    found |= {f"refused_{channel}_{way}": code for channel, way, code in closed}
    # a platform that has taken nothing for a while, with the number of what it should have taken
    found |= {f"away_{one.channel}": one.waiting for one in absent}
    if beat is None or now - beat > SILENCE:
        found["no_worker"] = 1
    return {
        "ready": True,
        "alarms": found,
        "outbox": {
            "due": waiting.due,
            "held": waiting.held,
            "uncertain": waiting.uncertain,
            "failed": waiting.failed,
        },
    }


def exposition(database: Database, now: datetime, alarms: Alarms) -> str:
    """The numbers in Prometheus' text format; no label holds anything about a person."""
    waiting = database.run(lambda tx: outbox.waiting(tx, now))
    oldest = (now - waiting.oldest_due).total_seconds() if waiting.oldest_due else 0.0
    rows = [
        ("yizhan_outbox_due", waiting.due),
        ("yizhan_outbox_held", waiting.held),
        ("yizhan_outbox_uncertain", waiting.uncertain),
        ("yizhan_outbox_failed", waiting.failed),
        ("yizhan_outbox_oldest_due_seconds", oldest),
        ("yizhan_clock_skew_total", alarms.counts["clock_skew"]),
    ]
    return "".join(f"# TYPE {name} {kind(name)}\n{name} {value}\n" for name, value in rows)


def kind(name: str) -> str:
    """The metric's type, which its name says."""
    return "counter" if name.endswith("_total") else "gauge"
