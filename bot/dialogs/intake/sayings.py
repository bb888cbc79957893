"""What the intake says: the notice, what was understood, the summary. Keys and values only."""

from collections.abc import Mapping, Sequence

from bot.dialogs.engine import Placed
from bot.dialogs.form import CLIENT_TYPE, FACT, Answer, Given, Sort, Step
from bot.dialogs.intake import photos, wishes
from bot.dialogs.intake.draft import (
    OFTEN,
    Draft,
    Known,
    Row,
    all_steps,
    applying,
    open_steps,
    parked,
    situation,
    still_missing,
)
from bot.domain.cases import ClientType, Field, How, Provided
from bot.domain.catalog import Catalog, Material
from bot.domain.notice import FIELDS, Notice, missing, required
from bot.messages import Say
from bot.reading.concerns.uploads import is_long_list

Line = Mapping[str, object]


def say_needs(draft: Draft, catalog: Catalog, today_own: Mapping[str, bool]) -> Say:
    """The needs as understood, with the words that decided."""
    rows = [
        {
            "category": catalog.category[row.category].name,
            "item": catalog.item[row.item].name,
            "because": row.because,
            "own": today_own[row.item],
            "partner": catalog.item[row.item].partner,
            **row_wishes(row),
        }
        for row in draft.rows
        if row.item
    ]
    return Say("intake/needs", {"rows": rows})


def row_wishes(row: Row) -> Line:
    """How and by when a need is to be done, as values of a text."""
    return {"options": row.options, "wanted_on": row.wanted_on}


def say_line(key: str, sort: Sort, catalog: Catalog) -> Say:
    """What to write, send or answer for one line of the list."""
    materials = (one for item in catalog.items for one in item.materials)
    hint = next((one.hint for one in materials if one.name == key), "")
    fact = catalog.condition.get(key.removeprefix(FACT)) if sort is Sort.FACT else None
    values = {"key": key, "sort": sort, "hint": hint, "question": fact.question if fact else ""}
    return Say("intake/one_line", values)


def say_privacy(
    catalog: Catalog, *, sealed: bool, again: bool = False, along: Line | None = None
) -> Say:
    """What PIPL 17 wants said, and whether details already sent wait sealed for 同意.

    `again`: it stands right above, and only the answer is missing; `along`: what may be typed
    together with that answer.
    """
    values = {
        "privacy": catalog.agency.privacy,
        "phone": catalog.agency.phone,
        "sealed": sealed,
        "along": along or {},
    }
    return Say("intake/privacy_again" if again else "intake/privacy", values)


def typed_along(draft: Draft, catalog: Catalog) -> Line | None:
    """What may be typed together with 同意: for everybody, and what organisations add."""
    if not draft.rows or not all(row.item for row in draft.rows):
        return None
    everybody, organisations = (
        [step.key for step in open_steps(one, catalog) if step.sort in TYPED_SORTS]
        for one in (draft, draft.but(client_type=draft.client_type or ClientType.ENTERPRISE))
    )
    more = [key for key in organisations if key not in everybody]
    return {"everybody": everybody, "organisations": more}


TYPED_SORTS = frozenset({Sort.FIELD, Sort.TYPED})


def say_understood(placed: Placed, catalog: Catalog, draft: Draft) -> Say:
    """What this message added, named, so that a wrong reading is seen at once.

    Of several photos of one thing it says how many there are in the draft now.
    """
    ordered = sorted(placed.answers, key=lambda key: ORDER.get(key, len(ORDER)))
    lines = [line_of(key, placed.answers[key], catalog) for key in ordered]
    lines = [{**one, "count": count(draft, str(one.get("name", "")))} for one in lines]
    return Say("intake/understood", {"lines": [*lines, *wishes.lines_of(placed)]})


def say_further(placed: Placed, draft: Draft, catalog: Catalog) -> tuple[Say, ...]:
    """How to say that a photo taken for a further page of the last one is something else."""
    others = [one for one in uploads(draft, catalog) if one != draft.filing]
    if not others or draft.filing not in placed.answers or count(draft, draft.filing) < 2:
        return ()
    return (Say("intake/further", {"example": others[0]}),)


def say_unnamed(draft: Draft, catalog: Catalog) -> tuple[Say, ...]:
    """That photos wait to be told what they show, if there is anything they could be."""
    places = uploads(draft, catalog)
    if not (draft.photos and places):
        return ()
    return (Say("intake/unnamed", {"count": len(draft.photos), "example": places[0]}),)


def uploads(draft: Draft, catalog: Catalog) -> tuple[str, ...]:
    """What a photo may be: what is still open first, also what else would be typed."""
    asked, applying = open_steps(draft, catalog), all_steps(draft, catalog)
    keys = (
        *(step.key for step in asked if step.sort is Sort.UPLOAD),
        *(step.key for step in asked if step.sort is Sort.TYPED),
        *(step.key for step in applying if step.sort is Sort.UPLOAD),
    )
    return tuple(dict.fromkeys(keys))


