"""Files that are forgotten when their time is over (PIPL 19)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.jobs.desk import Desk
from storage import files
from storage.db import Tx

# few at a time, since each takes its bytes along; turns come between
SLICE = 50
# photos of no case and no registration under way; longer than an unnamed one can still be named
LOOSE = timedelta(hours=48)

Purge = Callable[[Tx, datetime, int], int]


def forget_files(desk: Desk) -> None:
    """Media after so many days, documents with the record, loose photos after two days."""
    now, clocks = desk.clock(), desk.clocks
    years = now.replace(year=now.year - clocks.record_years, day=min(now.day, 28))
    forget(desk, files.purge, now - timedelta(days=clocks.media_days))
    forget(desk, files.purge_records, years)
    forget(desk, files.purge_loose, now - LOOSE)


def forget(desk: Desk, purge: Purge, before: datetime) -> None:
    """One kind, until none is left."""
    while desk.db.run(lambda tx: purge(tx, before, SLICE)) == SLICE:
        pass
