"""What clients want done with their own data, from any state: answered at once, under a number."""

from collections.abc import Callable, Mapping

from bot.domain.assignment import there_at
from bot.domain.cases import OPEN, Field
from bot.domain.catalog import Staff
from bot.domain.privacy import (
    LEFT,
    PREFIX,
    RequestState,
    Wish,
    answer_by,
    first_reminder,
)
from bot.domain.quiet_hours import card_due
from bot.handlers.privacy.holdings import Found, fate_words, found_of, related, summary, who
from bot.handlers.registering.dialog import aside, draft_of, is_open
from bot.handlers.turn import Answer, Office, Turn
from bot.messages import Channel, Kind, Say
from bot.reading.concerns.privacy import read_wish
from bot.reading.reading import Intent, Word
from storage import cases, forgetting, people, privacy
from storage.people import Person
from storage.privacy import Request

# the question beside the form after a wish to delete: the draft at once as well?
ASKS = "privacy_delete"
NOTHING: Mapping[str, object] = {}


def wished(turn: Turn) -> Answer | None:
    """The wish a message is about, carried out or on its way; None if it is about none."""
    if turn.inbound.kind is not Kind.TEXT:
        return None
    asked = turn.person.aside.get("asks") == ASKS
    if asked:
        people.ask_aside(turn.tx, turn.person.id, None)
    wish = wish_of(turn) or (answered(turn) if asked else None)
    return DEEDS[wish](turn) if wish else None


def wish_of(turn: Turn) -> Wish | None:
    """The wish; a filled-in form is one whatever it says of privacy."""
    said = turn.reading
    if len(said.labelled & set(Field)) > 1:
        return None
    return read_wish(turn.inbound.text, private=said.intent is Intent.PRIVACY)


def answered(turn: Turn) -> Wish | None:
    """A plain yes or no to the question asked beside the form."""
    if turn.reading.word in {Word.YES, Word.CONFIRM}:
        return Wish.CONFIRM_DELETE
    return Wish.KEEP if turn.reading.word in {Word.NO, Word.CANCEL} else None


def explained(turn: Turn) -> Answer | None:
    """A question about privacy that is no wish: what is kept, what for, and what can be asked."""
    said = turn.reading
    if said.intent is not Intent.PRIVACY or said.fields or said.numbered or said.materials:
        return None
    return aside(turn, Say("privacy/explained", {"agency": turn.catalog.agency}))


def see(turn: Turn) -> Answer:
    """我的信息: all of it at once, masked."""
    found = found_of(turn.tx, turn.person)
    request = taken(turn, Wish.SEE, found)
    values = summary(turn.office, found) | in_hand(turn.office, request)
    return aside(turn, Say("privacy/see", values | {"agency": turn.catalog.agency}))


def correct(turn: Turn) -> Answer | None:
    """更正: how it is done; what already says what to change is left to those who change it."""
    said = turn.reading
    if said.fields or said.refused or (said.word is Word.CHANGE and is_open(turn)):
        return None
    own = cases.of_person(turn.tx, turn.person.id)
    still = [one.number for one in own if any(need.state in OPEN for need in one.needs)]
    values = {"draft": is_open(turn), "cases": still, "agency": turn.catalog.agency}
    return aside(turn, Say("privacy/correct", values))


def delete(turn: Turn) -> Answer:
    """删除我的信息: a receipt at once; nothing goes until it is confirmed or carried out."""
    found = found_of(turn.tx, turn.person)
    known = open_wish(turn, Wish.DELETE)
    request = known or taken(turn, Wish.DELETE, found)
    holding, draft = found.holding, draft_of(turn) is not None
    if draft:
        people.ask_aside(turn.tx, turn.person.id, {"asks": ASKS})
    values = in_hand(turn.office, request) | fate_words(turn.office, Wish.DELETE, holding)
    values |= {"unsettled": holding.unsettled, "draft": draft, "agency": turn.catalog.agency}
    say = Say("privacy/delete_again" if known else "privacy/delete", values)
    # a plain yes must not register what was just about to be deleted
    return Answer((say,), aside(turn).progress)


def confirm_delete(turn: Turn) -> Answer:
    """确认删除: what was begun goes at once."""
    request = open_wish(turn, Wish.DELETE)
    if request is None:
        return delete(turn)
    had = draft_of(turn) is not None or turn.person.first_words is not None
    forgetting.drop_draft(turn.tx, turn.person.id)
    key = "privacy/draft_deleted" if had else "privacy/nothing_left_to_delete"
    return Answer((Say(key, in_hand(turn.office, request)),), NOTHING)


def keep(turn: Turn) -> Answer | None:
    """不删了: the wish to delete is taken back."""
    request = open_wish(turn, Wish.DELETE)
    if request is None:
        return None
    privacy.close(turn.tx, request, RequestState.TAKEN_BACK, turn.now, note={})
    tell_owner(turn, request, "taken_back", Say("privacy/taken_back_staff", numbered(request)))
    return aside(turn, Say("privacy/taken_back", numbered(request)))


def withdraw(turn: Turn) -> Answer:
    """撤回同意: in force at once; what was begun goes, what is registered goes on as agreed."""
    person, found = turn.person, found_of(turn.tx, turn.person)
    forgetting.drop_draft(turn.tx, person.id)
    words = fate_words(turn.office, Wish.WITHDRAW_CONSENT, found.holding)
    if person.consented_at is None:
        values = words | {"agency": turn.catalog.agency}
        values["kept"] = without_log(values["kept"])
        return Answer((Say("privacy/no_consent", values),), NOTHING)
    note = {"consented_at": person.consented_at.isoformat(), "version": person.consent_version}
    people.consent(turn.tx, person.id, None, "")
    request = taken(turn, Wish.WITHDRAW_CONSENT, found, note)
    values = words | in_hand(turn.office, request)
    return Answer((Say("privacy/withdrawn", values),), NOTHING)


