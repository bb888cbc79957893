"""A talk handed to staff: what of it staff and client are sent, and when clocks look at it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.assignment import duty_of, there_at
from bot.domain.cases import Case, Field
from bot.domain.catalog import Catalog, Staff
from bot.domain.quiet_hours import card_due
from bot.domain.workdays import duty_deadline
from bot.handlers.desk.cards import Card, card_push
from bot.handlers.turn import Office
from bot.messages import Channel, Push, PushKind, Say
from bot.wechat.limits import CARD_ROW_VALUE_CHARS, CARD_SUBTITLE_CHARS, CARD_TITLE_CHARS
from storage import cases, handovers, people
from storage.db import Tx
from storage.handovers import Handover
from storage.people import Person

ASSISTANT, CLOCK = "assistant", "clock"
TASK = "talk@"
# a session of 微信客服 that a servicer has, and one that is over (wechat_platform.md 6.4)
HUMAN, OVER = 3, 4
INSTANT = timedelta(microseconds=1)


class Wake(StrEnum):
    """Why a clock looks at a talk."""

    REMIND = "remind"
    ESCALATE = "escalate"
    END = "end"


@dataclass(frozen=True)
class Talk:
    """An open talk with everybody and everything it is about."""

    handover: Handover
    client: Person
    case: Case | None
    staff: Staff

    @property
    def label(self) -> dict[str, object]:
        """What a text needs to name it: the case number, else the number of the talk."""
        return {"number": self.case.number if self.case else "", "talk": self.handover.id}

    @property
    def handed(self) -> bool:
        """Whether the assistant is quiet; until then it goes on serving the client."""
        return self.client.handed_to is not None


def whole(tx: Tx, catalog: Catalog, handover: Handover) -> Talk | None:
    """The talk with its client, case and staff member; None once one of them is gone."""
    client = people.by_id(tx, handover.person_id)
    staff = catalog.person.get(handover.staff.lower())
    if client is None or staff is None:
        return None
    case = cases.by_id(tx, handover.case_id) if handover.case_id is not None else None
    return Talk(handover, client, case, staff)


def wakes(catalog: Catalog, handover: Handover, staff: Staff) -> Iterator[tuple[datetime, Wake]]:
    """The moments at which a clock has something to do as things stand."""
    clocks, duty, days = catalog.clocks, duty_of(catalog, staff), catalog.agency.days
    idle = timedelta(hours=clocks.handover_hours)
    if not handover.unanswered:
        yield handover.last + idle, Wake.END
        return
    wait = timedelta(minutes=clocks.handover_minutes)
    yield duty_deadline(handover.asked_at, wait, duty, days), Wake.REMIND
    yield duty_deadline(handover.asked_at, 2 * wait, duty, days), Wake.ESCALATE
    # whoever wrote on Friday evening waits for Monday, not for Saturday evening
    yield there_at(catalog, staff, handover.asked_at) + idle, Wake.END


def next_look(catalog: Catalog, handover: Handover, staff: Staff, now: datetime) -> datetime:
    """When a clock looks next."""
    moments = [at for at, _ in wakes(catalog, handover, staff)]
    return min((at for at in moments if at > now), default=max(moments))


def after(now: datetime, other: datetime | None) -> datetime:
    """`now`, or the first moment after another: who spoke last must never be open."""
    return now if other is None else max(now, other + INSTANT)


def to_staff(
    office: Office, staff: Staff, key: str, say: Say, now: datetime, *, at_once: bool = False
) -> Push:
    """A text to a staff member; by night it waits for their duty, unless they are needed now."""
    due = now if at_once else card_due(office.catalog, staff, now)
    body = {"text": office.renderer.text(say)}
    return Push(key, Channel.WECOM, staff.id, PushKind.TEXT, body, due, "talk")


def to_client(
    office: Office, client: Person, key: str, say: Say, now: datetime, *, urgent: bool = False
) -> Push:
    """A text to the client of a talk."""
    body = {"text": office.renderer.text(say)}
    return Push(
        key=key,
        channel=client.channel,
        to=client.identity,
        kind=PushKind.TEXT,
        body=body,
        due=now,
        purpose="talk",
        urgent=urgent,
    )


def session(client: Person, key: str, body: Mapping[str, object], now: datetime) -> Push:
    """The client's session of 微信客服 goes to somebody, or is over."""
    return Push(key, client.channel, client.identity, PushKind.SESSION, body, now, "talk")


def farewell(office: Office, client: Person, key: str, say: Say, now: datetime) -> Push:
    """The last words of a talk; a servicer's session ends with them."""
    if not client.credits.staffed:
        return to_client(office, client, key, say, now)
    body = {"state": OVER, "text": office.renderer.text(say)}
    return session(client, key, body, now)


def handed_on(office: Office, talk: Talk, key: str, words: str, now: datetime) -> Push:
    """What a client hears when a colleague takes over; a servicer's session goes to them."""
    if talk.client.credits.staffed:
        return to_servicer(office, talk, key, {"words": words}, now)
    say = Say("handover/given", {"staff": talk.staff})
    return to_client(office, talk.client, key, say, now)


def to_servicer(
    office: Office, talk: Talk, key: str, values: Mapping[str, object], now: datetime
) -> Push:
    """The session on its way to the talk's staff member, who hears where to answer."""
    told = office.renderer.text(Say("kf/yours", {"said": False, **talk.label, **values}))
    body = {"state": HUMAN, "servicer": talk.staff.id, "told": told}
    return session(talk.client, key, body, now)


def card(office: Office, talk: Talk, words: str, facts: str, now: datetime) -> Push:
    """The card a talk begins with: who wants what, and the two buttons."""
    rows = [
        (word(office, "card_contact"), contact_of(talk)),
        (word(office, "card_matter"), facts),
        (word(office, "card_reply"), word(office, "card_how", **talk.label)),
    ]
    body: Card = {
        "card_type": "button_interaction",
        "source": {"desc": word(office, "card_source")},
        "main_title": {"title": word(office, "card_title", **talk.label)[:CARD_TITLE_CHARS]},
        "sub_title_text": words[:CARD_SUBTITLE_CHARS],
        "horizontal_content_list": [
            {"keyname": name, "value": value[:CARD_ROW_VALUE_CHARS]}
            for name, value in rows
            if value
        ],
        "task_id": f"{TASK}{talk.handover.id}-{now:%Y%m%d%H%M%S}",
        "button_list": [
            {"text": word(office, "button_reply"), "style": 1, "key": "talk_reply"},
            {"text": word(office, "button_return"), "style": 2, "key": "talk_return"},
        ],
    }
    return card_push(talk.staff.id, body, card_due(office.catalog, talk.staff, now), "talk")


def word(office: Office, key: str, **values: object) -> str:
    """A word of the card."""
    return office.renderer.text(Say(f"handover/{key}", values))


def contact_of(talk: Talk) -> str:
    """Whom to call, as far as the client said; from the case, else from what is being filled in."""
    answers = talk.case.record.fields if talk.case else talk.client.progress.get("fields")
    known = answers if isinstance(answers, Mapping) else {}
    return " ".join(str(known[key]) for key in (Field.CONTACT, Field.PHONE) if known.get(key))


def give_back(tx: Tx, talk: Talk, by: str, now: datetime) -> bool:
    """Ends the talk: the assistant answers again; False if somebody had ended it before."""
    people.hand_to(tx, talk.client.id, None)
    return handovers.end(tx, talk.handover.id, by, now)


def has_draft(client: Person) -> bool:
    """Whether a registration is under way."""
    return client.progress.get("form") == "intake" and not client.progress.get("cancelled")
