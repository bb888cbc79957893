"""Photos outside of any form: a further page of what was just sent, or kept until it is named.

They stand in the person's aside: `keys` of photos nobody has named, or `case` and `name` of the
material that the last photo went to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.dialogs.form import Given
from bot.dialogs.intake import photos
from bot.dialogs.intake.draft import Draft
from bot.domain.cases import Case, How, Need, NeedState, Provided
from bot.domain.catalog import MaterialKind
from bot.handlers import photos as sent
from bot.handlers.turn import CLIENT, Answer, Turn
from bot.handlers.wanted import askable
from bot.messages import Channel, Kind, Say
from bot.reading.photos import picks, points_at_photo
from storage import cases, people

ASKS = "photo"
# an album comes within a minute; a photo that nobody named is kept until tomorrow
ALBUM, KEPT = timedelta(minutes=10), timedelta(hours=24)
OVER = frozenset({NeedState.CLOSED, NeedState.WITHDRAWN})
# nobody has more photos of one thing
MOST = 30


@dataclass(frozen=True)
class Beside:
    """What stands in the aside about photos, if it does and is not too old."""

    keys: tuple[str, ...] = ()
    case: str = ""
    name: str = ""

    @classmethod
    def of(cls, turn: Turn) -> "Beside":
        """As it stands; empty if it is about something else."""
        aside = turn.person.aside
        if aside.get("asks") != ASKS:
            return cls()
        keys, age = aside.get("keys"), turn.now - datetime.fromisoformat(str(aside["at"]))
        if isinstance(keys, list):
            return cls(keys=tuple(map(str, keys))) if age <= KEPT else cls()
        fresh = cls(case=str(aside["case"]), name=str(aside["name"]))
        return fresh if age <= ALBUM else cls()


def remember(turn: Turn, **what: object) -> None:
    """Keeps it beside the form."""
    people.ask_aside(turn.tx, turn.person.id, {"asks": ASKS, "at": turn.now.isoformat(), **what})


def went_to(turn: Turn, case: Case, answers: Mapping[str, object]) -> None:
    """Notes where a photo went, since an album brings its further pages as further messages."""
    names = [name for name, one in answers.items() if isinstance(one, Given) and is_files(one)]
    if turn.inbound.kind is Kind.IMAGE and len(names) == 1:
        remember(turn, case=case.number, name=names[0])


def is_files(given: Given) -> bool:
    """Whether it was given as files."""
    return bool(photos.keys_of(given))


def taken_over(turn: Turn, draft: Draft) -> Draft:
    """The draft with the photos that were kept for it."""
    keys = Beside.of(turn).keys
    if not keys:
        return draft
    people.ask_aside(turn.tx, turn.person.id, None)
    return draft.but(photos=tuple(dict.fromkeys((*draft.photos, *keys))))


def further(turn: Turn) -> Answer | None:
    """A photo right behind one that completed what a case waited for: a further page of it."""
    beside = Beside.of(turn)
    if turn.inbound.kind is not Kind.IMAGE or not beside.case or in_form(turn):
        return None
    case = cases.by_number(turn.tx, beside.case)
    if case is None or any(one.wanted for one in case.needs):
        return None
    count = add(turn, case, beside.name, (sent.expect(turn),))
    remember(turn, case=case.number, name=beside.name)
    values = {"number": case.number, "name": beside.name, "count": count}
    return Answer((Say("files/further", values),))


def in_form(turn: Turn) -> bool:
    """Whether something else is being asked, to which a photo may belong."""
    return bool(turn.person.progress) and not turn.person.progress.get("cancelled")


def kept(turn: Turn) -> Answer | None:
    """A photo out of the blue of somebody who agreed to leave photos with us: kept for a day."""
    if turn.inbound.kind is not Kind.IMAGE or not agreed(turn):
        return None
    keys = (*Beside.of(turn).keys, sent.expect(turn))[-MOST:]
    remember(turn, keys=list(keys))
    case = open_case(turn)
    values = {
        "count": len(keys),
        "number": case.number if case else "",
        "example": next(iter(places(turn, case)), "") if case else "",
        "agency": turn.catalog.agency,
    }
    return Answer((Say("files/kept", values),))


def agreed(turn: Turn) -> bool:
    """Whether the person agreed to the privacy notice as it now reads."""
    version = turn.catalog.agency.privacy.version
    return turn.person.consented_at is not None and turn.person.consent_version == version


def open_case(turn: Turn) -> Case | None:
    """The newest case that is still worked at."""
    found = cases.of_person(turn.tx, turn.person.id)
    return next((one for one in found if any(need.state not in OVER for need in one.needs)), None)


def places(turn: Turn, case: Case) -> tuple[str, ...]:
    """What a photo for that case may be."""
    kinds = {one.name: one.kind for item in turn.catalog.items for one in item.materials}
    names = (
        name
        for need in case.needs
        if need.state not in OVER
        for key, name in askable(turn, case, need)
        if key == name and kinds.get(name, MaterialKind.UPLOAD) is MaterialKind.UPLOAD
    )
    return tuple(dict.fromkeys(names))


def named(turn: Turn) -> Answer | None:
    """这是营业执照, said of photos kept for a case under way."""
    keys = Beside.of(turn).keys
    text = turn.inbound.text
    if not keys or turn.inbound.kind is not Kind.TEXT or in_form(turn):
        return None
    case = open_case(turn)
    if case is None:
        return None
    names = places(turn, case)
    pointed = points_at_photo(text) or text.strip() in names
    found = picks(text, names, len(keys)) if pointed else ()
    if not found:
        return None
    people.ask_aside(turn.tx, turn.person.id, None)
    picked = [names[one] for one in found] * (len(keys) if len(found) == 1 else 1)
    for name in dict.fromkeys(picked):
        own = tuple(key for key, its in zip(keys, picked, strict=True) if its == name)
        case = cases.by_id(turn.tx, case.id) or case
        add(turn, case, name, own)
    values = {"number": case.number, "names": list(dict.fromkeys(picked))}
    return Answer((Say("files/added", values),))


def add(turn: Turn, case: Case, name: str, keys: tuple[str, ...]) -> int:
    """Lays further photos into the record; how many of that material there are then."""
    there = case.record.materials.get(name, Provided(How.LATER))
    given = photos.joined(Given(there.how, there.value), photos.of(keys))
    materials = {**case.record.materials, name: Provided(given.how, given.value)}
    cases.rewrite(turn.tx, case.id, replace(case.record, materials=materials))
    sent.attach(turn, case.id, {name: photos.of(keys)})
    turn.note(case.id, None, "supplied", CLIENT, keys=[name])
    for need in case.needs:
        if need.state not in OVER:
            tell(turn, case, need, name)
    return len(photos.keys_of(given))


def tell(turn: Turn, case: Case, need: Need, name: str) -> None:
    """Whoever is in charge hears of it, of an album once."""
    item = turn.catalog.item[need.item].name
    say = Say("files/staff_added", {"number": case.number, "item": item, "name": name})
    key = f"added:{need.id}:{name}:{turn.now:%Y%m%d%H}"
    turn.push(turn.text_push(key, (Channel.WECOM, need.assignee), say, purpose="supplied"))
