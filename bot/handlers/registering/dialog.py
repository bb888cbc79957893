"""The intake in conversation: begins one where a need is heard, and does what it decides."""

from collections.abc import Mapping
from dataclasses import replace

from bot.dialogs.intake.draft import Asking, Draft, Known
from bot.dialogs.intake.flow import take
from bot.dialogs.intake.known import known_of
from bot.dialogs.intake.outcome import Deed, Heard, Outcome, Setting
from bot.dialogs.intake.sayings import say_welcome_back
from bot.domain.cases import Field
from bot.domain.catalog import Item
from bot.handlers.files import beside, photos
from bot.handlers.registering import supplement
from bot.handlers.registering.registration import register
from bot.handlers.registering.which import question
from bot.handlers.turn import Answer, Turn
from bot.messages import Kind, Say
from bot.reading.reading import Intent, Reading, Word
from storage import cases, handovers, people

ABOUT_FORMS = frozenset({Kind.TEXT, Kind.IMAGE, Kind.LOCATION})


def intake(turn: Turn) -> Answer | None:
    """The answer of an intake that is open, or that this message opens."""
    if turn.inbound.kind not in ABOUT_FORMS:
        return None
    draft = draft_of(turn)
    if draft is None or (draft.cancelled and turn.reading.word is not Word.CONTINUE):
        agrees = turn.reading.word is Word.AGREE and not consented(turn)
        if not (opens(turn.reading) or agrees or repeats(turn)) or may_be_supply(turn):
            return nothing_to_repeat(turn)
        return begin(turn)
    if turn.reading.same and draft.last is None:
        # said late, or agreed to only now
        draft = draft.but(last=last_known(turn))
    draft = beside.taken_over(turn, draft)
    outcome = take(draft, heard(turn), setting(turn))
    if long_ago(turn, draft) and outcome.draft.asking not in SHOWN_WHOLE:
        back = say_welcome_back(draft, turn.catalog)
        outcome = replace(outcome, says=(back, *outcome.says))
    return carry_out(turn, outcome)


def begin(turn: Turn) -> Answer:
    """A new intake; of a client who agreed before, the newest case tells what is known."""
    draft = beside.taken_over(turn, Draft(last=last_known(turn)))
    outcome = take(draft, heard(turn), setting(turn))
    if turn.reading.same and draft.last is None and consented(turn):
        outcome = replace(outcome, says=(Say("intake/nothing_known"), *outcome.says))
    return carry_out(turn, outcome)


def last_known(turn: Turn) -> Known | None:
    """What the person's newest case says of them; nothing without consent."""
    if not consented(turn):
        return None
    newest = next(iter(cases.of_person(turn.tx, turn.person.id, 1)), None)
    return None if newest is None else known_of(newest, turn.catalog)


def repeats(turn: Turn) -> bool:
    """Whether it is 老样子 and no more: the need of the last time once again."""
    return turn.reading.same and turn.reading.intent is None and last_known(turn) is not None


def nothing_to_repeat(turn: Turn) -> Answer | None:
    """What 老样子 is told where nothing is known, or may be used no more."""
    if not turn.reading.same or turn.reading.intent is not None or last_known(turn) is not None:
        return None
    return Answer((Say("intake/nothing_to_repeat"),))


def long_ago(turn: Turn, draft: Draft) -> bool:
    """Whether the person last wrote to this draft on another day, and told us something."""
    return draft.day is not None and draft.day < turn.now.date() and bool(draft.fields)


# what these ask shows everything that is known
SHOWN_WHOLE = frozenset({Asking.REVIEW, Asking.REVIEWED})


def may_be_supply(turn: Turn) -> bool:
    """Whether words that name no need for certain may be what a registered case waits for."""
    return not turn.reading.sure and supplement.waiting_case(turn) is not None


def draft_of(turn: Turn) -> Draft | None:
    """The draft this person has, open or cancelled."""
    return turn.draft


def is_open(turn: Turn) -> bool:
    """Whether an intake is under way."""
    draft = draft_of(turn)
    return draft is not None and not draft.cancelled


def draft_items(turn: Turn) -> tuple[Item, ...]:
    """The items of the registration under way, as far as they are still offered."""
    draft, known = draft_of(turn), turn.catalog.item
    rows = draft.rows if draft is not None and not draft.cancelled else ()
    return tuple(known[row.item] for row in rows if row.item and row.item in known)