def without_log(kept: object) -> list[str]:
    """What stays, without the log of a request that was not needed; it is named last."""
    return list(kept)[:-1] if isinstance(kept, list) else []


def unsubscribe(turn: Turn) -> Answer:
    """退订: no invitations and reminders from now on."""
    if turn.person.opted_out_at is not None:
        return aside(turn, Say("privacy/unsubscribed_already"))
    people.opt_out(turn.tx, turn.person.id, turn.now)
    return aside(turn, Say("privacy/unsubscribed"))


def resubscribe(turn: Turn) -> Answer:
    """重新订阅: welcome again."""
    people.opt_out(turn.tx, turn.person.id, None)
    return aside(turn, Say("privacy/resubscribed"))


DEEDS: Mapping[Wish, Callable[[Turn], Answer | None]] = {
    Wish.SEE: see,
    Wish.CORRECT: correct,
    Wish.DELETE: delete,
    Wish.CONFIRM_DELETE: confirm_delete,
    Wish.KEEP: keep,
    Wish.WITHDRAW_CONSENT: withdraw,
    Wish.UNSUBSCRIBE: unsubscribe,
    Wish.RESUBSCRIBE: resubscribe,
}


def open_wish(turn: Turn, wish: Wish) -> Request | None:
    """The same wish of this person, if it is still to be carried out."""
    own = privacy.open_of(turn.tx, turn.person.id)
    return next((one for one in own if one.wish == wish), None)


def taken(turn: Turn, wish: Wish, found: Found, note: Mapping[str, object] = NOTHING) -> Request:
    """The request under its number, with a task for a manager; one that is open already is it."""
    known = open_wish(turn, wish)
    if known is not None:
        return known
    owner = keeper(turn)
    request = privacy.open_request(
        turn.tx,
        number=cases.next_number(turn.tx, PREFIX, turn.now.date()),
        person_id=turn.person.id,
        wish=wish.value,
        owner=owner.id,
        at=turn.now,
        due=answer_by(turn.now, turn.catalog),
        next_at=first_reminder(turn.now, turn.catalog),
        note=note,
    )
    values = in_hand(turn.office, request) | {
        "who": who(found),
        "related": related(found),
        "unsettled": found.holding.unsettled,
        "wish_key": wish.value,
        "wish": wish_name(turn.office, request),
    }
    tell_owner(turn, request, "task", Say("privacy/task", values))
    return request


def keeper(turn: Turn) -> Staff:
    """The manager who is there first."""
    able = turn.catalog.managers or turn.catalog.staff
    return min(able, key=lambda one: there_at(turn.catalog, one, turn.now))


def owner_of(office: Office, request: Request) -> Staff:
    """Who has the request; of one whose owner has left the agency, the first manager."""
    return office.catalog.in_charge(request.owner)


def tell_owner(turn: Turn, request: Request, what: str, say: Say) -> None:
    """A text to whoever has the request; at night it waits for the start of duty."""
    staff = owner_of(turn.office, request)
    key, due = f"privacy:{request.number}:{what}", card_due(turn.catalog, staff, turn.now)
    address = (Channel.WECOM, staff.id)
    turn.push(turn.text_push(key, address, say, purpose="privacy", due=due))


def numbered(request: Request) -> dict[str, object]:
    """The number alone."""
    return {"number": request.number}


def in_hand(office: Office, request: Request) -> dict[str, object]:
    """Number, person in charge and day, as texts show them."""
    return numbered(request) | {"staff": owner_of(office, request), "due": request.due}


def wish_name(office: Office, request: Request) -> str:
    """What the wish is called among staff."""
    return office.renderer.text(Say(f"privacy/wish_{request.wish}"))


def unfollowed(turn: Turn) -> Answer | None:
    """What was begun goes with them; who they were, once nothing is open (wechat_platform 2.2)."""
    event = turn.inbound.event
    if event is None or event.name != "unsubscribe":
        return None
    forgetting.drop_talk(turn.tx, turn.person.id, turn.now)
    found = found_of(turn.tx, turn.person)
    if found.holding.unsettled or privacy.open_of(turn.tx, turn.person.id):
        forgetting.leave(turn.tx, turn.person.id, turn.now)
        tell_keepers(turn, found)
    else:
        forget(turn, turn.person)
    return Answer(silent=True)


def forget(turn: Turn, person: Person) -> None:
    """The identity goes; of whoever ever agreed to anything it is noted that it did."""
    forgetting.vanish(turn.tx, person, turn.now, LEFT)
    if person.consented_at is not None:
        number = cases.next_number(turn.tx, PREFIX, turn.now.date())
        privacy.log(turn.tx, number, person.id, LEFT, turn.now)


def tell_keepers(turn: Turn, found: Found) -> None:
    """Whoever is in charge of something open has to telephone from now on."""
    tasks: dict[str, list[str]] = {}
    for case in found.cases:
        for need in case.needs:
            if need.state in OPEN and case.number not in tasks.setdefault(need.assignee, []):
                tasks[need.assignee].append(case.number)
    for assignee, numbers in tasks.items():
        staff = turn.catalog.person.get(assignee.lower())
        if staff is not None and numbers:
            say = Say("privacy/left_staff", {"numbers": numbers})
            key, due = (
                f"left:{turn.inbound.key}:{staff.id}",
                card_due(turn.catalog, staff, turn.now),
            )
            turn.push(
                turn.text_push(key, (Channel.WECOM, staff.id), say, purpose="privacy", due=due)
            )
