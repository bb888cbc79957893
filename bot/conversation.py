"""One turn: the message is claimed, the first handler of the table answers, the reply is kept."""

import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.clock import Clock
from bot.handlers import digressions, fallback, kf_events, platform_events, subscriptions
from bot.handlers.choices import menu_of, picks
from bot.handlers.complaints import desk as complaint_desk
from bot.handlers.complaints import heard as complaints
from bot.handlers.complaints import replies as complaint_replies
from bot.handlers.desk import entries, own_orders, received, rerouting
from bot.handlers.desk import intake as staff_intake
from bot.handlers.desk import taps as card_taps
from bot.handlers.desk import typed as staff
from bot.handlers.desk.staff_menu import as_typed as as_order
from bot.handlers.files import certificates, listening, uploading
from bot.handlers.files import loose as loose_photos
from bot.handlers.in_parts import parts_of, pushes
from bot.handlers.privacy import desk as privacy_desk
from bot.handlers.privacy import wishes as privacy
from bot.handlers.progress import afterwards, lookups
from bot.handlers.progress import own as progress
from bot.handlers.ratings import answers as rating
from bot.handlers.ratings import asides as rating_asides
from bot.handlers.ratings import improving
from bot.handlers.registering import amend, dialog, parked, priced, supplement
from bot.handlers.safekeeping import keepable, safe
from bot.handlers.talks import desk as talks
from bot.handlers.talks import handover, sessions
from bot.handlers.turn import Answer, Handler, Office, Turn
from bot.messages import Channel, Inbound, Kind, Push, PushKind, Say
from bot.reading.concerns.ahead import read_ahead
from bot.reading.reading import Reading
from bot.wechat.kf_messages import FILE
from bot.wechat.limits import KF_CODE_LIFETIME
from bot.wechat.menu import spoken_by
from storage import humans, inbox, outbox, people
from storage.db import Busy, Database, Tx
from storage.people import Act, Person

T = TypeVar("T")
log = logging.getLogger(__name__)

Encode = Callable[[Inbound, str, datetime], bytes]
Beside = Callable[[Tx], object]

# Who is asked, in this order; the first that answers, wins.
CLIENT_HANDLERS: tuple[Handler, ...] = (
    privacy.unfollowed,
    subscriptions.happened,
    platform_events.happened,
    rating.tapped,
    privacy.wished,
    listening.too_many,
    handover.talking,
    complaint_replies.answered,
    lookups.proved,
    afterwards.answered,
    supplement.picked,
    rating_asides.followed,
    rating.answered,
    loose_photos.named,
    loose_photos.further,
    uploading.asked,
    parked.offer_taken,
    complaints.heard,
    handover.asked,
    afterwards.unwanted,
    afterwards.unsolved,
    afterwards.solved,
    afterwards.regretted,
    lookups.looked_up,
    priced.taken_up,
    digressions.digress,
    privacy.explained,
    progress.asked,
    digressions.small_talk,
    dialog.intake,
    supplement.supply,
    amend.amend,
    loose_photos.kept,
    listening.left,
    fallback.not_understood,
)
# 微信客服 has events of its own, and sessions that a servicer may have
KF_HANDLERS: tuple[Handler, ...] = (
    kf_events.happened,
    sessions.talking,
    *(sessions.asked if one is handover.asked else one for one in CLIENT_HANDLERS),
)
STAFF_HANDLERS: tuple[Handler, ...] = (
    talks.tapped,
    card_taps.tapped,
    own_orders.typed,
    privacy_desk.typed,
    # a command waits for its file, which is no photo of somebody at the window then
    certificates.ordered,
    # before the talks: what a caller says must not be relayed to another client
    staff_intake.typed,
    complaint_desk.typed,
    improving.typed,
    talks.typed,
    received.typed,
    rerouting.typed,
    entries.typed,
    certificates.loose,
    staff.typed,
)

HANDLERS: Mapping[Channel, tuple[Handler, ...]] = {
    Channel.OFFICIAL: CLIENT_HANDLERS,
    Channel.KF: KF_HANDLERS,
    Channel.WECOM: STAFF_HANDLERS,
}

# What events of 微信客服 call the code that takes one message.
CODES = ("welcome_code", "msg_code")
# What opens the short allowance of wechat_platform.md 3.2.
TAPS = frozenset({"click", "scan", "scancode_push", "scancode_waitmsg"})


