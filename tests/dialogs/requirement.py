"""What a case requires, computed from the YAML of the catalogue alone.

This is the second opinion on `bot.domain.notice`: it follows domain.md 3 and 4.2, shares no code
with the product, and speaks in the words that clients read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Rules = Mapping[str, Any]

EVERYBODY = frozenset({"申请人", "详细地址", "联系人", "联系电话"})
MORE_FIELDS: Mapping[str, frozenset[str]] = {
    "企业": frozenset({"职务", "主营业务"}),
    "个体工商户": frozenset({"职务", "主营业务"}),
    "事业单位": frozenset({"职务", "主营业务"}),
    "政府部门": frozenset({"职务"}),
    "个人": frozenset(),
}
KINDS = tuple(MORE_FIELDS)
KIND = "办理主体"
COVERS: Mapping[str, frozenset[str]] = {
    "enterprise": frozenset({"企业", "个体工商户", "事业单位"}),
    "institution": frozenset({"事业单位"}),
    "government": frozenset({"政府部门"}),
    "individual": frozenset({"个人"}),
}


@dataclass(frozen=True)
class Known:
    """What decides: the items, who asks (None: not said yet), the facts that were stated."""

    items: tuple[str, ...]
    kind: str | None = None
    facts: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Required:
    """Names by block; `questions` maps a question to the materials that a yes would add."""

    fields: frozenset[str] = frozenset()
    typed: frozenset[str] = frozenset()
    uploads: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    bring: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    questions: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """Everything that is demanded, whatever its block."""
        return self.fields | self.typed | self.uploads | self.forms | self.bring

    def minus(self, given: frozenset[str]) -> "Required":
        """What is still missing. Forms and things to bring come by hand, so they stay."""
        asked = {question: names - given for question, names in self.questions.items()}
        return replace(
            self,
            fields=self.fields - given,
            typed=self.typed - given,
            uploads=self.uploads - given,
            optional=self.optional - given,
            questions={question: names for question, names in asked.items() if names},
        )


def required(rules: Rules, known: Known) -> Required:
    """Everything these items demand of this client, as far as it is known by now."""
    must, may = demanded(rules, known)
    questions: dict[str, set[str]] = {}
    for material in materials(rules, known):
        when = material.get("when")
        if when is None or when in COVERS or when in known.facts:
            continue
        if material["name"] not in must and not material.get("optional"):
            questions.setdefault(question(rules, when), set()).add(material["name"])

    def block(letter: str) -> frozenset[str]:
        return frozenset(name for name, kind in must.items() if kind == letter)

    return Required(
        fields=EVERYBODY | (MORE_FIELDS[known.kind] if known.kind else {KIND}),
        typed=block("T"),
        uploads=block("U"),
        forms=block("F"),
        bring=block("B"),
        optional=frozenset(name for name in may if name not in must),
        questions={asked: frozenset(names) for asked, names in questions.items()},
    )


def demanded(rules: Rules, known: Known) -> tuple[dict[str, str], dict[str, str]]:
    """Name to kind of what applies for certain: what must be given, and what may be."""
    must: dict[str, str] = {}
    may: dict[str, str] = {}
    for material in materials(rules, known):
        if holds(material.get("when"), known):
            (may if material.get("optional") else must)[material["name"]] = material["kind"]
    return must, may


def materials(rules: Rules, known: Known) -> Iterator[dict[str, Any]]:
    """The rows of the chosen items and the standing ones, under the name this client knows."""
    rows = list(rules.get("standing", ()))
    for item in rules["items"]:
        if item["id"] in known.items:
            rows += item.get("materials", ())
    for row in rows:
        name = instead(rules, row["name"], known.kind)
        if name is not None:
            yield {**row, "name": name}


def instead(rules: Rules, name: str, kind: str | None) -> str | None:
    """What this kind of client gives in place of a material; None: nothing."""
    for rule in rules.get("substitutes", ()):
        if rule["material"] == name and kind in COVERS[rule["when"]]:
            found: str | None = rule["to"]
            return found
    return name


def holds(when: str | None, known: Known) -> bool:
    """Whether a condition is known to be true."""
    if when is None:
        return True
    if when in COVERS:
        return known.kind in COVERS[when]
    return known.facts.get(when, False)


def question(rules: Rules, condition: str) -> str:
    """How the deciding question of a condition reads."""
    return next(str(one["question"]) for one in rules["conditions"] if one["id"] == condition)


def asked_about(rules: Rules, items: tuple[str, ...]) -> tuple[str, ...]:
    """The conditions that any of these items turns on."""
    rows = materials(rules, Known(items))
    found = (row["when"] for row in rows if row.get("when") and row["when"] not in COVERS)
    return tuple(dict.fromkeys(found))


def extra_of(rules: Rules, known: Known, kind: str, given: frozenset[str]) -> frozenset[str]:
    """What a client of that kind would have to add, while nobody knows the kind."""
    base = required(rules, known)
    then = required(rules, replace(known, kind=kind)).minus(given)
    return then.names - base.names


def kinds_of_material(rules: Rules, items: tuple[str, ...]) -> Mapping[str, str]:
    """The letter of every material these items know, under the names of all kinds of client."""
    return {
        row["name"]: row["kind"]
        for kind in (None, *KINDS)
        for row in materials(rules, Known(items, kind))
    }
