"""What a valid catalogue still deserves a word about: for `yizhan check`, never a refusal."""

import datetime as dt
from collections.abc import Callable, Iterator

from bot.domain.catalog import Catalog, Qualification, Role
from bot.domain.catalog_words import Problem, problems
from bot.domain.located import Finding, Located, Path, read
from bot.domain.workdays import ONE_DAY, verdict

SOON = dt.timedelta(days=30)
# dates promised today commonly lie within this
AHEAD = 60


def warnings(
    catalog: Catalog, today: dt.date, text: str = "", name: str = "catalog.yaml"
) -> tuple[Problem, ...]:
    """Everything worth a word today; with the file's `text`, each with its line."""
    found = [finding for rule in RULES for finding in rule(catalog, today)]
    file = read(text) if text else Located(catalog.model_dump(mode="json"), {})
    return problems(found, file, name, kind="warnings")


def qualifications(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Qualifications that have run out or are about to, each once, with the items they carry."""
    carried: dict[Qualification, list[str]] = {}
    places: dict[Qualification, Path] = {
        one: ("qualifications", key, "valid_to") for key, one in catalog.qualifications.items()
    }
    for index, item in enumerate(catalog.items):
        if item.qualification is not None:
            carried.setdefault(item.qualification, []).append(item.name)
            places.setdefault(item.qualification, ("items", index, "qualification", "valid_to"))
    for one, place in places.items():
        left = one.valid_to - today
        if left <= SOON:
            values = {"found": one.name, "valid_to": one.valid_to, "left": left.days}
            items = {"items": tuple(carried.get(one, ()))}
            yield Finding(place, "expired" if left.days < 0 else "expiring", values | items)


def items_in_the_dark(catalog: Catalog, _today: dt.date) -> Iterator[Finding]:
    """Items nobody can find by their own words, and items that are switched off."""
    for index, item in enumerate(catalog.items):
        if not item.phrases:
            yield Finding(("items", index), "no_phrases", {"found": item.name})
        if not item.enabled:
            yield Finding(("items", index, "enabled"), "disabled", {"found": item.name})


def shared_phrases(catalog: Catalog, _today: dt.date) -> Iterator[Finding]:
    """The same words given to two items, or twice to one: they tell nothing apart."""
    first: dict[str, str] = {}
    for index, item in enumerate(catalog.items):
        for place, phrase in enumerate(item.phrases):
            if phrase in first:
                values = {"found": phrase, "item": item.name, "of": first[phrase]}
                yield Finding(("items", index, "phrases", place), "same_phrase", values)
            first.setdefault(phrase, item.name)


def gaps(catalog: Catalog, _today: dt.date) -> Iterator[Finding]:
    """Categories without items, and nobody to turn to."""
    for index, category in enumerate(catalog.categories):
        if not any(catalog.items_of(category.id)):
            yield Finding(("categories", index), "empty_category", {"found": category.name})
    if not any(one.role is Role.MANAGER for one in catalog.staff):
        yield Finding(("staff",), "no_manager")


def unpublished_years(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Years that promised dates run into and whose holidays nobody has told us."""
    ahead = (today + ONE_DAY * n for n in range(AHEAD))
    guessed = {day.year for day in ahead if verdict(day, catalog.agency.days).estimated}
    for year in sorted(guessed):
        yield Finding(("agency", "days"), "no_calendar", {"year": year})


RULES: tuple[Callable[[Catalog, dt.date], Iterator[Finding]], ...] = (
    qualifications,
    items_in_the_dark,
    shared_phrases,
    gaps,
    unpublished_years,
)
