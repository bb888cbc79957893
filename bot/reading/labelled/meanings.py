"""What every label there is means: fields, materials of the catalogue, or nothing we collect."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.domain.catalog import Catalog, Material, MaterialKind
from bot.reading.labelled.spelling import key_of
from bot.reading.normalise import fold
from bot.reading.vocabulary import keys, words

FIELDS = ("applicant", "contact", "position", "phone", "address", "business", "need", "uscc")
# a word that is nobody's value stands behind the first; behind the second all is somebody else's
NOISE, FOREIGN = "noise", "foreign"
MATERIAL = "material:"

_FILE = "labels"
_FLAGS = ("late", "last", "strict", "everyday", "either", "remarks")
_HEADS = tuple(key for key in keys(_FILE) if key.startswith("heads_"))


@dataclass(frozen=True)
class Meaning:
    """What a label may stand for, a field first; which it is, decides what is asked for.

    `late`: how far other labels of the same field come before it. `strict`: a label only before a
    colon or in a layout. `everyday`: a word of other values as well. `either`: a unit or a person.
    `remark`: anything may follow. `swallows`: so many characters of it may be the end of a name
    that stands before it (大众加工厂电话).
    """

    spelt: str
    fields: tuple[str, ...]
    late: int = 0
    strict: bool = False
    everyday: bool = False
    either: bool = False
    remark: bool = False
    swallows: int = 0


NO_MEANING = Meaning("", ())


def meanings(catalog: Catalog) -> dict[str, Meaning]:
    """Key -> meaning, for one catalogue."""
    spelt: dict[str, str] = {}
    fields: dict[str, dict[str, None]] = {}
    for label, field in (*_listed(), *_composed(), *_materials(catalog)):
        key = key_of(label)
        spelt.setdefault(key, label)
        fields.setdefault(key, {})[field] = None
    flags = {
        name: _keys_of(name) for name in ("late", "last", "strict", "everyday", "either", "remarks")
    }
    fronts = _fronts()
    return {
        key: Meaning(
            spelt[key],
            tuple(found),
            late=(key in flags["late"]) + 2 * (key in flags["last"]),
            strict=key in flags["strict"],
            everyday=key in flags["strict"] or key in flags["everyday"],
            either=key in flags["either"],
            remark=key in flags["remarks"],
            swallows=fronts.get(key, 0),
        )
        for key, found in fields.items()
    }


def _keys_of(name: str) -> frozenset[str]:
    return frozenset(map(key_of, words(_FILE, name)))


def _listed() -> Iterator[tuple[str, str]]:
    for field in (*FIELDS, NOISE, FOREIGN):
        yield from ((label, field) for label in words(_FILE, field))


def _composed() -> Iterator[tuple[str, str]]:
    """`经办人` and `电话`, unless the whole is a label of its own."""
    listed = {key_of(label) for label, _ in _listed()}
    for front, head, field in _pairs():
        label = f"{front} {head}" if head.isascii() else front + head
        if key_of(label) not in listed:
            yield label, field


def _pairs() -> Iterator[tuple[str, str, str]]:
    """Whose it is, what it is, and the field that makes."""
    for key in _HEADS:
        field = key.removeprefix("heads_")
        unit, person = field != "employer", field not in ("applicant", "business")
        for head in words(_FILE, key):
            if unit:
                yield from _alike(words(_FILE, "fronts_unit"), head, field)
                yield from _alike(words(_FILE, "fronts_foreign"), head, FOREIGN)
            if person:
                employer = "applicant" if field == "employer" else field
                yield from _alike(words(_FILE, "fronts_person"), head, employer)


def _alike(fronts: Iterable[str], head: str, field: str) -> Iterator[tuple[str, str, str]]:
    """Fronts of the language of the head."""
    yield from ((front, head, field) for front in fronts if front.isascii() == head.isascii())


def _fronts() -> Mapping[str, int]:
    """Label -> the length of the part that names a unit as its own name may end."""
    ends = words(_FILE, "fronts_like_names")
    return {key_of(front + head): len(front) for front, head, _ in _pairs() if front in ends}


def _materials(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for material in _every(catalog):
        for label in map(fold, (material.name, *material.labels, *_short(material))):
            yield label, MATERIAL + material.name


def _short(material: Material) -> Iterator[str]:
    """What a list that is to be written is called for short."""
    if material.kind is MaterialKind.TYPED:
        yield from (end for end in words(_FILE, "list_ends") if material.name.endswith(end))


def _every(catalog: Catalog) -> Iterator[Material]:
    for item in catalog.items:
        yield from item.materials
    yield from catalog.standing
