"""What staff see of the files of a case: how many of each thing, in what state, and the links."""

from collections.abc import Sequence

from bot.domain.cases import Case
from bot.domain.files import RECORDINGS, FilePurpose, FileSort, FileState
from bot.handlers.turn import Turn
from bot.messages import Say
from storage import files
from storage.files import File

# so many links fit into two messages; older ones are counted
MOST = 12

Group = tuple[FilePurpose, FileSort, str]


def seen(turn: Turn, case: Case) -> tuple[Say, ...]:
    """The files of a case by material, the newest material last; nothing where there is none."""
    every = files.of_case(turn.tx, case.id)
    found = [one for one in every if one.state is not FileState.ERASED]
    if not found:
        return (Say("files/erased", {"count": len(every)}),) if every else ()
    stored = [one for one in found if one.state is FileState.STORED]
    linked = {one.key for one in stored[-MOST:]}
    groups: dict[Group, list[File]] = {}
    for one in found:
        groups.setdefault(group_of(one), []).append(one)
    rows = [row(turn, group, own, linked) for group, own in groups.items()]
    return (Say("files/of_case", {"rows": rows}),)


def group_of(file: File) -> Group:
    """What a file is listed under; what is heard or watched stands apart from pictures."""
    sort = file.sort if file.sort in RECORDINGS else FileSort.PHOTO
    return file.purpose, sort, file.title or ""


def row(turn: Turn, group: Group, own: Sequence[File], linked: set[str]) -> dict[str, object]:
    """One material or document with the links to look at it."""
    purpose, sort, title = group
    states = [one.state for one in own]
    return {
        "title": title,
        "sort": sort.value,
        "document": purpose is FilePurpose.CERTIFICATE,
        "stored": states.count(FileState.STORED),
        "waiting": states.count(FileState.WAITING),
        "useless": states.count(FileState.UNREADABLE) + states.count(FileState.LOST),
        "links": [
            link for one in own if one.key in linked and (link := turn.office.links.file(one.key))
        ],
    }
