"""A photo that shows nothing, or never came: its material is open again, and somebody is told."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.dialogs.intake import photos
from bot.dialogs.intake.draft import Asking, Draft
from bot.domain.cases import MOVES, SETTLED, Case, How, Need, NeedState, Provided, Record
from bot.domain.files import UNREAD, FilePurpose, FileSort
from bot.domain.notice import Situation, required
from bot.domain.quiet_hours import card_due
from bot.handlers.complaints import news as complaint_news
from bot.handlers.registering.which import without_photo
from bot.handlers.to_client import News, keeper, to_client
from bot.handlers.turn import Office
from bot.messages import Channel, Push, PushKind, Say
from storage import cases, complaints, events, files, handovers, outbox, people
from storage.db import Tx
from storage.files import File
from storage.people import Person


@dataclass(frozen=True)
class Useless:
    """One file that cannot be used, why, and the transaction in which that was found."""

    office: Office
    tx: Tx
    file: File
    reason: str
    now: datetime

    def push(self, *pushes: Push) -> None:
        """Lays pushes into the outbox."""
        outbox.enqueue(self.tx, pushes)

    @property
    def why(self) -> str:
        """What is wrong with it, in words."""
        return self.office.renderer.text(Say("files/why", self.about))

    @property
    def about(self) -> dict[str, object]:
        """What its sentences are made from."""
        return {"reason": self.reason, "sort": self.file.sort.value}

    @property
    def values(self) -> dict[str, object]:
        """What the client and staff are told of it, and what to send instead."""
        again = self.office.renderer.text(Say("files/send_again", self.about))
        agency = self.office.catalog.agency
        return {**self.about, "why": self.why, "send_again": again, "agency": agency}


def tell(office: Office, tx: Tx, file: File, reason: str, now: datetime) -> None:
    """The client is asked for another one, wherever the useless one had been put."""
    person = sender(tx, file)
    # what was registered meanwhile belongs to a case now
    file = files.by_id(tx, file.id) or file
    found = Useless(office, tx, file, reason, now)
    if person is None or file.sort is FileSort.SPOKEN:
        # what was said there was read already
        return
    if file.purpose is FilePurpose.COMPLAINT:
        to_person(found, person, "")
        to_decider(found, person)
    elif file.case_id is not None:
        in_case(found, person, file.case_id)
    else:
        in_talk(found, person)


def sender(tx: Tx, file: File) -> Person | None:
    """Who sent it, after any turn of theirs under way."""
    person = None if file.person_id is None else people.by_id(tx, file.person_id)
    return None if person is None else people.lock(tx, person.channel, person.identity)


def in_talk(found: Useless, person: Person) -> None:
    """Taken out of what the person is being asked; silent where nobody counts on it any more."""
    name = out_of_form(found, person)
    if name is None and (out_of_aside(found, person) or waits_for(found, person)):
        name = ""
    if name is not None:
        to_person(found, person, name)
        to_listener(found, person)


def waits_for(found: Useless, person: Person) -> bool:
    """Whether somebody was promised to hear or see it: a recording, or a photo in a talk."""
    return found.file.sort in UNREAD or person.handed_to is not None


def to_decider(found: Useless, person: Person) -> None:
    """Whoever decides the complaint waits for evidence that is none, and hears why."""
    office, key = found.office, f"useless:{found.file.id}:evidence"
    for voice in complaints.of_person(found.tx, person.id):
        if found.file.key in voice.facts.files:
            say = Say("files/staff_useless_evidence", {**found.values, "number": voice.number})
            owner = complaint_news.owner_of(office.catalog, voice)
            found.push(complaint_news.to_owner(office, owner, key, say, found.now))


def to_listener(found: Useless, person: Person) -> None:
    """Whoever talks with the client has a link behind which nothing is, and hears why."""
    talk = handovers.of_person(found.tx, person.id)
    if talk is None:
        return
    say = Say("files/staff_useless_talk", {**found.values, "talk": talk.id})
    key, body = f"useless:{found.file.id}:talk", {"text": found.office.renderer.text(say)}
    found.push(Push(key, Channel.WECOM, talk.staff, PushKind.TEXT, body, found.now, "talk"))


def out_of_form(found: Useless, person: Person) -> str | None:
    """The material it was, "" if that is open; None if no form knows it."""
    progress, key = person.progress, found.file.key
    if (asked := without_photo(progress, key)) is not None:
        people.save(found.tx, person.id, asked)
        return ""
    if progress.get("form") == "intake":
        without = photos.without(Draft.model_validate(progress), key)
        if without is None:
            return None
        draft, name = without
        # what a yes would confirm is no longer what was shown
        if draft.asking is Asking.REVIEW:
            draft = draft.but(asking=Asking.REVIEWED)
        left = draft.model_dump(mode="json", exclude_defaults=True) | {"form": "intake"}
        people.save(found.tx, person.id, left)
        return name
    return None


def out_of_aside(found: Useless, person: Person) -> bool:
    """Whether it was kept beside any form; then it no longer is."""
    keys = person.aside.get("keys")
    if person.aside.get("asks") != "photo" or not isinstance(keys, list):
        return False
    if found.file.key not in keys:
        return False
    left = [one for one in keys if one != found.file.key]
    people.ask_aside(found.tx, person.id, {**person.aside, "keys": left} if left else None)
    return True


def to_person(found: Useless, person: Person, name: str) -> None:
    """Which photo it was and what to do about it, to whoever sent it.

    What staff photograph for somebody at the window is simply open again in their list.
    """
    if person.channel is Channel.DESK:
        return
    say = Say("files/useless", {**found.values, "name": name})
    body, key = {"text": found.office.renderer.text(say)}, f"useless:{found.file.id}"
    to = (person.channel, person.identity)
    found.push(Push(key, *to, PushKind.TEXT, body, found.now, "notice"))


def in_case(found: Useless, person: Person, case_id: int) -> None:
    """The record without it; needs that cannot do without it want it again."""
    case = cases.by_id(found.tx, case_id)
    if case is None:
        return
    name = name_in(case.record, found.file)
    if name:
        cases.rewrite(found.tx, case.id, stripped(case.record, name, found.file.key))
    needs = [one for one in case.needs if one.state not in SETTLED]
    if not needs:
        return
    reopened = [one for one in needs if name and reopen(found, case, one, name)]
    values = {**found.values, "number": case.number, "name": name}
    key = f"useless:{found.file.id}"
    say = Say("files/useless_registered", values)
    first = (reopened or needs)[0]
    news = News(key, say, purpose="notice", urgent=bool(reopened))
    found.push(*to_client(found.office, person, case, first, news, found.now))
    for need in needs:
        note = {"name": name, "reason": found.reason, "key": found.file.key}
        events.append(found.tx, case.id, need.id, found.now, "unreadable", "system", note)
        found.push(to_staff(found, need, {**values, "reopened": need in reopened}))


def name_in(record: Record, file: File) -> str:
    """The material the file is registered as; "" if it went along without a name."""
    given = record.materials.items()
    return next((name for name, one in given if file.key in one.value.split()), file.title or "")


def stripped(record: Record, name: str, key: str) -> Record:
    """The record without that file; a material of which nothing is left is not provided."""
    materials = dict(record.materials)
    given = materials.pop(name, Provided(How.UPLOADED))
    left = [one for one in given.value.split() if one != key]
    if left:
        materials[name] = Provided(given.how, " ".join(left))
    return replace(record, materials=materials)


def reopen(found: Useless, case: Case, need: Need, name: str) -> bool:
    """Whether the need is back to wanting the material; not where the table forbids it."""
    record = case.record
    notice = required(
        found.office.catalog, Situation((need.item,), record.client_type, record.facts)
    )
    if name not in {one.name for one in (*notice.uploads, *notice.typed)}:
        return False
    waiting = need.state is NeedState.TO_SUPPLEMENT
    if not waiting and NeedState.TO_SUPPLEMENT not in MOVES[need.state]:
        return False
    state = None if waiting else NeedState.TO_SUPPLEMENT
    wanted = tuple(dict.fromkeys((*need.wanted, name)))
    at = None if waiting else found.now
    cases.change(found.tx, need, state=state, wanted=wanted, at=at)
    return True


def to_staff(found: Useless, need: Need, values: dict[str, object]) -> Push:
    """The same to whoever is in charge, who would look for it in vain."""
    staff = keeper(found.office, need)
    item = found.office.catalog.service(need).name
    text = found.office.renderer.text(Say("files/staff_useless", {**values, "item": item}))
    key = f"useless:{found.file.id}:{need.id}"
    due = card_due(found.office.catalog, staff, found.now)
    return Push(key, Channel.WECOM, staff.id, PushKind.TEXT, {"text": text}, due, "notice")
