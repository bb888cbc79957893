"""Four processes on one database: one token renewal, and no limit exceeded, whoever asks first."""

import json
import time
from collections import Counter
from datetime import datetime, timedelta

import pytest

from bot.clock import SHANGHAI, system_now
from bot.simulator.faults import Trouble
from bot.simulator.journal import Journal
from bot.simulator.platform import Platform
from bot.wechat.tokens import MARGIN
from storage import quotas, tokens
from storage.db import Database
from tests.faults.child import FastClock
from tests.faults.children import begin, children
from tests.faults.line import CUSTOM, platform_for

PROCESSES = 4
TOKEN = "oa /cgi-bin/stable_token"


def renewals(platform: Platform) -> Counter[datetime]:
    """How often a token was asked for, minute by minute of the platform's clock."""
    with platform.hub.lock:
        asked = platform.hub.journal.calls(TOKEN)
    return Counter(one.at.replace(second=0, microsecond=0) for one in asked)


@pytest.mark.parametrize("left", [timedelta(0), MARGIN], ids=["at its end", "near its end"])
def test_processes_whose_token_ends_at_one_instant_renew_it_once(
    db: Database, engine_url: str, left: timedelta
) -> None:
    with platform_for(system_now, {}) as (platform, way):
        with children(PROCESSES, "token", engine_url, way) as found:
            ends = datetime.fromtimestamp(begin(found), SHANGHAI) + left
            db.run(lambda tx: tokens.store(tx, "oa", "token-" + "x" * 40, ends))
            answers = [answer for one in found for answer in json.loads(one.line())]
        # the person does not exist, which a call is told only with a token that works
        expected = {"40003"} if not left else {"40003", "40001"}
        assert set(answers) <= expected
        assert len(answers) == PROCESSES * 4
        assert renewals(platform).total() == 1


def test_processes_that_are_refused_for_ever_ask_for_two_tokens_a_minute(
    db: Database, engine_url: str
) -> None:
    """Four processes that call without a pause; a minute passes in two seconds."""
    times, minutes = 30.0, 3
    since = time.time()
    clock = FastClock(since, times)
    with platform_for(clock, {}) as (platform, way):
        # whatever else is called meanwhile
        platform.hub.journal = Journal(kept=100_000)
        platform.faults.on_call(CUSTOM, Trouble.CODE, 40001, times=1_000_000)
        given = {"lasts": minutes * 60 / times, "since": since, "times": times}
        with children(PROCESSES, "storm", engine_url, way, **given) as found:
            begin(found)
            answers = {answer for one in found for answer in json.loads(one.line())}
        # refused once more with a fresh token, or none to be had before the minute is over
        assert answers <= {"40001", "wait", "again"}
        asked = renewals(platform)
        assert minutes <= len(asked)
        assert max(asked.values()) <= 2


def test_processes_that_share_a_limit_never_exceed_it_and_use_it_up(
    db: Database, engine_url: str
) -> None:
    limit = 200
    window = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
    with platform_for(system_now, {}) as (_, way):
        given = {"limit": limit, "window": window.timestamp()}
        with children(PROCESSES, "quota", engine_url, way, **given) as found:
            begin(found)
            taken = [int(one.line()) for one in found]
    assert sum(taken) == limit
    assert db.run(lambda tx: quotas.used(tx, "shared", window)) == limit
