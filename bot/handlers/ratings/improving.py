"""改进: what staff have to put right, and that it was done; the client hears what has changed."""

from dataclasses import replace

from bot.domain.cases import Case
from bot.domain.catalog import Staff
from bot.domain.improvements import UNDONE, Improvement, ImprovementState, may_know
from bot.domain.surveys import Rated, Scores
from bot.handlers.ratings.low_scores import owner
from bot.handlers.ratings.news import involved, reach_of, scores_line
from bot.handlers.to_client import News, to_client
from bot.handlers.told import told_by
from bot.handlers.turn import Answer, Turn
from bot.messages import Channel, Kind, Push, Say
from bot.reading.staff.commands import Command
from bot.reading.vocabulary import words
from storage import cases, improvements, people

DONE, PLANNED = words("ratings", "improvement_done"), words("ratings", "improvement_planned")
SEPARATORS = "".join(words("commands", "separators")) + " \n\t"


def typed(turn: Turn) -> Answer | None:
    """改进, 改进 编号, 改进 编号 完成 说明; of anything else, or of a stranger, nothing."""
    if turn.inbound.kind is not Kind.TEXT:
        return None
    staff, command = turn.staff, turn.command
    if staff is None or command is None or command.verb != "improve":
        return None
    if not command.number:
        return Answer((own_list(turn, staff),))
    known = find(turn, staff, command)
    if known is None:
        return Answer((Say("rating/no_improvement"),))
    return Answer((carry_out(turn, *known, command.words),))


def own_list(turn: Turn, staff: Staff) -> Say:
    """What somebody still has to see to."""
    rows = []
    for found in improvements.of_owner(turn.tx, staff.id):
        case = case_of(turn, found)
        if case is not None and not may_know(found, staff, involved(case)):
            continue
        rows.append(
            {
                "number": found.number,
                "case": case.number if case else "",
                "due": found.due,
                "overdue": found.due < turn.now.date(),
                "confidential": found.confidential,
            }
        )
    return Say("rating/improvements", {"rows": rows})


def find(turn: Turn, staff: Staff, command: Command) -> tuple[Improvement, Case | None] | None:
    """The one that is meant, if this person may know of it at all."""
    if "-" in command.number:
        found = improvements.by_number(turn.tx, command.number)
    else:
        own = improvements.of_owner(turn.tx, staff.id)
        ending = [one for one in own if one.number.endswith(command.number.zfill(4))]
        found = ending[0] if len(ending) == 1 else None
    if found is None:
        return None
    case = case_of(turn, found)
    return (found, case) if may_know(found, staff, involved(case) if case else ()) else None


def case_of(turn: Turn, found: Improvement) -> Case | None:
    """The case it came from."""
    return None if found.case_id is None else cases.by_id(turn.tx, found.case_id)


def carry_out(turn: Turn, found: Improvement, case: Case | None, rest: str) -> Say:
    """Shown, planned or done, by the word that follows the number."""
    done, planned = behind(rest, DONE), behind(rest, PLANNED)
    if done is None and planned is None:
        return shown(turn, found, case)
    if found.state not in UNDONE:
        values = {"number": found.number, "state": state_name(turn, found)}
        return Say("rating/improvement_over", values)
    if not (done or planned):
        return Say("rating/improvement_needs_note", {"number": found.number})
    if done is None:
        improvements.save(
            turn.tx, replace(found, state=ImprovementState.PLANNED, plan=str(planned))
        )
        return Say("rating/improvement_planned", {"number": found.number})
    return finish(turn, found, case, done)


def behind(text: str, orders: tuple[str, ...]) -> str | None:
    """What stands behind one of these words; None if the text begins with none of them."""
    for order in sorted(orders, key=len, reverse=True):
        if text.startswith(order):
            return text.removeprefix(order).strip(SEPARATORS)
    return None


def finish(turn: Turn, found: Improvement, case: Case | None, note: str) -> Say:
    """Closed with its note; the client who rated is told what changed."""
    done = replace(found, state=ImprovementState.DONE, plan=note, done_at=turn.now)
    improvements.save(turn.tx, done)
    if case is not None and not found.confidential:
        turn.note(case.id, None, "improved", turn.inbound.person, number=found.number, note=note)
    pushes = told(turn, case, done) if case is not None else ()
    turn.push(*pushes)
    client = people.by_id(turn.tx, case.person_id) if case is not None else None
    how = told_by(turn.office, turn.tx, client, pushes, turn.now)
    return Say("rating/improvement_done", {"number": found.number, "told": how})


def told(turn: Turn, case: Case, done: Improvement) -> tuple[Push, ...]:
    """The text to the client, if there is a way to them at all."""
    client = people.by_id(turn.tx, case.person_id)
    if client is None or client.channel is Channel.DESK or not client.credits.following:
        return ()
    values = {
        "number": case.number,
        "improvement": done.number,
        "words": done.plan,
        "agency": turn.catalog.agency,
    }
    say = Say("rating/client_improved", values)
    news = News(f"improved:{done.number}", say, purpose="notice")
    pushes = to_client(turn.office, client, case, case.needs[0], news, turn.now)
    short = turn.office.renderer.text(Say("rating/template_improved"))
    return tuple(replace(one, fields={**one.fields, "note": short}) for one in pushes)


def shown(turn: Turn, found: Improvement, case: Case | None) -> Say:
    """Everything about one improvement."""
    scores = found.facts.get("scores")
    given = (
        Scores.of({Rated(item): score for item, score in scores.items()})
        if (isinstance(scores, dict))
        else Scores()
    )
    keeper = owner(turn, case, found) if case else turn.catalog.in_charge(found.owner)
    values = {
        "found": found,
        "number": case.number if case else "",
        "state": state_name(turn, found),
        "owner": keeper,
        "scores": scores_line(turn.office, given) if given.given() else "",
        "comment": found.facts.get("comment", ""),
        "reason": found.facts.get("reason", ""),
        "reach": reach_of(case) if case else "",
    }
    return Say("rating/improvement", values)


def state_name(turn: Turn, found: Improvement) -> str:
    """The state in words."""
    return turn.office.renderer.text(Say(f"rating/state_{found.state}"))
