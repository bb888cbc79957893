"""What is said or filmed: read where the platform wrote it down, else kept for a person to hear."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.domain.cases import Case
from bot.domain.files import FileSort
from bot.handlers.files import recordings
from bot.handlers.files.documents import MOST_IN_A_DAY, allowed
from bot.handlers.files.loose import agreed, open_case
from bot.handlers.files.photos import expect, sort_of
from bot.handlers.registering import supplement
from bot.handlers.registering.dialog import aside, is_open
from bot.handlers.turn import Answer, Turn
from bot.messages import Inbound, Kind, Say
from storage import files

RECORDED = frozenset({Kind.VOICE, Kind.VIDEO})
# what is fetched and kept of somebody who agreed to it
KEPT = RECORDED | {Kind.IMAGE}
# after that the whole sentence is said again
TOLD = timedelta(hours=12)


def as_read(inbound: Inbound) -> Inbound:
    """A voice message as the words that the platform heard in it; itself if it heard none."""
    words = inbound.text.strip()
    if inbound.kind is not Kind.VOICE or not words:
        return inbound
    return replace(inbound, kind=Kind.TEXT, text=words, media=None, spoken=inbound.media)


def keep_spoken(turn: Turn, answer: Answer) -> tuple[Say, ...]:
    """Keeps the sound of what was read, where it belongs; what it was heard as."""
    spoken = turn.inbound.spoken
    if spoken is None:
        return ()
    progress = turn.person.progress if answer.progress is None else answer.progress
    case = None if drafting(progress) else open_case(turn)
    belongs = case is not None or drafting(progress)
    # numbers that were masked in the words can still be heard in the sound
    if spoken.media_id and agreed(turn) and belongs and not turn.inbound.masked:
        expect(turn, case_id=None if case is None else case.id)
    return (Say("files/heard_as", {"words": turn.inbound.text}),)


def drafting(progress: Mapping[str, object]) -> bool:
    """Whether a registration is under way."""
    return progress.get("form") == "intake" and not progress.get("cancelled")


def too_many(turn: Turn) -> Answer | None:
    """No more is fetched of one person in a day than anybody needs to send."""
    media = turn.inbound.media
    if turn.inbound.kind not in KEPT or media is None or not agreed(turn) or allowed(turn):
        return None
    values = {"most": MOST_IN_A_DAY, "agency": turn.catalog.agency}
    return aside(turn, Say("files/too_many", values))


def left(turn: Turn) -> Answer | None:
    """A voice message or a video for the registration or case under way; None: there is none."""
    media = turn.inbound.media
    if turn.inbound.kind not in RECORDED or media is None or not media.media_id:
        return None
    case = None if is_open(turn) else open_case(turn)
    if not agreed(turn) or (case is None and not is_open(turn)):
        return None
    sort = sort_of(turn.inbound)
    values = {
        "sort": sort.value,
        "again": told(turn, sort, case),
        "number": "" if case is None else case.number,
        "agency": turn.catalog.agency,
    }
    key = expect(turn, case_id=None if case is None else case.id)
    says = [Say("files/recorded", values)]
    if case is not None:
        file = files.by_key(turn.tx, key)
        recordings.note(turn, case, () if file is None else (file,))
        waiting = supplement.waiting_case(turn)
        says += [] if waiting is None else [supplement.left_of(turn, waiting)]
    return aside(turn, *says)


def told(turn: Turn, sort: FileSort, case: Case | None) -> bool:
    """Whether the client has just been told what becomes of such a thing there."""
    number = None if case is None else case.id
    return any(
        one.sort is sort and one.case_id == number and turn.now - one.at <= TOLD
        for one in files.of_person(turn.tx, turn.person.id)
    )
