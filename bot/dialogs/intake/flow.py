"""One turn of the intake: the first of the ordered answers that fits, else gather and reply."""

from collections.abc import Callable

from bot.dialogs.engine import Placed, each_fact
from bot.dialogs.form import DESCRIPTION, FACT, Given, Sort, Step
from bot.dialogs.intake import album, consent, needs, photos
from bot.dialogs.intake.draft import Asking, Draft, all_steps, open_steps, still_missing
from bot.dialogs.intake.gathering import (
    apply,
    gather,
    next_question,
    opened,
    placing,
    reply,
    which_one,
)
from bot.dialogs.intake.known import same_again
from bot.dialogs.intake.outcome import Deed, Heard, Outcome, Setting
from bot.dialogs.intake.rows import change_rows
from bot.dialogs.intake.sayings import say_changeable, say_line, say_went_back
from bot.dialogs.readers import plain_answer, read_answer
from bot.domain.cases import How
from bot.messages import Say
from bot.reading.answers.choices import as_number, read_choice
from bot.reading.reading import Reading, Word

Turned = Outcome | None


def take(draft: Draft, heard: Heard, setting: Setting) -> Outcome:
    """The outcome of one message for this draft; never silent."""
    if draft.asking is Asking.PERSON:
        # whoever does not want the person goes on with the form
        draft = draft.but(asking=Asking.NOTHING)
    for answer in ANSWERS:
        outcome = answer(draft, heard, setting)
        if outcome is not None:
            return outcome
    return gather(draft, heard, setting)


