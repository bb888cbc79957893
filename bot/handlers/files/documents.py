"""What came by the upload page, for one material of one person: laid where a photo would go."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.dialogs.form import Given
from bot.dialogs.intake.uploads import hand_in
from bot.domain.cases import Case, How, NeedState, Provided
from bot.domain.files import FilePurpose
from bot.handlers.in_parts import parts_of, pushes
from bot.handlers.registering.dialog import draft_of, setting, stored
from bot.handlers.registering.matters import Matter, Want, given_of, matters
from bot.handlers.registering.supplement import Waiting, deliver
from bot.handlers.turn import CLIENT, Office, Turn
from bot.messages import Channel, Inbound, Kind, Say
from bot.reading.masking import mask_numbers
from bot.reading.reading import Reading
from storage import cases, files, humans, people, quotas
from storage.db import Tx
from storage.files import Sealed

# Nobody has more pictures of one thing, nor sends more in a day.
MOST_OF_ONE, MOST_IN_A_DAY = 30, 100


class Verdict(StrEnum):
    """What became of what was sent."""

    TAKEN = "taken"
    # it had come before, to the byte
    SAME = "same"
    # nobody waits for it any more
    CLOSED = "closed"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class Document:
    """A file that was looked at and may be kept."""

    filename: str
    content_type: str
    sealed: Sealed


@dataclass(frozen=True)
class Parcel:
    """What was sent at once for one material: files, or the words themselves."""

    documents: Sequence[Document] = ()
    text: str = ""


def turn_of(tx: Tx, office: Office, person_id: int, now: datetime) -> Turn | None:
    """A turn of this person, their row locked; None: there is no such person."""
    found = people.by_id(tx, person_id)
    person = None if found is None else people.lock(tx, found.channel, found.identity)
    if person is None:
        return None
    if person.linked:
        humans.gather(tx, person.id)
    inbound = Inbound("", person.channel, person.identity, "", now, Kind.FILE)
    return Turn(tx, now, inbound, Reading(""), person, office)


def receive(turn: Turn, place: str, name: str, parcel: Parcel) -> Verdict:
    """Keeps what is new and lays it into the registration or case; a repeat changes nothing."""
    matter = next((one for one in matters(turn) if one.place == place), None)
    want = matter.want(name) if matter is not None else None
    if matter is None or want is None:
        return Verdict.CLOSED
    if parcel.text and not want.typed:
        return Verdict.CLOSED
    if parcel.text:
        lay(turn, matter, want, Given(How.TYPED, mask_numbers(parcel.text)))
        return Verdict.TAKEN
    fresh = new_ones(turn, want, parcel.documents)
    if not fresh:
        return Verdict.SAME
    if len(want.keys) + len(fresh) > MOST_OF_ONE or not all(allowed(turn) for _ in fresh):
        return Verdict.TOO_MANY
    keys = tuple(keep(turn, matter, name, one) for one in fresh)
    lay(turn, matter, want, given_of(want, keys))
    return Verdict.TAKEN


def new_ones(turn: Turn, want: Want, documents: Sequence[Document]) -> list[Document]:
    """Those of the documents that this material does not have, each once."""
    known = set(files.digests(turn.tx, want.keys))
    return [one for digest, one in by_digest(documents).items() if digest not in known]


def by_digest(documents: Sequence[Document]) -> dict[bytes, Document]:
    """The documents by what is in them."""
    return {one.sealed.sha256: one for one in documents}


def allowed(turn: Turn) -> bool:
    """Counts one file of this person's day."""
    day = turn.now.replace(hour=0, minute=0, second=0, microsecond=0)
    return quotas.take(turn.tx, f"upload:{turn.person.id}", day, MOST_IN_A_DAY)


def keep(turn: Turn, matter: Matter, name: str, one: Document) -> str:
    """Stores a document; the name it goes by."""
    file = files.put(
        turn.tx,
        purpose=FilePurpose.MATERIAL,
        data=one.sealed,
        content_type=one.content_type,
        channel=turn.person.channel,
        at=turn.now,
        title=name,
        filename=one.filename or None,
        person_id=turn.person.id,
        case_id=matter.case.id if matter.case else None,
    )
    return file.key


def lay(turn: Turn, matter: Matter, want: Want, given: Given) -> None:
    """Lays the material into what it belongs to, by the rules of the chat."""
    if matter.case is None:
        into_draft(turn, want.name, given)
        return
    needs = tuple(one for one in matter.case.needs if one.state is NeedState.TO_SUPPLEMENT)
    waiting = Waiting(matter.case, needs)
    if want.wanted:
        answer = deliver(turn, waiting, {want.name: given})
        if set(waiting.wanted) == {want.name}:
            into_chat(turn, answer.says)
    else:
        add(turn, matter.case, want.name, given)


def into_draft(turn: Turn, name: str, given: Given) -> None:
    """The registration under way takes it; once all is together, the chat shows the summary."""
    draft = draft_of(turn)
    if draft is None:
        return
    outcome = hand_in(draft, name, given, setting(turn))
    people.save(turn.tx, turn.person.id, stored(outcome.draft))
    if outcome.says:
        into_chat(turn, (Say("upload/complete"), *outcome.says))


def into_chat(turn: Turn, says: Sequence[Say]) -> None:
    """What follows from a finished list, told in the chat as well; in parts if it is long."""
    if turn.person.channel is Channel.DESK:
        # whoever called or came by has no chat; the page itself has said it
        return
    text = turn.office.renderer.bubble(tuple(says))
    key, to = f"uploaded:{turn.person.id}:{turn.now.timestamp()}", turn.person
    turn.push(*pushes(key, (to.channel, to.identity), parts_of(text), turn.now))


def add(turn: Turn, case: Case, name: str, given: Given) -> None:
    """Further pages of what a case has already; whoever is in charge is told."""
    materials = {**case.record.materials, name: Provided(given.how, given.value)}
    cases.rewrite(turn.tx, case.id, replace(case.record, materials=materials))
    turn.note(case.id, None, "supplied", CLIENT, keys=[name])
    for need in case.needs:
        if need.state is not NeedState.SUBMITTED:
            continue
        item = turn.catalog.service(need).name
        say = Say("upload/added", {"number": case.number, "item": item, "name": name})
        key = f"added:{need.id}:{turn.now.timestamp()}"
        address = (Channel.WECOM, turn.catalog.in_charge(need.assignee).id)
        turn.push(turn.text_push(key, address, say, purpose="supplied"))
