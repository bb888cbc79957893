"""One claimed push: which way it goes, whether it may go now, and what its outcome means."""

import logging
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.catalog import Purpose
from bot.domain.quiet_hours import is_quiet, next_morning
from bot.domain.retry import (
    Again,
    Done,
    Failure,
    GiveUp,
    Hold,
    SendFailed,
    Sent,
    Staffed,
    decide,
    redacted,
)
from bot.handlers.ways import Account, waits, way_of
from bot.ledger import acted, learn
from bot.messages import Channel, Credits, Push, PushKind
from bot.pacing import not_before
from bot.wechat.client import Unanswered
from bot.wechat.errors import About, about
from bot.wechat.limits import AccountType, Grant, Reason, Route, Way
from storage import consents, members, outbox, people
from storage.db import Tx
from storage.people import Person

log = logging.getLogger(__name__)

# a card that goes out a second time, under another task id
ANEW = ":anew"

# surveys and reminders to clients keep out of the night (domain.md 7)
BY_DAY = frozenset({Purpose.SURVEY, Purpose.REMINDER})

# states of a session of 微信客服 in which only a person may speak (wechat_platform.md 6.4)
STAFFED = frozenset({2, 3})


def nobody(_push: Push, _why: str) -> Sequence[Push]:
    """No phone task: nobody to give it to."""
    return ()


def no_alarm(_channel: Channel, _way: Way, _code: int, _now: datetime) -> Sequence[Push]:
    """Nobody hears that the platform refuses a call."""
    return ()


@dataclass(frozen=True)
class Policy:
    """What the deployer decides about sending.

    `templates`: the purposes that catalog.yaml has a template for; `subscriptions`: by
    purpose, the template of the notice that clients may ask for. `phone_task` makes the
    pushes that ask staff to call a person whom an urgent push cannot reach, `alarm` those
    that tell them of a call that the platform refuses. Texts of a purpose in `never_twice`
    wait for staff when a crash leaves open whether they were sent. The lease is twice the
    longest a send may take.
    """

    account: AccountType
    templates: Collection[str] = frozenset()
    subscriptions: Mapping[str, str] = field(default_factory=dict)
    phone_task: Callable[[Push, str], Sequence[Push]] = nobody
    stand_in: Callable[[Push, str], Sequence[Push]] = nobody
    alarm: Callable[[Channel, Way, int, datetime], Sequence[Push]] = no_alarm
    never_twice: Collection[str] = frozenset()
    lease: timedelta = timedelta(seconds=60)
    workers: int = 8

    @property
    def sends_from(self) -> Account:
        """What chooses the way."""
        return Account(self.account, self.templates, self.subscriptions)


@dataclass(frozen=True)
class Claimed:
    """A push that is ours for now, and the token that proves it."""

    row: outbox.Row
    token: str

    @property
    def push(self) -> Push:
        """What is to be sent."""
        return self.row.push


@dataclass(frozen=True)
class Ready(Claimed):
    """The same, about to be sent: the way it takes, and the allowance that way was chosen by."""

    way: Route
    credits: Credits


