"""What is forgotten in its time, and the signs of life."""

from datetime import timedelta

from bot.jobs.desk import Desk
from storage import inbox, outbox, people, quotas, runs

SLICE = 5_000


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
    before = desk.clock() - timedelta(days=desk.clocks.media_days)
    while desk.db.run(lambda tx: inbox.purge(tx, before, SLICE)) == SLICE:
        pass
    desk.db.run(lambda tx: inbox.purge_kept(tx, before))
    desk.db.run(lambda tx: quotas.purge(tx, desk.clock() - timedelta(days=1)))


def expire_held(desk: Desk) -> None:
    """Held pushes that nobody needs any more become visible to staff."""
    desk.db.run(lambda tx: outbox.expire_held(tx, desk.clock()))


def beat(desk: Desk) -> None:
    """Shows that the clock is running."""
    desk.db.run(lambda tx: runs.beat(tx, "schedule", desk.clock()))
