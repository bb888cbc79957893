"""Cards about a need that has moved on: taken back if unsent, greyed if their code still works.

Whatever can be done next is on a fresh card in any case, so nothing depends on this; a tap on a
card that could not be greyed is answered with the present state.
"""

from datetime import datetime

from bot.domain.cases import Need
from bot.messages import Channel, Push, PushKind
from bot.wechat.limits import RESPONSE_CODE_LIFETIME
from storage import outbox, sent_cards
from storage.db import Tx

# the cards that a need in one state may have, by the first part of their task id
KINDS = ("assign", "next", "wanted")


def retire(tx: Tx, need: Need, label: str, now: datetime, tapped: str = "") -> None:
    """The cards of the need as it was say so; the one that was tapped is changed by its own code.

    The code of the sending works once: the push that uses it stands in the outbox once.
    """
    tasks = [f"{kind}-{need.id}-{need.version}" for kind in KINDS]
    keys = [f"card:{task}" for task in tasks if task != tapped]
    outbox.withdraw(tx, keys, "outdated")
    pushes = [
        Push(
            key=f"spent:{card.key}",
            channel=Channel.WECOM,
            to=card.to,
            kind=PushKind.CARD_UPDATE,
            body={"update": {"button": {"replace_name": label}}, "code": card.code},
            due=now,
            purpose="card_update",
        )
        for card in sent_cards.changeable(tx, keys, now - RESPONSE_CODE_LIFETIME)
    ]
    outbox.enqueue(tx, pushes)