class Errands:
    """The turns before and after a send; each is one transaction."""

    def __init__(self, policy: Policy, clock: Clock) -> None:
        self._policy, self._clock = policy, clock

    def prepare(self, tx: Tx, claimed: Claimed) -> Ready | None:
        """The push with its way; None: not now, and the row says why."""
        now, push = self._clock(), claimed.push
        if not self._still_ours(tx, claimed, now):
            return None
        if push.expires is not None and push.expires <= now:
            outbox.mark_failed(tx, claimed.row.id, claimed.token, now, "expired")
            return None
        if claimed.row.repeats and must_not_repeat(push, self._policy):
            outbox.mark_uncertain(tx, claimed.row.id, claimed.token, now, "may have been sent")
            return None
        client = locked(tx, push)
        way = way_of(tx, self._policy.sends_from, push, client, now, claimed.row.refused)
        allowance = client.credits if client else Credits()
        ready = Ready(claimed.row, claimed.token, way, allowance)
        return ready if self._may_go(tx, ready, now) else None

    def arrived(self, tx: Tx, ready: Ready, sent: Sent) -> None:
        """The platform took it: counted even if another worker has taken the row over."""
        grant = ready.way.grant
        if grant is not None:
            outbox.spend(tx, ready.push.channel, ready.push.to, grant is Grant.TAPPED)
        if ready.way.way is Way.SUBSCRIPTION:
            self._spend_consent(tx, ready.push)
        if ready.push.kind is PushKind.SESSION and sent.provider_id:
            note_session(tx, ready.push, self._clock())
        if ready.way.way is Way.WECOM:
            members.reached(tx, ready.push.to)
        marked = outbox.mark_sent(
            tx, ready.row.id, ready.token, self._clock(), sent.provider_id, sent.response_code
        )
        if not marked:
            log.warning("push %d was taken over while it was sent", ready.row.id)

    def failed(self, tx: Tx, ready: Ready, trouble: SendFailed) -> None:
        """The platform did not take it: tried again, another way, given up, or held."""
        now, row = self._clock(), ready.row
        why = redacted(str(trouble), ready.push.to)
        decision = decide(trouble.failure, row.attempts, now, random.random())
        if not isinstance(trouble, Staffed) and self._learns(tx, ready, trouble, now):
            log.warning("push %d: %s refused: %s", row.id, ready.way.way, why)
            return self._another_way(tx, ready, trouble, now, why)
        log.warning("push %d: %s: %s", row.id, type(decision).__name__, why)
        match decision:
            case Again(at):
                unsure = isinstance(trouble, Unanswered)
                outbox.mark_retry(tx, row.id, ready.token, at, why, doubtful=unsure)
            case Done() if never_tried(ready):
                self._anew(tx, ready, now, why)
            case Done():
                self.arrived(tx, ready, Sent())
            case GiveUp():
                self._give_up(tx, ready, now, why)
            case Hold() if isinstance(trouble, Staffed):
                self._somebody_speaks(tx, ready, trouble, now, why)
            case Hold():
                self._out_of_reach(tx, ready, now, why)
        return None

    def _learns(self, tx: Tx, ready: Ready, trouble: SendFailed, now: datetime) -> bool:
        """Writes down what the refusal says; whether it says anything."""
        found = meaning(ready, trouble)
        notice = self._policy.subscriptions.get(ready.push.purpose, "")
        channel, way = ready.push.channel, ready.way.way
        used_up = (channel, trouble.code) == (Channel.OFFICIAL, DAY_IS_USED_UP)
        if trouble.code is not None and (used_up or found in ALARMING):
            outbox.enqueue(tx, self._policy.alarm(channel, way, trouble.code, now))
        return learn(tx, ready, found, trouble.code, notice, now)

    def _another_way(
        self, tx: Tx, ready: Ready, trouble: SendFailed, now: datetime, why: str
    ) -> None:
        """The next way of the chain, or none; never the same again while nothing has changed."""
        push, refused = ready.push, ready.row.refused
        client = locked(tx, push)
        allowance = client.credits if client else Credits()
        found = meaning(ready, trouble)
        if found in FOR_THE_PUSH:
            refused |= {ready.way.way.value}
        sends_from = self._policy.sends_from
        way = way_of(tx, sends_from, push, client, now, refused)
        if same(way, ready.way) and not acted(allowance, ready.credits):
            outbox.note_refused(tx, ready.row.id, ready.token, ready.way.way)
            way = way_of(tx, sends_from, push, client, now, refused | {ready.way.way.value})
            if same(way, ready.way):
                way = replace(way, way=Way.HOLD)
        if not waits(way):
            outbox.mark_retry(tx, ready.row.id, ready.token, now, why)
            return
        self._park(tx, ready, now, Reason.SWITCHED_OFF if found is About.ACCOUNT else why)

    def _somebody_speaks(
        self, tx: Tx, ready: Ready, found: Staffed, now: datetime, why: str
    ) -> None:
        """A person of ours has the session: they hear what could not be said, and we are quiet."""
        push = ready.push
        people.note_session(tx, (push.channel, push.to), found.state, found.servicer)
        outbox.mark_held(tx, ready.row.id, ready.token, now, why)
        outbox.enqueue(tx, self._policy.phone_task(push, why))

    def _give_up(self, tx: Tx, ready: Ready, now: datetime, why: str) -> None:
        if ready.way.way in CARRIED:
            # only the template is at fault: the words themselves can still ride on a reply
            self._park(tx, ready, now, why)
            return
        outbox.mark_failed(tx, ready.row.id, ready.token, now, why)
        self._ask_to_call(tx, ready.push, why)
        if ready.way.way is Way.WECOM:
            outbox.enqueue(tx, self._policy.stand_in(ready.push, why))

    def _anew(self, tx: Tx, ready: Ready, now: datetime, why: str) -> None:
        """The card under another task id, since its own was taken before it was ever sent."""
        push, card = ready.push, ready.push.body["card"]
        if push.key.endswith(ANEW) or not isinstance(card, Mapping):
            # it is no other card that stands in its way
            return self._give_up(tx, ready, now, why)
        fresh = {**card, "task_id": f"{card['task_id']}-{now:%y%m%d%H%M%S}"}
        again = replace(push, key=f"{push.key}{ANEW}", body={"card": fresh}, due=now)
        outbox.enqueue(tx, [again])
        return self.arrived(tx, ready, Sent())

    def _still_ours(self, tx: Tx, claimed: Claimed, now: datetime) -> bool:
        lease_until = claimed.row.lease_until
        if lease_until is not None and lease_until - now > self._policy.lease / 2:
            return True
        return outbox.renew(tx, claimed.row.id, claimed.token, now + self._policy.lease)

    def _spend_consent(self, tx: Tx, push: Push) -> None:
        person = people.find(tx, push.channel, push.to)
        if person is not None:
            consents.spend(tx, person.id, self._policy.subscriptions[push.purpose])

    def _may_go(self, tx: Tx, ready: Ready, now: datetime) -> bool:
        if waits(ready.way):
            self._park(tx, ready, now, ready.way.reason)
            return False
        if push_waits_for_day(ready, now):
            morning = next_morning(now)
            outbox.mark_retry(tx, ready.row.id, ready.token, morning, "quiet hours", counted=False)
            return False
        # a card that changes is no further message
        disturbs = ready.way.way is Way.WECOM and ready.push.kind is not PushKind.CARD_UPDATE
        later = not_before(tx, ready.push.to, now) if disturbs else None
        if later is not None:
            outbox.mark_retry(tx, ready.row.id, ready.token, later, "paced", counted=False)
            return False
        return True

    def _out_of_reach(self, tx: Tx, ready: Ready, now: datetime, why: str) -> None:
        """Nobody there, and no other way."""
        if ready.way.way is Way.WECOM:
            # a member who is not in the app cannot write to it either
            outbox.mark_failed(tx, ready.row.id, ready.token, now, why)
            members.unreachable(tx, ready.push.to, now)
            outbox.enqueue(tx, self._policy.stand_in(ready.push, why))
            return
        self._park(tx, ready, now, why)

    def _park(self, tx: Tx, ready: Ready, now: datetime, why: str) -> None:
        outbox.mark_held(tx, ready.row.id, ready.token, now, why)
        self._ask_to_call(tx, ready.push, why)

    def _ask_to_call(self, tx: Tx, push: Push, why: str) -> None:
        if push.urgent:
            outbox.enqueue(tx, self._policy.phone_task(push, why))