@dataclass(frozen=True)
class Reply:
    """What is said to one message, "" for silence, and the pushes that go after it.

    `menu` says the same, with lines to tap.
    """

    text: str = ""
    after: tuple[Push, ...] = ()
    menu: Mapping[str, object] | None = None


def nothing(_tx: Tx) -> None:
    """Nothing happens beside the turn."""


@dataclass(frozen=True)
class Conversation:
    """Everybody's conversation with the office: one message in, the bytes of one reply out.

    `encode` writes a text as the channel's passive reply.
    """

    database: Database
    office: Office
    clock: Clock
    encode: Encode

    def answer(self, inbound: Inbound, raw: bytes, beside: Beside = nothing) -> bytes | None:
        """The reply, committed before it is returned; None: nothing is said. May raise Busy.

        `beside` is done in the same transaction.
        """
        now = self.clock()
        try:
            # reading needs no data, so it is done before anybody waits for the database
            heard = as_typed(as_order(listening.as_read(safe(inbound)), self.office.renderer))
            said = reading_of(heard, self.office)
            return self.database.run(both(lambda tx: self.turn(tx, heard, said, now), beside))
        except Busy:
            raise
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the person is answered
            origin = traceback.extract_tb(error.__traceback__)[-1]
            why = f"{type(error).__name__} in {origin.name}, line {origin.lineno}"
            # where, never what: the message of an error may hold what somebody sent
            log.error("turn failed %s: %s", inbound.key, why)  # noqa: TRY400 -- see above
            kept = keepable(raw, inbound)
            return self.database.run(
                both(lambda tx: self.apology(tx, inbound, kept, why, now), beside)
            )

    def turn(self, tx: Tx, inbound: Inbound, said: Reading, now: datetime) -> bytes | None:
        """One turn: claim first; a known key gets the recorded reply, byte for byte."""
        known = inbox.claim(tx, inbound.key, inbound.channel, now)
        if known is not None:
            return known.reply
        found = respond(tx, inbound, said, self.office, now)
        reply = self.said(tx, inbound, found, now)
        inbox.record(tx, inbound.key, reply)
        outbox.enqueue(tx, found.after)
        return reply

    def said(self, tx: Tx, inbound: Inbound, reply: Reply, now: datetime) -> bytes | None:
        """The passive reply; where the channel takes none, pushes that go at once."""
        if inbound.channel is not Channel.KF:
            return self.encode(inbound, reply.text, now) if reply.text else None
        outbox.enqueue(tx, answers(inbound, reply, now))
        return None

    def apology(
        self, tx: Tx, inbound: Inbound, raw: bytes, why: str, now: datetime
    ) -> bytes | None:
        """The fixed sentence after a failed turn; its input is sealed for staff."""
        known = inbox.claim(tx, inbound.key, inbound.channel, now)
        if known is not None:
            return known.reply
        inbox.keep(tx, inbound.key, inbound.channel, raw, why, now)
        say = Say("talk/apology", {"agency": self.office.catalog.agency})
        reply = self.said(tx, inbound, Reply(self.office.renderer.text(say)), now)
        inbox.record(tx, inbound.key, reply)
        return reply


def as_typed(inbound: Inbound) -> Inbound:
    """A tapped line of a question as its words: of an old question its number means nothing.

    So too a button of the account's menu; that it was tapped stays to be seen in its event.
    """
    words = spoken_by(inbound)
    if words:
        return replace(inbound, kind=Kind.TEXT, text=words)
    return replace(inbound, msgmenu_id="") if picks(inbound.msgmenu_id) else inbound


def reading_of(inbound: Inbound, office: Office) -> Reading:
    """What a client's message says; of anything but text, nothing."""
    if inbound.kind is not Kind.TEXT:
        return Reading("")
    said = office.reader.read(inbound.text)
    if inbound.channel is not Channel.WECOM:
        read_ahead(inbound.text, said, office.catalog.agency.number_prefix)
    return said


def both(turn: Callable[[Tx], T], beside: Beside) -> Callable[[Tx], T]:
    """A turn, and what belongs to it, in one transaction."""

    def whole(tx: Tx) -> T:
        found = turn(tx)
        beside(tx)
        return found

    return whole


