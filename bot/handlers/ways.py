"""The way something would take to a client now, as far as our own count knows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.messages import Channel, Credits, Push
from bot.wechat.limits import AccountType, Means, Route, Way, route
from storage import consents, quotas
from storage.db import Tx
from storage.people import Person


@dataclass(frozen=True)
class Account:
    """What decides beside the person: the kind of account, and what the catalogue has for it.

    `templates`: the purposes with a template; `subscriptions`: purpose to the template
    of a notice that clients ask for.
    """

    kind: AccountType = AccountType.CERTIFIED
    templates: Collection[str] = ()
    subscriptions: Mapping[str, str] = field(default_factory=dict)


def way_of(
    tx: Tx,
    account: Account,
    push: Push,
    client: Person | None,
    now: datetime,
    refused: Collection[str] = (),
) -> Route:
    """How this goes out now; `refused` are the ways that it was turned down on before."""
    means = Means()
    if client is not None and push.channel in REACHED:
        means = means_of(tx, account, push, client, now, refused)
    allowance = client.credits if client else Credits()
    return route(push, allowance, account.kind, now, means)


REACHED = frozenset({Channel.OFFICIAL, Channel.KF})


def means_of(
    tx: Tx,
    account: Account,
    push: Push,
    client: Person,
    now: datetime,
    refused: Collection[str],
) -> Means:
    """What is at hand beside the client's last act."""
    notice = account.subscriptions.get(push.purpose)
    return Means(
        has_template=push.purpose in account.templates,
        consented=notice is not None and consents.left(tx, client.id, notice) > 0,
        off={*quotas.closed_ways(tx, push.channel, now), *refused},
    )


def waits(way: Route) -> bool:
    """Whether that is no way at all."""
    return way.way in (Way.HOLD, Way.PHONE_TASK)
