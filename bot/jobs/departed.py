"""What was given to somebody who has left the catalogue: a manager has it from then on."""

from datetime import datetime
from functools import partial

from bot.domain.actions import Action
from bot.domain.cases import Case, Need
from bot.domain.catalog import Staff
from bot.domain.quiet_hours import card_due, is_quiet
from bot.handlers.desk.reminders import staff_text
from bot.handlers.to_client import News, to_client
from bot.jobs.desk import Desk
from bot.messages import Say
from storage import cases, events, outbox, people
from storage.db import Tx

# so many at a time, so that turns come between
SLICE = 20


def hand_on(desk: Desk) -> None:
    """What of it is open; by day, since clients are told who has it now."""
    now, known = desk.clock(), desk.catalog.person
    if is_quiet(now):
        return
    for userid in desk.db.run(cases.open_loads):
        if userid.lower() not in known:
            while desk.db.run(partial(take_over, desk=desk, userid=userid, now=now)) == SLICE:
                pass


def take_over(tx: Tx, *, desk: Desk, userid: str, now: datetime) -> int:
    """One slice; the manager reads in one text which these are."""
    to, found = desk.catalog.in_charge(userid), cases.of_assignee(tx, userid, SLICE)
    for case, need in found:
        change = {"from": userid, "to": to.id}
        moved = cases.change(tx, need, assignee=to.id, department=to.department, at=now)
        events.append(tx, case.id, need.id, now, Action.TRANSFER, "system", change)
        tell_client(tx, desk, (case, moved), to, now)
    if found:
        rows = [(case.number, desk.catalog.service(need).name) for case, need in found]
        say = Say("staff/departed", {"who": userid, "rows": rows})
        text, due = desk.office.renderer.text(say), card_due(desk.catalog, to, now)
        key = f"departed:{found[0][1].id}:{found[0][1].version}"
        outbox.enqueue(tx, [staff_text(key, to, text, due, "assignment")])
    return len(found)


def tell_client(tx: Tx, desk: Desk, about: tuple[Case, Need], to: Staff, now: datetime) -> None:
    """Who answers for it from now on."""
    case, need = about
    client = people.by_id(tx, case.person_id)
    if client is None:
        return
    first = desk.catalog.person.get(case.agent.lower(), to)
    item = desk.catalog.service(need).name
    values = {"number": case.number, "item": item, "staff": to, "first": first}
    news = News(f"state:{need.id}:{need.version}", Say("status/transferred", values))
    outbox.enqueue(tx, to_client(desk.office, client, case, need, news, now))