def count(draft: Draft, name: str) -> int:
    """How many files a material consists of."""
    return len(photos.keys_of(draft.materials.get(name)))


# as Table B.1 lists them; materials and facts follow as they were said
ORDER = {key: index for index, key in enumerate((*map(str, Field), CLIENT_TYPE))}


def say_not_understood(draft: Draft, catalog: Catalog) -> Say:
    """How to say it so that it is understood, by the example of the first open line."""
    steps = open_steps(draft, catalog)
    sorts = (Sort.FIELD, Sort.TYPED)
    example = next((step.key for sort in sorts for step in steps if step.sort is sort), "")
    values = {"agency": catalog.agency, "misses": draft.misses, "example": example}
    return Say("intake/not_understood", values)


def say_refused(draft: Draft, key: str, reason: str, catalog: Catalog) -> Say:
    """Why a value was not taken, what stays instead, and after three times a person."""
    values = {
        "key": key,
        "reason": reason,
        "kept": draft.fields.get(Field(key)) if key in set(Field) else None,
        "often": draft.refused.get(key, 0) >= OFTEN,
        "agency": catalog.agency,
    }
    return Say("intake/refused", values)


def line_of(key: str, answer: Answer, catalog: Catalog) -> Line:
    """One line of what is known: a label key or a material's name, and the value."""
    if isinstance(answer, Given):
        return {"name": key, "how": shown_way(answer), "value": shown_value(answer)}
    if key.startswith(FACT):
        question = catalog.condition[key.removeprefix(FACT)].question
        return {"name": question, "value": answer}
    return {"key": key, "value": answer}


def shown_value(given: Given) -> str:
    """The text of a typed material; a media id is nothing to show."""
    return given.value if given.how is How.TYPED else ""


def shown_way(given: Given | Provided) -> str:
    """In what way it came or will come: 已收到, 窗口提交, 邮寄提交, 稍后提供."""
    way = given.value if given.how is How.LATER else ""
    return f"{given.how}_{way}" if way else str(given.how)


def say_notice(draft: Draft, catalog: Catalog, upload: str = "") -> Say:
    """一次性告知: everything missing, numbered through, in one message (domain.md 4.4)."""
    notice = still_missing(draft, catalog)
    steps = open_steps(draft, catalog)
    optional = [one.name for one in notice.optional]
    return Say(
        "intake/notice",
        {
            "fields": [step.key for step in steps if step.sort in FIELD_SORTS],
            "typed": [row(one) for one in notice.typed],
            "uploads": [row(one) for one in notice.uploads],
            "questions": [
                {
                    "question": catalog.condition[one.condition].question,
                    "materials": [material.name for material in one.materials],
                }
                for one in notice.questions
                if not draft.skip_questions
            ],
            "groups": groups(draft, catalog),
            "forms": [one.name for one in notice.forms],
            "bring": [one.name for one in notice.bring],
            "optional": optional,
            "brief": draft.noticed,
            "registrable": notice.registrable,
            # said once with the whole list, and again with the summary
            "upload": upload if wants_files(notice) and not draft.noticed else "",
            **contacts(draft, catalog),
        },
    )


FIELD_SORTS = frozenset({Sort.FIELD, Sort.TYPE, Sort.NEED})


def row(material: Material) -> Line:
    """A material as listed: its name and what to write in it."""
    return {"name": material.name, "hint": material.hint}


def groups(draft: Draft, catalog: Catalog) -> list[Line]:
    """While the kind of client is open: what each kind would have to add to the list."""
    if draft.client_type is not None:
        return []
    base = still_missing(draft, catalog)
    said = {one.name for one in (*base.typed, *base.uploads, *base.forms, *base.bring)}
    kinds: dict[tuple[str, ...], list[ClientType]] = {}
    for kind in FIELDS:
        then = required(catalog, situation(draft.but(client_type=kind)))
        left = missing(then, {*draft.fields, *parked(draft)}, draft.materials)
        materials = (*left.typed, *left.uploads, *left.forms, *left.bring)
        fields = (field for field in left.fields if field not in base.fields)
        more = (*fields, *(one.name for one in materials if one.name not in said))
        kinds.setdefault(more, []).append(kind)
    return [{"kinds": found, "more": more} for more, found in kinds.items() if more]


def contacts(draft: Draft, catalog: Catalog) -> Line:
    """The department's contact and the service phone, which every notice ends with."""
    items = [catalog.item[one.item] for one in draft.rows if one.item]
    departments = dict.fromkeys(item.department for item in items)
    return {
        "departments": [catalog.department[one] for one in departments],
        "phone": catalog.agency.phone,
    }


def wants_files(notice: Notice) -> bool:
    """Whether something is open, or will be for some, that may be a PDF or many pictures."""
    lists = any(is_long_list(one.name) for one in notice.typed)
    return bool(notice.uploads or notice.by_group) or lists


