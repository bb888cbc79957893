"""What was given to somebody who left, the catalogue or WeCom: a manager has it from then on."""

from datetime import datetime
from functools import partial

from bot.domain.actions import Action
from bot.domain.cases import Case, Need
from bot.domain.catalog import Staff
from bot.domain.quiet_hours import card_due, is_quiet
from bot.handlers.desk.reminders import staff_text
from bot.handlers.desk.spent_cards import retire
from bot.handlers.presence import absent, still_here
from bot.handlers.to_client import News, to_client
from bot.jobs.desk import Desk
from bot.messages import Say
from storage import cases, events, members, outbox, people
from storage.db import Tx

# so many at a time, so that turns come between
SLICE = 20


def hand_on(desk: Desk) -> None:
    """What of it is open; by day, since clients are told who has it now."""
    now = desk.clock()
    if is_quiet(now):
        return
    known = {*desk.catalog.person} - desk.db.run(members.gone)
    if not known:
        return
    for userid in desk.db.run(cases.open_loads):
        if userid.lower() not in known:
            while desk.db.run(partial(take_over, desk=desk, userid=userid, now=now)) == SLICE:
                pass


def take_over(tx: Tx, *, desk: Desk, userid: str, now: datetime) -> int:
    """One slice; the manager reads in one text which these are."""
    to, found = successor(tx, desk, now), cases.of_assignee(tx, userid, SLICE)
    for case, need in found:
        change = {"from": userid, "to": to.id}
        moved = cases.change(tx, need, assignee=to.id, department=to.department, at=now)
        events.append(tx, case.id, need.id, now, Action.TRANSFER, "system", change)
        retire(tx, need, desk.office.renderer.text(Say("cards/done_transfer")), now)
        tell_client(tx, desk, (case, moved), to, now)
    if found:
        rows = [(case.number, desk.catalog.service(need).name) for case, need in found]
        left = desk.catalog.person.get(userid.lower())
        say = Say("staff/departed", {"who": left.name if left else userid, "rows": rows})
        text, due = desk.office.renderer.text(say), card_due(desk.catalog, to, now)
        key = f"departed:{found[0][1].id}:{found[0][1].version}"
        outbox.enqueue(tx, [staff_text(key, to, text, due, "assignment")])
    return len(found)


def successor(tx: Tx, desk: Desk, now: datetime) -> Staff:
    """The first manager who is there, else anybody who is, else the first manager all the same."""
    catalog, away = desk.catalog, absent(tx, desk.catalog, now)
    gone = members.gone(tx)
    pools = (
        [one for one in catalog.managers if one.id not in away],
        [one for one in catalog.managers if one.id.lower() not in gone],
        [one for one in catalog.staff if one.id.lower() not in gone],
    )
    return next(filter(None, pools), [*catalog.managers, *catalog.staff])[0]


def tell_client(tx: Tx, desk: Desk, about: tuple[Case, Need], to: Staff, now: datetime) -> None:
    """Who answers for it from now on."""
    case, need = about
    client = people.by_id(tx, case.person_id)
    if client is None:
        return
    first = still_here(tx, desk.catalog, case.agent) or to
    item = desk.catalog.service(need).name
    values = {"number": case.number, "item": item, "staff": to, "first": first}
    news = News(f"state:{need.id}:{need.version}", Say("status/transferred", values))
    outbox.enqueue(tx, to_client(desk.office, client, case, need, news, now))
