"""Voice messages and videos become part of a case, and whoever is in charge listens and watches."""

from collections import Counter
from datetime import timedelta

from bot.domain.cases import SETTLED, Case
from bot.domain.files import UNREAD, FileSort
from bot.handlers.turn import CLIENT, Turn
from bot.messages import Channel, Say
from storage import files
from storage.files import File

# as long as what belongs to no case is kept
KEPT = timedelta(hours=48)


def join(turn: Turn, case: Case) -> None:
    """Makes what was said and filmed while a registration was open part of its case."""
    note(turn, case, files.attach_recordings(turn.tx, turn.person.id, case.id, turn.now - KEPT))


def note(turn: Turn, case: Case, found: tuple[File, ...]) -> None:
    """The timeline knows of the recordings, and whoever is in charge is told of them."""
    for sort, count in Counter(one.sort for one in found).items():
        keys = [one.key for one in found if one.sort is sort]
        turn.note(case.id, None, "recorded", CLIENT, sort=sort.value, keys=keys)
        if sort in UNREAD:
            tell(turn, case, sort, count)


def tell(turn: Turn, case: Case, sort: FileSort, count: int) -> None:
    """Whoever is in charge hears that there is something to listen to; of many in an hour, once."""
    for need in case.needs:
        if need.state in SETTLED:
            continue
        item = turn.catalog.service(need).name
        values = {"number": case.number, "item": item, "sort": sort.value, "count": count}
        key = f"recorded:{need.id}:{sort}:{turn.now:%Y%m%d%H}"
        to = (Channel.WECOM, turn.catalog.in_charge(need.assignee).id)
        say = Say("files/staff_recorded", values)
        turn.push(turn.text_push(key, to, say, purpose="supplied"))
