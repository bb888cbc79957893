"""一次性告知 (clause 7.4.3): what a case requires, and what of it is still missing."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.domain.cases import ClientType, Field
from bot.domain.catalog import Catalog, Material, MaterialKind

# Which kinds of client each group name of `when:` covers (domain.md 4.2).
GROUPS: Mapping[str, frozenset[ClientType]] = {
    "enterprise": frozenset(
        {ClientType.ENTERPRISE, ClientType.SOLE_TRADER, ClientType.INSTITUTION}
    ),
    "institution": frozenset({ClientType.INSTITUTION}),
    "individual": frozenset({ClientType.INDIVIDUAL}),
    "government": frozenset({ClientType.GOVERNMENT}),
}

EVERYBODY = (Field.APPLICANT, Field.ADDRESS, Field.CONTACT, Field.PHONE)

# domain.md 3: an individual has neither position nor business, a department no business.
FIELDS: Mapping[ClientType, tuple[Field, ...]] = {
    kind: tuple(Field) for kind in (ClientType.ENTERPRISE, ClientType.SOLE_TRADER)
} | {
    ClientType.INSTITUTION: tuple(Field),
    ClientType.GOVERNMENT: tuple(field for field in Field if field is not Field.BUSINESS),
    ClientType.INDIVIDUAL: EVERYBODY,
}


@dataclass(frozen=True)
class Question:
    """A fact nobody has stated yet, and the materials that a yes would add."""

    condition: str
    materials: tuple[Material, ...]


@dataclass(frozen=True)
class Situation:
    """What decides which fields and materials apply."""

    items: tuple[str, ...]
    client_type: ClientType | None
    facts: Mapping[str, bool]


@dataclass(frozen=True)
class Notice:
    """A list of fields, materials and deciding questions, each thing once, in order of asking.

    As computed by `required` it is everything; as computed by `missing`, what is still open.
    `by_group` lists, while the kind of client is unknown, what each group would have to add.
    """

    fields: tuple[Field, ...] = ()
    typed: tuple[Material, ...] = ()
    uploads: tuple[Material, ...] = ()
    forms: tuple[Material, ...] = ()
    bring: tuple[Material, ...] = ()
    optional: tuple[Material, ...] = ()
    questions: tuple[Question, ...] = ()
    by_group: Mapping[str, tuple[str, ...]] | None = None

    @property
    def registrable(self) -> bool:
        """Whether it may be registered: open uploads, forms and things to bring do not hinder."""
        return not (self.fields or self.typed) and self.by_group is None

    @property
    def complete(self) -> bool:
        """Whether nothing is left that the client can still answer or send in chat."""
        return self.registrable and not (self.uploads or self.questions)


def holds(when: str | None, situation: Situation) -> bool | None:
    """Whether a condition is true, false, or (None) not yet known."""
    if when is None:
        return True
    if when in GROUPS:
        kind = situation.client_type
        return None if kind is None else kind in GROUPS[when]
    return situation.facts.get(when)


def required(catalog: Catalog, situation: Situation) -> Notice:
    """Everything the chosen items ask of this client, conditions applied, each material once."""
    facts = frozenset(situation.facts.items())
    return computed(catalog, situation.items, situation.client_type, facts)


# a turn asks the same question several times, and so do the turns of all who want the same item
@lru_cache(maxsize=1024)
def computed(
    catalog: Catalog,
    items: tuple[str, ...],
    client_type: ClientType | None,
    facts: frozenset[tuple[str, bool]],
) -> Notice:
    """`required`, of values that can be remembered."""
    situation = Situation(items, client_type, dict(facts))
    known: list[Material] = []
    open_questions: dict[str, list[Material]] = {}
    groups: dict[str, list[str]] = {}
    for material in materials_of(catalog, situation):
        verdict = holds(material.when, situation)
        if verdict:
            known.append(material)
        elif verdict is None and material.when in GROUPS:
            groups.setdefault(str(material.when), []).append(material.name)
        elif verdict is None:
            open_questions.setdefault(str(material.when), []).append(material)
    names = {material.name for material in known if not material.optional}
    return replace(
        sorted_by_kind(known),
        fields=FIELDS[situation.client_type] if situation.client_type else EVERYBODY,
        questions=tuple(
            Question(condition, tuple(one for one in rows if one.name not in names))
            for condition, rows in open_questions.items()
        ),
        by_group=None
        if situation.client_type
        else {group: tuple(rows) for group, rows in groups.items()},
    )


def materials_of(catalog: Catalog, situation: Situation) -> Iterator[Material]:
    """The materials of all chosen items and of the standing rules, substituted, each name once.

    A name asked for by two items stays conditional only if both ask for it conditionally.
    """
    found: dict[tuple[str, str | None], Material] = {}
    unconditional: set[str] = set()
    for item_id in situation.items:
        for material in (*catalog.standing, *catalog.asked_by(item_id)):
            fitting = substitute(catalog, material, situation.client_type)
            if fitting is None:
                continue
            known = found.setdefault((fitting.name, fitting.when), fitting)
            if known.optional and not fitting.optional:
                found[fitting.name, fitting.when] = fitting
            if fitting.when is None and not fitting.optional:
                unconditional.add(fitting.name)
    for (name, when), material in found.items():
        if when is None or name not in unconditional:
            yield material


def substitute(
    catalog: Catalog, material: Material, client_type: ClientType | None
) -> Material | None:
    """The material this kind of client gives instead; None where it gives nothing."""
    for rule in catalog.substitutes:
        if rule.material == material.name and client_type in GROUPS.get(rule.when, ()):
            return None if rule.to is None else material.model_copy(update={"name": rule.to})
    return material


def sorted_by_kind(materials: Collection[Material]) -> Notice:
    """The materials in the blocks of the notice; a name wanted by any item is not optional."""
    wanted = {one.name for one in materials if not one.optional}
    seen: set[str] = set()
    blocks: dict[str, list[Material]] = {}
    for material in materials:
        if material.name in seen or (material.optional and material.name in wanted):
            continue
        seen.add(material.name)
        blocks.setdefault("opt" if material.optional else material.kind, []).append(material)
    return Notice(
        typed=tuple(blocks.get(MaterialKind.TYPED, ())),
        uploads=tuple(blocks.get(MaterialKind.UPLOAD, ())),
        forms=tuple(blocks.get(MaterialKind.FORM, ())),
        bring=tuple(blocks.get(MaterialKind.BRING, ())),
        optional=tuple(blocks.get("opt", ())),
    )


def missing(notice: Notice, fields: Collection[Field], materials: Collection[str]) -> Notice:
    """`notice` without what was given. Forms and things to bring stay: they come by hand."""

    def without(rows: tuple[Material, ...]) -> tuple[Material, ...]:
        return tuple(one for one in rows if one.name not in materials)

    questions = (replace(one, materials=without(one.materials)) for one in notice.questions)
    return replace(
        notice,
        fields=tuple(field for field in notice.fields if field not in fields),
        questions=tuple(one for one in questions if one.materials),
        typed=without(notice.typed),
        uploads=without(notice.uploads),
        optional=without(notice.optional),
    )
