"""One claimed push: which way it goes, whether it may go now, and what its outcome means."""

import logging
import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.catalog import Purpose
from bot.domain.quiet_hours import is_quiet, next_morning
from bot.domain.retry import (
    Again,
    Done,
    GiveUp,
    Hold,
    SendFailed,
    Sent,
    Staffed,
    decide,
    redacted,
)
from bot.messages import Channel, Credits, Push, PushKind
from bot.wechat.client import Unanswered
from bot.wechat.limits import (
    WECOM_PER_MEMBER_MINUTE,
    WINDOWS,
    AccountType,
    Grant,
    Route,
    Way,
    route,
)
from storage import outbox, people, quotas
from storage.db import Tx

log = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
# counted by the clock's minutes: half of what the platform takes, so that the end of one
# minute and the beginning of the next together stay within it
MEMBER_PER_MINUTE = WECOM_PER_MEMBER_MINUTE // 2


# surveys and reminders to clients keep out of the night (domain.md 7)
BY_DAY = frozenset({Purpose.SURVEY, Purpose.REMINDER})

# states of a session of 微信客服 in which only a person may speak (wechat_platform.md 6.4)
STAFFED = frozenset({2, 3})


def nobody(_push: Push, _why: str) -> Sequence[Push]:
    """No phone task: nobody to give it to."""
    return ()


@dataclass(frozen=True)
class Policy:
    """What the deployer decides about sending.

    `templates`: the purposes that catalog.yaml has a template for. `phone_task` makes the
    pushes that ask staff to call a person whom an urgent push cannot reach. Texts of a
    purpose in `never_twice` wait for staff when a crash leaves open whether they were sent.
    The lease is twice the longest a send may take.
    """

    account: AccountType
    templates: Collection[str] = frozenset()
    phone_task: Callable[[Push, str], Sequence[Push]] = nobody
    never_twice: Collection[str] = frozenset()
    lease: timedelta = timedelta(seconds=60)
    workers: int = 8


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
        allowance = allowance_of(tx, push)
        ready = Ready(claimed.row, claimed.token, self._route(push, allowance, now), allowance)
        return ready if self._may_go(tx, ready, now) else None

    def arrived(self, tx: Tx, ready: Ready, sent: Sent) -> None:
        """The platform took it: counted even if another worker has taken the row over."""
        grant = ready.way.grant
        if grant is not None:
            outbox.spend(tx, ready.push.channel, ready.push.to, grant is Grant.TAPPED)
        if ready.push.kind is PushKind.SESSION and sent.provider_id:
            note_session(tx, ready.push, self._clock())
        marked = outbox.mark_sent(
            tx, ready.row.id, ready.token, self._clock(), sent.provider_id, sent.response_code
        )
        if not marked:
            log.warning("push %d was taken over while it was sent", ready.row.id)

    def failed(self, tx: Tx, ready: Ready, trouble: SendFailed) -> None:
        """The platform did not take it: tried again, given up, or held."""
        now, row = self._clock(), ready.row
        why = redacted(str(trouble), ready.push.to)
        decision = decide(trouble.failure, row.attempts, now, random.random())
        log.warning("push %d: %s: %s", row.id, type(decision).__name__, why)
        match decision:
            case Again(at):
                unsure = isinstance(trouble, Unanswered)
                outbox.mark_retry(tx, row.id, ready.token, at, why, doubtful=unsure)
            case Done():
                self.arrived(tx, ready, Sent())
            case GiveUp():
                self._give_up(tx, ready, now, why)
            case Hold() if isinstance(trouble, Staffed):
                self._somebody_speaks(tx, ready, trouble, now, why)
            case Hold():
                self._out_of_reach(tx, ready, now, why)

    def _somebody_speaks(
        self, tx: Tx, ready: Ready, found: Staffed, now: datetime, why: str
    ) -> None:
        """A person of ours has the session: they hear what could not be said, and we are quiet."""
        push = ready.push
        people.note_session(tx, (push.channel, push.to), found.state, found.servicer)
        outbox.mark_held(tx, ready.row.id, ready.token, now, why)
        outbox.enqueue(tx, self._policy.phone_task(push, why))

    def _give_up(self, tx: Tx, ready: Ready, now: datetime, why: str) -> None:
        if ready.way.way is Way.TEMPLATE:
            # only the template is at fault: the words themselves can still ride on a reply
            self._park(tx, ready, now, why)
            return
        outbox.mark_failed(tx, ready.row.id, ready.token, now, why)
        self._ask_to_call(tx, ready.push, why)

    def _still_ours(self, tx: Tx, claimed: Claimed, now: datetime) -> bool:
        lease_until = claimed.row.lease_until
        if lease_until is not None and lease_until - now > self._policy.lease / 2:
            return True
        return outbox.renew(tx, claimed.row.id, claimed.token, now + self._policy.lease)

    def _route(self, push: Push, allowance: Credits, now: datetime) -> Route:
        has_template = push.purpose in self._policy.templates
        return route(push, allowance, self._policy.account, now, has_template=has_template)

    def _may_go(self, tx: Tx, ready: Ready, now: datetime) -> bool:
        if waits(ready.way):
            self._park(tx, ready, now, ready.way.reason)
            return False
        if push_waits_for_day(ready, now):
            morning = next_morning(now)
            outbox.mark_retry(tx, ready.row.id, ready.token, morning, "quiet hours", counted=False)
            return False
        if ready.way.way is Way.WECOM and not may_disturb(tx, ready.push.to, now):
            later = this_minute(now) + MINUTE
            outbox.mark_retry(tx, ready.row.id, ready.token, later, "paced", counted=False)
            return False
        return True

    def _out_of_reach(self, tx: Tx, ready: Ready, now: datetime, why: str) -> None:
        """The platform knows better than our ledger: correct it, then another way or none."""
        grant = ready.way.grant
        if ready.way.way is Way.WECOM:
            # a member who is not in the app cannot write to it either
            outbox.mark_failed(tx, ready.row.id, ready.token, now, why)
            self._ask_to_call(tx, ready.push, why)
            return
        if grant is None:
            self._park(tx, ready, now, why)
            return
        allowance = allowance_of(tx, ready.push)
        # they may have written meanwhile, and then the platform's word is out of date
        if allowance == ready.credits:
            allowance = exhausted(allowance, grant)
            outbox.exhaust(tx, ready.push.channel, ready.push.to, allowance)
        if waits(self._route(ready.push, allowance, now)):
            self._park(tx, ready, now, why)
        else:
            outbox.mark_retry(tx, ready.row.id, ready.token, now, why)

    def _park(self, tx: Tx, ready: Ready, now: datetime, why: str) -> None:
        outbox.mark_held(tx, ready.row.id, ready.token, now, why)
        self._ask_to_call(tx, ready.push, why)

    def _ask_to_call(self, tx: Tx, push: Push, why: str) -> None:
        if push.urgent:
            outbox.enqueue(tx, self._policy.phone_task(push, why))


