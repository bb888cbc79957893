"""What is registered and was wrong: the client says it anew, staff and timeline keep both."""

from collections.abc import Mapping
from dataclasses import replace

from bot.dialogs.engine import is_whole_address
from bot.domain.cases import SETTLED, Case, Field
from bot.handlers.turn import CLIENT, Answer, Turn
from bot.messages import Channel, Say
from bot.reading.reading import Word
from storage import cases


def amend(turn: Turn) -> Answer | None:
    """Corrects the newest case that is not closed (domain.md 3); None if nothing is corrected."""
    said = turn.reading
    found = (one for one in cases.of_person(turn.tx, turn.person.id) if one.state not in SETTLED)
    case = next(found, None)
    if case is None:
        return None
    changed = changes(turn, case)
    if changed:
        return carry_out(turn, case, changed)
    refused = {key: str(why.reason) for key, why in said.refused.items() if key in set(Field)}
    if Field.ADDRESS in said.labelled and not is_whole_address(said.fields[Field.ADDRESS]):
        refused[Field.ADDRESS] = "incomplete"
    if refused:
        return Answer(tuple(refusal(turn, case, *one) for one in refused.items()))
    if said.word is Word.CHANGE or said.change in set(Field) or set(Field) & said.fields.keys():
        return Answer((Say("talk/how_to_amend", {"number": case.number}),))
    return None


def changes(turn: Turn, case: Case) -> Mapping[Field, str]:
    """Fields said under a label or as a correction, and otherwise than they are registered."""
    said, known = turn.reading, case.record.fields
    firm = (said.labelled | said.corrected) & set(Field)
    values = {Field(key): said.fields[key] for key in Field if key in firm & said.fields.keys()}
    if Field.ADDRESS in values and not is_whole_address(values[Field.ADDRESS]):
        del values[Field.ADDRESS]
    return {key: text for key, text in values.items() if key in known and text != known[key]}


def carry_out(turn: Turn, case: Case, changed: Mapping[Field, str]) -> Answer:
    """The record rewritten, the old values in the timeline, everybody in charge told."""
    old = {key: case.record.fields[key] for key in changed}
    fields = {**case.record.fields, **changed}
    cases.rewrite(turn.tx, case.id, replace(case.record, fields=fields))
    turn.note(case.id, None, "amended", CLIENT, old=old, new=dict(changed))
    lines = [{"key": key, "old": old[key], "new": text} for key, text in changed.items()]
    say = Say("staff/amended", {"number": case.number, "lines": lines})
    staff = list(dict.fromkeys(turn.catalog.in_charge(one) for one in assignees(case)))
    for one in staff:
        key = f"amended:{turn.inbound.key}:{one.id}"
        turn.push(turn.text_push(key, (Channel.WECOM, one.id), say, purpose="amended"))
    told = {"number": case.number, "lines": lines, "staff": staff}
    return Answer((Say("talk/amended", told),))


def assignees(case: Case) -> list[str]:
    """Who is in charge of what of the case is not over."""
    return [need.assignee for need in case.needs if need.state not in SETTLED]


def refusal(turn: Turn, case: Case, key: str, reason: str) -> Say:
    """Why the new value was not taken; the old one stays."""
    values = {"key": key, "reason": reason, "kept": case.record.fields.get(Field(key))}
    return Say("intake/refused", values | {"often": False, "agency": turn.catalog.agency})
