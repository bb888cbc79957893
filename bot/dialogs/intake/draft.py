"""The state of an intake: a small JSON value that survives restarts and changes of the form."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from bot.dialogs.form import FACT, Given, Sort, Step, steps_of
from bot.domain.cases import ClientType, Field, Provided, Record
from bot.domain.catalog import Catalog, MaterialKind
from bot.domain.notice import Notice, Situation, holds, materials_of, missing, required
from bot.domain.options import Option


class Asking(StrEnum):
    """What the last bubble asked for; numbers and a bare yes are read against it."""

    NOTHING = "nothing"
    ITEM = "item"
    CONSENT = "consent"
    ADD_OR_REPLACE = "add_or_replace"
    WHICH = "which"
    CHANGE_WHAT = "change_what"
    # whether all is as the last time
    KNOWN = "known"
    # whether a person shall help with what was parked
    PERSON = "person"
    REVIEW = "review"
    # the summary was shown, but something else was talked of since
    REVIEWED = "reviewed"


class Frozen(BaseModel):
    """Unknown keys of an older form are ignored, missing ones get their default."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Row(Frozen):
    """One need being registered; `item` is None until it is clear."""

    text: str
    category: str
    item: str | None = None
    because: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    wanted_on: date | None = None


class Known(Frozen):
    """What this client told us the last time, as far as it is about them and not the matter."""

    client_type: ClientType
    fields: Mapping[Field, str] = {}
    extra: Mapping[str, str] = {}
    materials: Mapping[str, Given] = {}
    rows: tuple[Row, ...] = ()


class Draft(Frozen):
    """What an intake knows so far. The next question is never stored, always computed."""

    form: Literal["intake"] = "intake"
    rows: tuple[Row, ...] = ()
    client_type: ClientType | None = None
    fields: Mapping[Field, str] = {}
    extra: Mapping[str, str] = {}
    facts: Mapping[str, bool] = {}
    materials: Mapping[str, Given] = {}
    asking: Asking = Asking.NOTHING
    choices: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    changing: str = ""
    loose: Given | None = None
    # photos that nobody has named yet
    photos: tuple[str, ...] = ()
    # the material the last photos went to, and those photos, until something else is said
    filing: str = ""
    filed: tuple[str, ...] = ()
    proposed: Row | None = None
    noticed: bool = False
    skip_questions: bool = False
    cancelled: bool = False
    misses: int = 0
    # how often in a row a value for a field could not be taken
    refused: Mapping[str, int] = {}
    # what a returning client told the last time, until they say whether it still holds
    last: Known | None = None
    # the day on which the client last wrote
    day: date | None = None
    # what a registered case asks about while this is paused; of no concern to the intake
    which: tuple[Mapping[str, str], ...] = ()
    # what 上一步 goes back to: the knowledge before each of the last turns, newest last
    before: tuple[Mapping[str, Any], ...] = ()

    def but(self, **changes: Any) -> "Draft":
        """This draft with some of it changed."""
        return self.model_copy(update=changes)

    def remembering(self, old: "Draft") -> "Draft":
        """This draft, able to go back to `old`, if anything was learned since."""
        if all(getattr(self, name) == getattr(old, name) for name in KNOWLEDGE):
            return self
        return self.but(before=(*old.before, old.knowledge())[-KEPT_STEPS:])

    def knowledge(self) -> Mapping[str, Any]:
        """What was learned, without the state of the talk."""
        return self.model_dump(mode="json", include=KNOWLEDGE)

    def earlier(self) -> "Draft | None":
        """The draft before the last change, or None at the beginning."""
        if not self.before:
            return None
        kept = self.model_dump(mode="json", exclude={*KNOWLEDGE, "before"})
        return Draft.model_validate({**kept, **self.before[-1], "before": self.before[:-1]})


def prefilled(draft: Draft) -> Draft:
    """The draft with what was told the last time, where nothing was told anew."""
    last = draft.last
    if last is None:
        return draft
    return draft.but(
        last=None,
        client_type=draft.client_type or last.client_type,
        fields={**last.fields, **draft.fields},
        extra={**last.extra, **draft.extra},
        materials={**last.materials, **draft.materials},
    )


KNOWLEDGE = {"rows", "client_type", "fields", "extra", "facts", "materials", "skip_questions"}
KEPT_STEPS = 3


def situation(draft: Draft) -> Situation:
    """What of the draft decides about fields and materials."""
    items = tuple(row.item for row in draft.rows if row.item)
    return Situation(items, draft.client_type, draft.facts)


