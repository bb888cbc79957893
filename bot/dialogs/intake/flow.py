"""One turn of the intake: the first of the ordered answers that fits, else gather and reply."""

from collections.abc import Callable

from bot.dialogs.engine import Placed
from bot.dialogs.form import DESCRIPTION, Sort, Step
from bot.dialogs.intake import consent, needs
from bot.dialogs.intake.draft import Asking, Draft, all_steps, still_missing
from bot.dialogs.intake.gathering import apply, gather, opened, reply
from bot.dialogs.intake.outcome import Deed, Heard, Outcome, Setting
from bot.dialogs.intake.sayings import say_changeable
from bot.dialogs.readers import read_answer
from bot.messages import Say
from bot.reading.choices import read_choice
from bot.reading.reading import Word

Turned = Outcome | None


def take(draft: Draft, heard: Heard, setting: Setting) -> Outcome:
    """The outcome of one message for this draft; never silent."""
    for answer in ANSWERS:
        outcome = answer(draft, heard, setting)
        if outcome is not None:
            return outcome
    return gather(draft, heard, setting)


def cancel(draft: Draft, heard: Heard, _: Setting) -> Turned:
    if heard.said.word is not Word.CANCEL:
        return None
    return Outcome(draft.but(cancelled=True), (Say("intake/cancelled"),))


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
    plain = earlier.but(asking=Asking.NOTHING, changing="", loose=None)
    return reply(plain, plain, Placed(), setting, (Say("intake/went_back"),))


def choose_item(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    if not draft.rows and heard.said.needs:
        return None
    chosen = needs.choose(draft, heard, setting)
    if chosen is None:
        return None
    if chosen.asking is Asking.ITEM:
        return Outcome(chosen, (needs.say_choice(chosen, setting.catalog),))
    return opened(chosen, draft, setting)


def add_or_replace(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    decided = needs.add_or_replace(draft, heard)
    return None if decided is None else opened(decided, draft, setting)


def which(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    """A text or photo that fitted several steps finds its place by number or name."""
    if draft.asking is not Asking.WHICH or draft.loose is None:
        return None
    number = read_choice(heard.said.text, draft.choices)
    if number is None and len(draft.choices) == 1 and heard.said.word in CONFIRMING:
        number = 0
    if number is None:
        return None
    placed = Placed({draft.choices[number]: draft.loose})
    plain = draft.but(asking=Asking.NOTHING, choices=(), loose=None)
    return reply(apply(plain, placed), draft, placed, setting)


def change_what(draft: Draft, heard: Heard, _: Setting) -> Turned:
    """修改 without saying what, 改电话 without saying to what, and the number picked."""
    key = heard.said.change
    if draft.asking is Asking.CHANGE_WHAT and key is None:
        number = read_choice(heard.said.text, draft.choices)
        key = None if number is None else draft.choices[number]
    if key is not None:
        return Outcome(
            draft.but(asking=Asking.NOTHING, changing=key, choices=()),
            (Say("intake/new_value", {"key": key}),),
        )
    declined = draft.asking is Asking.REVIEW and heard.said.word in {Word.NO, Word.DISAGREE}
    if heard.said.word is Word.CHANGE or declined:
        say, keys = say_changeable(draft)
        return Outcome(draft.but(asking=Asking.CHANGE_WHAT, choices=keys), (say,))
    return None


def new_value(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    """The bare answer to "what should it be instead?"."""
    if not draft.changing or heard.said.word in {Word.CONFIRM, Word.YES}:
        return None
    if draft.changing == DESCRIPTION and heard.said.needs:
        fresh = needs.begin(draft.but(changing=""), heard.said, setting.catalog)
        return opened(fresh, draft, setting)
    step = Step(draft.changing, sort_of(draft, setting))
    answer = read_answer(step, heard.said.text, setting.read)
    if answer is None:
        return None
    placed = Placed({step.key: answer})
    return reply(apply(draft.but(changing=""), placed), draft, placed, setting)


def sort_of(draft: Draft, setting: Setting) -> Sort:
    """The sort of the step that is being changed."""
    steps = {step.key: step.sort for step in all_steps(draft, setting.catalog)}
    return steps.get(draft.changing, Sort.FIELD)


def confirm(draft: Draft, heard: Heard, _: Setting) -> Turned:
    """Nothing is registered without an explicit yes to the summary that was shown."""
    said = heard.said
    if draft.asking is not Asking.REVIEW or said.word not in CONFIRMING or said.fields:
        return None
    if said.materials or said.numbered:
        return None
    return Outcome(draft, (), Deed.REGISTER)


CONFIRMING = frozenset({Word.CONFIRM, Word.YES, Word.AGREE, Word.REGISTER_FIRST})


def register_first(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    """先登记: uploads may follow and open questions go to staff; fields may not be left out."""
    if heard.said.word is not Word.REGISTER_FIRST or not setting.consented:
        return None
    if not still_missing(draft, setting.catalog).registrable:
        return reply(draft, draft, Placed(), setting, (Say("intake/not_yet"),))
    return reply(draft.but(skip_questions=True), draft, Placed(), setting, (Say("intake/first"),))


# Who looks at a message first; the first answer wins.
ANSWERS: tuple[Callable[[Draft, Heard, Setting], Turned], ...] = (
    cancel,
    restart,
    consent.decide,
    carry_on,
    go_back,
    which,
    choose_item,
    add_or_replace,
    confirm,
    change_what,
    new_value,
    register_first,
)
