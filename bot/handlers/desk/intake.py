"""登记 电话: staff type what a client says who is on the telephone or at the desk (clause 8.2.1).

The client becomes a person of the channel DESK, who holds the draft; what staff do in between
stands on their own row and leaves it alone. The intake is the clients' own, worded for reading out.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.dialogs.intake.draft import Asking, Draft
from bot.dialogs.intake.flow import take
from bot.dialogs.intake.outcome import Deed, Outcome
from bot.domain.actions import Action
from bot.domain.catalog import Staff
from bot.handlers import digressions
from bot.handlers.desk import typed as staff
from bot.handlers.desk.typed import NOTHING
from bot.handlers.files import certificates
from bot.handlers.registering import dialog
from bot.handlers.registering.registration import Origin, register
from bot.handlers.turn import Answer, Turn
from bot.messages import Channel, Kind, Say
from bot.reading.reading import Intent, Reading, Word
from bot.reading.staff.commands import Command
from bot.reading.staff.desk import CARRY_ON, own_command, passed_on, read_desk_order
from storage import cases, people
from storage.people import Act, Person

ASKS = "desk"
# These clients read what staff pass on to them; the others hear it.
WRITTEN = frozenset({"email", "web", "qq"})
DECIDING = frozenset({Word.AGREE, Word.DISAGREE, Word.CONFIRM, Word.REGISTER_FIRST})
# Said to the staff member alone.
FOR_STAFF = frozenset(
    {"cancelled", "nothing_kept", "restarted", "photo_before_consent", "not_that", "which"}
)


@dataclass(frozen=True)
class Talk:
    """One client whose need is being registered: their identity with us, and how they came."""

    client: str
    channel: str


@dataclass(frozen=True)
class Desk:
    """Everything one staff member has begun to register and not ended, the newest last."""

    talks: tuple[Talk, ...] = ()

    @classmethod
    def of(cls, aside: Mapping[str, object]) -> "Desk":
        """As it stands beside the staff member's own conversation."""
        talks = aside.get("talks")
        if aside.get("asks") != ASKS or not isinstance(talks, list):
            return cls()
        return cls(tuple(Talk(str(client), str(channel)) for client, channel in talks))

    def keep(self, turn: Turn) -> None:
        """Stores it."""
        talks = [[one.client, one.channel] for one in self.talks]
        people.ask_aside(turn.tx, turn.person.id, {"asks": ASKS, "talks": talks} if talks else None)

    def without(self, talk: Talk) -> "Desk":
        """The rest, once one has ended."""
        return Desk(tuple(one for one in self.talks if one != talk))

    def behind(self, talk: Talk) -> "Desk":
        """With that one last in line, once it was put aside."""
        return Desk((talk, *self.without(talk).talks))


def typed(turn: Turn) -> Answer | None:
    """What a staff member writes for a client; None if it is about their own work."""
    by = turn.staff
    if by is None or turn.inbound.kind is Kind.EVENT:
        return None
    order = read_desk_order(turn.inbound.text) if turn.inbound.kind is Kind.TEXT else None
    desk = Desk.of(turn.person.aside)
    if order is not None and order.channel:
        return begin(turn, by, desk, Talk(secrets.token_urlsafe(16), order.channel), order.words)
    bare = order is not None and not (order.words and turn.person.progress)
    if bare and not desk.talks:
        return Answer((Say("staff_intake/which_channel"),))
    if bare and order is not None and not order.words:
        # back from other work: what comes next is the client's again
        return replace(said_by_client(turn, by, desk, CARRY_ON), progress=NOTHING)
    return go_on(turn, by, desk) if desk.talks else None


def begin(turn: Turn, by: Staff, desk: Desk, talk: Talk, words: str) -> Answer:
    """A new client; one that was being registered waits until this one is done."""
    desk = Desk((*desk.talks, talk))
    desk.keep(turn)
    # whatever else waits for words, an order or another client, must not get this one's
    if not words:
        say = Say("staff_intake/begun", values_of(talk) | {"others": len(desk.talks) - 1})
        return Answer((say,), NOTHING)
    return replace(said_by_client(turn, by, desk, words), progress=NOTHING)


def go_on(turn: Turn, by: Staff, desk: Desk) -> Answer | None:
    """The next words for the newest client, unless they are an order to us."""
    # what asked later is answered first: an order that waits for its words, another client
    if turn.person.progress and not idle(turn):
        return None
    text = turn.inbound.text
    if turn.inbound.kind is Kind.TEXT:
        command = own_command(text)
        if command is not None and not of_needs(turn, command):
            return None
        if command is not None or turn.reading.word is Word.HELP:
            answer = staff.typed(turn)
            return None if answer is None else with_reminder(answer, desk)
        if turn.reading.word is not Word.CONTINUE and paused(turn, desk):
            return Answer(
                (Say("staff/help"), Say("staff_intake/paused", values_of(desk.talks[-1])))
            )
    elif turn.inbound.kind not in dialog.ABOUT_FORMS:
        return Answer((Say("staff_intake/words_or_photo", values_of(desk.talks[-1])),))
    return said_by_client(turn, by, desk, text)


def idle(turn: Turn) -> bool:
    """Whether what stands in the staff member's own conversation waits for nothing any more."""
    form = turn.person.progress.get("form")
    late = form == certificates.VERB and not certificates.fresh(turn, certificates.PATIENCE)
    return form == "loose" or late


# What staff type of their own needs; other orders have their own handlers.
KNOWN = frozenset({"help", "list", "show", *Action})


