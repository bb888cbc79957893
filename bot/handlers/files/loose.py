"""Photos outside of any form: a further page of what was just sent, or kept until it is named."""

from collections.abc import Mapping
from dataclasses import replace

from bot.dialogs.form import Given
from bot.dialogs.intake import photos
from bot.domain.cases import SETTLED, Case, How, Need, Provided
from bot.domain.catalog import MaterialKind
from bot.handlers.files import photos as sent
from bot.handlers.files.beside import Beside, remember
from bot.handlers.registering import supplement
from bot.handlers.registering.wanted import askable
from bot.handlers.turn import CLIENT, Answer, Turn
from bot.messages import Channel, Kind, Say
from bot.reading.answers.photos import picks, points_at_photo
from storage import cases, people

# nobody has more photos of one thing
MOST = 30


def further(turn: Turn) -> Answer | None:
    """A photo right behind one that completed what a case waited for: a further page of it."""
    beside = Beside.of(turn)
    if turn.inbound.kind is not Kind.IMAGE or not beside.case or in_form(turn):
        return None
    case = cases.by_number(turn.tx, beside.case)
    if case is None or any(one.wanted for one in case.needs):
        return None
    key = sent.expect(turn)
    count = add(turn, case, beside.name, (key,))
    remember(turn, case=case.number, name=beside.name, last=key)
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
    return next(
        (one for one in found if any(need.state not in SETTLED for need in one.needs)), None
    )


def places(turn: Turn, case: Case) -> tuple[str, ...]:
    """What a photo for that case may be."""
    kinds = {one.name: one.kind for item in turn.catalog.items for one in item.materials}
    names = (
        name
        for need in case.needs
        if need.state not in SETTLED
        for key, name in askable(turn, case, need)
        if key == name and kinds.get(name, MaterialKind.UPLOAD) is MaterialKind.UPLOAD
    )
    return tuple(dict.fromkeys(names))


def named(turn: Turn) -> Answer | None:
    """这是营业执照, said of photos kept for a case under way, or of the last one it got."""
    beside, text = Beside.of(turn), turn.inbound.text
    keys = beside.keys or ((beside.last,) if beside.last else ())
    if not keys or turn.inbound.kind is not Kind.TEXT or in_form(turn):
        return None
    case = open_case(turn)
    names = places(turn, case) if case is not None else ()
    pointed = points_at_photo(text) or (bool(beside.keys) and text.strip() in names)
    found = picks(text, names, len(keys)) if pointed else ()
    if case is None or not found:
        return None
    people.ask_aside(turn.tx, turn.person.id, None)
    if (beside.case, names[found[0]]) == (case.number, beside.name):
        # where it is already
        return Answer((Say("files/added", {"number": case.number, "names": [beside.name]}),))
    picked = [names[one] for one in found] * (len(keys) if len(found) == 1 else 1)
    own = {
        name: photos.of(key for key, its in zip(keys, picked, strict=True) if its == name)
        for name in dict.fromkeys(picked)
    }
    return into_case(turn, case, own)


def into_case(turn: Turn, case: Case, own: Mapping[str, Given]) -> Answer:
    """The named photos laid into the case: first what it waits for, then what is welcome."""
    waiting = supplement.waiting_case(turn)
    wanted = {
        name: one for name, one in own.items() if waiting is not None and name in waiting.wanted
    }
    for name, given in own.items():
        if name not in wanted:
            case = cases.by_id(turn.tx, case.id) or case
            add(turn, case, name, photos.keys_of(given))
    if waiting is not None and wanted:
        return supplement.deliver(turn, supplement.waiting_case(turn) or waiting, wanted)
    return Answer((Say("files/added", {"number": case.number, "names": list(own)}),))


def add(turn: Turn, case: Case, name: str, keys: tuple[str, ...]) -> int:
    """Lays further photos into the record; how many of that material there are then."""
    there = case.record.materials.get(name, Provided(How.LATER))
    given = photos.joined(Given(there.how, there.value), photos.of(keys))
    materials = {**case.record.materials, name: Provided(given.how, given.value)}
    cases.rewrite(turn.tx, case.id, replace(case.record, materials=materials))
    sent.attach(turn, case.id, {name: photos.of(keys)})
    turn.note(case.id, None, "supplied", CLIENT, keys=[name])
    for need in case.needs:
        if need.state not in SETTLED:
            tell(turn, case, need, name)
    return len(photos.keys_of(given))


def tell(turn: Turn, case: Case, need: Need, name: str) -> None:
    """Whoever is in charge hears of it, of an album once."""
    item = turn.catalog.service(need).name
    say = Say("files/staff_added", {"number": case.number, "item": item, "name": name})
    key = f"added:{need.id}:{name}:{turn.now:%Y%m%d%H}"
    staff = turn.catalog.in_charge(need.assignee)
    turn.push(turn.text_push(key, (Channel.WECOM, staff.id), say, purpose="supplied"))
