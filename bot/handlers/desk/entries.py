"""金额 and 报告: what staff enter of a need reaches the client word for word, corrected too."""

import re
import unicodedata
from dataclasses import dataclass, replace

from bot.domain.cases import Case, Need
from bot.domain.catalog import Staff
from bot.domain.report_numbers import report_key
from bot.handlers.desk import needs as desk
from bot.handlers.desk.cards import next_card
from bot.handlers.desk.moves import push_card, spend_cards
from bot.handlers.to_client import News, keeper, to_client
from bot.handlers.told import Told, told_by
from bot.handlers.turn import Answer, Turn
from bot.messages import Say
from bot.reading.staff.amounts import Fault, read_amount
from bot.reading.staff.commands import SEPARATORS, Command
from storage import cases, people

AMOUNT, REPORT = "amount", "report"
SHORT = re.compile(r"#?\d{1,6}(?:[/#]\d{1,2})?")
REPORT_LENGTH = range(3, 41)


@dataclass(frozen=True)
class Entry:
    """One thing entered: `verb` says which, `note` is said to the client with it."""

    verb: str
    value: str
    note: str
    by: Staff


def typed(turn: Turn) -> Answer | None:
    """金额 or 报告 with what belongs to it; None if it is another command, or a client's words."""
    staff, command = turn.staff, turn.command
    if staff is None or command is None or command.verb not in {AMOUNT, REPORT}:
        return None
    if command.verb == REPORT:
        command = with_own_number(turn, command)
    found = desk.look_up(turn, staff, command)
    if isinstance(found, Say):
        return Answer((whole_number(found, command),))
    entry = read_entry(command, staff, found[0])
    return Answer((entry if isinstance(entry, Say) else enter(turn, *found, entry),))


def with_own_number(turn: Turn, command: Command) -> Command:
    """The command, where a report number that looks like a case number was taken for one."""
    if "-" not in command.number or command.number.startswith(turn.catalog.agency.number_prefix):
        return command
    first, _, rest = command.words.partition(" ")
    if SHORT.fullmatch(first):
        number, _, row = first.lstrip("#").replace("#", "/").partition("/")
        words = f"{command.number} {rest}".strip()
        return replace(command, number=number, row=int(row) if row else None, words=words)
    return replace(command, number="", row=None, words=f"{command.number} {command.words}".strip())


def whole_number(refused: Say, command: Command) -> Say:
    """Of what is over, the last digits are not enough."""
    unknown = refused.key == "staff/which_case" and not refused.values["numbers"]
    if not unknown or "-" in command.number or not command.number:
        return refused
    return Say("entries/whole_number", {"verb": command.verb})


def read_entry(command: Command, by: Staff, case: Case) -> Entry | Say:
    """What was entered, or how it is written."""
    if command.verb == AMOUNT:
        found = read_amount(command.words)
        if isinstance(found, Fault):
            return Say("entries/bad_amount", {"fault": found, "number": case.number})
        return Entry(AMOUNT, found.text, found.note, by)
    value, _, note = re.sub(f"[{re.escape(SEPARATORS)}]+", " ", command.words).partition(" ")
    key = report_key(value)
    if len(value) not in REPORT_LENGTH or not any(char.isdigit() for char in key):
        return Say("entries/bad_report", {"number": case.number})
    return Entry(REPORT, value, note, by)


def enter(turn: Turn, case: Case, need: Need, entry: Entry) -> Say:
    """Stores it, notes what it was before, tells the client, and sends a card that shows it."""
    old = need.amount if entry.verb == AMOUNT else need.report_number
    item = turn.catalog.service(need).name
    values = {"number": case.number, "item": item, "new": entry.value, "old": old}
    if plain(old) == plain(entry.value):
        return Say("entries/same", values)
    changed = changed_by(turn, need, entry)
    spend_cards(turn, need, "done_step")
    turn.note(case.id, need.id, entry.verb, entry.by.id, new=entry.value, old=old, note=entry.note)
    said = Say(
        f"entries/{entry.verb}", values | {"note": entry.note, "staff": keeper(turn.office, need)}
    )
    told = tell(turn, case, changed, said)
    card = next_card(turn, case, changed)
    if card is not None:
        push_card(turn, keeper(turn.office, need), card)
    if entry.verb == AMOUNT:
        return Say("entries/amount_entered", values | {"told": told})
    others = [one.number for one in cases.by_report(turn.tx, entry.value) if one.id != case.id]
    return Say("entries/report_entered", values | {"told": told, "others": others})


def plain(value: str) -> str:
    """A value as it is compared: full-width digits and the commas of thousands say nothing new."""
    return unicodedata.normalize("NFKC", value).replace(",", "")


def changed_by(turn: Turn, need: Need, entry: Entry) -> Need:
    """The need with it; something has happened, so nobody needs reminding for a while."""
    if entry.verb == AMOUNT:
        return cases.change(turn.tx, need, amount=entry.value, at=turn.now)
    return cases.change(turn.tx, need, report_number=entry.value, at=turn.now)


def tell(turn: Turn, case: Case, need: Need, say: Say) -> Told:
    """The client reads it as it was entered; how, as `told_by` says."""
    client = people.by_id(turn.tx, case.person_id)
    if client is None:
        return Told()
    news = News(f"entry:{need.id}:{need.version}", say, matters=True)
    pushes = to_client(turn.office, client, case, need, news, turn.now)
    turn.push(*pushes)
    return told_by(turn.office, turn.tx, client, pushes, turn.now)
