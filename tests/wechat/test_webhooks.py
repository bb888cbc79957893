"""What a door answers to the platform, to strangers and to broken requests."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messages import Channel, Inbound
from bot.wechat.codec import encode_text
from bot.wechat.webhooks import Door
from bot.wechat.xml import document, fields, leaves
from storage.db import Busy
from tests.fixed_clock import MONDAY_MORNING as NOW
from tests.fixed_clock import FixedClock
from tests.wechat.sender import Heard, Knock, envelope, knock, plain, sealed, signed
from tests.wechat.test_xml import BILLION_LAUGHS, EXTERNAL, LARGE

CANARY = "张三13900001111"
INNER = document(
    [
        ("ToUserName", "gh_1"),
        ("FromUserName", "oyORnuP8q7ou2gfYjqLzSIWZf0rs"),
        ("CreateTime", int(NOW.timestamp())),
        ("MsgType", "text"),
        ("Content", CANARY),
        ("MsgId", 1),
    ]
)


@dataclass
class Turns:
    """What the door was asked to pass on, and what it is told to answer."""

    reply: str | None = "您好"
    fault: Exception | None = None
    heard: list[Inbound] = field(default_factory=list)
    alarms: int = 0

    def respond(self, inbound: Inbound, raw: bytes) -> bytes | None:
        assert raw == INNER
        self.heard.append(inbound)
        if self.fault:
            raise self.fault
        return None if self.reply is None else encode_text(inbound, self.reply, NOW)

    def alarm(self) -> None:
        self.alarms += 1


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def door(turns: Turns) -> Door:
    return Door(envelope(), Channel.OFFICIAL, turns.respond, FixedClock(), alarm=turns.alarm)


@pytest.fixture(autouse=True)
def _nothing_personal_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert CANARY not in caplog.text
    assert "oyORnuP8q7ou2gfYjqLzSIWZf0rs" not in caplog.text
    assert "spamtest" not in caplog.text


def test_a_message_is_answered_in_a_sealed_envelope(door: Door, turns: Turns) -> None:
    heard = knock(door, sealed(INNER, NOW).environ())
    tags = fields(leaves(heard.body))
    assert heard.status == 200
    assert int(heard.headers["Content-Length"]) == len(heard.body)
    signature = envelope().sign(tags["TimeStamp"], tags["Nonce"], tags["Encrypt"])
    assert tags["MsgSignature"] == signature
    assert fields(leaves(envelope().decrypt(tags["Encrypt"])))["Content"] == "您好"
    [inbound] = turns.heard
    assert inbound.text == CANARY


def test_nothing_to_say_is_an_empty_answer(door: Door, turns: Turns) -> None:
    turns.reply = None
    assert knock(door, sealed(INNER, NOW).environ()) == Heard(200, headers(0), b"")


def test_a_compatible_body_is_answered_sealed(door: Door) -> None:
    body = INNER.replace(
        b"</xml>", f"<Encrypt><![CDATA[{envelope().encrypt(INNER)}]]></Encrypt></xml>".encode()
    )
    heard = knock(door, signed(body, NOW).environ())
    assert "Encrypt" in fields(leaves(heard.body))


def test_plaintext_is_answered_in_plaintext_where_it_is_allowed(door: Door) -> None:
    lenient = replace(door, allow_plaintext=True)
    heard = knock(lenient, plain(INNER, NOW).environ())
    assert fields(leaves(heard.body))["Content"] == "您好"
    assert knock(door, plain(INNER, NOW).environ()).status == 403


@pytest.mark.parametrize("kind", ["text/xml", "application/xml; charset=utf-8", "TEXT/XML", ""])
def test_xml_and_unnamed_content_is_accepted(door: Door, kind: str) -> None:
    asked = replace(sealed(INNER, NOW), content_type=kind)
    assert knock(door, asked.environ()).status == 200


def test_the_official_account_echo_comes_back_as_it_was(door: Door) -> None:
    stamp = str(int(NOW.timestamp()))
    query = {"timestamp": stamp, "nonce": "n", "echostr": "4375120948345356249"}
    query["signature"] = envelope().sign(stamp, "n")
    heard = knock(door, Knock(query, b"", "GET").environ())
    assert (heard.status, heard.body) == (200, b"4375120948345356249")
    assert heard.headers["Content-Type"].startswith("text/plain")
    assert knock(door, Knock({**query, "nonce": "x"}, b"", "GET").environ()).status == 403
    del query["echostr"]
    assert knock(door, Knock(query, b"", "GET").environ()).status == 400


def test_the_wecom_echo_comes_back_decrypted(door: Door) -> None:
    stamp, echo = str(int(NOW.timestamp())), envelope().encrypt(b"1616140317555161061")
    query = {"timestamp": stamp, "nonce": "n", "echostr": echo}
    query["msg_signature"] = envelope().sign(stamp, "n", echo)
    staff_door = replace(door, channel=Channel.WECOM)
    heard = knock(staff_door, Knock(query, b"", "GET").environ())
    assert (heard.status, heard.body) == (200, b"1616140317555161061")
    query["echostr"] = echo[:-4]
    assert knock(staff_door, Knock(query, b"", "GET").environ()).status == 403


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_another_method_is_not_allowed(door: Door, method: str) -> None:
    heard = knock(door, replace(sealed(INNER, NOW), method=method).environ())
    assert (heard.status, heard.headers["Allow"]) == (405, "GET, POST")


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "chunked": ({"HTTP_TRANSFER_ENCODING": "chunked"}, 411),
    "no length": ({"CONTENT_LENGTH": ""}, 411),
    "a length that is no number": ({"CONTENT_LENGTH": "many"}, 400),
    "a negative length": ({"CONTENT_LENGTH": "-1"}, 400),
    "a body shorter than its length": ({"CONTENT_LENGTH": "5000"}, 400),
    "too much": ({"CONTENT_LENGTH": str(64 * 1024 + 1)}, 413),
    "far too much": ({"CONTENT_LENGTH": "9" * 5000}, 413),
    "json": ({"CONTENT_TYPE": "application/json"}, 415),
    "a form": ({"CONTENT_TYPE": "application/x-www-form-urlencoded"}, 415),
    "a thousand parameters": ({"QUERY_STRING": "&".join(f"a{i}=1" for i in range(1000))}, 400),
    "no parameters": ({"QUERY_STRING": ""}, 403),
    "a repeated parameter": ({"QUERY_STRING": "nonce=1&nonce=2"}, 400),
    "bad escapes": ({"QUERY_STRING": "msg_signature=%ff%zz&timestamp=%00&nonce=\xff"}, 403),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_request_is_refused_at_once(door: Door, turns: Turns, name: str) -> None:
    more, status = REFUSED[name]
    refused(door, turns, sealed(INNER, NOW).environ(**more), status)


def test_a_body_of_exactly_the_limit_is_read(door: Door, turns: Turns) -> None:
    body = b"<xml>" + b" " * (64 * 1024 - 11) + b"</xml>"
    refused(door, turns, signed(body, NOW).environ(), 400)


def test_a_refusal_for_its_content_type_has_read_the_body(door: Door, turns: Turns) -> None:
    asked = replace(sealed(INNER, NOW), content_type="text/html").environ()
    refused(door, turns, asked, 415)
    assert asked["wsgi.input"].read() == b""


BAD_BODIES = {
    "empty": b"",
    "blank": b"  \n",
    "not xml": b"hello",
    "json": b'{"MsgType": "text"}',
    "no ciphertext": INNER,
    "laughs": BILLION_LAUGHS,
    "external entity": EXTERNAL,
    "large entity": LARGE,
    "nested": b"<xml>" + b"<a>" * 6900 + b"</a>" * 6900 + b"</xml>",
    "bad base64": b"<xml><Encrypt><![CDATA[not base64!]]></Encrypt></xml>",
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_is_malformed_even_when_it_is_signed(
    door: Door, turns: Turns, name: str
) -> None:
    refused(door, turns, signed(BAD_BODIES[name], NOW).environ(), 400)


@pytest.mark.parametrize("name", [name for name in BAD_BODIES if name != "no ciphertext"])
def test_a_bad_body_is_malformed_inside_the_ciphertext(door: Door, turns: Turns, name: str) -> None:
    refused(door, turns, sealed(BAD_BODIES[name], NOW).environ(), 400)


def test_a_message_without_a_type_is_malformed(door: Door, turns: Turns) -> None:
    inner = INNER.replace(b"<MsgType><![CDATA[text]]></MsgType>", b"")
    refused(door, turns, sealed(inner, NOW).environ(), 400)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_signed_request_of_another_hour_raises_the_alarm(
    door: Door, turns: Turns, seconds: int
) -> None:
    late = sealed(INNER, NOW + timedelta(seconds=seconds))
    refused(door, turns, late.environ(), 403)
    assert turns.alarms == 1


def test_noise_raises_no_alarm(door: Door, turns: Turns) -> None:
    late = sealed(INNER, NOW - timedelta(days=1)).changed(msg_signature="0" * 40)
    refused(door, turns, late.environ(), 403)
    assert turns.alarms == 0


@pytest.mark.parametrize("fault", [Busy(), RuntimeError(CANARY), KeyError(CANARY)])
def test_a_turn_that_fails_asks_the_platform_to_come_again(
    door: Door, turns: Turns, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    turns.fault = fault
    heard = knock(door, sealed(INNER, NOW).environ())
    assert (heard.status, heard.body) == (503, b"try again\n")
    assert len(caplog.records) == 1
    assert turns.heard[0].key in caplog.text


def test_a_refusal_is_one_line_in_the_log(
    door: Door, turns: Turns, caplog: pytest.LogCaptureFixture
) -> None:
    knock(door, sealed(INNER, NOW).changed(msg_signature="0" * 40).environ())
    assert [record.getMessage() for record in caplog.records] == ["oa refused 403: signature"]


def headers(length: int) -> dict[str, str]:
    return {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(length),
        "X-Content-Type-Options": "nosniff",
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(
        st.sampled_from(["msg_signature", "signature", "timestamp", "nonce", "encrypt_type"]),
        st.text(),
    ),
    body=st.binary(max_size=300),
    kind=st.sampled_from(["text/xml", "", "text/html", "\xff"]),
)
def test_any_request_of_a_stranger_is_answered_4xx(
    door: Door, turns: Turns, query: dict[str, str], body: bytes, kind: str
) -> None:
    asked = Knock(
        {name: text.encode(errors="ignore").decode() for name, text in query.items()}, body
    )
    heard = knock(door, replace(asked, content_type=kind).environ())
    assert 400 <= heard.status < 500
    assert not turns.heard


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(inner=st.binary(max_size=300))
def test_any_bytes_in_a_genuine_envelope_are_answered_4xx(
    door: Door, turns: Turns, inner: bytes
) -> None:
    assert knock(door, sealed(inner, NOW).environ()).status == 400


def refused(door: Door, turns: Turns, environ: dict[str, Any], status: int) -> None:
    heard = knock(door, environ)
    assert heard.status == status
    assert not turns.heard
    assert heard.headers["Content-Type"] == "text/plain; charset=utf-8"
    # nothing of the request comes back
    assert len(heard.body) < 40
