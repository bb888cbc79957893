"""One turn: the message is claimed, the first handler of the table answers, the reply is kept."""

import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.handlers import digressions, fallback, platform_events
from bot.handlers.complaints import desk as complaint_desk
from bot.handlers.complaints import heard as complaints
from bot.handlers.complaints import replies as complaint_replies
from bot.handlers.desk import entries, received, rerouting
from bot.handlers.desk import intake as staff_intake
from bot.handlers.desk import taps as card_taps
from bot.handlers.desk import typed as staff
from bot.handlers.files import certificates, uploading
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
from bot.handlers.talks import handover
from bot.handlers.turn import Answer, Handler, Office, Turn
from bot.messages import Channel, Inbound, Kind, Say
from bot.reading.concerns.ahead import read_ahead
from bot.reading.reading import Reading
from storage import inbox, outbox, people
from storage.db import Busy, Database, Tx
from storage.people import Act, Person

log = logging.getLogger(__name__)

Encode = Callable[[Inbound, str, datetime], bytes]

# Who is asked, in this order; the first that answers, wins.
CLIENT_HANDLERS: tuple[Handler, ...] = (
    privacy.unfollowed,
    platform_events.happened,
    rating.tapped,
    privacy.wished,
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
    fallback.not_understood,
)
STAFF_HANDLERS: tuple[Handler, ...] = (
    talks.tapped,
    card_taps.tapped,
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
    Channel.KF: CLIENT_HANDLERS,
    Channel.WECOM: STAFF_HANDLERS,
}

# What opens the short allowance of wechat_platform.md 3.2.
TAPS = frozenset({"click", "scan", "scancode_push", "scancode_waitmsg"})


@dataclass(frozen=True)
class Conversation:
    """Everybody's conversation with the office: one message in, the bytes of one reply out.

    `encode` writes a text as the channel's passive reply.
    """

    database: Database
    office: Office
    clock: Clock
    encode: Encode

    def answer(self, inbound: Inbound, raw: bytes) -> bytes | None:
        """The reply, committed before it is returned; None: nothing is said. May raise Busy."""
        now = self.clock()
        try:
            # reading needs no data, so it is done before anybody waits for the database
            heard = safe(inbound)
            said = reading_of(heard, self.office)
            return self.database.run(lambda tx: self.turn(tx, heard, said, now))
        except Busy:
            raise
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the person is answered
            origin = traceback.extract_tb(error.__traceback__)[-1]
            why = f"{type(error).__name__} in {origin.name}, line {origin.lineno}"
            # where, never what: the message of an error may hold what somebody sent
            log.error("turn failed %s: %s", inbound.key, why)  # noqa: TRY400 -- see above
            kept = keepable(raw, inbound)
            return self.database.run(lambda tx: self.apology(tx, inbound, kept, why, now))

    def turn(self, tx: Tx, inbound: Inbound, said: Reading, now: datetime) -> bytes | None:
        """One turn: claim first; a known key gets the recorded reply, byte for byte."""
        known = inbox.claim(tx, inbound.key, inbound.channel, now)
        if known is not None:
            return known.reply
        text = respond(tx, inbound, said, self.office, now)
        reply = self.encode(inbound, text, now) if text else None
        inbox.record(tx, inbound.key, reply)
        return reply

    def apology(
        self, tx: Tx, inbound: Inbound, raw: bytes, why: str, now: datetime
    ) -> bytes | None:
        """The fixed sentence after a failed turn; its input is sealed for staff."""
        known = inbox.claim(tx, inbound.key, inbound.channel, now)
        if known is not None:
            return known.reply
        inbox.keep(tx, inbound.key, inbound.channel, raw, why, now)
        say = Say("talk/apology", {"agency": self.office.catalog.agency})
        reply = self.encode(inbound, self.office.renderer.text(say), now)
        inbox.record(tx, inbound.key, reply)
        return reply


def reading_of(inbound: Inbound, office: Office) -> Reading:
    """What a client's message says; of anything but text, nothing."""
    if inbound.kind is not Kind.TEXT:
        return Reading("")
    said = office.reader.read(inbound.text)
    if inbound.channel is not Channel.WECOM:
        read_ahead(inbound.text, said, office.catalog.agency.number_prefix)
    return said


def respond(tx: Tx, inbound: Inbound, said: Reading, office: Office, now: datetime) -> str:
    """What is said to one message, "" for silence; all it causes is in the same transaction."""
    if not inbound.person:
        # a bell rings for everybody and for nobody (wechat_platform.md 6.1)
        return ""
    person = people.meet(tx, inbound.channel, inbound.person, now, act_of(inbound))
    turn = Turn(tx, now, inbound, said, person, office)
    answer = answer_of(turn)
    if answer.progress is not None and answer.progress != person.progress:
        people.save(tx, person.id, answer.progress)
    if answer.silent and not inbound.masked:
        return ""
    says = (Say("privacy/masked"), *answer.says) if inbound.masked else answer.says
    texts = [office.renderer.bubble(says)]
    if person.held:
        texts += held_texts(tx, person, now)
    return one_bubble(turn, "\n\n".join(filter(None, texts)))


def answer_of(turn: Turn) -> Answer:
    """The first handler's answer; a channel without one for this message stays silent."""
    for handler in HANDLERS[turn.inbound.channel]:
        answer = handler(turn)
        if answer is not None:
            return answer
    return Answer(silent=True)


def act_of(inbound: Inbound) -> Act:
    """What the message does to the allowance of pushes."""
    if inbound.msgmenu_id:
        # an option of a menu is tapped, not written (wechat_platform.md 3.2)
        return Act.TAPPED
    if inbound.kind is not Kind.EVENT or inbound.event is None:
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
    first, *rest = parts_of(text) or [""]
    to = (turn.inbound.channel, turn.inbound.person)
    turn.push(*pushes(f"rest:{turn.inbound.key}", to, rest, turn.now))
    return first
