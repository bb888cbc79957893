"""Photos on their way into a form: noted for the worker to fetch, known by a name of our own."""

from collections.abc import Mapping

from bot.dialogs.form import Answer, Given
from bot.dialogs.intake.draft import Draft
from bot.dialogs.intake.photos import keys_of
from bot.domain.files import FilePurpose, FileSort
from bot.handlers.files.beside import remember
from bot.handlers.turn import Turn
from bot.messages import Inbound, Kind, Media
from bot.wechat.kf_messages import FILE
from storage import files


def expected(turn: Turn) -> Media | None:
    """What was sent, under the name its file will have; the platform's own expires.

    Called once in a turn, and only for somebody who agreed to leave photos with us.
    """
    media = turn.inbound.media
    return None if media is None else Media(expect(turn))


SORTS = {
    Kind.VOICE: FileSort.VOICE,
    Kind.VIDEO: FileSort.VIDEO,
    Kind.FILE: FileSort.DOCUMENT,
}


def sort_of(inbound: Inbound) -> FileSort:
    """What the medium of a message was sent as."""
    if inbound.spoken is not None:
        return FileSort.SPOKEN
    document = inbound.media is not None and inbound.media.format == FILE
    return SORTS.get(inbound.kind, FileSort.DOCUMENT if document else FileSort.PHOTO)


def expect(
    turn: Turn, purpose: FilePurpose = FilePurpose.MATERIAL, case_id: int | None = None
) -> str:
    """The name under which the medium of this message will be kept."""
    media = turn.inbound.media or turn.inbound.spoken or Media("")
    file = files.expect(
        turn.tx,
        person_id=turn.person.id,
        # where it lies: staff may send it in a client's place
        channel=turn.inbound.channel,
        media_id=media.media_id,
        purpose=purpose,
        sort=sort_of(turn.inbound),
        at=turn.now,
        case_id=case_id,
    )
    return file.key


def attach_all(turn: Turn, case_id: int, draft: Draft) -> None:
    """Makes the photos of a registration part of its case, also those that nobody named."""
    attach(turn, case_id, draft.materials)
    if draft.photos:
        files.attach(turn.tx, draft.photos, case_id)
        # they can be named for as long as before
        remember(turn, keys=list(draft.photos))


def attach(turn: Turn, case_id: int, answers: Mapping[str, Answer]) -> None:
    """Makes the photos among the answers part of a case, under their materials' names."""
    for name, given in answers.items():
        if isinstance(given, Given) and (keys := keys_of(given)):
            files.attach(turn.tx, keys, case_id, title=name)