def still_missing(draft: Draft, catalog: Catalog) -> Notice:
    """The one-time notice of this moment: required minus provided, and minus what is parked."""
    now, given = situation(draft), frozenset((*draft.fields, *parked(draft)))
    facts, materials = tuple(now.facts.items()), frozenset(draft.materials)
    return computed_missing(catalog, now.items, now.client_type, facts, given, materials)


# as `notice.computed`: a turn asks this several times, and all who tell the same things first
@lru_cache(maxsize=1024)
def computed_missing(
    catalog: Catalog,
    items: tuple[str, ...],
    client_type: ClientType | None,
    known: tuple[tuple[str, bool], ...],
    fields: frozenset[Field],
    materials: frozenset[str],
) -> Notice:
    """`still_missing`, of values that can be remembered."""
    now = Situation(items, client_type, dict(known))
    return missing(required(catalog, now), fields, materials)


# So many refusals of a field, and it is parked: a person is offered instead of another try.
OFTEN = 3


def parked(draft: Draft) -> tuple[Field, ...]:
    """The fields that are asked for no more: staff clear them up, or the client still says them."""
    often = {key for key, count in draft.refused.items() if count >= OFTEN}
    return tuple(key for key in Field if key in often and key not in draft.fields)


def described(draft: Draft) -> bool:
    """Whether every row says in at least four characters what is needed (domain.md 3)."""
    return all(len("".join(row.text.split())) >= 4 for row in draft.rows)


def open_steps(draft: Draft, catalog: Catalog) -> tuple[Step, ...]:
    """The steps not answered yet, in the order they are listed."""
    steps = steps_of(still_missing(draft, catalog), described=described(draft))
    if draft.skip_questions:
        return tuple(step for step in steps if step.sort is not Sort.FACT)
    return steps


def all_steps(draft: Draft, catalog: Catalog) -> tuple[Step, ...]:
    """Every step that applies or still may, answered or not, optional materials among them."""
    now = situation(draft)
    return computed_steps(catalog, now.items, now.client_type, tuple(now.facts.items()))


# as `notice.computed`: a turn asks this several times, and so do all who want the same item
@lru_cache(maxsize=1024)
def computed_steps(
    catalog: Catalog,
    items: tuple[str, ...],
    client_type: ClientType | None,
    known: tuple[tuple[str, bool], ...],
) -> tuple[Step, ...]:
    """`all_steps`, of values that can be remembered."""
    now = Situation(items, client_type, dict(known))
    materials = (one for one in materials_of(catalog, now) if holds(one.when, now) is not False)
    steps = steps_of(required(catalog, now))
    sent = [Step(one.name, SENT[one.kind]) for one in materials if one.kind in SENT]
    if now.client_type is None:
        stand_ins = {rule.material: rule.to for rule in catalog.substitutes if rule.to}
        sent += [Step(stand_ins[one.key], one.sort) for one in sent if one.key in stand_ins]
    fields = (Step(field, Sort.FIELD) for field in Field)
    facts = (Step(FACT + one, Sort.FACT) for one in now.facts)
    return tuple(dict.fromkeys((*steps, *sent, *fields, *facts)))


SENT = {MaterialKind.TYPED: Sort.TYPED, MaterialKind.UPLOAD: Sort.UPLOAD}


def applying(draft: Draft, catalog: Catalog) -> Draft:
    """The draft with the answers that still apply: items and the kind of client may have changed.

    The others stay in the draft, so that nothing is asked twice after a change back.
    """
    now = situation(draft)
    fields = required(catalog, now).fields if draft.client_type else tuple(Field)
    deciding = {one.when for one in materials_of(catalog, now)}
    asked = {step.key for step in all_steps(draft, catalog)}
    return draft.but(
        fields={key: value for key, value in draft.fields.items() if key in fields},
        facts={key: value for key, value in draft.facts.items() if key in deciding},
        materials={key: given for key, given in draft.materials.items() if key in asked},
    )


def record(draft: Draft, catalog: Catalog, personal: str) -> Record:
    """What is registered: only answers that still apply. `personal` fills an individual's
    position and business, which Table B.1 prints but nobody asks (domain.md 3)."""
    kind = draft.client_type or ClientType.ENTERPRISE
    draft = applying(draft, catalog)
    fields = dict(draft.fields)
    if kind is ClientType.INDIVIDUAL:
        fields |= {Field.POSITION: personal, Field.BUSINESS: personal}
    urgent = any(Option.URGENT in row.options for row in draft.rows)
    hurry = {"urgency": Option.URGENT.value} if urgent else {}
    return Record(
        client_type=kind,
        fields=fields,
        extra=dict(draft.extra) | hurry,
        facts=dict(draft.facts),
        materials={
            name: Provided(given.how, given.value) for name, given in draft.materials.items()
        },
    )
