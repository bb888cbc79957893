"""What staff type in WeCom: a command, or the words that an order of theirs waits for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.actions import DEEDS, Action
from bot.domain.cases import Case, Need
from bot.domain.catalog import Staff
from bot.handlers.desk import needs as desk
from bot.handlers.desk.cards import word
from bot.handlers.desk.moves import Order, carry_out, push_supplement_card, refusal
from bot.handlers.desk.nearest import help_for
from bot.handlers.files import for_staff as case_files
from bot.handlers.registering.wanted import askable
from bot.handlers.turn import Answer, Turn
from bot.messages import Kind, Say
from bot.reading.staff.commands import Command, says_nothing, split_wanted

NOTHING: Mapping[str, object] = {}
ABOUT_NEEDS = frozenset({"show", *Action})
# words that come later were meant for something else
PATIENCE = timedelta(minutes=30)


@dataclass(frozen=True)
class Waiting:
    """An order that still waits for its words, as it stands in the staff member's progress."""

    need: int
    action: Action
    wanted: tuple[str, ...] = ()
    at: str = ""

    def progress(self) -> Mapping[str, object]:
        """As JSON."""
        wanted = list(self.wanted)
        order = {"need": self.need, "action": str(self.action), "wanted": wanted, "at": self.at}
        return {"form": "order", **order}

    @classmethod
    def of(cls, progress: Mapping[str, object]) -> "Waiting | None":
        """From JSON, if an order is waiting."""
        if progress.get("form") != "order":
            return None
        wanted = progress.get("wanted")
        names = tuple(map(str, wanted)) if isinstance(wanted, list) else ()
        return cls(
            int(str(progress["need"])), Action(str(progress["action"])), names, str(progress["at"])
        )

    def lapsed(self, now: datetime) -> bool:
        """Whether what is typed now was hardly meant for it any more."""
        return now - datetime.fromisoformat(self.at) > PATIENCE


def typed(turn: Turn) -> Answer | None:
    """A text from a staff member: a command, or the words an order waits for."""
    if turn.inbound.kind is Kind.EVENT:
        return None
    staff = turn.staff
    if staff is None:
        return Answer((Say("staff/stranger"),))
    if turn.inbound.kind is not Kind.TEXT:
        return Answer((Say("staff/help"),))
    command, waiting = turn.command, Waiting.of(turn.person.progress)
    if command is None and waiting is not None:
        return finish_order(turn, staff, waiting)
    if command is None:
        return Answer((help_for(turn),))
    return by_command(turn, staff, command)


def finish_order(turn: Turn, staff: Staff, waiting: Waiting) -> Answer:
    """The words came: the order is complete, or was given up."""
    if turn.reading.gives_up:
        return Answer((Say("staff/dropped"),), NOTHING)
    found = desk.mine(turn, staff, waiting.need)
    if isinstance(found, Say):
        return Answer((found,), NOTHING)
    case, need = found
    words = turn.inbound.text.strip()
    order = Order(waiting.action, case, need, staff, words, waiting.wanted)
    if waiting.lapsed(turn.now):
        values = {"number": case.number, "action": word(turn, order.action)}
        return Answer((Say("staff/lapsed", values),), NOTHING)
    if says_nothing(words):
        return Answer((question_of(turn, order)[0],))
    return Answer((carry_out(turn, order),), NOTHING)


def by_command(turn: Turn, staff: Staff, command: Command) -> Answer:
    """待办, 查看, 帮助, or an action on a need."""
    if command.verb == "help":
        return Answer((Say("staff/help"),))
    if command.verb == "list":
        return Answer((desk.list_of(turn, staff),))
    if command.verb not in ABOUT_NEEDS:
        # an order of another kind, about nothing that it could mean here
        usage = turn.office.renderer.text(Say(f"orders/usage_{command.verb}"))
        return Answer((Say("orders/written", {"usage": usage}),))
    found = desk.look_up(turn, staff, command)
    if isinstance(found, Say):
        return Answer((found,))
    if command.verb == "show":
        return Answer((desk.details(turn, *found), *case_files.seen(turn, found[0])))
    return act(turn, staff, Action(command.verb), found, command.words)


def act(turn: Turn, staff: Staff, action: Action, found: tuple[Case, Need], words: str) -> Answer:
    """The order if it is complete; else what it still lacks is asked for."""
    case, need = found
    order = Order(action, case, need, staff, words)
    refused = refusal(turn, order)
    if refused is not None:
        return Answer((refused,))
    if action is Action.TRANSFER:
        return Answer((transfer(turn, order),))
    if action is Action.SUPPLEMENT:
        return supplement(turn, order)
    if DEEDS[action].words and not words:
        return ask_words(turn, order)
    return Answer((carry_out(turn, order),), NOTHING)


def transfer(turn: Turn, order: Order) -> Say:
    """转派 by name, number or userid."""
    others = [one for one in turn.catalog.staff if one.id != order.need.assignee]
    if not order.words:
        return Say("staff/nobody_chosen", {"number": order.case.number})
    to = desk.colleague(others, order.words)
    if to is not None:
        return carry_out(turn, Order(order.action, order.case, order.need, order.by, to=to))
    return Say("staff/unknown_colleague", {"names": [one.name for one in others]})


def supplement(turn: Turn, order: Order) -> Answer:
    """需补料 by typing: names and reason in one line; what is lacking is asked for."""
    choices = askable(turn, order.case, order.need)
    names, reason = split_wanted(order.words, tuple(name for _, name in choices))
    wanted = tuple(key for key, name in choices if name in names)
    if not wanted:
        push_supplement_card(turn, order.by, order.case, order.need)
        values = {"names": [name for _, name in choices], "number": order.case.number}
        return Answer((Say("staff/which_wanted", values),))
    full = Order(order.action, order.case, order.need, order.by, reason, wanted)
    return Answer((carry_out(turn, full),), NOTHING) if reason else ask_words(turn, full)


def ask_words(turn: Turn, order: Order) -> Answer:
    """The question for the reason, the answer or the result, as a reply to what was typed."""
    say, waiting = question_of(turn, order)
    return Answer((say,), waiting.progress())


def question_of(turn: Turn, order: Order) -> tuple[Say, Waiting]:
    """What is asked of the staff member, and the order that waits for the words."""
    say = Say(
        "staff/need_words",
        {
            "number": order.case.number,
            "item": turn.catalog.service(order.need).name,
            "action": str(order.action),
        },
    )
    return say, Waiting(order.need.id, order.action, order.wanted, turn.now.isoformat())
