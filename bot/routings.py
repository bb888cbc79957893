"""What staff corrected with 改项: phrases in the shape of catalog.yaml, without whose they are."""

from collections.abc import Iterator, Sequence
from datetime import date

import yaml

from bot.clock import SHANGHAI
from bot.domain.actions import Action
from bot.domain.cases import Case, Field
from bot.domain.catalog import Catalog
from bot.domain.phrases_file import Phrases
from bot.domain.routings import Routing, corrected
from bot.reading.masking import mask_personal
from bot.reading.reader import Reader
from storage import exports
from storage.db import Database
from storage.events import Event

# whose words they are; an enterprise is not named either
NAMES, PLACES = (Field.APPLICANT, Field.CONTACT), (Field.ADDRESS,)


def read_routings(database: Database, catalog: Catalog, since: date | None) -> Phrases:
    """Item -> what clients said who meant it, in the order of the catalogue, each text once.

    A need counts if it was moved on that day or later. Items that the catalogue has no more, and
    words that say nothing without what is personal in them, are left out.
    """
    reader, found = Reader(catalog), dict[str, dict[str, None]]()
    for case, timeline in exports.cases_with(database, Action.REROUTE, since):
        for one in corrected(routings(timeline)):
            recent = since is None or moved_on(timeline, one.need) >= since
            masked = mask_personal(one.words, *personal(case, reader, one.words))
            if recent and masked.says and one.went_to in catalog.item:
                found.setdefault(one.went_to, {})[" ".join(masked.text.split())] = None
    return {item.id: tuple(found[item.id]) for item in catalog.items if item.id in found}


def routings(timeline: Sequence[Event]) -> Iterator[Routing]:
    """The moves of a case's needs to other items; what was forgotten is none any more."""
    for one in timeline:
        if one.kind == Action.REROUTE and one.need_id is not None and not one.erased:
            values = {key: str(one.values[key]) for key in ("from", "to", "words")}
            yield Routing(one.need_id, values["from"], values["to"], values["words"])


def moved_on(timeline: Sequence[Event], need: int) -> date:
    """The day a need was moved last."""
    moves = (one.at for one in timeline if one.kind == Action.REROUTE and one.need_id == need)
    return max(moves).astimezone(SHANGHAI).date()


def personal(case: Case, reader: Reader, words: str) -> tuple[list[str], list[str]]:
    """The names and the addresses that are known of a case, or read in the words themselves."""
    said = reader.read(words).fields
    known = {key: case.record.fields.get(key, "") for key in (*NAMES, *PLACES)}
    names = [known[key] for key in NAMES] + [said.get(Field.CONTACT, "")]
    return names, [known[key] for key in PLACES] + [said.get(Field.ADDRESS, "")]


def as_yaml(found: Phrases, catalog: Catalog) -> bytes:
    """`items` with id, name and phrases, to be pasted into the catalogue."""
    rows = [
        {"id": item, "name": catalog.item[item].name, "phrases": list(phrases)}
        for item, phrases in found.items()
    ]
    text = yaml.safe_dump({"items": rows}, allow_unicode=True, sort_keys=False, width=1000)
    return text.encode()
