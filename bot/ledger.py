"""What the platform's refusals teach us: of a person's allowance, of consents, of the account."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.messages import Credits, Push
from bot.wechat.errors import About
from bot.wechat.limits import WINDOWS, Grant, Route
from storage import consents, outbox, people, quotas
from storage.db import Tx

# ours: a call that the platform refuses to the whole account is not tried with every push
REST = timedelta(hours=1)


class Attempt(Protocol):
    """A push that was refused: its row, the way it took, and what that way was chosen by."""

    @property
    def row(self) -> outbox.Row:
        """As it is stored."""

    @property
    def token(self) -> str:
        """What proves that it is ours."""

    @property
    def push(self) -> Push:
        """What was to be sent."""

    @property
    def way(self) -> Route:
        """How."""

    @property
    def credits(self) -> Credits:
        """What we took the allowance for."""


def learn(
    tx: Tx, attempt: Attempt, found: About, code: int | None, notice: str, now: datetime
) -> bool:
    """Writes down what a refusal says, so that the next way can be chosen; False: nothing.

    `notice` is the template of the notice that would have been sent.
    """
    push = attempt.push
    match found:
        case About.WINDOW:
            correct(tx, attempt)
        case About.PERSON:
            people.unreachable(tx, push.channel, push.to)
        case About.CONSENT:
            forget_consent(tx, push, notice)
        case About.WORDS | About.TEMPLATE:
            outbox.note_refused(tx, attempt.row.id, attempt.token, attempt.way.way)
        case About.ACCOUNT:
            quotas.close_way(tx, push.channel, attempt.way.way, code or 0, now + REST)
        case About.NOTHING:
            return False
    return True


def correct(tx: Tx, attempt: Attempt) -> None:
    """Nothing is left of the allowance, unless the person did something meanwhile."""
    push, grant = attempt.push, attempt.way.grant
    person = people.lock(tx, push.channel, push.to)
    if grant is not None and person is not None and not acted(person.credits, attempt.credits):
        outbox.exhaust(tx, push.channel, push.to, exhausted(person.credits, grant))


def acted(now: Credits, before: Credits) -> bool:
    """Whether the person did something that makes a refusal out of date."""
    then = (before.wrote_at, before.tapped_at, before.following)
    return now.following and (now.wrote_at, now.tapped_at, now.following) != then


def exhausted(allowance: Credits, grant: Grant) -> Credits:
    """The same with nothing left of one grant."""
    count = WINDOWS[grant].count
    if grant is Grant.TAPPED:
        return replace(allowance, tapped_sent=count)
    return replace(allowance, wrote_sent=count)


def forget_consent(tx: Tx, push: Push, notice: str) -> None:
    """The platform knows of no consent any more."""
    person = people.find(tx, push.channel, push.to)
    if person is not None and notice:
        consents.drop(tx, person.id, notice)
