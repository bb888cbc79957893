"""The questions of a card and what stands chosen when its button is tapped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One list of a card: its options, the ones chosen at first, one or several allowed."""

    key: str
    title: str
    options: tuple[tuple[str, str], ...]
    preset: tuple[str, ...]
    several: bool = False


def questions(card: Mapping[str, object]) -> tuple[Question, ...]:
    """The questions in the order the phone shows them."""
    selects = [card.get("button_selection"), *_list(card.get("select_list"))]
    found = [_select(one) for one in selects if isinstance(one, Mapping)]
    box = card.get("checkbox")
    if isinstance(box, Mapping):
        found.append(_checkbox(box))
    return tuple(found)


def chosen(
    card: Mapping[str, object], selected: Mapping[str, Sequence[str]]
) -> list[tuple[str, tuple[str, ...]]]:
    """Question keys with option ids; ValueError for a choice the phone does not offer."""
    asked = questions(card)
    unknown = set(selected) - {question.key for question in asked}
    if unknown:
        raise ValueError(f"the card does not ask {', '.join(sorted(unknown))}")
    return [(question.key, _choice(question, selected.get(question.key))) for question in asked]


def _choice(question: Question, wanted: Sequence[str] | None) -> tuple[str, ...]:
    if wanted is None:
        return question.preset
    offered = [found for found, _ in question.options]
    if not set(wanted) <= set(offered):
        raise ValueError(f"{question.key} does not offer {', '.join(wanted)}")
    if len(wanted) != 1 and not question.several:
        raise ValueError(f"{question.key} takes exactly one of its options")
    return tuple(found for found in offered if found in wanted)


def _select(select: Mapping[str, object]) -> Question:
    options = _options(select)
    ids = [found for found, _ in options]
    wanted = str(select.get("selected_id", ""))
    # without a valid selected_id the first option stands chosen
    preset = (wanted,) if wanted in ids else tuple(ids[:1])
    return Question(str(select["question_key"]), str(select.get("title", "")), options, preset)


def _checkbox(box: Mapping[str, object]) -> Question:
    ticked = tuple(
        str(one["id"])
        for one in _list(box.get("option_list"))
        if isinstance(one, Mapping) and one.get("is_checked")
    )
    return Question(str(box["question_key"]), "", _options(box), ticked, box.get("mode") == 1)


def _options(part: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(one["id"]), str(one.get("text", "")))
        for one in _list(part.get("option_list"))
        if isinstance(one, Mapping)
    )


def _list(found: object) -> list[object]:
    return found if isinstance(found, list) else []
