"""首问负责 by a scanned code: who it is, until the client's next case has them (clause 7.4.2)."""

from bot.domain.cases import Case
from bot.domain.catalog import Staff
from bot.domain.first_asked import LASTS, host_of
from bot.domain.quiet_hours import card_due
from bot.handlers.presence import absent
from bot.handlers.turn import Turn
from bot.messages import Channel, Say
from storage import cases, people


def met(turn: Turn) -> Say | None:
    """Whom the code stands for, kept and said; None if it is no code of ours."""
    event = turn.inbound.event
    if event is None or not event.key:
        return None
    away = absent(turn.tx, turn.catalog, turn.now)
    host = host_of(turn.catalog, event.key, cases.open_loads(turn.tx), turn.now, away)
    if host is None:
        return None
    people.ask_first(turn.tx, turn.person.id, host.id, turn.now)
    return Say("first_asked/met", {"staff": host})


def host(turn: Turn) -> Staff | None:
    """Who was asked first by a code and is to have the next case; None if nobody is."""
    asked, at = turn.person.first_asked, turn.person.first_asked_at
    if asked is None or at is None or turn.now - at > LASTS:
        return None
    return turn.catalog.person.get(asked.lower())


def has(turn: Turn, case: Case, staff: Staff) -> Staff | None:
    """The case is theirs to see through: told so, unless one of its needs is theirs anyway.

    Returns them where the client has to be told of them beside those in charge.
    """
    people.ask_first(turn.tx, turn.person.id, None, turn.now)
    if staff.id in {need.assignee for need in case.needs}:
        return None
    keepers = [turn.catalog.in_charge(need.assignee) for need in case.needs]
    say = Say("first_asked/yours", {"number": case.number, "keepers": keepers})
    due = card_due(turn.catalog, staff, turn.now)
    key, to = f"first_asked:{case.id}", (Channel.WECOM, staff.id)
    turn.push(turn.text_push(key, to, say, purpose="first_asked", due=due))
    return staff
