"""What staff see of the files of a case: how many of each thing, in what state, and the links."""

from collections.abc import Sequence

from bot.domain.cases import Case
from bot.domain.files import FilePurpose, FileState
from bot.handlers.turn import Turn
from bot.messages import Say
from storage import files
from storage.files import File

# so many links fit into two messages; older ones are counted
MOST = 12


def seen(turn: Turn, case: Case) -> tuple[Say, ...]:
    """The files of a case by material, the newest material last; nothing where there is none."""
    every = files.of_case(turn.tx, case.id)
    found = [one for one in every if one.state is not FileState.ERASED]
    if not found:
        return (Say("files/erased", {"count": len(every)}),) if every else ()
    stored = [one for one in found if one.state is FileState.STORED]
    linked = {one.key for one in stored[-MOST:]}
    groups: dict[tuple[FilePurpose, str], list[File]] = {}
    for one in found:
        groups.setdefault((one.purpose, one.title or ""), []).append(one)
    rows = [row(turn, purpose, title, own, linked) for (purpose, title), own in groups.items()]
    return (Say("files/of_case", {"rows": rows}),)


def row(
    turn: Turn, purpose: FilePurpose, title: str, own: Sequence[File], linked: set[str]
) -> dict[str, object]:
    """One material or document with the links to look at it."""
    states = [one.state for one in own]
    return {
        "title": title,
        "document": purpose is FilePurpose.CERTIFICATE,
        "stored": states.count(FileState.STORED),
        "waiting": states.count(FileState.WAITING),
        "useless": states.count(FileState.UNREADABLE) + states.count(FileState.LOST),
        "links": [
            link for one in own if one.key in linked and (link := turn.office.links.file(one.key))
        ],
    }
