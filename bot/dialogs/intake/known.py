"""A returning client: what the newest case says of them, taken over with one word."""

from dataclasses import replace

from bot.dialogs.engine import Placed
from bot.dialogs.form import CLIENT_TYPE, Given
from bot.dialogs.intake import needs
from bot.dialogs.intake.draft import Asking, Draft, Known, Row, prefilled
from bot.dialogs.intake.gathering import apply, placing, reply
from bot.dialogs.intake.outcome import Heard, Outcome, Setting
from bot.dialogs.intake.sayings import known_lines
from bot.domain.cases import Case, ClientType, Field, How
from bot.domain.catalog import Catalog, MaterialNote
from bot.domain.notice import FIELDS
from bot.messages import Say
from bot.reading.reading import Reading, Word

AGREES = frozenset({Word.YES, Word.AGREE, Word.CONFIRM})


def known_of(case: Case, catalog: Catalog) -> Known | None:
    """What that case says of the client; None if nothing is left of it."""
    record = case.record
    fields = {key: record.fields[key] for key in FIELDS[record.client_type] if key in record.fields}
    if not fields:
        return None
    rows = (
        Row(text=need.description, category=need.category, item=need.item)
        for need in case.needs
        if need.item in catalog.item
    )
    notes = catalog.materials
    return Known(
        client_type=record.client_type,
        fields=fields,
        extra={key: value for key, value in record.extra.items() if key == "uscc"},
        materials={
            name: Given(one.how, one.value)
            for name, one in record.materials.items()
            if one.how is How.TYPED and notes.get(name, MaterialNote()).lasting
        },
        rows=tuple(rows),
    )


def same_again(draft: Draft, heard: Heard, setting: Setting) -> Outcome | None:
    """The outcome of an answer to "is all as the last time?", asked or said unasked."""
    said = heard.said
    if draft.last is None:
        return None
    if of_somebody_else(draft.last, said):
        return afresh(draft, heard, setting)
    asked = draft.asking is Asking.KNOWN
    corrects = bool({*Field} & said.fields.keys())
    if said.same or (asked and (said.word in AGREES or corrects)):
        return taken_over(draft, heard, setting)
    if asked and said.word in {Word.NO, Word.DISAGREE}:
        return afresh(draft, heard, setting)
    return None


def of_somebody_else(last: Known, said: Reading) -> bool:
    """Whether the message names another applicant or kind of client than the last time."""
    applicant = said.fields.get(Field.APPLICANT)
    if applicant is not None and applicant != last.fields.get(Field.APPLICANT):
        return True
    kind = said.fields.get(CLIENT_TYPE)
    private = {kind, last.client_type} & {ClientType.INDIVIDUAL}
    return kind is not None and kind != last.client_type and bool(private)


def taken_over(draft: Draft, heard: Heard, setting: Setting) -> Outcome:
    """All as it was, but for what this message says anew."""
    assert draft.last is not None  # noqa: S101 - asked before
    known, old = draft.last, draft
    if not draft.rows:
        draft = begun(draft, heard, setting)
    draft = prefilled(draft).but(asking=Asking.NOTHING)
    said = beside_the_answer(draft, heard, setting)
    outcome = reply(
        apply(draft, said), old, said, setting, (Say("intake/taken_over", {"lines": ()}),)
    )
    if outcome.draft.asking is Asking.REVIEW:
        # the summary shows it all
        return outcome
    lines = [one for one in known_lines(known) if one["key"] not in said.answers]
    told = Say("intake/taken_over", {"lines": lines})
    return replace(outcome, says=(told, *outcome.says[1:]))


def beside_the_answer(draft: Draft, heard: Heard, setting: Setting) -> Placed:
    """What the message says beside its yes or no, which itself answers nothing else."""
    said = heard.said
    more = said.fields or said.materials or said.numbered or said.facts or said.wishes
    if said.word is not None and not (more or said.rest):
        return Placed()
    placed = placing(draft, replace(heard, said=replace(said, word=None)), setting)
    return replace(placed, loose=None, candidates=())


def begun(draft: Draft, heard: Heard, setting: Setting) -> Draft:
    """The needs of the message; of one that names none, the needs of the last time."""
    if heard.said.needs:
        return needs.begin(draft, heard.said, setting.catalog)
    return draft.but(rows=draft.last.rows if draft.last else ())


def afresh(draft: Draft, heard: Heard, setting: Setting) -> Outcome | None:
    """Nothing of the last time is taken over; what the message says is read as ever."""
    draft, old = draft.but(last=None, asking=Asking.NOTHING), draft
    if not draft.rows:
        draft = needs.begin(draft, heard.said, setting.catalog)
    placed = beside_the_answer(draft, heard, setting)
    return reply(apply(draft, placed), old, placed, setting, (Say("intake/afresh"),))
