"""After 先登记 or 需补料: what the client sends goes to the needs that wait for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.dialogs import form
from bot.dialogs.engine import Board, Placed, place, place_photo
from bot.dialogs.form import FACT, Given, Sort, Step
from bot.dialogs.intake import photos
from bot.dialogs.intake.sayings import shown_way
from bot.domain.cases import Case, Field, How, Need, NeedState, Provided, Record
from bot.domain.catalog import MaterialKind
from bot.domain.notice import Situation, required
from bot.domain.promises import promised, terms
from bot.handlers.desk.cards import assignment_card
from bot.handlers.desk.moves import push_card
from bot.handlers.files import beside
from bot.handlers.files import photos as photos_of_case
from bot.handlers.registering.wanted import name_of, wants_files
from bot.handlers.registering.which import (
    Question,
    asking,
    joined,
    left_over,
    picked_from,
    questions,
    say_which,
)
from bot.handlers.turn import CLIENT, Answer, Turn
from bot.messages import Channel, Kind, Say
from bot.reading.reading import Intent, Word
from storage import cases

TALK = frozenset({Intent.PROGRESS, Intent.COMPLAINT, Intent.HUMAN, Intent.FAQ})


@dataclass(frozen=True)
class Waiting:
    """One case with needs in 待补正, and everything they want, each thing once."""

    case: Case
    needs: tuple[Need, ...]

    @property
    def wanted(self) -> tuple[str, ...]:
        """The keys wanted, in the order they were listed."""
        return tuple(dict.fromkeys(key for need in self.needs for key in need.wanted))


def supply(turn: Turn) -> Answer | None:
    """Lays a message into what the newest waiting case wants; None if it is about other things."""
    said = turn.reading
    elsewhere = said.intent in TALK or (said.intent is Intent.SERVICE and said.sure)
    if turn.inbound.kind not in {Kind.TEXT, Kind.IMAGE} or elsewhere:
        return None
    waiting = waiting_case(turn)
    if waiting is None:
        return None
    placed = placing(turn, waiting)
    if placed.loose is not None and placed.candidates:
        return ask_which(turn, Question(placed.loose, placed.candidates))
    mine = {key: answer for key, answer in placed.answers.items() if key in waiting.wanted}
    promised = {key: answer for key, answer in mine.items() if is_promise(answer)}
    given = {key: answer for key, answer in mine.items() if key not in promised}
    told = promise(turn, waiting, promised) if promised else None
    if not given:
        return told
    answer = deliver(turn, waiting_case(turn) or waiting, given)
    return still_asked(turn, given, answer)


def picked(turn: Turn) -> Answer | None:
    """The answer to "which one is it?", before its words are taken for anything else."""
    asked = questions(turn.person.progress)
    if not asked or turn.inbound.kind is not Kind.TEXT:
        return None
    waiting = waiting_case(turn, asked[0].choices)
    if waiting is None:
        return None
    if turn.reading.word is Word.NO:
        answer = Answer((dropped(asked[0]), left_of(turn, waiting)))
        return go_on(turn, answer, asked[1:])
    answers = chosen(turn, waiting, asked[0])
    if not answers:
        return None
    return go_on(turn, deliver(turn, waiting, answers), left_over(asked[1:], answers))


def dropped(asked: Question) -> Say:
    """What was asked about is none of the things wanted."""
    count = len(asked.keys)
    return Say("intake/not_that_photo", {"count": count}) if count else Say("intake/not_that")


def go_on(turn: Turn, answer: Answer, left: tuple[Question, ...]) -> Answer:
    """The answer, and the next of the questions that are left; a paused draft stays as it is."""
    says = (*answer.says, *(say_which(turn, one, earlier=True) for one in left[:1]))
    rest = turn.person.progress if answer.progress is None else answer.progress
    return Answer(says, asking(rest, left))


def still_asked(turn: Turn, given: Mapping[str, form.Answer], answer: Answer) -> Answer:
    """Photos that nobody has named yet are asked about again; none is lost by other answers."""
    asked = questions(turn.person.progress)
    left = tuple(one for one in asked if one.keys)
    return go_on(turn, answer, left_over(left, given)) if asked else answer


def is_promise(answer: form.Answer) -> bool:
    """Whether the material itself is still to come; it stays wanted until then."""
    return isinstance(answer, Given) and answer.how is How.LATER


def promise(turn: Turn, waiting: Waiting, answers: Mapping[str, form.Answer]) -> Answer:
    """Told that it will come: the way is kept, and nobody asks again."""
    case = replace(waiting.case, record=with_answers(waiting.case.record, answers))
    if case.record != waiting.case.record:
        cases.rewrite(turn.tx, case.id, case.record)
        turn.note(case.id, None, "promised", CLIENT, keys=list(answers))
    ways: dict[str, list[str]] = {}
    for key, answer in answers.items():
        way = shown_way(answer) if isinstance(answer, Given) else ""
        ways.setdefault(way, []).append(name_of(turn, key))
    said = Say("talk/promised", {"ways": ways, "address": turn.catalog.agency.address})
    return Answer((said, left_of(turn, replace(waiting, case=case))))


def on_its_way(case: Case, key: str) -> bool:
    """Whether that is brought to the window or posted: it is wanted, but not asked for again."""
    given = case.record.materials.get(key)
    return given is not None and given.how is How.LATER and bool(given.value)


def left_of(turn: Turn, waiting: Waiting) -> Say:
    """What the case still wants, without what is on its way."""
    open_keys = [key for key in waiting.wanted if not on_its_way(waiting.case, key)]
    left = [name_of(turn, key) for key in open_keys]
    upload = upload_link(turn, open_keys)
    values = {"number": waiting.case.number, "left": left, "upload": upload}
    return Say("talk/still_wanted", values)


def upload_link(turn: Turn, wanted: Sequence[str]) -> str:
    """The upload page of whoever writes, where a material of theirs is wanted; else ""."""
    return turn.office.links.upload(turn.person.id) if wants_files(turn, wanted) else ""


def waiting_case(turn: Turn, among: Sequence[str] = ()) -> Waiting | None:
    """The newest case of this person that waits for something; `among`: for one of these."""
    for case in cases.of_person(turn.tx, turn.person.id):
        needs = tuple(one for one in case.needs if one.state is NeedState.TO_SUPPLEMENT)
        waiting = Waiting(case, needs)
        if any(not among or key in among for key in waiting.wanted):
            return waiting
    return None


def placing(turn: Turn, waiting: Waiting) -> Placed:
    """What the message answers of the wanted list."""
    steps = tuple(Step(key, sort_of(turn, key)) for key in waiting.wanted)
    words = turn.inbound.text.strip()
    board = Board(open=steps, applying=steps, shown=waiting.wanted, quote=words)
    if turn.inbound.media is not None:
        return place_photo(photos_of_case.expected(turn) or turn.inbound.media, board)
    return place(turn.reading, board, turn.office.reader.read)


def sort_of(turn: Turn, key: str) -> Sort:
    """What sort of answer a wanted key takes."""
    if key in set(Field):
        return Sort.FIELD
    if key.startswith(FACT):
        return Sort.FACT
    materials = (one for item in turn.catalog.items for one in item.materials)
    kind = next((one.kind for one in materials if one.name == key), MaterialKind.UPLOAD)
    return Sort.TYPED if kind is MaterialKind.TYPED else Sort.UPLOAD


def ask_which(turn: Turn, about: Question) -> Answer:
    """Which of several wanted things a photo or text is; words wait until the photos are named."""
    asked = joined(questions(turn.person.progress), about)
    says = [say_which(turn, asked[0])]
    if asked[0].keys and not about.keys:
        says.insert(0, Say("files/words_wait"))
    return Answer(tuple(says), asking(turn.person.progress, asked))


def chosen(turn: Turn, waiting: Waiting, asked: Question) -> Mapping[str, form.Answer]:
    """The answer to that question; nothing if it is none."""
    found = picked_from(turn, asked)
    if not set(found) <= set(waiting.wanted):
        return {}
    if len(found) <= 1:
        return dict.fromkeys(found, asked.given)
    return {name: photos.of([key]) for name, key in zip(found, asked.keys, strict=True)}


def deliver(turn: Turn, waiting: Waiting, answers: Mapping[str, form.Answer]) -> Answer:
    """Writes the answers into the record; a need that has everything goes back to staff."""
    answers = with_pages(waiting, answers)
    case = replace(waiting.case, record=with_answers(waiting.case.record, answers))
    cases.rewrite(turn.tx, case.id, case.record)
    photos_of_case.attach(turn, case.id, answers)
    changed = [update(turn, case, need, answers) for need in waiting.needs]
    coming = {key for key in waiting.wanted if on_its_way(case, key)}
    left = [key for key in Waiting(case, tuple(changed)).wanted if key not in coming]
    values = {
        "number": case.number,
        "given": [name_of(turn, key) for key in answers],
        "left": [name_of(turn, key) for key in left],
        "coming": [name_of(turn, key) for key in waiting.wanted if key in coming - answers.keys()],
        "upload": upload_link(turn, left),
        # the promise begins now, with all that was wanted
        "due": max((one.due for one in changed if one.due and not one.wanted), default=None),
    }
    beside.went_to(turn, case, answers)
    return Answer((Say("talk/supplied", values),))


def with_pages(waiting: Waiting, answers: Mapping[str, form.Answer]) -> Mapping[str, form.Answer]:
    """The answers, photos joined to those there are; what staff sent back is to come anew."""
    returned = {key for need in waiting.needs if need.reason for key in need.wanted}
    materials = waiting.case.record.materials
    return {
        key: photos.joined(Given(there.how, there.value), answer)
        if isinstance(answer, Given) and key not in returned and (there := materials.get(key))
        else answer
        for key, answer in answers.items()
    }


def update(turn: Turn, case: Case, need: Need, answers: Mapping[str, form.Answer]) -> Need:
    """One need with what it got; complete, it is submitted again and its assignee gets a card."""
    left = tuple(key for key in need.wanted if key not in answers)
    left += tuple(key for key in brought_up(turn, case, need, answers) if key not in left)
    if left == need.wanted:
        return need
    state, days = None if left else NeedState.SUBMITTED, turn.catalog.agency.days
    found = None if left else promised(turn.catalog.service(need), turn.now.date(), days)
    changed = cases.change(turn.tx, need, state=state, wanted=left, at=turn.now, **terms(found))
    supplied = [key for key in need.wanted if key in answers]
    turn.note(case.id, need.id, "supplied", CLIENT, keys=supplied)
    if left:
        return changed
    staff = turn.catalog.in_charge(need.assignee)
    values = {
        "number": case.number,
        "item": turn.catalog.service(need).name,
        "names": [name_of(turn, key) for key in supplied],
    }
    key = f"supplied:{need.id}:{changed.version}"
    address = (Channel.WECOM, staff.id)
    turn.push(turn.text_push(key, address, Say("staff/supplied", values), purpose="supplied"))
    push_card(turn, staff, assignment_card(turn, case, changed))
    return changed


def brought_up(
    turn: Turn, case: Case, need: Need, answers: Mapping[str, form.Answer]
) -> Iterator[str]:
    """What a yes to a deciding question asks for besides, as was said with the question."""
    yes = {key.removeprefix(FACT) for key, answer in answers.items() if answer is True}
    record = case.record
    notice = required(turn.catalog, Situation((need.item,), record.client_type, record.facts))
    for one in (*notice.typed, *notice.uploads):
        given = record.materials.get(one.name)
        if one.when in yes and (given is None or given.how is How.LATER):
            yield one.name


def with_answers(record: Record, answers: Mapping[str, form.Answer]) -> Record:
    """The record with the answers in their places."""
    fields, facts, materials = dict(record.fields), dict(record.facts), dict(record.materials)
    for key, answer in answers.items():
        if isinstance(answer, Given):
            materials[key] = Provided(answer.how, answer.value)
        elif key.startswith(FACT):
            facts[key.removeprefix(FACT)] = bool(answer)
        else:
            fields[Field(key)] = str(answer)
    return replace(record, fields=fields, facts=facts, materials=materials)
