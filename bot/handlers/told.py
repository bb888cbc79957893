"""How a client hears of something, in the words staff read: now, in short, later, or by a call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.handlers.turn import Office
from bot.handlers.ways import way_of
from bot.messages import Channel, Push, Say
from bot.wechat.limits import Way
from storage import people
from storage.db import Tx
from storage.people import Person


@dataclass(frozen=True)
class Told:
    """`key` is one of the texts `staff/told_…`, "" if the client is not told at all.

    `words` go on after what was done: “…，已通知客户”.
    """

    key: str = ""
    words: str = ""

    @property
    def late(self) -> bool:
        """Whether the client will only read it when they write again."""
        return self.key in LATE


# a template or a notice has room for number, item and state alone
BY_WAY: Mapping[Way, str] = {
    Way.CUSTOMER_SERVICE: "message",
    Way.SUBSCRIPTION: "brief",
    Way.TEMPLATE: "brief",
    Way.HOLD: "waits",
    Way.PHONE_TASK: "phone",
}
LATE = frozenset({"waits", "phone", "later"})


def told_by(
    office: Office, tx: Tx, client: Person | None, pushes: Sequence[Push], now: datetime
) -> Told:
    """What becomes of these pushes to the client, as far as our own count knows now.

    Whoever reads that nothing arrives before the client writes is not told so again today.
    """
    if client is None or not pushes:
        return Told()
    if pushes[0].channel is Channel.WECOM:
        return as_told(office, "call")
    if not client.credits.following:
        return as_told(office, "later")
    way = way_of(tx, office.account, pushes[0], client, now)
    told = as_told(office, BY_WAY[way.way], way.reason)
    if told.late:
        people.told_unreached(tx, client.id, now)
    return told


def as_told(office: Office, key: str, reason: str = "") -> Told:
    """The words for it."""
    why = office.renderer.label(f"reason_{reason}") if reason else ""
    return Told(key, office.renderer.text(Say(f"staff/told_{key}", {"reason": why})))
