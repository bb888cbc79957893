"""A call ends in an answer or in one named kind of failure, and tells no secret."""

import logging
import socket
import threading
from collections.abc import Iterator

import pytest

from bot.domain.retry import Failure
from bot.wechat import client as client_module
from bot.wechat import errors
from bot.wechat.client import ApiError, Client, Unanswered
from bot.wechat.errors import OFFICIAL, WECOM
from tests.wechat.peer import Answer, Call, Peer, Raw, listening

TOKEN = "72_canarytokencanarytoken"
SECRET = "canarysecretcanarysecret"
OPENID = "oyORnuP8q7ou2gfYjqLzSIWZf0rs"
PATH = "/cgi-bin/x"


@pytest.fixture
def peer() -> Iterator[Peer]:
    with listening(lambda _call: {"errcode": 0, "errmsg": "ok"}) as found:
        yield found


@pytest.fixture(autouse=True)
def _no_secret_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    for canary in (TOKEN, SECRET, OPENID):
        assert canary not in caplog.text


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "READ_SECONDS", 0.2)
    monkeypatch.setattr(client_module, "WHOLE_SECONDS", 0.3)


def call(peer: Peer, answer: Answer) -> ApiError:
    peer.script = lambda _call: answer
    client = Client(peer.url, OFFICIAL)
    with pytest.raises(ApiError) as caught:
        client.post(PATH, {"access_token": TOKEN}, {"secret": SECRET, "touser": OPENID})
    shown = f"{caught.value} {caught.value!r} {caught.value.detail}"
    assert TOKEN not in shown
    assert SECRET not in shown
    assert OPENID not in shown
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


def test_chinese_is_sent_as_it_is(peer: Peer) -> None:
    Client(peer.url, OFFICIAL).post(PATH, {"access_token": "t"}, {"text": "您好"})
    [heard] = peer.calls
    assert heard == Call("POST", PATH, {"access_token": "t"}, '{"text": "您好"}'.encode())


def test_a_get_carries_its_parameters(peer: Peer) -> None:
    answer = Client(peer.url + "/", OFFICIAL).get(PATH, {"a": "甲", "n": 1})
    assert answer == {"errcode": 0, "errmsg": "ok"}
    assert peer.calls[0].query == {"a": "甲", "n": "1"}


def test_an_answer_without_an_errcode_is_a_success(peer: Peer) -> None:
    peer.script = lambda _call: {"ticket": "x"}
    assert Client(peer.url, OFFICIAL).get(PATH, {}) == {"ticket": "x"}


def test_one_connection_serves_many_calls(peer: Peer) -> None:
    ports = set()
    client = Client(peer.url, OFFICIAL)
    real = socket.socket.connect

    def counted(sock: socket.socket, address: object) -> None:
        ports.add(id(sock))
        real(sock, address)  # type: ignore[arg-type]  # as the caller gave it

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", counted)
        for _ in range(5):
            client.get(PATH, {})
    assert len(ports) == 1


@pytest.mark.parametrize("code", sorted(OFFICIAL))
def test_every_known_code_has_its_kind(peer: Peer, code: int) -> None:
    failed = call(peer, {"errcode": code, "errmsg": "no"})
    assert (failed.failure, failed.code, failed.detail) == (OFFICIAL[code], code, "no")


@pytest.mark.parametrize(
    ("code", "official", "wecom"),
    [
        (40001, Failure.REAUTH, Failure.ALARM),
        (42001, Failure.REAUTH, Failure.REAUTH),
        (48002, Failure.UNREACHABLE, Failure.ALARM),
        (45009, Failure.WAIT, Failure.WAIT),
        (45015, Failure.UNREACHABLE, Failure.NEVER),
        (42014, Failure.NEVER, Failure.DONE),
        (60140, Failure.NEVER, Failure.NEVER),
        (-1, Failure.AGAIN, Failure.AGAIN),
        (987654, Failure.NEVER, Failure.NEVER),
    ],
)
def test_the_two_platforms_mean_different_things_by_one_code(
    code: int, official: Failure, wecom: Failure
) -> None:
    assert errors.judge(OFFICIAL, code) is official
    assert errors.judge(WECOM, code) is wecom


def test_the_code_decides_even_under_another_status(peer: Peer) -> None:
    body = b'{"errcode": 45009, "errmsg": "quota"}'
    assert call(peer, Raw(body, status=500)).failure is Failure.WAIT


