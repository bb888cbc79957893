"""A question with numbered lines as a menu to tap, for channels whose replies may hold one."""

import re
from collections.abc import Mapping, Sequence

from bot.handlers.turn import Office
from bot.messages import Say
from bot.wechat.limits import KF_TEXT_BYTES
from bot.wechat.menus import fits_kf

# what offers lines to choose from; a list of what is missing is no choice
CHOICES = frozenset(
    {
        "intake/which_item",
        "intake/which",
        "intake/add_or_replace",
        "intake/change_what",
        "afterwards/which_withdraw",
        "afterwards/which_unsolved",
    }
)
LINE = re.compile(r"^(\d{1,2})\. (.+)$", re.MULTILINE)
# a tap comes back under this id, with the words of the line
PICK = "pick-"


def menu_of(office: Office, says: Sequence[Say], text: str) -> Mapping[str, object] | None:
    """The body of a menu that says the same as `text`; None where there is nothing to choose."""
    asked = [say for say in says if say.key in CHOICES]
    if len(asked) != 1 or len(text.encode()) > KF_TEXT_BYTES:
        return None
    block = office.renderer.text(asked[0])
    lines, begins = list(LINE.finditer(block)), text.find(block)
    if len(lines) < 2 or begins < 0:
        return None
    head = text[:begins] + block[: lines[0].start()]
    tail = block[lines[-1].end() :] + text[begins + len(block) :]
    options = [(f"{PICK}{one[1]}", one[2]) for one in lines]
    if not fits_kf(head.strip(), options, tail.strip()):
        return None
    return {"head": head.strip(), "options": options, "tail": tail.strip(), "text": text}


def picks(option: str) -> bool:
    """Whether an option that was tapped is a line of such a question."""
    return option.startswith(PICK)