def respond(tx: Tx, inbound: Inbound, said: Reading, office: Office, now: datetime) -> Reply:
    """What is said to one message; all it causes is in the same transaction."""
    if not inbound.person:
        # about an account or its servicers, and for nobody (wechat_platform.md 6.1)
        return Reply()
    # the window runs from when they did it, not from when we heard of it
    done = min(now, inbound.at)
    person = people.meet(tx, inbound.channel, inbound.person, done, act_of(inbound))
    if person.linked and inbound.kind is not Kind.EVENT:
        humans.gather(tx, person.id)
    turn = Turn(tx, now, inbound, said, person, office)
    answer = answer_of(turn)
    if answer.progress is not None and answer.progress != person.progress:
        people.save(tx, person.id, answer.progress)
    heard = listening.keep_spoken(turn, answer)
    if answer.silent and (not inbound.masked or unheard(turn)):
        return Reply(after=answer.after)
    says = (*heard, *answer.says)
    if inbound.masked:
        says = (Say("privacy/masked"), *says)
    texts = [office.renderer.bubble(says)]
    if person.held and not (inbound.channel is Channel.KF and inbound.kind is Kind.EVENT):
        texts += held_texts(tx, person, now)
    text = one_bubble(turn, "\n\n".join(filter(None, texts)))
    return of_file(turn, Reply(text, answer.after, menu_of(office, says, text)))


def of_file(turn: Turn, reply: Reply) -> Reply:
    """What is said to a photo, of a document: it goes the same way."""
    media = turn.inbound.media
    if media is None or media.format != FILE or turn.inbound.kind is not Kind.IMAGE:
        return reply
    text = turn.office.renderer.text(Say("kf/of_file", {"text": reply.text}))
    if reply.menu is None:
        return replace(reply, text=text)
    head = turn.office.renderer.text(Say("kf/of_file", {"text": str(reply.menu["head"])}))
    return replace(reply, text=text, menu={**reply.menu, "head": head, "text": text})


def unheard(turn: Turn) -> bool:
    """Whether nobody would read us now: it is no message of theirs, or a servicer talks."""
    return turn.inbound.kind is Kind.EVENT or turn.person.credits.staffed


def answer_of(turn: Turn) -> Answer:
    """The first handler's answer; a channel without one for this message stays silent."""
    for handler in HANDLERS[turn.inbound.channel]:
        answer = handler(turn)
        if answer is not None:
            return answer
    return Answer(silent=True)


def act_of(inbound: Inbound) -> Act:
    """What the message does to the allowance of pushes."""
    if inbound.msgmenu_id and inbound.channel is not Channel.KF:
        # an option of a menu is tapped, not written (wechat_platform.md 3.2); 微信客服 counts it
        # as a message (6.7)
        return Act.TAPPED
    if inbound.event is None:
        return Act.WROTE
    if inbound.event.name == "subscribe":
        return Act.FOLLOWED
    if inbound.event.name == "unsubscribe":
        return Act.LEFT
    return Act.TAPPED if inbound.event.name in TAPS else Act.NOTHING


def held_texts(tx: Tx, person: Person, now: datetime) -> list[str]:
    """Pushes that waited for this person to write again; they ride on the reply."""
    rows = outbox.take_held(tx, person.channel, person.identity, now)
    return [str(row.push.body.get("text", "")) for row in rows]


def one_bubble(turn: Turn, text: str) -> str:
    """What fits into the passive reply; the rest follows at once as pushes, nothing is cut."""
    if turn.inbound.channel is Channel.KF:
        # all of it is pushed
        return text
    first, *rest = parts_of(text) or [""]
    to = (turn.inbound.channel, turn.inbound.person)
    turn.push(*pushes(f"rest:{turn.inbound.key}", to, rest, turn.now))
    return first


def answers(inbound: Inbound, reply: Reply, now: datetime) -> tuple[Push, ...]:
    """A reply as pushes; to an event that gave a code, the one message it allows."""
    to, key = (inbound.channel, inbound.person), f"reply:{inbound.key}"
    if reply.menu is not None:
        return (Push(key, *to, PushKind.MENU, reply.menu, now, "reply"),)
    found = pushes(key, to, parts_of(reply.text), now)
    details = inbound.event.details if inbound.event else {}
    code = next((details[name] for name in CODES if details.get(name)), "")
    if not code or not found:
        return found
    first, *_ = found
    ends = inbound.at + KF_CODE_LIFETIME
    return (replace(first, body={**first.body, "code": code}, expires=ends),)
