"""Whatever goes wrong, no token, secret, openid or phone number is logged or stored with it."""

import json
import logging
import re
from collections.abc import Callable, Iterator

import pytest

from bot.domain.retry import SendFailed
from bot.simulator.faults import Trouble
from bot.wechat import errors
from bot.wechat.calls import Calls
from bot.wechat.client import Client
from bot.wechat.tokens import Tokens, stable_token, wecom_token
from storage.db import Database
from tests.faults.line import PATHS, STAFF, FakeLine
from tests.fixed_clock import FixedClock
from tests.wechat.peer import Answer, Call, Peer, Raw, listening

TOKEN = "93_CanaryTokenCanaryTokenCanaryToken"
SECRET = "canary5ecretcanary5ecretcanary5e"
OPENID = "oCANARYP8q7ou2gfYjqLzSIWZf0r"
CUSTOMER = "wmCANARYAAqMzHbT9xV0pQe1Rk2sD3fGh"[:32]
PHONE = "13804317777"
CANARIES = (TOKEN, SECRET, OPENID, CUSTOMER, PHONE)

# what a platform, or somebody in between, may throw back at us: all that we sent
QUOTING = (
    f"invalid access_token={TOKEN} secret={SECRET} touser {OPENID} {CUSTOMER} tel {PHONE} "
    f'{{"access_token":"{TOKEN}","secret": "{SECRET}"}} hint'
)
PATH = "/cgi-bin/x"


def answers() -> dict[str, Answer]:
    """Every kind of answer that is none."""
    quoting = QUOTING.encode()
    codes = {*errors.OFFICIAL, *errors.WECOM, *errors.KF, 987654}
    return {
        "hung up": None,
        "html": Raw(b"<html>" + quoting),
        "bad gateway": Raw(quoting, status=502),
        "not found": Raw(quoting, status=404),
        "moved": Raw(b"", status=302, location=f"http://127.0.0.1:9/?access_token={TOKEN}"),
        "half": Raw(quoting, promised=9999),
        "odd code": Raw(json.dumps({"errcode": QUOTING}).encode()),
        "list": Raw(json.dumps([QUOTING]).encode()),
        **{f"code {code}": {"errcode": code, "errmsg": QUOTING} for code in codes},
    }


@pytest.fixture
def peer() -> Iterator[Peer]:
    with listening(lambda _call: {"errcode": 0}) as found:
        yield found


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def leaks(*texts: object) -> list[str]:
    """Which of them stand in these texts."""
    whole = "\n".join(map(str, texts))
    return [canary for canary in CANARIES if canary in whole]


def shown(error: BaseException) -> str:
    """All that a traceback would print of it."""
    links: list[str] = []
    one: BaseException | None = error
    while one is not None:
        links.append(f"{one!s} {one!r} {vars(one)}")
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\n".join(links)


def ending(call: Callable[[], object]) -> str:
    """What a failed call tells; `` if it did not fail."""
    try:
        call()
    except SendFailed as failed:
        return shown(failed)
    return ""


@pytest.mark.parametrize("name", sorted(answers()))
def test_no_answer_brings_a_secret_into_an_error_or_the_log(
    peer: Peer, logged: pytest.LogCaptureFixture, name: str
) -> None:
    peer.script = lambda _call: answers()[name]
    client = Client(peer.url, errors.OFFICIAL)
    body = {"touser": OPENID, "external_userid": CUSTOMER, "tel": PHONE, "secret": SECRET}
    for call in (
        lambda: client.post(PATH, {"access_token": TOKEN}, body),
        lambda: client.get(PATH, {"access_token": TOKEN, "corpsecret": SECRET, "openid": OPENID}),
        lambda: client.download(PATH, {"access_token": TOKEN, "media_id": "m"}, 5000),
    ):
        assert leaks(ending(call)) == []
    assert leaks(logged.text) == []


def test_a_refused_token_is_told_without_the_token_and_the_secret(
    peer: Peer, db: Database, clock: FixedClock, logged: pytest.LogCaptureFixture
) -> None:
    def script(call: Call) -> Answer:
        if "token" in call.path:
            return {"access_token": TOKEN, "expires_in": 7200}
        return {"errcode": 40001, "errmsg": QUOTING}

    peer.script = script
    client = Client(peer.url, errors.OFFICIAL)
    fetchers = (stable_token(client, "wx", SECRET), wecom_token(client, "ww", SECRET))
    for number, fetch in enumerate(fetchers):
        calls = Calls(client, Tokens(db, f"account {number}", fetch, clock))
        for _ in range(4):
            with pytest.raises(SendFailed) as caught:
                calls.post(PATH, {}, {"touser": OPENID})
            assert leaks(shown(caught.value)) == []
    assert leaks(logged.text) == []


@pytest.mark.parametrize("trouble", list(Trouble))
def test_no_fault_on_the_way_leaves_a_person_in_the_log_or_in_the_row(
    line: FakeLine, brief: None, logged: pytest.LogCaptureFixture, trouble: Trouble
) -> None:
    who = {"text": OPENID, "template": OPENID + "2", "staff": STAFF, "service": CUSTOMER}
    oa, corp = line.platform.accounts.official, line.platform.accounts.corp
    for way, path in PATHS.items():
        line.platform.faults.on_call(path, trouble, times=2)
        line.put(way, f"{way} push", who[way], body={"text": f"请回电{PHONE}"})
    line.delivery.drain()
    line.later()
    reasons = [reason for _, _, reason in line.states().values()]
    assert leaks(*reasons, logged.text) == []
    assert oa.secret not in logged.text
    assert corp.secret not in logged.text
    # nor any of the tokens that were handed out
    assert not re.search(r"[A-Za-z0-9_-]{100,}", logged.text)
