"""The need comes first: proposing an item, choosing between several, adding and replacing."""

import re
from collections.abc import Sequence

from bot.dialogs.intake.draft import Asking, Draft, Row
from bot.dialogs.intake.outcome import Heard, Setting
from bot.domain.cases import Field
from bot.domain.catalog import Catalog, Material
from bot.domain.options import Option, with_wishes
from bot.messages import Say
from bot.reading.answers.choices import ADD_OR_REPLACE, read_choice
from bot.reading.needs.options import read_options
from bot.reading.normalise import normalise
from bot.reading.reading import Intent, NeedGuess, Reading, Word
from bot.reading.vocabulary import words

OTHER = "other"
MOST_CHOICES = 3


def rows_of(said: Reading) -> tuple[Row, ...]:
    """One row a need; the item only where the reading is sure of it."""
    return tuple(
        Row(
            text=guess.text,
            category=guess.category,
            item=guess.item if said.sure else None,
            because=guess.because,
            options=with_wishes((), read_options(normalise(around))),
        )
        for guess, around in zip(said.needs, surroundings(said), strict=True)
    )


def surroundings(said: Reading) -> list[str]:
    """Each need's words up to the next need; behind the last one, up to where it breaks off.

    What is said at the end of a message is about all of its needs.
    """
    starts = [said.text.find(guess.text[:SEEN]) if guess.text else -1 for guess in said.needs]
    if len(starts) <= 1 or -1 in starts or starts != sorted(starts):
        return [guess.text for guess in said.needs]
    last = starts[-1] + len(said.needs[-1].text)
    tail = BREAK.search(said.text, last)
    ends = [*starts[1:], tail.start() if tail else len(said.text)]
    return [said.text[start:end] for start, end in zip(starts, ends, strict=True)]


SEEN = 6
BREAK = re.compile(r"[\s,;\uff0c\uff1b\u3002]")


def unclear(draft: Draft) -> int | None:
    """The index of the first row whose item is not known yet."""
    return next((index for index, row in enumerate(draft.rows) if row.item is None), None)


def choices_for(row: Row, guesses: Sequence[NeedGuess], catalog: Catalog) -> tuple[str, ...]:
    """At most three items to choose from, likeliest first, and 其他 as the way out."""
    near = [guess.item for guess in guesses if guess.item]
    # 其他 is where a need ends up, not where its neighbours are looked for
    areas = [guess.category for guess in guesses if guess.category != OTHER] or [row.category]
    own = [item.id for area in dict.fromkeys(areas) for item in catalog.items_of(area)]
    named = [one for one in dict.fromkeys([*near, *own]) if one in catalog.item and one != OTHER]
    return (*named[:MOST_CHOICES], OTHER)


def begin(draft: Draft, said: Reading, catalog: Catalog) -> Draft:
    """The draft with the needs of its first message."""
    return offering(draft.but(rows=rows_of(said)), said, catalog)


def offering(draft: Draft, said: Reading, catalog: Catalog) -> Draft:
    """The draft asking which item is meant, if one is unclear."""
    index = unclear(draft)
    if index is None:
        return draft
    guesses = (*said.needs, *((said.second,) if said.second else ()))
    choices = choices_for(draft.rows[index], guesses, catalog)
    return draft.but(asking=Asking.ITEM, choices=choices)


def choose(draft: Draft, heard: Heard, setting: Setting) -> Draft | None:
    """The draft after an answer to "which of these is it?", or None if it was no answer."""
    index = unclear(draft)
    if draft.asking is not Asking.ITEM or index is None:
        return None
    catalog, said = setting.catalog, heard.said
    if not said.text or (not said.needs and {*Field} & said.fields.keys()):
        return None
    labels = tuple(catalog.item[one].name for one in draft.choices)
    number = read_choice(said.text, labels)
    if number is not None:
        return settled(draft, index, draft.choices[number], catalog)
    if said.word in {Word.NO, Word.DISAGREE}:
        return settled(draft, index, OTHER, catalog)
    if said.word or (said.intent not in {None, Intent.SERVICE} and not said.needs):
        return None
    return told_more(draft, index, setting, heard)


def told_more(draft: Draft, index: int, setting: Setting, heard: Heard) -> Draft:
    """Further words on an unclear need, read together with the first; then 其他, never dropped."""
    row = draft.rows[index]
    words_so_far = "\n".join(filter(None, (row.text, heard.quote)))
    again = setting.read(words_so_far)
    if again.sure and again.needs and again.needs[0].item:
        same = {"options": row.options, "wanted_on": row.wanted_on}
        filled = rows_of(again)[0].model_copy(update={"text": words_so_far, **same})
        return with_row(draft, index, filled).but(asking=Asking.NOTHING, choices=(), misses=0)
    if draft.misses >= 1:
        return settled(draft, index, OTHER, setting.catalog)
    return draft.but(misses=draft.misses + 1)


