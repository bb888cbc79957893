"""The one engine: lays everything a message offers into the open steps, one span into one step."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.dialogs.form import CLIENT_TYPE, EXTRA, FACT, Answer, Given, Sort, Step
from bot.dialogs.readers import (
    ELSEWHERE,
    OUTRIGHT,
    PARTICLES,
    Read,
    fact_answer,
    plain_answer,
    read_answer,
)
from bot.domain.cases import Field, How
from bot.domain.options import Option
from bot.messages import Media
from bot.reading.answers.aptness import counts_things, fits, list_among, off_topic
from bot.reading.answers.choices import NUMERALS, as_number
from bot.reading.fields.addresses import labelled_address
from bot.reading.fields.businesses import is_trade
from bot.reading.normalise import normalise
from bot.reading.reading import Reading, Refusal, Word
from bot.reading.vocabulary import any_of, words


@dataclass(frozen=True)
class Placed:
    """What a message answered. `loose` is a text or photo that fits several steps."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    loose: Given | None = None
    candidates: tuple[str, ...] = ()
    # values unlike the known ones, which stay until they are taken back in words
    other: Mapping[str, str] = field(default_factory=dict)
    # nothing wanted is open: a loose photo is optional, or takes the place of an earlier one
    extra: bool = False
    # how and by when it is to be done, and of which row alone; None: of all
    options: Mapping[Option, bool] = field(default_factory=dict)
    wanted_on: date | None = None
    row: int | None = None

    @property
    def nothing(self) -> bool:
        """Whether the message offered nothing to the form."""
        return not (self.understood or self.refused or self.loose or self.other)

    @property
    def understood(self) -> bool:
        """Whether something was taken."""
        return bool(self.answers or self.options or self.wanted_on)


@dataclass(frozen=True)
class Board:
    """Where answers may go: the steps open now, all that apply, and the list last shown.

    `known` are the values given before, so that saying one again is no riddle.
    """

    open: Sequence[Step]
    applying: Sequence[Step]
    shown: tuple[str, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)
    # the message in the client's own characters, for what is kept as a whole
    quote: str = ""
    # the material that photos went to, as long as nothing but photos came since
    filing: str = ""
    # what to write in a material, by its name
    hints: Mapping[str, str] = field(default_factory=dict)

    def step(self, key: str) -> Step | None:
        """The applying step of that key."""
        return next((step for step in self.applying if step.key == key), None)

    def numbered(self, number: int) -> Step | None:
        """The step behind a number of the list last shown."""
        return self.step(self.shown[number - 1]) if 1 <= number <= len(self.shown) else None

    def open_of(self, *sorts: Sort) -> tuple[Step, ...]:
        """The open steps of these sorts."""
        return tuple(step for step in self.open if step.sort in sorts)


def place(said: Reading, board: Board, read: Read) -> Placed:
    """Lay a text message into the steps. Labels win over numbers, both over guesses."""
    answers: dict[str, Answer] = dict(by_number(said, board, read))
    if not answers:
        answers.update(by_name(said, board))
    answers.update(materials(said, board))
    answers.update(facts(said, board))
    refused = {
        key: str(why.reason)
        for key, why in said.refused.items()
        if key not in answers and not (key in board.known and is_aside(said, why))
    }
    address = answers.get(Field.ADDRESS)
    if isinstance(address, str) and not is_whole_address(address):
        refused[Field.ADDRESS] = "incomplete"
        del answers[Field.ADDRESS]
    other = conflicts(said, board, answers)
    promised = said.all_later is not None and board.open_of(Sort.UPLOAD)
    wishes = bool(said.options or said.deadline or said.later or promised) and not (
        dated(board) and said.deadline
    )
    if answers or refused or other or elsewhere(said) or said.word or wishes:
        return Placed(answers, refused, other=other)
    found = last_resort(said, board, read)
    return repeated(said, board) if found.nothing else found


def dated(board: Board) -> bool:
    """Whether a day would answer the one thing that is open, as 期望机时或送样日期."""
    typed = board.open_of(Sort.TYPED)
    others = board.open_of(Sort.FIELD, Sort.TYPE, Sort.NEED)
    return len(typed) == 1 and not others and any(word in typed[0].key for word in DATED)


DATED = words("dates", "dated")


def elsewhere(said: Reading) -> bool:
    """Whether the message is about something else, or about all that was said another time."""
    return said.same or said.intent in ELSEWHERE


def is_aside(said: Reading, refusal: Refusal) -> bool:
    """Whether much else stands around what cannot be a number: then it was meant for none."""
    return len(said.text) > len(refusal.text) + LONGEST_LEAD


