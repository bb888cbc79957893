"""What a person may still send documents for: the registration under way, and cases that wait."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.dialogs.form import Given, Sort
from bot.dialogs.intake.draft import Draft, still_missing
from bot.dialogs.intake.uploads import is_uploaded, places, takes_documents
from bot.domain.cases import Case, How, NeedState, Provided
from bot.domain.catalog import Catalog
from bot.handlers.registering.dialog import draft_of, setting
from bot.handlers.registering.supplement import sort_of
from bot.handlers.registering.wanted import is_material
from bot.handlers.turn import Turn
from bot.reading.concerns.uploads import is_long_list
from storage import cases

# The registration under way has no number yet.
DRAFT = "draft"
# So long further pages of what was sent are taken without being asked for.
NOT_TAKEN_UP = frozenset({NeedState.TO_SUPPLEMENT, NeedState.SUBMITTED})


@dataclass(frozen=True)
class Want:
    """One material: `wanted` still, or welcome; `value` are the files that are here already."""

    name: str
    hint: str
    typed: bool
    wanted: bool
    value: str = ""

    @property
    def long(self) -> bool:
        """Whether it is a list that one would rather send as a file."""
        return is_long_list(self.name)

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of its files."""
        return tuple(self.value.split())


@dataclass(frozen=True)
class Matter:
    """A registration or a case: where it is found (`draft` or its number), and what it takes."""

    place: str
    items: tuple[str, ...]
    wants: tuple[Want, ...]
    # whether words are wanted too, which belong into the chat
    talk: bool = False
    case: Case | None = None

    def want(self, name: str) -> Want | None:
        """The material of that name."""
        return next((one for one in self.wants if one.name == name), None)

    @property
    def left(self) -> tuple[str, ...]:
        """What is still to come."""
        return tuple(one.name for one in self.wants if one.wanted)


def matters(turn: Turn) -> tuple[Matter, ...]:
    """Everything of this person that takes documents now, the registration under way first."""
    return (*drafted(turn), *waiting(turn))


def drafted(turn: Turn) -> Iterator[Matter]:
    """The registration under way."""
    draft, now = draft_of(turn), setting(turn)
    if draft is None or not takes_documents(draft, now):
        return
    hints = hints_of(turn.catalog)
    wants = tuple(
        Want(name, hints.get(name, ""), sort is Sort.TYPED, wanted, value_of(draft, name))
        for name, (sort, wanted) in places(draft, now).items()
    )
    names = tuple(turn.catalog.item[str(row.item)].name for row in draft.rows)
    notice = still_missing(draft, turn.catalog)
    talk = not notice.registrable or bool(notice.questions)
    yield Matter(DRAFT, names, tuple(one for one in wants if shown(one, draft)), talk)


def shown(want: Want, draft: Draft) -> bool:
    """Whether the page has a place for it; what was typed in the chat stays as it was typed."""
    given = draft.materials.get(want.name)
    return want.wanted or given is None or bool(want.keys) or given.how is How.LATER


def value_of(draft: Draft, name: str) -> str:
    """The files of a material that are here already."""
    given = draft.materials.get(name)
    return given.value if given is not None and is_uploaded(given) else ""


def waiting(turn: Turn) -> Iterator[Matter]:
    """The cases that wait for something, and those that nobody has taken up since it came."""
    for case in cases.of_person(turn.tx, turn.person.id):
        needs = [one for one in case.needs if one.state in NOT_TAKEN_UP]
        wanted = dict.fromkeys(key for need in needs for key in need.wanted)
        # what came on paper is here as well, but as no file that others could join
        sent = [
            key
            for key, one in case.record.materials.items()
            if one.how is How.UPLOADED and one.value
        ]
        keys = [key for key in (*wanted, *sent) if is_material(key)]
        if not needs or not keys:
            continue
        names = tuple(turn.catalog.service(need).name for need in needs)
        wants = tuple(want_of(turn, case, key, key in wanted) for key in dict.fromkeys(keys))
        talk = any(not is_material(key) for key in wanted)
        yield Matter(case.number, names, wants, talk, case)


def want_of(turn: Turn, case: Case, key: str, wanted: bool) -> Want:
    """One material of a case. What staff sent back is to come anew: the old files do not count."""
    given = case.record.materials.get(key, Provided(How.LATER))
    value = given.value if given.how is How.UPLOADED and not wanted else ""
    hint = hints_of(turn.catalog).get(key, "")
    return Want(key, hint, sort_of(turn, key) is Sort.TYPED, wanted, value)


def hints_of(catalog: Catalog) -> Mapping[str, str]:
    """What is said beside the name of each material."""
    return {one.name: one.hint for item in catalog.items for one in item.materials if one.hint}


def given_of(want: Want, keys: tuple[str, ...]) -> Given:
    """The material with further files."""
    return Given(How.UPLOADED, " ".join((*want.keys, *keys)))
