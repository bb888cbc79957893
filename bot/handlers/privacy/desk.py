"""Staff and the requests about personal data: listed, shown, carried out, or refused with why."""

from collections.abc import Callable, Mapping

from bot.domain.catalog import Role, Staff
from bot.domain.privacy import PREFIX, RequestState, Wish
from bot.handlers.privacy.holdings import fate_words, found_of, related, who
from bot.handlers.privacy.wishes import NOTHING, in_hand, numbered, owner_of, wish_name
from bot.handlers.told import Told, told_by
from bot.handlers.turn import Answer, Turn
from bot.messages import Channel, Push, Say
from bot.reading.staff.commands import Command
from storage import forgetting, people, privacy
from storage.people import Person
from storage.privacy import Request


def typed(turn: Turn) -> Answer | None:
    """隐私, and 查看 完成 删除 拒绝 with the number of a request; None for everything else."""
    staff, command = turn.staff, turn.command
    if staff is None or command is None or not is_mine(command):
        return None
    if command.verb == "privacy" and not command.number:
        return Answer((list_of(turn),), NOTHING)
    request = meant(turn, command)
    if request is None:
        return Answer((Say("privacy/unknown"),))
    owner = owner_of(turn.office, request)
    if staff.role is not Role.MANAGER and staff.id != owner.id:
        return Answer((Say("privacy/not_yours", {"owner": owner.name}),))
    return Answer((ACTS.get(command.verb, usage)(turn, staff, request, command.words),), NOTHING)


def is_mine(command: Command) -> bool:
    """Whether it is about a request: by its number, or by a verb nothing else has."""
    return command.number.startswith(PREFIX) or command.verb in {"privacy", "erase"}


def meant(turn: Turn, command: Command) -> Request | None:
    """The request with that number, or with the last digits of it among those open."""
    if "-" in command.number:
        return privacy.by_number(turn.tx, command.number)
    running = command.number.lstrip("0")
    found = [
        one
        for one in privacy.all_open(turn.tx)
        if not running or one.number.rsplit("-", 1)[-1].lstrip("0") == running
    ]
    return privacy.by_number(turn.tx, found[0].number) if len(found) == 1 else None


def list_of(turn: Turn) -> Say:
    """Every request still to be carried out, oldest first."""
    rows = [
        {
            "number": one.number,
            "wish": wish_name(turn.office, one),
            "due": one.due,
            "owner": owner_of(turn.office, one).name,
            "late": one.due < turn.now.date(),
        }
        for one in privacy.all_open(turn.tx)
    ]
    return Say("privacy/open_list", {"rows": rows}) if rows else Say("privacy/none_open")


def show(turn: Turn, _staff: Staff, request: Request, _words: str) -> Say:
    """查看: who wishes what, and what there is of them."""
    person = people.by_id(turn.tx, request.person_id)
    found = found_of(turn.tx, person) if person else None
    # of somebody who was forgotten, nobody is shown who they were
    known = found is not None and request.state is RequestState.OPEN
    values = in_hand(turn.office, request) | {
        "wish": wish_name(turn.office, request),
        "state": state_name(turn, request.state),
        "at": request.at,
        "owner": owner_of(turn.office, request).name,
        "who": who(found) if found and known else "",
        "related": related(found) if found and known else [],
        "unsettled": found.holding.unsettled if found and known else (),
        "words": request.note.get("words", ""),
    }
    return Say("privacy/details", values)


