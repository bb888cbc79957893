"""One token for all threads and processes, renewed once, and never in a storm."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pytest

from bot.domain.retry import Failure
from bot.wechat.client import ApiError, Client
from bot.wechat.errors import OFFICIAL, WECOM
from bot.wechat.tokens import LEASE, Fetch, Tokens, stable_token, wecom_token
from storage import tokens as stored_tokens
from storage.db import Database
from tests.fixed_clock import FixedClock
from tests.wechat.peer import listening


class Platform:
    """Hands out tokens and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.lasts = timedelta(hours=2)
        self.fault: ApiError | None = None
        # None: a new token at each call, as if the platform had rotated it
        self.same: str | None = None

    def __call__(self) -> tuple[str, timedelta]:
        self.asked += 1
        if self.fault:
            raise self.fault
        return self.same or f"token-{self.asked}", self.lasts


@pytest.fixture
def platform() -> Platform:
    return Platform()


Process = Callable[[], Tokens]


@pytest.fixture
def process(db: Database, platform: Fetch, clock: FixedClock) -> Process:
    """Each call is another process: it shares the database and nothing else."""
    return lambda: Tokens(db, "oa", platform, clock)


def test_a_token_is_fetched_once_and_shared(process: Process, platform: Platform) -> None:
    one, other = process(), process()
    assert [one.get(), one.get(), other.get()] == ["token-1"] * 3
    assert platform.asked == 1


def test_a_token_near_its_end_is_replaced_while_it_still_works(
    process: Process, platform: Platform, clock: FixedClock
) -> None:
    one = process()
    one.get()
    clock.forward(timedelta(hours=1, minutes=57))
    assert one.get() == "token-1"
    clock.forward(timedelta(minutes=1, seconds=1))
    assert one.get() == "token-2"
    assert process().get() == "token-2"


def test_a_failed_early_replacement_keeps_the_token_that_still_works(
    process: Process, platform: Platform, clock: FixedClock
) -> None:
    one = process()
    one.get()
    clock.forward(timedelta(hours=1, minutes=59))
    platform.fault = ApiError(Failure.AGAIN, None, "away")
    assert one.get() == "token-1"
    clock.forward(timedelta(minutes=1))
    with pytest.raises(ApiError, match="away"):
        one.get()


def test_a_refused_token_is_renewed_once_for_everybody(
    process: Process, platform: Platform
) -> None:
    one, other = process(), process()
    assert one.get() == other.get() == "token-1"
    assert one.renew("token-1") == "token-2"
    assert other.renew("token-1") == "token-2"
    assert one.renew("token-1") == "token-2"
    assert platform.asked == 2


def test_processes_whose_token_ends_at_one_instant_fetch_once(
    process: Process, platform: Platform, clock: FixedClock
) -> None:
    processes = [process() for _ in range(4)]
    for one in processes:
        one.get()
    clock.forward(timedelta(hours=2))
    found = together([one.get for one in processes for _ in range(4)])
    assert found == ["token-2"] * 16
    assert platform.asked == 2


def test_processes_that_are_refused_at_one_instant_fetch_once(
    process: Process, platform: Platform
) -> None:
    processes = [process() for _ in range(4)]
    for one in processes:
        one.get()
    renewals = [partial(one.renew, "token-1") for one in processes for _ in range(4)]
    assert together(renewals) == ["token-2"] * 16
    assert platform.asked == 2


def test_a_token_that_is_refused_for_ever_costs_two_calls_a_minute(
    process: Process, platform: Platform, clock: FixedClock
) -> None:
    platform.same = "insisted"
    processes = [process(), process()]
    minutes = 5
    for _second in range(minutes * 60):
        for one in processes:
            try:
                one.renew(one.get())
            except ApiError as spent:
                assert spent.failure is Failure.WAIT  # noqa: PT017  # both ends are right
        clock.forward(timedelta(seconds=1))
    assert platform.asked <= 2 * minutes


