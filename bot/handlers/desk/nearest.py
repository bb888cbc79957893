"""What an order that nobody knows was probably meant to be."""

import re
from difflib import SequenceMatcher

from bot.handlers.desk.own_orders import OWN, words_of
from bot.handlers.turn import Turn
from bot.messages import Say
from bot.reading.normalise import Text
from bot.reading.staff.commands import VERBS

# what stands before the number: no order has more characters than that
HEAD = re.compile("[\u4e00-\u9fff]{2,6}(?![\u4e00-\u9fff])")
ALIKE = 0.5
MOST = 3


def help_for(turn: Turn) -> Say:
    """The orders most like what was typed, with how they are written; else all there are."""
    found = HEAD.match(Text.of(turn.inbound.text).plain)
    head = found.group() if found else ""
    verbs = alike(turn, head) if head else []
    if not verbs:
        return Say("staff/help")
    texts = turn.office.renderer
    usages = [texts.text(Say(f"orders/usage_{verb}")) for verb in verbs]
    return Say("orders/nearest", {"said": head, "usages": usages})


def alike(turn: Turn, head: str) -> list[str]:
    """What the words most like these would do, the most alike first."""
    own = [(word, verb) for verb in OWN for word in words_of(turn, verb)]
    best: dict[str, float] = {}
    for word, verb in (*VERBS, *own):
        if len(word) < 2:
            continue
        ratio = SequenceMatcher(None, word, head).ratio()
        if ratio >= ALIKE:
            best[verb] = max(best.get(verb, 0.0), ratio)
    ordered = sorted(best, key=lambda verb: -best[verb])
    top = [verb for verb in ordered if best[verb] == best[ordered[0]]]
    return (top if len(top) <= MOST else ordered)[:MOST]