# 电话刚才打错了，应该是
LONGEST_LEAD = 14


def conflicts(said: Reading, board: Board, answers: Mapping[str, Answer]) -> Mapping[str, str]:
    """Values found in a message, unlike what is known, and not said as a correction."""
    return {
        key: value
        for key in Field
        if (value := said.fields.get(key)) is not None
        and key not in answers
        and board.known.get(key, value) != value
    }


def is_whole_address(text: str) -> bool:
    """Whether it names a city, district or county and reaches a street, village or building."""
    plain = normalise(text)
    return labelled_address(plain, 0, len(plain)) is not None


def by_number(said: Reading, board: Board, read: Read) -> Mapping[str, Answer]:
    """Answers such as `1 长春市… 2 张三`, by the list last shown.

    What stands behind a number is its answer and nothing else's, unless it has a label of its own.
    """
    found: dict[str, Answer] = {}
    for number, text in said.numbered.items():
        step = board.numbered(number)
        inner = read(text)
        answer = read_answer(step, text, read) if step and not inner.labelled else None
        if step and answer is not None:
            found[step.key] = answer
        else:
            found.update(by_name(inner, board))
    return found


def by_name(said: Reading, board: Board) -> Mapping[str, Answer]:
    """Fields: under a label or in a correction they replace; a guess only fills a gap.

    A phone is unmistakable by its form, so a bare new one replaces the old; so is the kind of
    client where a message says nothing else.
    """
    open_keys = {step.key for step in board.open}
    if not board.known.get(CLIENT_TYPE):
        # a position is nobody's yet while it is open who asks, and is said with the rest
        open_keys |= {step.key for step in board.applying if step.key not in board.known}
    firm = said.labelled | said.corrected | {Field.PHONE}
    if completes(said.fields.get(Field.ADDRESS, ""), board.known.get(Field.ADDRESS, "")):
        firm |= {Field.ADDRESS}
    alone = said.fields.keys() == {CLIENT_TYPE} and not (said.facts or said.options)
    if alone and len(said.text) <= LONGEST_KIND:
        firm |= {CLIENT_TYPE}
    return {
        key: value
        for key, value in said.fields.items()
        if key in EXTRA
        or ((key in set(Field) or key == CLIENT_TYPE) and (key in open_keys or key in firm))
    }


def completes(new: str, known: str) -> bool:
    """Whether an address is the known one with its end told as well."""
    return bool(known) and len(new) > len(known) and new.startswith(known)


# 个体工商户, and a word before it: a longer text says more than who asks
LONGEST_KIND = 7


def repeated(said: Reading, board: Board) -> Placed:
    """What was given before and is said once more: understood, though it changes nothing."""
    told = {key: text for key, text in said.fields.items() if text == board.known.get(key)}
    # 就是我们厂里 tells another thing than who asks
    beside = told.keys() == {CLIENT_TYPE} and len(said.text) > LONGEST_KIND
    return Placed({} if beside else told)


def materials(said: Reading, board: Board) -> Mapping[str, Answer]:
    """Typed materials under their label, and those promised for later, window or post.

    A promise of everything is about whatever is still open.
    """
    found: dict[str, Answer] = {
        name: Given(How.TYPED, text)
        for name, text in said.materials.items()
        if (step := board.step(name)) and step.sort is Sort.TYPED
    }
    promised = {one for one in said.later.keys() - found.keys() if board.step(one) is not None}
    ordered = (name for name in said.later if name in promised)
    kept = (name for name in ordered if not_another(name, promised, said))
    found.update({name: Given(How.LATER, said.later[name]) for name in kept})
    if said.all_later is not None and not said.numbered:
        # 明天送来 may be the sample: what is typed is promised in so many words alone
        outright = any(word in said.text for word in OUTRIGHT)
        sorts = (Sort.TYPED, Sort.UPLOAD) if outright else (Sort.UPLOAD,)
        still = (step.key for step in board.open_of(*sorts))
        found |= {key: Given(How.LATER, said.all_later) for key in still if key not in found}
    return found


def not_another(name: str, promised: set[str], said: Reading) -> bool:
    """Whether it was this one: 产品配方 spelled out is not also 产品配方材料."""
    spelled = {one for one in promised if normalise(one) in said.text}
    return name in spelled or not any(one in name for one in spelled)