def reworded(draft: Draft, heard: Heard, catalog: Catalog) -> Draft:
    """The draft whose need was said anew; words that name none only replace the description."""
    if heard.said.needs:
        return begin(draft, heard.said, catalog)
    return with_row(draft, 0, draft.rows[0].model_copy(update={"text": heard.quote}))


def settled(draft: Draft, index: int, item: str, catalog: Catalog) -> Draft:
    """The draft with that row's item decided by the client."""
    row = draft.rows[index].model_copy(
        update={"item": item, "category": catalog.item[item].category, "because": ()}
    )
    return with_row(draft, index, row).but(asking=Asking.NOTHING, choices=(), misses=0)


def with_row(draft: Draft, index: int, row: Row) -> Draft:
    """The draft with one row exchanged."""
    return draft.but(rows=(*draft.rows[:index], row, *draft.rows[index + 1 :]))


def another(draft: Draft, said: Reading, catalog: Catalog) -> Draft | None:
    """The draft asking whether a further need is added or replaces; None if there is none."""
    corrected = takes_back(said)
    fields = {*Field} & said.fields.keys()
    about_form = said.numbered or said.refused or fields or names_materials(said, draft, catalog)
    if said.intent is not Intent.SERVICE or not said.sure or (about_form and not corrected):
        return None
    known = {row.item for row in draft.rows}
    fresh = [row for row in rows_of(said) if row.item not in known]
    if corrected and len(draft.rows) == 1 and not fresh:
        return draft.but(rows=rows_of(said)[:1])
    if not draft.rows or all(states_fact(row, said, draft, catalog) for row in fresh):
        return None
    if corrected:
        return offering(draft.but(rows=tuple(fresh)), said, catalog)
    return draft.but(asking=Asking.ADD_OR_REPLACE, proposed=fresh[0])


def takes_back(said: Reading) -> bool:
    """Whether the message says that something else was meant: 不是校准，是…"""
    return "need" in said.corrected or said.text.startswith(TAKING_BACK)


TAKING_BACK = (*words("corrections", "openers"), *words("corrections", "not"))


def materials_of_rows(draft: Draft, catalog: Catalog) -> tuple[Material, ...]:
    """What the chosen items ask for, whoever asks."""
    items = (catalog.item[row.item] for row in draft.rows if row.item)
    return tuple(one for item in items for one in item.materials)


def names_materials(said: Reading, draft: Draft, catalog: Catalog) -> bool:
    """Whether the message gives or promises materials of this form."""
    named = said.materials.keys() | said.materials_later
    return any(one.name in named for one in materials_of_rows(draft, catalog))


def states_fact(row: Row, said: Reading, draft: Draft, catalog: Catalog) -> bool:
    """Whether what suggests this need are only words that decide a question of the form."""
    asked = {one.when for one in materials_of_rows(draft, catalog)} & said.facts.keys()
    facts = (catalog.condition[one] for one in asked if one)
    phrases = [phrase for fact in facts for phrase in (*fact.yes, *fact.no)]
    rest = normalise(said.text)
    for phrase in sorted(map(normalise, phrases), key=len, reverse=True):
        rest = rest.replace(phrase, " ")
    return bool(row.because) and not any(word in rest for word in row.because)


ADD, REPLACE, NEITHER = range(3)


def add_or_replace(draft: Draft, heard: Heard) -> Draft | None:
    """The draft after the answer to that question; None if the message was no answer."""
    if draft.asking is not Asking.ADD_OR_REPLACE or draft.proposed is None:
        return None
    number = read_choice(heard.said.text, ADD_OR_REPLACE)
    if number is None and heard.said.word in {Word.YES, Word.AGREE, Word.CONFIRM}:
        number = ADD
    if number is None and heard.said.word in {Word.NO, Word.DISAGREE}:
        number = NEITHER
    if number is None:
        return None
    asked = draft.but(asking=Asking.NOTHING, proposed=None)
    if number == ADD:
        return asked.but(rows=(*draft.rows, draft.proposed))
    return asked.but(rows=(in_place_of(draft),)) if number == REPLACE else asked


def in_place_of(draft: Draft) -> Row:
    """The proposed need instead of the others; how and by when it is to be done stays."""
    assert draft.proposed is not None  # noqa: S101 - asked before
    old = {option for row in draft.rows for option in row.options}
    wishes = {Option(one): True for one in old}
    days = [row.wanted_on for row in draft.rows if row.wanted_on]
    return draft.proposed.model_copy(
        update={
            "options": with_wishes(draft.proposed.options, wishes),
            "wanted_on": draft.proposed.wanted_on or min(days, default=None),
        }
    )


def say_choice(draft: Draft, catalog: Catalog, *, again: bool = False) -> Say:
    """The question which item is meant, with its numbered lines; `again`: and the way out."""
    index = unclear(draft) or 0
    names = [catalog.item[one].name for one in draft.choices]
    values = {"text": draft.rows[index].text, "choices": names, "again": again}
    return Say("intake/which_item", values)
