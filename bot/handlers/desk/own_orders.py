"""拒单, 离岗, 上岗, 名单, 同步名单: orders about who does the work, and about nobody's words."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.actions import Action
from bot.domain.assignment import assign
from bot.domain.cases import Case, Need, NeedState
from bot.domain.catalog import Role, Staff
from bot.domain.quiet_hours import card_due
from bot.handlers.desk import needs as desk
from bot.handlers.desk.moves import Order, carry_out
from bot.handlers.presence import absent
from bot.handlers.turn import Answer, Turn
from bot.messages import Channel, Kind, Say
from bot.reading.normalise import Text
from bot.reading.staff.commands import SEPARATORS, Command, says_nothing, with_number
from storage import cases, members, roster

DECLINE, OFF, ON, PEOPLE, SYNC = "decline", "off", "on", "people", "sync"
OWN = (DECLINE, OFF, ON, PEOPLE, SYNC)
# behind these there is nothing more to say: they may as well begin the words of a client
WHOLE = frozenset({PEOPLE, SYNC})
# 3天, 3 天; nobody is off for longer than a year
DAYS = re.compile(r"(\d{1,3})\s*天")
MOST_DAYS = 366
# until then nobody has begun: what was agreed with the client needs 转派, and a word with them
NOT_BEGUN = frozenset({NeedState.SUBMITTED, NeedState.TO_SUPPLEMENT, NeedState.EVALUATING})
# what may stand behind an order that has nothing more to say
STOPS = "\u3002\uff01~ "


def typed(turn: Turn) -> Answer | None:
    """One of these orders; None if it is anything else."""
    staff, command = turn.staff, own_order(turn)
    if staff is None or command is None:
        return None
    match command.verb:
        case "decline":
            return Answer((declined(turn, staff, command),))
        case "people":
            return Answer((people_of(turn),))
        case "sync":
            return Answer((synchronised(turn, staff),))
        case _:
            return Answer((duty(turn, staff, command),))


def own_order(turn: Turn) -> Command | None:
    """What the text begins with, if it is one of these; 拒绝 of a need is a 拒单."""
    if turn.inbound.kind is not Kind.TEXT:
        return None
    said, prefix = turn.command, turn.catalog.agency.number_prefix
    if said is not None:
        ours = said.number and ("-" not in said.number or said.number.startswith(prefix))
        return replace(said, verb=DECLINE) if said.verb == "refuse" and ours else None
    typed_text = Text.of(turn.inbound.text)
    for verb in OWN:
        for word in words_of(turn, verb):
            rest = typed_text.plain.removeprefix(word)
            more = verb not in WHOLE and (rest[:1] in SEPARATORS or rest[:1].isascii())
            ends = not rest.strip(STOPS) or more
            if typed_text.plain.startswith(word) and ends:
                return with_number(verb, typed_text, len(word))
    return None


def words_of(turn: Turn, verb: str) -> tuple[str, ...]:
    """The words that begin this order."""
    return tuple(turn.office.renderer.source(f"orders/word_{verb}").split())


def declined(turn: Turn, staff: Staff, command: Command) -> Say:
    """拒单: somebody else has it at once, and they and the managers read why."""
    found = desk.look_up(turn, staff, command)
    if isinstance(found, Say):
        return found
    case, need = found
    values = {"number": desk.reference(case, need), "state": need.state}
    if need.state not in NOT_BEGUN:
        return Say("orders/decline_taken", values)
    if says_nothing(command.words):
        return Say("orders/decline_why", values)
    to = other(turn, need)
    if to is None:
        return Say("orders/decline_nobody", values)
    order = Order(Action.TRANSFER, case, need, staff, command.words, to=to)
    said = carry_out(turn, order)
    turn.note(case.id, need.id, "declined", staff.id, words=command.words, to=to.id)
    tell_declined(turn, staff, (case, need), to, command.words)
    return said


def other(turn: Turn, need: Need) -> Staff | None:
    """Who has it instead, by the rules; None if nobody can."""
    away = absent(turn.tx, turn.catalog, turn.now) | {need.assignee}
    loads = cases.open_loads(turn.tx)
    to = assign(turn.catalog, turn.catalog.service(need), loads, turn.now, away).staff
    return None if to.id in away else to


def tell_declined(turn: Turn, by: Staff, about: tuple[Case, Need], to: Staff, words: str) -> None:
    """Why, to the managers; whoever has it now reads it with what they were given."""
    case, need = about
    item = turn.catalog.service(need).name
    values = {"by": by, "number": desk.reference(case, need), "item": item}
    say = Say("orders/declined_to_manager", values | {"words": words, "staff": to})
    for one in turn.catalog.managers:
        if one.id in {by.id, to.id}:
            continue
        push_key = f"declined:{need.id}:{need.version}:{one.id}"
        due, address = card_due(turn.catalog, one, turn.now), (Channel.WECOM, one.id)
        turn.push(turn.text_push(push_key, address, say, purpose="assignment", due=due))


def duty(turn: Turn, staff: Staff, command: Command) -> Say:
    """离岗 and 上岗: one's own, or, by a manager, a colleague's."""
    name = DAYS.sub("", f"{command.number} {command.words}").strip(SEPARATORS + STOPS)
    name = "" if name.isdigit() else name
    who = desk.colleague(turn.catalog.staff, name) if name else staff
    if who is None:
        names = [one.name for one in turn.catalog.staff]
        word = words_of(turn, command.verb)[0]
        return Say("orders/which_colleague", {"names": names, "word": word})
    if who.id != staff.id and staff.role is not Role.MANAGER:
        return only_manager(turn)
    values = {"staff": who, "other": who.id != staff.id}
    if command.verb == ON:
        members.away(turn.tx, who.id, None)
        members.reached(turn.tx, who.id)
        return Say("orders/on", values)
    until = back_at(turn.now, f"{command.number} {command.words}")
    members.away(turn.tx, who.id, until)
    count = len(cases.of_assignee(turn.tx, who.id))
    return Say("orders/off", values | {"last": last_day(until), "count": count})


def back_at(now: datetime, said: str) -> datetime:
    """The end of the last day that was named: today, or so many days."""
    found = DAYS.search(said) or re.search(r"\b(\d{1,3})\b", said)
    days = min(max(int(found[1]), 1), MOST_DAYS) if found else 1
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=days)


def last_day(until: datetime) -> date:
    """The last day of an absence that ends at midnight."""
    return (until - timedelta(days=1)).date()


def only_manager(turn: Turn) -> Say:
    """Who may give that order."""
    return Say("orders/only_manager", {"names": [one.name for one in turn.catalog.managers]})


def people_of(turn: Turn) -> Say:
    """名单: everybody of the catalogue, what they have to do, and who takes nothing new."""
    loads = {one.lower(): count for one, count in cases.open_loads(turn.tx).items()}
    known = {one.userid: one for one in members.every(turn.tx)}
    rows = []
    for one in turn.catalog.staff:
        member = known.get(one.id.lower())
        rows.append(
            {
                "staff": one,
                "department": turn.catalog.department[one.department],
                "count": loads.get(one.id.lower(), 0),
                "why": why_absent(member, turn.now),
                "last": last_day(member.away_until) if member and member.away_until else None,
            }
        )
    return Say("orders/people", {"rows": rows})


def why_absent(member: members.Member | None, now: datetime) -> str:
    """Why somebody takes nothing new; "" if they do."""
    if member is None:
        return ""
    if member.left_at is not None:
        return "left"
    if member.unreachable_at is not None:
        return "unreachable"
    away = member.away_until is not None and member.away_until > now
    return "away" if away else ""


def synchronised(turn: Turn, staff: Staff) -> Say:
    """同步名单: read from WeCom right after this turn; the managers get what came of it."""
    if staff.role is not Role.MANAGER:
        return only_manager(turn)
    roster.ask(turn.tx, turn.now)
    return Say("orders/syncing")
