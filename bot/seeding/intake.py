"""How an invented client registers: they read what is missing, and answer just that."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bot.dialogs.form import DESCRIPTION, FACT, Sort, Step
from bot.dialogs.intake.draft import Asking, Draft, open_steps
from bot.domain.catalog import Catalog, Item
from bot.messages import Channel
from bot.reading.staff.commands import NUMBER
from bot.seeding.clients import Client
from bot.seeding.stage import Stage, draft_of
from bot.seeding.words import listed, pick, typed

MOST_TURNS = 14


@dataclass
class Speaker:
    """A client as they are heard: themselves in the chat, or a staff member for them."""

    stage: Stage
    say: Callable[[str], str]
    draft: Callable[[], Draft | None]


def in_chat(stage: Stage, client: Client) -> Speaker:
    """The client writes to the official account."""
    return Speaker(
        stage,
        lambda text: stage.say(client.openid, text),
        lambda: draft_of(stage.person(Channel.OFFICIAL, client.openid)),
    )


def at_the_desk(stage: Stage, staff: str) -> Speaker:
    """The staff member types what a caller or visitor says."""

    def draft() -> Draft | None:
        person = stage.person(Channel.WECOM, staff)
        talks = person.aside.get("talks") if person else None
        if not isinstance(talks, list) or not talks:
            return None
        return draft_of(stage.person(Channel.DESK, str(talks[-1][0])))

    return Speaker(stage, lambda text: stage.order(staff, text), draft)


def opening(stage: Stage, dice: Random, item: Item) -> str:
    """The first sentence: a phrase of the catalogue that is surely understood as this item."""
    phrases = [phrase for phrase in item.phrases if len(phrase) >= 4]
    dice.shuffle(phrases)
    for phrase in phrases:
        text = pick(dice, "openings").format(phrase)
        said = stage.app.office.reader.read(text)
        if said.sure and len(said.needs) == 1 and said.needs[0].item == item.id:
            return text
    return outright(item)


def outright(item: Item) -> str:
    """The item by its own name."""
    return listed("openings")[3].format(item.name)


def register(speaker: Speaker, dice: Random, client: Client, item: Item, first: str) -> str:
    """Plays the intake to its end; the case's number, or "" if it came to none."""
    reply, told = first, False
    for _ in range(MOST_TURNS):
        found = NUMBER.search(reply)
        draft = speaker.draft()
        if draft is None:
            return found.group(0) if found else ""
        text, told = next_words(speaker.stage, dice, draft, client, item, told=told)
        reply = speaker.say(text)
    return ""


def next_words(
    stage: Stage, dice: Random, draft: Draft, client: Client, item: Item, *, told: bool
) -> tuple[str, bool]:
    """What the client says next, and whether they have told who they are."""
    catalog = stage.app.catalog
    if draft.asking is Asking.ITEM:
        return str(choice(draft, item)), told
    if draft.asking is Asking.CONSENT:
        return pick(dice, "agree"), told
    if draft.asking in PLAIN:
        # what was known from the last time need not be told again
        return PLAIN[draft.asking], told or draft.asking is Asking.KNOWN
    if not told:
        return client.block(stage.app.office.renderer), True
    return answers(draft, catalog, client), True


CONFIRM, NONE_OF_THEM, FIRST, NO, YES = listed("replies")
PLAIN = {
    Asking.REVIEW: CONFIRM,
    Asking.REVIEWED: CONFIRM,
    Asking.ADD_OR_REPLACE: NONE_OF_THEM,
    Asking.WHICH: NONE_OF_THEM,
    Asking.PERSON: NONE_OF_THEM,
    Asking.KNOWN: YES,
}


def choice(draft: Draft, item: Item) -> int:
    """The number of the wanted item in the list, else of the last line, which is 其他."""
    if item.id in draft.choices:
        return draft.choices.index(item.id) + 1
    return len(draft.choices)


def answers(draft: Draft, catalog: Catalog, client: Client) -> str:
    """One line for each thing asked; documents follow later."""
    steps = open_steps(draft, catalog)
    lines = [line for step in steps if (line := line_of(step, draft, client))]
    return "\n".join(lines) or FIRST


def line_of(step: Step, draft: Draft, client: Client) -> str:
    """The answer to one open step, by its number where a label would not do."""
    if step.sort is Sort.TYPED:
        return f"{step.key}：{typed(step.key)}"
    number = draft.shown.index(step.key) + 1 if step.key in draft.shown else 0
    if step.key.startswith(FACT) and number:
        return f"{number}. {NO}"
    if step.sort is Sort.FIELD and number:
        known = {str(key): text for key, text in client.fields.items()}
        return f"{number}. {known.get(step.key) or typed(step.key)}"
    if step.key == DESCRIPTION and number:
        return f"{number}. {typed('')}"
    return ""
