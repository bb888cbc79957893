"""Notices of the pretended platform: one consent is one send, and every answer is reported."""

from dataclasses import replace

import pytest

from bot.simulator.accounts import Accounts
from bot.simulator.platform import Platform
from bot.simulator.wires import in_process
from bot.wechat.limits import AccountType
from tests.fixed_clock import FixedClock
from tests.simulator.conftest import STAFF, Caller
from tests.simulator.fake_bot import FakeBot

MINE, NOTICE = "o-one", "T1"
GOOD = {"thing1": {"value": "压力表校准"}}


def send(caller: Caller, **changes: object) -> object:
    """The code a notice is answered with."""
    body = {"touser": MINE, "template_id": NOTICE, "data": GOOD} | changes
    return caller.post("oa", "message/subscribe/bizsend", body)["errcode"]


def test_each_consent_is_one_notice(caller: Caller) -> None:
    platform = caller.platform
    platform.client_follows(MINE)
    assert send(caller) == 43101
    platform.client_subscribes(MINE, {NOTICE: True, "T2": False})
    platform.client_subscribes(MINE, {NOTICE: True})
    assert [send(caller) for _ in range(3)] == [0, 0, 43101]
    shown = [entry.rows for entry in platform.client_phone(MINE) if entry.rows]
    assert shown == [(("thing1", "压力表校准"),)] * 2


def test_a_setting_that_says_no_takes_every_consent_back(caller: Caller, bot: FakeBot) -> None:
    caller.platform.client_subscribes(MINE, {NOTICE: True})
    caller.platform.official.declines(MINE, NOTICE)
    assert send(caller) == 43101
    tags = bot.seen[-1].tags
    assert tags["Event"] == "subscribe_msg_change_event"
    assert "reject" in str(tags["SubscribeMsgChangeEvent"])


def test_values_are_checked_and_a_refused_send_costs_no_consent(caller: Caller) -> None:
    caller.platform.client_subscribes(MINE, {NOTICE: True})
    assert send(caller, data={"thing1": {"value": "字" * 21}}) == 47003
    assert send(caller, template_id="") == 40037
    assert send(caller, touser="onobody") == 40003
    assert send(caller) == 0


def test_what_became_of_a_notice_is_told_afterwards(caller: Caller, bot: FakeBot) -> None:
    platform = caller.platform
    platform.client_subscribes(MINE, {NOTICE: True})
    platform.client_subscribes(MINE, {NOTICE: True})
    platform.hub.people.client(MINE).notice_fails = (43101, "user refuse")
    assert [send(caller), send(caller)] == [0, 0]
    before = len(bot.seen)
    platform.settle()
    told = [str(one.tags["SubscribeMsgSentEvent"]) for one in bot.seen[before:]]
    assert ["'43101'" in one for one in told] == [True, False]
    assert all("MsgID" in one for one in told)
    assert sum(bool(entry.rows) for entry in platform.client_phone(MINE)) == 1


@pytest.mark.parametrize("kind", [AccountType.TEST, AccountType.SUBSCRIPTION])
def test_only_a_certified_account_sends_notices(
    accounts: Accounts, bot: FakeBot, clock: FixedClock, kind: AccountType
) -> None:
    poor = Accounts(replace(accounts.official, kind=kind), accounts.corp)
    caller = Caller(Platform(poor, clock, in_process(bot), staff=STAFF))
    caller.platform.client_subscribes(MINE, {NOTICE: True})
    assert send(caller) == 48001