def of_needs(turn: Turn, command: Command) -> bool:
    """Whether it is about needs, and not about a complaint, a request or a talk."""
    ours = "-" not in command.number or command.number.startswith(turn.catalog.agency.number_prefix)
    return ours and command.verb in KNOWN


def with_reminder(answer: Answer, desk: Desk) -> Answer:
    """The answer to an order in between, and that the registration is as it was."""
    if answer.progress:
        return answer
    still = Say("staff_intake/still_there", values_of(desk.talks[-1]))
    return replace(answer, says=(*answer.says, still))


def values_of(talk: Talk) -> dict[str, object]:
    """What every sentence about a client at the desk may show."""
    return {"channel": f"from_{talk.channel}", "written": talk.channel in WRITTEN}


def paused(turn: Turn, desk: Desk) -> bool:
    """Whether the newest registration was put aside with 取消."""
    client = people.find(turn.tx, Channel.DESK, desk.talks[-1].client)
    return client is not None and bool(client.progress.get("cancelled"))


def said_by_client(turn: Turn, by: Staff, desk: Desk, words: str) -> Answer:
    """One turn of the intake in the client's place, and what it causes."""
    talk = desk.talks[-1]
    client = people.meet(turn.tx, Channel.DESK, talk.client, turn.now, Act.NOTHING)
    theirs = in_their_place(turn, client, words)
    beside = beside_the_form(theirs, talk)
    if beside is not None:
        return beside
    draft = dialog.draft_of(theirs) or Draft()
    outcome = take(draft, dialog.heard(theirs), dialog.setting(theirs))
    if outcome.deed is Deed.REGISTER:
        says = registered(theirs, by, talk, outcome)
        done: Mapping[str, object] = {}
    else:
        answer = dialog.carry_out(theirs, outcome)
        says, done = answer.says, answer.progress or {}
    people.save(turn.tx, client.id, done)
    mine = worded(turn, talk, says)
    if not over(outcome) and not outcome.draft.cancelled:
        return Answer(mine)
    left = desk.without(talk) if over(outcome) else desk.behind(talk)
    left.keep(turn)
    if not left.talks or left.talks[-1] == talk:
        return Answer(mine)
    return Answer((*mine, Say("staff_intake/next", values_of(left.talks[-1]))))


def over(outcome: Outcome) -> bool:
    """Whether nothing of this client is left to be registered."""
    nothing = outcome.draft.cancelled and not outcome.draft.rows
    return nothing or outcome.deed in {Deed.REGISTER, Deed.REFUSE}


def in_their_place(turn: Turn, client: Person, words: str) -> Turn:
    """The turn as if the client had written these words; 客户同意 is their 同意.

    A plain yes of a staff member is no consent of the client's: that has to be said.
    """
    said = turn.office.reader.read(words)
    theirs = passed_on(words)
    if theirs and (reply := turn.office.reader.read(theirs)).word in DECIDING:
        words, said = theirs, reply
    draft = client.progress
    if said.word is Word.YES and draft.get("asking") == Asking.CONSENT:
        said = replace(said, word=None)
    inbound = replace(turn.inbound, text=words)
    return replace(turn, inbound=inbound, reading=said, person=client)


def beside_the_form(theirs: Turn, talk: Talk) -> Answer | None:
    """A client's question is answered from the FAQ; what staff settle elsewhere is named."""
    said: Reading = theirs.reading
    if digressions.carries_answers(said) or said.word is not None:
        return None
    if said.intent is Intent.FAQ:
        answer = digressions.question(theirs)
        if answer is None:
            return None
        if answer.progress is not None:
            people.save(theirs.tx, theirs.person.id, answer.progress)
        return Answer(worded(theirs, talk, answer.says))
    if said.intent in ELSEWHERE:
        return Answer((Say("staff_intake/elsewhere", {"agency": theirs.catalog.agency}),))
    return None


ELSEWHERE = frozenset({Intent.PROGRESS, Intent.COMPLAINT, Intent.PRIVACY})


def registered(theirs: Turn, by: Staff, talk: Talk, outcome: Outcome) -> tuple[Say, ...]:
    """The case: asked first of this staff member, in charge whom the rules choose (7.4.2)."""
    basis = "written" if talk.channel in WRITTEN else "spoken"
    facts = {
        "basis": basis,
        "at": (theirs.person.consented_at or theirs.now).isoformat(timespec="minutes"),
        "version": theirs.person.consent_version,
    }
    origin = Origin(talk.channel, by.id, by.id, ((None, "consented", by.id, facts),))
    receipt = register(theirs, outcome.draft, origin)
    case = cases.of_person(theirs.tx, theirs.person.id, 1)[0]
    keepers = [
        theirs.catalog.in_charge(one) for one in dict.fromkeys(need.assignee for need in case.needs)
    ]
    first = Say("staff_intake/first_asked", {"by": by, "keepers": keepers, "number": case.number})
    return (*outcome.says, receipt, first)


def worded(turn: Turn, talk: Talk, says: tuple[Say, ...]) -> tuple[Say, ...]:
    """The clients' sentences as they are read out or passed on, under a line that says so."""
    mine = tuple(variant(turn, talk, say) for say in says)
    if all(say.key.rpartition("/")[2] in FOR_STAFF for say in says):
        return mine
    return (Say("staff_intake/read_out", values_of(talk)), *mine)


def variant(turn: Turn, talk: Talk, say: Say) -> Say:
    """A sentence in the words for the desk, where it has some."""
    name = say.key.rpartition("/")[2]
    if say.key == "intake/refused" and say.values.get("often"):
        name = "parked"
    key = f"staff_intake/{name}"
    values = {**say.values, **values_of(talk)}
    return Say(key, values) if turn.office.renderer.has(key) else say