def allowance_of(tx: Tx, push: Push) -> Credits:
    """What we may send, after any turn of theirs under way, which may bring a new allowance."""
    if push.channel is Channel.WECOM:
        return Credits()
    person = people.lock(tx, push.channel, push.to)
    return person.credits if person else Credits()


def note_session(tx: Tx, push: Push, now: datetime) -> None:
    """Who has the session of 微信客服 now that it was moved; its servicer is told so."""
    state, servicer = push.body.get("state"), str(push.body.get("servicer", ""))
    staffed = state if isinstance(state, int) and state in STAFFED else None
    people.note_session(tx, (push.channel, push.to), staffed, servicer)
    if told := push.body.get("told"):
        key, body = f"told:{push.key}", {"text": str(told)}
        outbox.enqueue(tx, [Push(key, Channel.WECOM, servicer, PushKind.TEXT, body, now, "talk")])


def exhausted(allowance: Credits, grant: Grant) -> Credits:
    """The same with nothing left of one grant."""
    count = WINDOWS[grant].count
    if grant is Grant.TAPPED:
        return replace(allowance, tapped_sent=count)
    return replace(allowance, wrote_sent=count)


def must_not_repeat(push: Push, policy: Policy) -> bool:
    """Whether a repeat would be seen, and staff must say if it is to be sent."""
    return push.channel is not Channel.WECOM and push.purpose in policy.never_twice


def waits(way: Route) -> bool:
    """Whether that is no way at all."""
    return way.way in (Way.HOLD, Way.PHONE_TASK)


def push_waits_for_day(ready: Ready, now: datetime) -> bool:
    """Whether a client would be disturbed at night by what can wait, such as after an outage."""
    return ready.way.way is not Way.WECOM and ready.push.purpose in BY_DAY and is_quiet(now)


def this_minute(now: datetime) -> datetime:
    """When the present minute began."""
    return now.replace(second=0, microsecond=0)


def may_disturb(tx: Tx, member: str, now: datetime) -> bool:
    """Counts one message to a staff member; False: the platform would drop it without a word."""
    return quotas.take(tx, f"wecom:{member.lower()}", this_minute(now), MEMBER_PER_MINUTE)