def erase(turn: Turn, staff: Staff, request: Request, _words: str) -> Say:
    """删除: everything but what the law has us keep, and at last who they are."""
    if request.state is not RequestState.OPEN:
        return over(turn, request)
    if request.wish != Wish.DELETE:
        values = numbered(request) | {"wish": wish_name(turn.office, request)}
        return Say("privacy/only_delete", values)
    person = locked(turn, request.person_id)
    if person is None:
        return Say("privacy/unknown")
    found = found_of(turn.tx, person)
    unsettled = found.holding.unsettled
    if unsettled:
        return Say("privacy/unsettled", numbered(request) | {"unsettled": unsettled})
    values = numbered(request) | fate_words(turn.office, Wish.DELETE, found.holding)
    forgetting.vanish(turn.tx, person, turn.now, "erased")
    forgetting.forget_chat_of(turn.tx, [case.id for case in found.cases])
    for case in found.cases:
        turn.note(case.id, None, "detached", staff.id)
    note: dict[str, object] = {"by": staff.id}
    told = reachable(person)
    if told:
        # the answer must still find them: a stranger has their name until it has arrived
        note["stranger"] = forgetting.as_stranger(turn.tx, person, turn.now)
        tell(turn, person, request, Say("privacy/erased", values | {"agency": turn.catalog.agency}))
    close_others(turn, request, note)
    later = turn.now if told else None
    privacy.close(turn.tx, request, RequestState.DONE, turn.now, note=note, next_at=later)
    return Say("privacy/erased_staff", values | {"told": told})


def close_others(turn: Turn, request: Request, note: Mapping[str, object]) -> None:
    """What else the person wished has come to its end with them."""
    for other in privacy.open_of(turn.tx, request.person_id):
        if other.id != request.id:
            by = {"by": note["by"], "words": request.number}
            privacy.close(turn.tx, other, RequestState.DONE, turn.now, note=by)


def finish(turn: Turn, staff: Staff, request: Request, words: str) -> Say:
    """完成: done otherwise than by deleting; the client is told the words."""
    if request.wish == Wish.DELETE and request.state is RequestState.OPEN:
        return Say("privacy/only_erase", numbered(request))
    return end(turn, staff, request, words, RequestState.DONE)


def refuse(turn: Turn, staff: Staff, request: Request, words: str) -> Say:
    """拒绝: never without a reason, which the client is told (PIPL 50)."""
    return end(turn, staff, request, words, RequestState.REFUSED)


def end(turn: Turn, staff: Staff, request: Request, words: str, state: RequestState) -> Say:
    """The request closed with these words, and the client told."""
    if request.state is not RequestState.OPEN:
        return over(turn, request)
    if not words:
        return usage(turn, staff, request, words)
    note = {"by": staff.id, "words": words}
    privacy.close(turn.tx, request, state, turn.now, note=note)
    person = locked(turn, request.person_id)
    told = Told()
    values = numbered(request) | {"words": words, "agency": turn.catalog.agency}
    if person is not None and reachable(person):
        key = "privacy/done" if state is RequestState.DONE else "privacy/refused"
        push = tell(turn, person, request, Say(key, values))
        told = told_by(turn.office, turn.tx, person, [push], turn.now)
    ended = {"state": state_name(turn, state), "told": told}
    return Say("privacy/closed_staff", numbered(request) | ended)


def usage(_turn: Turn, _staff: Staff, request: Request, _words: str) -> Say:
    """What can be done with a request."""
    return Say("privacy/usage", numbered(request) | {"wish_key": request.wish})


ACTS: Mapping[str, Callable[[Turn, Staff, Request, str], Say]] = {
    "show": show,
    "privacy": show,
    "erase": erase,
    "finish": finish,
    "refuse": refuse,
}


def over(turn: Turn, request: Request) -> Say:
    """It has ended, and how."""
    values = {"state": state_name(turn, request.state)}
    return Say("privacy/over", numbered(request) | values)


def state_name(turn: Turn, state: RequestState) -> str:
    """What a state is called."""
    return turn.office.renderer.text(Say(f"privacy/state_{state}"))


def locked(turn: Turn, person_id: int) -> Person | None:
    """The person, after any turn of theirs that is under way."""
    person = people.by_id(turn.tx, person_id)
    return None if person is None else people.lock(turn.tx, person.channel, person.identity)


def reachable(person: Person) -> bool:
    """Whether there is a chat to tell them in."""
    return person.channel is not Channel.DESK and person.credits.following


def told_key(request: Request) -> str:
    """The key of the push that tells the client how a request ended."""
    return f"privacy:{request.number}:told"


def tell(turn: Turn, person: Person, request: Request, say: Say) -> Push:
    """The outcome, to the client."""
    to = (person.channel, person.identity)
    push = turn.text_push(told_key(request), to, say, purpose="privacy")
    turn.push(push)
    return push
