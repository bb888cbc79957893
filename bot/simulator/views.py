"""What the sandbox page is told: the people, two phones, the clock, and what went on behind."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.simulator.card_choices import questions
from bot.simulator.journal import Trace
from bot.simulator.people import Follower, Member
from bot.simulator.phones import CardFace, Entry, Phone
from bot.simulator.platform import Platform
from bot.simulator.reception import Customer

Json = dict[str, object]


@dataclass(frozen=True)
class Seen:
    """What the page shows already: whose phones, up to which change."""

    client: str
    staff: str
    client_changed: int
    staff_changed: int
    trace: int
    service: str = ""
    service_changed: int = 0

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "Seen":
        """Read from a query; what is absent has not been seen."""

        def number(name: str) -> int:
            found = args.get(name, "0")
            return int(found) if found.isascii() and found.isdigit() else 0

        return cls(
            args.get("client", ""),
            args.get("staff", ""),
            number("client_changed"),
            number("staff_changed"),
            number("trace"),
            args.get("service", ""),
            number("service_changed"),
        )


def state(platform: Platform, seen: Seen) -> Json:
    """Everything that is new since `seen`."""
    hub = platform.hub
    with hub.lock:
        customers = platform.kf.reception.customers
        customer = customers.get(seen.service)
        client, staff = hub.people.followers.get(seen.client), hub.people.members.get(seen.staff)
        return {
            "run": platform.run,
            "now": platform.clock().isoformat(),
            "clients": [_listed(one.openid, one) for one in hub.people.followers.values()],
            "customers": [_listed(one.external_userid, one) for one in customers.values()],
            "staff": [_listed(key, one) for key, one in hub.people.members.items()],
            "menu": list(platform.official.menu),
            "client": None if client is None else _client(platform, client, seen.client_changed),
            "customer": None
            if customer is None
            else _customer(platform, customer, seen.service_changed),
            "member": None if staff is None else _phone(staff, seen.staff_changed),
            "traces": [_trace(trace) for trace in hub.journal.since(seen.trace)],
        }


def _listed(key: str, person: Follower | Member | Customer) -> Json:
    return {"id": key, "name": person.name, "changed": person.phone.changed}


def _client(platform: Platform, who: Follower, changed: int) -> Json:
    now = platform.clock()
    typing = who.typing_until is not None and now < who.typing_until
    own: Json = {
        "following": who.allowance.following,
        "credits": who.allowance.left(now),
        "typing": typing or who.waiting > 0,
    }
    return _phone(who, changed) | own


def _customer(platform: Platform, who: Customer, changed: int) -> Json:
    now, servicer = platform.clock(), platform.hub.people.members.get(who.servicer.lower())
    own: Json = {
        "credits": who.left(now),
        "state": who.state_at(now),
        "servicer": "" if servicer is None else servicer.name,
        "servicer_id": who.servicer,
        "typing": False,
    }
    return _shown(who.phone, changed) | own


def _phone(who: Follower | Member, changed: int) -> Json:
    return _shown(who.phone, changed) | {"typing": who.waiting > 0}


def _shown(phone: Phone, changed: int) -> Json:
    entries = [_entry(entry) for entry in phone.since(changed)]
    return {"changed": phone.changed, "entries": entries}


def _entry(entry: Entry) -> Json:
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "side": entry.side,
        "kind": entry.kind,
        "text": entry.text,
        "media": entry.media_id,
        "options": [{"id": key, "text": text} for key, text in entry.options],
        "tail": entry.tail,
        "rows": [{"key": key, "value": value} for key, value in entry.rows],
        "card": None if entry.card is None else _card(entry.card),
    }


def _card(face: CardFace) -> Json:
    asked = [
        {
            "key": question.key,
            "title": question.title,
            "several": question.several,
            "preset": list(question.preset),
            "options": [{"id": key, "text": text} for key, text in question.options],
        }
        for question in questions(face.body)
    ]
    shown = {
        name: face.body.get(name)
        for name in (
            "card_type",
            "source",
            "main_title",
            "emphasis_content",
            "quote_area",
            "sub_title_text",
            "horizontal_content_list",
            "jump_list",
            "card_action",
            "button_list",
            "submit_button",
        )
    }
    return {"task": face.task_id, "replaced": face.replaced, "questions": asked, **shown}


def _trace(trace: Trace) -> Json:
    return {
        "id": trace.id,
        "at": trace.at.isoformat(),
        "way": trace.way,
        "what": trace.what,
        "status": trace.status,
        "code": trace.code,
        "milliseconds": trace.milliseconds,
        "result": trace.result,
        "attempt": trace.attempt,
    }