@pytest.mark.parametrize(
    ("answer", "kind", "failure"),
    [
        (Raw(b"<html>busy</html>"), Unanswered, Failure.AGAIN),
        (Raw(b"", status=502), Unanswered, Failure.AGAIN),
        (Raw(b"[1]"), Unanswered, Failure.AGAIN),
        (Raw(b'"ok"'), Unanswered, Failure.AGAIN),
        (Raw(b'{"errcode": "many"}'), Unanswered, Failure.AGAIN),
        (Raw(b'{"ok": true}', status=503), Unanswered, Failure.AGAIN),
        (Raw(b"slow down", status=429), Unanswered, Failure.AGAIN),
        (Raw(b"not here", status=404), ApiError, Failure.ALARM),
        (Raw(b"", status=302, location="http://127.0.0.1:9/"), ApiError, Failure.ALARM),
        (Raw(b'{"errcode": 0', promised=400), Unanswered, Failure.AGAIN),
        (None, Unanswered, Failure.AGAIN),
    ],
    ids=[
        *("html", "502", "list", "string", "odd code", "503", "429", "404", "redirect"),
        *("half", "hung up"),
    ],
)
def test_an_answer_nobody_can_read_is_named(
    peer: Peer, answer: Answer, kind: type[ApiError], failure: Failure
) -> None:
    failed = call(peer, answer)
    assert type(failed) is kind
    assert (failed.failure, failed.code) == (failure, None)
    assert len(peer.calls) == 1, "a call is never repeated by itself"


def test_silence_ends_after_the_read_timeout(peer: Peer, brief: None) -> None:
    release = threading.Event()
    peer.script = lambda _call: None if release.wait(5) else {}
    with pytest.raises(Unanswered):
        Client(peer.url, OFFICIAL).get(PATH, {"access_token": TOKEN})
    release.set()


def test_a_dripping_answer_ends_in_time(peer: Peer, brief: None) -> None:
    enough = threading.Event()
    assert type(call(peer, Raw(b"{" + b" " * 5000 + b"}", drip=enough))) is Unanswered
    enough.set()


def test_an_endless_answer_is_not_read_to_its_end(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "JSON_BYTES", 1000)
    assert call(peer, Raw(b"{" + b" " * 5000 + b"}")).failure is Failure.NEVER


def test_nobody_listening_means_that_nothing_was_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ApiError) as caught:
        Client(f"http://127.0.0.1:{port}", OFFICIAL).get(PATH, {"access_token": TOKEN})
    assert type(caught.value) is ApiError
    assert caught.value.failure is Failure.AGAIN
    assert TOKEN not in str(caught.value)


def test_an_error_text_that_names_a_person_or_a_token_is_cleaned(peer: Peer) -> None:
    text = f"bad access_token={TOKEN} for {OPENID} rid: 6600-1 secret={SECRET}"
    failed = call(peer, {"errcode": 40001, "errmsg": text})
    assert "rid: 6600-1" in failed.detail


def test_a_download_is_the_file(peer: Peer) -> None:
    peer.script = lambda _call: Raw(b"\xff\xd8jpeg", kind="image/jpeg")
    assert Client(peer.url, OFFICIAL).download(PATH, {"media_id": "m"}, 100) == b"\xff\xd8jpeg"


def test_a_video_is_fetched_from_where_the_platform_says_it_lies(peer: Peer) -> None:
    def answer(call: Call) -> Answer:
        if call.path == PATH:
            return {"video_url": f"{peer.url}/videos/1.mp4?vkey=2"}
        return Raw(b"....ftypmp42", kind="video/mp4")

    peer.script = answer
    found = Client(peer.url, OFFICIAL).download(PATH, {"access_token": TOKEN}, 100)
    assert found == b"....ftypmp42"
    # the address is asked as it is, and gets no token of ours
    assert [(one.path, one.query) for one in peer.calls][1] == ("/videos/1.mp4", {"vkey": "2"})


@pytest.mark.parametrize(
    "answer", [{"errcode": 0}, Raw(b"<html>gone</html>", kind="text/html", status=404)]
)
def test_no_video_behind_the_address_is_a_named_failure(peer: Peer, answer: Answer) -> None:
    there = {"video_url": f"{peer.url}/videos/1.mp4"}
    peer.script = lambda call: there if call.path == PATH else answer
    with pytest.raises(ApiError):
        Client(peer.url, OFFICIAL).download(PATH, {"media_id": "m"}, 100)


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ({"errcode": 40007, "errmsg": "invalid media_id"}, Failure.NEVER),
        (Raw(b'{"errcode":42001}', kind="text/plain"), Failure.REAUTH),
        ({"video_url": "http://x"}, Failure.NEVER),
        ({"video_url": "https://vweixinp.tc.qq.com.example.org/1.mp4"}, Failure.NEVER),
        ({"video_url": "file:///etc/passwd"}, Failure.NEVER),
        ({"video_url": 7}, Failure.NEVER),
        (Raw(b"x" * 101, kind="image/jpeg"), Failure.NEVER),
        (Raw(b"x", kind="image/jpeg", promised=50), Failure.AGAIN),
        (Raw(b"x", kind="image/jpeg", status=502), Failure.AGAIN),
    ],
)
def test_a_download_that_is_no_file_is_a_named_failure(
    peer: Peer, answer: Answer, failure: Failure
) -> None:
    peer.script = lambda _call: answer
    with pytest.raises(ApiError) as caught:
        Client(peer.url, OFFICIAL).download(PATH, {"media_id": "m"}, 100)
    assert caught.value.failure is failure