# the way carries values of the push, not its words
CARRIED = frozenset({Way.SUBSCRIPTION, Way.TEMPLATE})
# no more of these calls today (wechat_platform.md 4); what waits is tried again until it goes
DAY_IS_USED_UP = 45009
# what somebody of ours has to put right with the platform
ALARMING = frozenset({About.ACCOUNT, About.TEMPLATE})
# what is held against one push, and no other
FOR_THE_PUSH = frozenset({About.WORDS, About.TEMPLATE})


def meaning(ready: Ready, trouble: SendFailed) -> About:
    """What the refusal is about; of a code that says nothing, what the way and the kind say."""
    if ready.push.channel is Channel.WECOM:
        return About.NOTHING
    found = about(ready.push.channel, trouble.code)
    if found is About.TEMPLATE and ready.row.attempts < 2:
        # seen without cause: once more, later
        return About.NOTHING
    if found is not About.NOTHING:
        return About.WORDS if misplaced(found, ready.way) else found
    if trouble.failure is Failure.NEVER and ready.way.way in CARRIED:
        return About.WORDS
    unreachable = trouble.failure is Failure.UNREACHABLE and ready.way.grant is not None
    return About.WINDOW if unreachable else About.NOTHING


def misplaced(found: About, way: Route) -> bool:
    """Whether the way has nothing to do with it: then all we know is that the way is no use."""
    if found is About.WINDOW:
        return way.grant is None
    return found is About.CONSENT and way.way is not Way.SUBSCRIPTION


def same(one: Route, other: Route) -> bool:
    """Whether both are the same call on the same allowance."""
    return (one.way, one.grant) == (other.way, other.grant)


def locked(tx: Tx, push: Push) -> Person | None:
    """The client after any turn of theirs under way, which may bring a new allowance."""
    return None if push.channel is Channel.WECOM else people.lock(tx, push.channel, push.to)


def note_session(tx: Tx, push: Push, now: datetime) -> None:
    """Who has the session of 微信客服 now that it was moved; its servicer is told so."""
    state, servicer = push.body.get("state"), str(push.body.get("servicer", ""))
    staffed = state if isinstance(state, int) and state in STAFFED else None
    people.note_session(tx, (push.channel, push.to), staffed, servicer)
    if told := push.body.get("told"):
        key, body = f"told:{push.key}", {"text": str(told)}
        outbox.enqueue(tx, [Push(key, Channel.WECOM, servicer, PushKind.TEXT, body, now, "talk")])


def never_tried(ready: Ready) -> bool:
    """Whether nobody can have sent this card before: a restored copy numbers its needs again."""
    return ready.push.kind is PushKind.CARD and ready.row.attempts <= 1 and not ready.row.repeats


def must_not_repeat(push: Push, policy: Policy) -> bool:
    """Whether a repeat would be seen, and staff must say if it is to be sent."""
    return push.channel is not Channel.WECOM and push.purpose in policy.never_twice


def push_waits_for_day(ready: Ready, now: datetime) -> bool:
    """Whether a client would be disturbed at night by what can wait, such as after an outage."""
    return ready.way.way is not Way.WECOM and ready.push.purpose in BY_DAY and is_quiet(now)