def say_summary(draft: Draft, catalog: Catalog, upload: str = "") -> Say:
    """Everything known, to be confirmed; uploads still open are listed with it."""
    notice, draft = still_missing(draft, catalog), applying(draft, catalog)
    given = {
        name: {"how": shown_way(one), "value": shown_value(one), "count": count(draft, name)}
        for name, one in draft.materials.items()
    }
    facts = [
        {"question": catalog.condition[key].question, "value": value}
        for key, value in draft.facts.items()
    ]
    rows = [
        {"text": one.text, "item": catalog.item[one.item].name, **row_wishes(one)}
        for one in draft.rows
        if one.item
    ]
    return Say(
        "intake/summary",
        {
            "rows": rows,
            "client_type": draft.client_type,
            "fields": [(key, draft.fields[key]) for key in Field if key in draft.fields],
            "parked": parked(draft),
            "extra": draft.extra,
            "facts": facts,
            "materials": given,
            "open": [one.name for one in notice.uploads],
            "upload": upload if notice.uploads else "",
            "forms": [one.name for one in notice.forms],
            "bring": [one.name for one in notice.bring],
        },
    )


def say_known(known: Known, left: Sequence[str], catalog: Catalog) -> Say:
    """What the client told the last time, to be taken over with one word; and what is left then."""
    asked = [key.removeprefix(FACT) for key in left if key.startswith(FACT)]
    values = {
        "lines": known_lines(known),
        "left": [key for key in left if not key.startswith(FACT)],
        "questions": [catalog.condition[one].question for one in asked],
    }
    return Say("intake/known", values)


def known_lines(known: Known) -> list[Line]:
    """What was told the last time, as Table B.1 lists it."""
    fields = [
        {"key": key, "name": "", "value": known.fields[key]} for key in Field if key in known.fields
    ]
    extra = [{"key": key, "name": "", "value": value} for key, value in known.extra.items()]
    materials = [
        {"key": "", "name": name, "value": shown_value(one)}
        for name, one in known.materials.items()
    ]
    kind: Line = {"key": CLIENT_TYPE, "name": "", "value": known.client_type}
    return [kind, *fields, *extra, *materials]


def say_went_back(left: Draft, draft: Draft, catalog: Catalog) -> Say:
    """What 上一步 took back, and what stands there now."""
    was, now = standing(left, catalog), standing(draft, catalog)
    changed = [key for key in (was | now) if was.get(key) != now.get(key)]
    keys = sorted(changed, key=lambda key: ORDER.get(key, len(ORDER)))
    lines = [
        {"key": key, "name": "" if key in {"item", *LABELLED} else key, "now": now.get(key)}
        for key in keys
    ]
    return Say("intake/went_back", {"lines": lines})


def say_welcome_back(draft: Draft, catalog: Catalog) -> Say:
    """What somebody told on an earlier day, whose registration was left half done."""
    known = standing(draft, catalog)
    keys = sorted(known, key=lambda key: ORDER.get(key, len(ORDER)))
    lines = [
        {"key": key, "name": "" if key in {"item", *LABELLED} else key, "now": known[key]}
        for key in keys
    ]
    return Say("intake/welcome_back", {"day": draft.day, "lines": lines})


def standing(draft: Draft, catalog: Catalog) -> dict[str, str]:
    """Everything known, by label key or name, as a person reads it."""
    facts = {
        catalog.condition[key].question: "yes" if value else "no"
        for key, value in draft.facts.items()
        if key in catalog.condition
    }
    materials = {
        name: given.value if given.how is How.TYPED else shown_way(given)
        for name, given in draft.materials.items()
    }
    items = (catalog.item[row.item].name for row in draft.rows if row.item)
    fields = {str(key): value for key, value in draft.fields.items()}
    kind = {"client_type": str(draft.client_type)} if draft.client_type else {}
    return {"item": "\n".join(items), **fields, **kind, **facts, **materials}


def say_changeable(draft: Draft, catalog: Catalog) -> tuple[Say, tuple[str, ...]]:
    """The numbered list of what can be changed, and the keys behind the numbers."""
    draft = applying(draft, catalog)
    known = (key for key in Field if key in draft.fields)
    keys = ("need", *known, "client_type", *draft.materials)
    lines = [{"key": key, "name": "" if key in LABELLED else key} for key in keys]
    return Say("intake/change_what", {"lines": lines}), keys


LABELLED = frozenset({"need", "client_type", *Field})


def listed(draft: Draft, catalog: Catalog) -> tuple[str, ...]:
    """The keys behind the numbers of the notice, in its order."""
    return tuple(step.key for step in by_block(open_steps(draft, catalog)))


def by_block(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Steps in the order in which the notice prints its blocks."""
    return tuple(sorted(steps, key=lambda step: BLOCKS.index(step.sort)))


BLOCKS = (Sort.NEED, Sort.FIELD, Sort.TYPE, Sort.TYPED, Sort.UPLOAD, Sort.FACT)