def cancel(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    """Of a question within the form the first 取消 takes back that question alone."""
    if heard.said.word is not Word.CANCEL:
        return None
    if draft.changing or draft.asking in WITHIN:
        return reply(plain(draft), draft, Placed(), setting, (Say("intake/nothing_changed"),))
    if not draft.rows:
        return Outcome(Draft(cancelled=True), (Say("intake/nothing_kept"),))
    return Outcome(plain(draft).but(cancelled=True), (Say("intake/cancelled"),))


WITHIN = frozenset({Asking.ADD_OR_REPLACE, Asking.WHICH, Asking.CHANGE_WHAT})


def plain(draft: Draft) -> Draft:
    """The draft without the question within the form that was open."""
    closed = {"changing": "", "choices": (), "loose": None, "proposed": None}
    return draft.but(asking=Asking.NOTHING, **closed)


def restart(_: Draft, heard: Heard, _setting: Setting) -> Turned:
    if heard.said.word is not Word.RESTART:
        return None
    return Outcome(Draft(), (Say("intake/restarted"),), Deed.FORGET)


def carry_on(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    if heard.said.word is not Word.CONTINUE or not setting.consented:
        return None
    return reply(draft.but(cancelled=False), draft, Placed(), setting, (Say("intake/resumed"),))


def go_back(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    if heard.said.word is not Word.BACK:
        return None
    earlier = draft.earlier()
    if earlier is None:
        return reply(draft, draft, Placed(), setting, (Say("intake/nothing_before"),))
    earlier = plain(earlier)
    said = say_went_back(draft, earlier, setting.catalog)
    return reply(earlier, earlier, Placed(), setting, (said,))


def choose_item(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    if not draft.rows and heard.said.needs:
        return None
    chosen = needs.choose(draft, heard, setting)
    if chosen is None:
        return None
    if chosen.asking is Asking.ITEM:
        return Outcome(chosen, (needs.say_choice(chosen, setting.catalog, again=True),))
    return opened(chosen, draft, setting)


def add_or_replace(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    decided = needs.add_or_replace(draft, heard)
    return None if decided is None else opened(decided, draft, setting)


def which(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    """A text that fitted several steps finds its place by number or name."""
    if draft.asking is not Asking.WHICH or draft.loose is None or answers_otherwise(heard.said):
        return None
    number = read_choice(heard.said.text, draft.choices)
    if number is None and len(draft.choices) == 1 and heard.said.word is Word.YES:
        number = 0
    if number is None and heard.said.word in CONFIRMING:
        return Outcome(draft, (which_one(draft),))
    if number is None and heard.said.word is Word.NO:
        return reply(plain(draft), draft, Placed(), setting, (Say("intake/not_that"),))
    if number is None:
        return None
    placed = Placed({draft.choices[number]: draft.loose})
    return reply(apply(plain(draft), placed), draft, placed, setting)


def answers_otherwise(said: Reading) -> bool:
    """Whether the message holds answers of its own, in which a choice's name may occur."""
    return bool(said.labelled or said.numbered or said.materials or said.materials_later)


def change_what(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    """修改 without saying what, 改电话 without saying to what, and the number picked."""
    key = None if decides(heard.said, draft, setting) else heard.said.change
    if draft.asking is Asking.CHANGE_WHAT and key is None:
        number = read_choice(heard.said.text, draft.choices)
        key = None if number is None else draft.choices[number]
    if key is not None:
        return Outcome(
            draft.but(asking=Asking.NOTHING, changing=key, choices=()),
            (Say("intake/new_value", {"key": key}),),
        )
    takes_back = draft.asking is Asking.NOTHING and plain_answer(heard.said.text) is None
    declined = (
        not decides(heard.said, draft, setting)
        and heard.said.word in {Word.NO, Word.DISAGREE}
        and not (heard.said.fields or heard.said.materials or heard.said.facts)
        and draft.rows
        and (draft.asking in {Asking.REVIEW, Asking.REVIEWED} or takes_back)
    )
    if heard.said.word is Word.CHANGE or declined:
        say, keys = say_changeable(draft, setting.catalog)
        return Outcome(draft.but(asking=Asking.CHANGE_WHAT, choices=keys), (say,))
    return None


def decides(said: Reading, draft: Draft, setting: Setting) -> bool:
    """Whether 名称变了 answers an open question rather than asks to change the name given here."""
    steps = open_steps(draft, setting.catalog)
    questions = [step for step in steps if step.sort is Sort.FACT]
    stated = {FACT + one for one in said.facts} & {step.key for step in questions}
    return bool(stated) or bool(questions and each_fact(said.text, questions))


def new_value(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    """The bare answer to "what should it be instead?"."""
    said = heard.said
    step = Step(draft.changing, sort_of(draft, setting))
    agreed = said.word in {Word.CONFIRM, Word.YES} and step.sort is not Sort.FACT
    if not draft.changing or agreed or said.labelled - {step.key}:
        return None
    if heard.photo is not None and step.sort in {Sort.UPLOAD, Sort.TYPED}:
        photo = Placed({step.key: Given(How.UPLOADED, heard.photo.media_id)})
        anew = photos.lifted(draft, step.key, photos.keys_of(draft.materials.get(step.key)))
        return reply(apply(anew.but(changing=""), photo), draft, photo, setting)
    worded = said.needs or (len(draft.rows) == 1 and len(said.text) >= 4)
    if draft.changing == DESCRIPTION and worded:
        fresh = needs.reworded(draft.but(changing=""), heard, setting.catalog)
        return opened(fresh, draft, setting)
    answer = read_answer(step, heard.quote, setting.read)
    if answer is None and heard.said.text and placing(draft, heard, setting).nothing:
        return Outcome(draft, (Say("intake/new_value_again", {"key": step.key}),))
    if answer is None:
        return None
    placed = Placed({step.key: answer})
    return reply(apply(draft.but(changing=""), placed), draft, placed, setting)


def pick_line(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    """A bare number of the list last shown: what follows is the answer to that line."""
    number = as_number(heard.said.text)
    if draft.asking is not Asking.NOTHING or not 1 <= (number or 0) <= len(draft.shown):
        return None
    key = draft.shown[int(number or 0) - 1]
    if filed := album.by_number(draft, key, setting):
        return filed
    say = say_line(key, sort_of(draft.but(changing=key), setting), setting.catalog)
    return Outcome(draft.but(changing=key), (say,))


def sort_of(draft: Draft, setting: Setting) -> Sort:
    """The sort of the step that is being changed."""
    steps = {step.key: step.sort for step in all_steps(draft, setting.catalog)}
    return steps.get(draft.changing, Sort.NEED if draft.changing == DESCRIPTION else Sort.FIELD)


def confirm(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    """Nothing is registered without an explicit yes to the summary that was shown."""
    said = heard.said
    if draft.asking not in {Asking.REVIEW, Asking.REVIEWED} or said.word not in CONFIRMING:
        return None
    if said.fields or said.materials or said.numbered:
        return None
    if draft.asking is Asking.REVIEWED and said.word is not Word.CONFIRM:
        return Outcome(*summed_up(draft, setting))
    return Outcome(draft, (), Deed.REGISTER)


def summed_up(draft: Draft, setting: Setting) -> tuple[Draft, tuple[Say, ...]]:
    """The draft with its summary shown once more."""
    draft, say = next_question(draft, setting)
    return draft, (say,)


CONFIRMING = frozenset({Word.CONFIRM, Word.YES, Word.AGREE, Word.REGISTER_FIRST})


def register_first(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    """先登记: uploads may follow and open questions go to staff; fields may not be left out."""
    if heard.said.word is not Word.REGISTER_FIRST or not setting.consented:
        return None
    if not still_missing(draft, setting.catalog).registrable:
        return reply(draft, draft, Placed(), setting, (Say("intake/not_yet_first"),))
    return reply(draft.but(skip_questions=True), draft, Placed(), setting, (Say("intake/first"),))


# Who looks at a message first; the first answer wins.
ANSWERS: tuple[Callable[[Draft, Heard, Setting], Turned], ...] = (
    cancel,
    restart,
    change_rows,
    consent.decide,
    carry_on,
    go_back,
    same_again,
    album.another,
    album.which,
    which,
    choose_item,
    add_or_replace,
    confirm,
    album.named,
    change_what,
    pick_line,
    new_value,
    register_first,
    album.called,
)