def test_a_failed_fetch_is_not_repeated_at_once(
    process: Process, platform: Platform, clock: FixedClock
) -> None:
    one = process()
    platform.fault = ApiError(Failure.ALARM, 40125, "secret")
    for _ in range(5):
        with pytest.raises(ApiError, match="secret") as caught:
            one.get()
        assert caught.value.code == 40125
    assert platform.asked == 1
    platform.fault = None
    clock.forward(LEASE)
    assert one.get() == "token-2"


def test_a_clock_put_back_does_not_prolong_a_failure(
    process: Process, platform: Platform, clock: FixedClock
) -> None:
    one = process()
    platform.fault = ApiError(Failure.AGAIN, None, "away")
    with pytest.raises(ApiError):
        one.get()
    platform.fault = None
    clock.forward(LEASE)
    ours = one._failed
    assert ours
    one._failed = (ours[0] + timedelta(hours=1), ours[1])
    assert one.get() == "token-2"


def test_a_process_waits_for_the_one_that_is_fetching(
    db: Database, platform: Platform, clock: FixedClock
) -> None:
    db.run(lambda tx: stored_tokens.begin_refresh(tx, "oa", clock(), LEASE))
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            until = clock() + timedelta(hours=2)
            db.run(lambda tx: stored_tokens.store(tx, "oa", "theirs", until))

    assert Tokens(db, "oa", platform, clock, nap).get() == "theirs"
    assert (len(naps), platform.asked) == (3, 0)


def test_a_process_does_not_wait_for_ever(
    db: Database, platform: Platform, clock: FixedClock
) -> None:
    db.run(lambda tx: stored_tokens.begin_refresh(tx, "oa", clock(), LEASE))
    waiting = Tokens(db, "oa", platform, clock, lambda _seconds: None)
    with pytest.raises(ApiError, match="another process"):
        waiting.get()
    clock.forward(LEASE)
    assert waiting.get() == "token-1"


def test_two_accounts_have_two_tokens(db: Database, platform: Platform, clock: FixedClock) -> None:
    assert Tokens(db, "oa", platform, clock).get() == "token-1"
    assert Tokens(db, "wecom", platform, clock).get() == "token-2"


def test_the_official_account_asks_for_the_stable_token() -> None:
    with listening(lambda _call: {"access_token": "t", "expires_in": 7000}) as peer:
        fetch = stable_token(Client(peer.url, OFFICIAL), "wx1", "s")
        assert fetch() == ("t", timedelta(seconds=7000))
    [call] = peer.calls
    assert (call.method, call.path) == ("POST", "/cgi-bin/stable_token")
    # never force_refresh: that takes the token from everybody else
    assert call.body == {"grant_type": "client_credential", "appid": "wx1", "secret": "s"}


def test_the_staff_app_asks_for_its_own_token() -> None:
    with listening(lambda _call: {"errcode": 0, "access_token": "t"}) as peer:
        assert wecom_token(Client(peer.url, WECOM), "ww1", "s")() == ("t", timedelta(hours=2))
    assert peer.calls[0].path == "/cgi-bin/gettoken"
    assert peer.calls[0].query == {"corpid": "ww1", "corpsecret": "s"}


def test_a_refused_secret_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with (
        listening(lambda _call: {"errcode": 40001, "errmsg": "invalid credential"}) as peer,
        pytest.raises(ApiError) as caught,
    ):
        wecom_token(Client(peer.url, WECOM), "ww1", "canarysecret")()
    assert caught.value.failure is Failure.ALARM
    assert "canarysecret" not in f"{caught.value}{caplog.text}"


def test_an_answer_without_a_token_is_named() -> None:
    with listening(lambda _call: {"errcode": 0}) as peer, pytest.raises(ApiError, match="no token"):
        wecom_token(Client(peer.url, WECOM), "ww1", "s")()


def together(calls: Sequence[Callable[[], str]]) -> list[str]:
    found: list[str] = []
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], str]) -> None:
        start.wait()
        found.append(call())

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