def handed_over(turn: Turn) -> bool:
    """Whether a staff member talks with the client; not once that ended in this turn."""
    if turn.person.handed_to is None:
        return False
    return handovers.of_person(turn.tx, turn.person.id) is not None


def opens(said: Reading) -> bool:
    """Whether a message, said out of the blue, begins an intake: a need, or a pasted block."""
    if said.intent is Intent.SERVICE:
        return True
    return said.intent is None and len({*Field} & said.fields.keys()) >= 2


def heard(turn: Turn) -> Heard:
    """The message as the intake takes it; a location is an address that is read back."""
    place = turn.inbound.location
    if place is not None:
        text = place.label.strip()
        fields = {Field.ADDRESS.value: text} if text else {}
        return Heard(Reading(text, fields=fields, labelled=frozenset(fields)))
    # before 同意 nothing is fetched and nothing kept: the intake asks for the photo again
    photo = photos.expected(turn) if consented(turn) else turn.inbound.media
    return Heard(turn.reading, photo, turn.inbound.text)


def words_of(turn: Turn) -> str:
    """The message as words that can be read again later; a place under the label of an address."""
    place = turn.inbound.location
    if place is None:
        return turn.inbound.text
    return turn.office.renderer.text(Say("intake/place", {"label": place.label.strip()}))


def setting(turn: Turn) -> Setting:
    """What the intake must know of this moment."""
    return Setting(
        catalog=turn.catalog,
        today=turn.now.date(),
        read=turn.office.reader.read,
        consented=consented(turn),
        first_words=turn.person.first_words or "",
        upload=turn.office.links.upload(turn.person.id),
    )


def consented(turn: Turn) -> bool:
    """Whether the person agreed to the privacy notice as it now reads."""
    version = turn.catalog.agency.privacy.version
    return turn.person.consented_at is not None and turn.person.consent_version == version


def carry_out(turn: Turn, outcome: Outcome) -> Answer:
    """What the outcome asks for, in this transaction."""
    draft, says = outcome.draft, outcome.says
    if outcome.deed is Deed.REGISTER:
        # what another case asked about while this was paused, is asked now
        answer = Answer((*says, register(turn, draft)), {})
        return supplement.go_on(turn, answer, tuple(map(question, draft.which)))
    if outcome.deed is Deed.SEAL:
        words = "\n".join(filter(None, (turn.person.first_words, words_of(turn))))
        people.keep_first(turn.tx, turn.person.id, words, turn.now)
    elif outcome.deed in {Deed.CONSENT, Deed.REFUSE, Deed.FORGET}:
        people.keep_first(turn.tx, turn.person.id, None, turn.now)
    if outcome.deed is Deed.CONSENT:
        version = turn.catalog.agency.privacy.version
        people.consent(turn.tx, turn.person.id, turn.now, version)
    if outcome.deed is Deed.REFUSE:
        return Answer(says, {})
    return Answer(says, stored(draft.but(day=turn.now.date())))


def stored(draft: Draft) -> Mapping[str, object]:
    """The draft as the person's progress."""
    return draft.model_dump(mode="json", exclude_defaults=True) | {"form": "intake"}


def aside(turn: Turn, *says: Say) -> Answer:
    """The answer to a digression; the registration under way is as it was.

    After a summary, a plain 好的 now answers the digression: it takes a 确认 to register.
    """
    draft = draft_of(turn)
    left = None
    if draft is not None and draft.asking is Asking.REVIEW:
        left = stored(draft.but(asking=Asking.REVIEWED))
    elif draft is not None and long_ago(turn, draft):
        left = stored(draft.but(day=turn.now.date()))
    return Answer((*says, *still_there(turn)), left)


def still_there(turn: Turn) -> tuple[Say, ...]:
    """After a digression: the registration under way is as it was.

    Nothing while staff talk with the client: what comes next is for them.
    """
    draft = draft_of(turn)
    if draft is None or draft.cancelled or handed_over(turn):
        return ()
    still = Say("talk/still_there")
    known = long_ago(turn, draft)
    return (say_welcome_back(draft, turn.catalog), still) if known else (still,)
