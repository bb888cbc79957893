"""Several needs at once: dropping one by words, keeping only one, changing one."""

import re
from dataclasses import replace

from bot.dialogs.intake import needs
from bot.dialogs.intake.draft import Asking, Draft, Row
from bot.dialogs.intake.gathering import opened
from bot.dialogs.intake.naming import rows_named
from bot.dialogs.intake.outcome import Heard, Outcome, Setting
from bot.domain.cases import Field
from bot.messages import Say
from bot.reading.normalise import normalise
from bot.reading.vocabulary import any_of, words

_FILE = "rows"
_DROP = re.compile(any_of(words(_FILE, "drop")))
_ONLY = re.compile(any_of(words(_FILE, "only")))
_SWAP = re.compile(any_of(words(_FILE, "swap")))
# 那个3C认证我们现在先不要了，只办校准: longer texts say something else
_LONGEST = 40


def change_rows(draft: Draft, heard: Heard, setting: Setting) -> Outcome | None:
    """The outcome of a message that drops, keeps or changes a need among several."""
    said, text = heard.said, normalise(heard.said.text)
    # 不要培训 answers a question of the form
    if not draft.rows or not text or len(text) > _LONGEST or said.numbered or said.facts:
        return None
    if draft.asking in TALKS or needs.unclear(draft) is not None or {*Field} & said.fields.keys():
        return None
    swap = _SWAP.search(text)
    if swap is not None:
        return swapped(draft, text, swap.span(), setting)
    kept = kept_rows(draft, text, setting)
    if kept is None:
        return None
    gone = [row for row in draft.rows if row not in kept]
    names = [setting.catalog.item[str(row.item)].name for row in gone]
    outcome = opened(plain(draft.but(rows=tuple(kept))), draft, setting)
    return replace(outcome, says=(Say("intake/dropped", {"items": names}), *outcome.says))


# while one of these is open, the words belong to it
TALKS = frozenset({Asking.ITEM, Asking.WHICH, Asking.ADD_OR_REPLACE, Asking.CHANGE_WHAT})


def plain(draft: Draft) -> Draft:
    """The draft without what was asked of the other needs; the question of consent stays."""
    asking = draft.asking if draft.asking is Asking.CONSENT else Asking.NOTHING
    return draft.but(asking=asking, changing="")


def kept_rows(draft: Draft, text: str, setting: Setting) -> list[Row] | None:
    """What is left of the needs; None if the message drops none of several."""
    if len(draft.rows) == 1:
        return None
    only = _ONLY.search(text)
    named = rows_named(draft, text[only.end() :] if only else text, setting.catalog)
    if only and named:
        return [row for index, row in enumerate(draft.rows) if index in named]
    if named and len(named) < len(draft.rows) and _DROP.search(text):
        return [row for index, row in enumerate(draft.rows) if index not in named]
    return None


def swapped(draft: Draft, text: str, span: tuple[int, int], setting: Setting) -> Outcome | None:
    """One need among several becomes another; the others stay as they are."""
    named = rows_named(draft, text[: span[0]], setting.catalog)
    read = setting.read(text[span[1] :])
    fresh = needs.rows_of(read)
    if len(draft.rows) == 1 or len(named) != 1 or not fresh or not read.sure:
        return None
    (index,) = named
    old = draft.rows[index]
    new = fresh[0].model_copy(update={"options": old.options, "wanted_on": old.wanted_on})
    rows = tuple(new if n == index else row for n, row in enumerate(draft.rows))
    return opened(plain(draft.but(rows=rows)), draft, setting)