def facts(said: Reading, board: Board) -> Mapping[str, Answer]:
    """Deciding facts said in words, or a bare yes or no when just one question is open.

    Any word of agreement is a yes only where nothing else is left that it could be about.
    """
    found: dict[str, Answer] = {
        FACT + condition: value
        for condition, value in said.facts.items()
        if board.step(FACT + condition) is not None
    }
    questions = board.open_of(Sort.FACT)
    found = found or dict(each_fact(said.text, questions))
    if not found and len(questions) == 1:
        answer = fact_answer(questions[0], said.text, said)
        if answer is None and len(board.open) == 1 and said.word is Word.YES:
            answer = True
        if answer is not None:
            found[questions[0].key] = answer
    return found


def each_fact(text: str, questions: Sequence[Step]) -> Mapping[str, bool]:
    """One answer to all open questions (都不是), or one each: 第一个是，第二个不是."""
    bare = normalise(text).strip(MARKS)
    form = bare.rstrip(PARTICLES)
    for forms, value in ((ALL_NO, False), (ALL_YES, True)):
        if {bare, form} & forms:
            return {step.key: value for step in questions}
    found: dict[str, bool] = {}
    for part in EACH.finditer(bare):
        number = as_number(part["number"])
        answer = plain_answer(part["answer"])
        if number is None or answer is None or not 1 <= number <= len(questions):
            return {}
        found[questions[number - 1].key] = answer
    return found if found and not EACH.sub("", bare).strip(MARKS) else {}


MARKS = " \n,.;!~\u3001\u3002"
ALL_NO, ALL_YES = frozenset(words("facts", "all_no")), frozenset(words("facts", "all_yes"))
_PLACE = rf"{any_of(words('rows', 'ordinal'))}(?:[0-9]|{any_of(NUMERALS)})"
EACH = re.compile(
    rf"(?P<number>{_PLACE}){any_of((*words('rows', 'units'), *words('facts', 'asked')))}?"
    rf"(?P<answer>[^\s,;\u3002]{{1,4}})"
)


def last_resort(said: Reading, board: Board, read: Read) -> Placed:
    """Plain words under no label: taken if one step alone can have them, else asked about."""
    typed = board.open_of(Sort.TYPED)
    others = board.open_of(Sort.FIELD, Sort.TYPE, Sort.NEED)
    if Field.BUSINESS in {step.key for step in others} and is_trade(said.text):
        return Placed({Field.BUSINESS: said.text})
    if off_topic(said):
        return Placed()
    if listing := the_list(said, typed):
        return Placed({listing: Given(How.TYPED, board.quote or said.text)})
    if len(typed) + len(others) == 1:
        return the_last(*typed, *others, said=said, board=board, read=read)
    # a short text may as well be a field that is open: then its name is asked for
    if typed and len(said.text) >= 4 and not (others and len(said.text) <= LONGEST_FIELD):
        names = tuple(step.key for step in typed)
        return Placed(loose=Given(How.TYPED, board.quote or said.text), candidates=names)
    return Placed()


def the_list(said: Reading, typed: Sequence[Step]) -> str | None:
    """The one open list, if the words are things with their number and nothing else."""
    named = list_among(step.key for step in typed)
    return named if named and counts_things(normalise(said.text)) else None


def the_last(step: Step, *, said: Reading, board: Board, read: Read) -> Placed:
    """Words for the only step that is open and takes words."""
    if step.sort is Sort.TYPED:
        return the_last_typed(step.key, said, board)
    answer = read_answer(step, said.text, read)
    return Placed({} if answer is None else {step.key: answer})


def the_last_typed(key: str, said: Reading, board: Board) -> Placed:
    """Words for the only material open: taken if they look like it, else asked about."""
    given = Given(How.TYPED, board.quote or said.text)
    if fits(said.text, key, board.hints.get(key, "")):
        return Placed({key: given})
    return Placed(loose=given, candidates=(key,))


LONGEST_FIELD = 20


def place_photo(media: Media, board: Board) -> Placed:
    """A photo: the one open upload, or a question which of several it is.

    Where no upload is open any more, a photo right behind another is a further page of the same.
    """
    photo = Given(How.UPLOADED, media.media_id)
    wanted = board.open_of(Sort.UPLOAD)
    if not wanted and board.step(board.filing) is not None:
        return Placed({board.filing: photo})
    wanted = wanted or board.open_of(Sort.TYPED)
    if len(wanted) == 1:
        return Placed({wanted[0].key: photo})
    uploads = (step for step in board.applying if step.sort is Sort.UPLOAD)
    keys = tuple(step.key for step in wanted or uploads)
    return Placed(loose=photo, candidates=keys, extra=not wanted)
