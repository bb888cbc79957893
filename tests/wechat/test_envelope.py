"""The official vectors in both directions, and everything that must not get through."""

import ast
import base64
import inspect
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from bot.clock import SHANGHAI
from bot.wechat import envelope as envelope_module
from bot.wechat import xml
from bot.wechat.envelope import BadKey, Envelope, Refused, Why
from tests.fixed_clock import MONDAY_MORNING as NOW
from tests.wechat.sender import AES_KEY, APP_ID, TOKEN, envelope, plain, sealed, signed

VECTORS: dict[str, dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("vectors.yaml").read_text(encoding="utf-8")
)
INNER = "<xml><ToUserName>a</ToUserName><Content>我们厂有8块压力表</Content></xml>".encode()
NAMES = sorted(VECTORS)


def account(name: str) -> Envelope:
    return Envelope(**VECTORS[name]["account"])


def at(name: str) -> datetime:
    return datetime.fromtimestamp(int(VECTORS[name]["timestamp"]), SHANGHAI)


def query(name: str) -> dict[str, str]:
    known = ("timestamp", "nonce", "signature", "msg_signature")
    return {key: VECTORS[name][key] for key in known if key in VECTORS[name]}


@pytest.mark.parametrize("name", NAMES)
def test_an_official_ciphertext_opens(name: str) -> None:
    opened = account(name).decrypt(VECTORS[name]["ciphertext"])
    assert opened.decode() == VECTORS[name]["inner"]


@pytest.mark.parametrize("name", NAMES)
def test_an_official_message_seals_to_the_same_ciphertext(name: str) -> None:
    random = VECTORS[name]["random"].encode()
    sealed_again = account(name).encrypt(VECTORS[name]["inner"].encode(), random)
    assert sealed_again == VECTORS[name]["ciphertext"]


@pytest.mark.parametrize("name", [name for name in NAMES if "msg_signature" in VECTORS[name]])
def test_an_official_message_signature_is_ours(name: str) -> None:
    vector = VECTORS[name]
    ours = account(name).sign(vector["timestamp"], vector["nonce"], vector["ciphertext"])
    assert ours == vector["msg_signature"]


@pytest.mark.parametrize("name", [name for name in NAMES if "signature" in VECTORS[name]])
def test_an_official_three_part_signature_is_ours(name: str) -> None:
    vector = VECTORS[name]
    assert account(name).sign(vector["timestamp"], vector["nonce"]) == vector["signature"]


@pytest.mark.parametrize("name", ["B2", "C"])
def test_an_official_request_opens_whole(name: str) -> None:
    opened = account(name).open(query(name), VECTORS[name]["body"].encode(), at(name))
    assert opened.decode() == VECTORS[name]["inner"]


@pytest.mark.parametrize("name", ["D", "E1", "E2"])
def test_an_official_ciphertext_in_a_request_opens(name: str) -> None:
    body = xml.document([("ToUserName", "gh_x"), ("Encrypt", VECTORS[name]["ciphertext"])])
    assert account(name).open(query(name), body, at(name)).decode() == VECTORS[name]["inner"]


def test_the_compatible_mode_uses_the_ciphertext_not_the_plain_fields() -> None:
    body = VECTORS["C"]["body"].replace("abcdteT", "forged").encode()
    assert account("C").open(query("C"), body, at("C")).decode() == VECTORS["C"]["inner"]


def test_the_official_account_address_is_verified_with_the_plain_echo() -> None:
    asked = {
        "timestamp": "1714036504",
        "nonce": "1514711492",
        "echostr": "4375120948345356249",
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
    }
    when = datetime.fromtimestamp(1714036504, SHANGHAI)
    assert account("E1").verify_url(asked, when) == b"4375120948345356249"
    assert account("E1").sign("1714037059", "486452656") == (
        "899cf89e464efb63f54ddac96b0a0a235f53aa78"
    )


@pytest.mark.parametrize("unescaped", [False, True])
def test_the_wecom_address_is_verified_with_the_decrypted_echo(unescaped: bool) -> None:
    echo = VECTORS["B1"]["ciphertext"]
    asked = {**query("B1"), "echostr": echo.replace("+", " ") if unescaped else echo}
    assert account("B1").open_echo(asked, at("B1")) == b"1616140317555161061"


@pytest.mark.parametrize("seconds", [-299, -1, 0, 299])
def test_a_timestamp_within_five_minutes_is_accepted(seconds: int) -> None:
    knock = sealed(INNER, NOW + timedelta(seconds=seconds))
    assert envelope().open(knock.query, knock.body, NOW) == INNER


@pytest.mark.parametrize("seconds", [-864000, -301, 301])
def test_a_timestamp_beyond_five_minutes_is_refused(seconds: int) -> None:
    knock = sealed(INNER, NOW + timedelta(seconds=seconds))
    refused(Why.STALE, 403, knock.query, knock.body)


@pytest.mark.parametrize("stamp", ["", "now", "-1", "1e9", "٣", "9" * 13])
def test_a_timestamp_that_is_no_number_is_refused(stamp: str) -> None:
    knock = sealed(INNER, NOW)
    ciphertext = xml.fields(xml.leaves(knock.body))["Encrypt"]
    resigned = envelope().sign(stamp, knock.query["nonce"], ciphertext)
    asked = {**knock.query, "timestamp": stamp, "msg_signature": resigned}
    refused(Why.STALE if stamp else Why.UNSIGNED, 403, asked, knock.body)


def test_a_thousand_forged_signatures_are_refused() -> None:
    knock = sealed(INNER, NOW)
    for number in range(1000):
        forged = f"{number:040x}"
        refused(Why.SIGNATURE, 403, {**knock.query, "msg_signature": forged}, knock.body)


@pytest.mark.parametrize("forged", ["é" * 40, "0", " " * 40])
def test_a_signature_of_any_characters_is_refused(forged: str) -> None:
    knock = sealed(INNER, NOW)
    refused(Why.SIGNATURE, 403, {**knock.query, "msg_signature": forged}, knock.body)


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
def test_a_request_without_a_signature_part_is_refused(name: str) -> None:
    knock = sealed(INNER, NOW)
    asked = {key: value for key, value in knock.query.items() if key != name}
    refused(Why.UNSIGNED, 403, asked, knock.body)


def test_the_plain_signature_does_not_stand_in_for_the_message_signature() -> None:
    knock = sealed(INNER, NOW)
    asked = {**knock.query, "msg_signature": knock.query["signature"]}
    refused(Why.SIGNATURE, 403, asked, knock.body)


def test_a_message_for_another_account_is_refused() -> None:
    knock = sealed(INNER, NOW, by=Envelope(TOKEN, AES_KEY, "wx0000000000000000"))
    refused(Why.RECEIVER, 403, knock.query, knock.body)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", Why.EMPTY),
        (b" \r\n", Why.EMPTY),
        (b'{"Encrypt": "x"}', Why.NOT_XML),
        (b"<xml>", Why.NOT_XML),
        (b"<XML><Encrypt>x</Encrypt></XML>", Why.NOT_XML),
        (b"<xml><Encrypt>x</Encrypt><Encrypt>x</Encrypt></xml>", Why.NOT_XML),
        (b"<xml></xml>", Why.NO_CIPHERTEXT),
        (INNER, Why.NO_CIPHERTEXT),
        (b"<xml><Encrypt><![CDATA[]]></Encrypt></xml>", Why.CIPHERTEXT),
        (b"<xml><Encrypt><![CDATA[!!!!]]></Encrypt></xml>", Why.CIPHERTEXT),
        ("<xml><Encrypt><![CDATA[密文]]></Encrypt></xml>".encode(), Why.CIPHERTEXT),
        (b"<xml><Encrypt><![CDATA[AAAA]]></Encrypt></xml>", Why.CIPHERTEXT),
    ],
)
def test_a_signed_body_of_the_wrong_shape_is_malformed(body: bytes, why: Why) -> None:
    knock = signed(body, NOW)
    refused(why, 400, knock.query, knock.body)


# pad length, pad byte: the last byte names the length, the rest must repeat it
@pytest.mark.parametrize("tail", [b"\x00" * 32, b"\x21" * 33, b"\x01\x02", b"\xff" * 32])
def test_wrong_padding_is_malformed(tail: bytes) -> None:
    plain_text = b"r" * 16 + len(INNER).to_bytes(4, "big") + INNER + APP_ID.encode()
    filled = plain_text + b"." * (-(len(plain_text) + len(tail)) % 32) + tail
    refused_plaintext(Why.PADDING, filled)


@pytest.mark.parametrize("length", [len(INNER) + len(APP_ID) + 1, 2**32 - 1])
def test_a_length_beyond_the_message_is_malformed(length: int) -> None:
    head = b"r" * 16 + length.to_bytes(4, "big")
    refused_plaintext(Why.LENGTH, padded(head + INNER + APP_ID.encode()))


def test_a_message_shorter_than_its_own_head_is_malformed() -> None:
    refused_plaintext(Why.LENGTH, padded(b"short"))


def test_a_message_that_is_not_utf8_is_malformed() -> None:
    knock = sealed(b"<xml>\xff\xfe</xml>", NOW)
    refused(Why.NOT_UTF8, 400, knock.query, knock.body)


def test_plaintext_mode_is_refused_unless_it_is_allowed() -> None:
    knock = plain(INNER, NOW)
    refused(Why.PLAINTEXT, 403, knock.query, knock.body)
    assert envelope().open(knock.query, knock.body, NOW, allow_plaintext=True) is knock.body


def test_plaintext_mode_still_wants_its_own_signature() -> None:
    knock = plain(INNER, NOW)
    for asked, why in (
        ({**knock.query, "signature": "0" * 40}, Why.SIGNATURE),
        ({**knock.query, "timestamp": "1"}, Why.SIGNATURE),
        ({}, Why.UNSIGNED),
    ):
        with pytest.raises(Refused) as caught:
            envelope().open(asked, knock.body, NOW, allow_plaintext=True)
        assert (caught.value.why, caught.value.status) == (why, 403)


def test_a_replayed_plaintext_request_is_refused_as_stale() -> None:
    knock = plain(INNER, NOW - timedelta(seconds=301))
    with pytest.raises(Refused) as caught:
        envelope().open(knock.query, knock.body, NOW, allow_plaintext=True)
    assert caught.value.why is Why.STALE


@pytest.mark.parametrize("key", ["", "A" * 42, "A" * 44, "密" * 43, "*" * 43])
def test_an_encoding_key_that_is_none_is_found_at_the_start(key: str) -> None:
    with pytest.raises(BadKey):
        Envelope(TOKEN, key, APP_ID)


texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=200)


@given(text=texts, timestamp=st.integers(0, 2**31))
def test_what_we_seal_wechatpy_opens(text: str, timestamp: int) -> None:
    reply = envelope().seal(text.encode(), timestamp, "n")
    signature = xml.fields(xml.leaves(reply))["MsgSignature"]
    theirs = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
    assert theirs.decrypt_message(reply.decode(), signature, str(timestamp), "n") == text


@given(text=texts)
def test_what_wechatpy_seals_we_open(text: str) -> None:
    theirs = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
    timestamp = str(int(NOW.timestamp()))
    body = theirs.encrypt_message(text, "nonce", timestamp)
    tags = xml.fields(xml.leaves(body.encode()))
    asked = {"msg_signature": tags["MsgSignature"], "timestamp": timestamp, "nonce": "nonce"}
    assert envelope().open(asked, body.encode(), NOW) == text.encode()


def test_two_seals_of_one_message_differ() -> None:
    assert envelope().encrypt(INNER) != envelope().encrypt(INNER)


def test_secrets_are_compared_in_constant_time_only() -> None:
    tree = ast.parse(inspect.getsource(envelope_module))
    compared = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and any(isinstance(operator, ast.Eq | ast.NotEq) for operator in node.ops)
    ]
    secret = ("signature", "wanted", "given", "receive_id")
    assert not [text for text in compared if any(word in text for word in secret)]
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert calls.count("hmac.compare_digest") == 2


def padded(text: bytes) -> bytes:
    count = 32 - len(text) % 32
    return text + bytes([count]) * count


def refused_plaintext(why: Why, filled: bytes) -> None:
    """What lies inside the ciphertext is of our making, its signature is right."""
    encryptor = envelope()._cipher.encryptor()
    ciphertext = base64.b64encode(encryptor.update(filled) + encryptor.finalize()).decode()
    knock = signed(xml.document([("Encrypt", ciphertext)]), NOW)
    refused(why, 400, knock.query, knock.body)


def refused(why: Why, status: int, asked: dict[str, str], body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        envelope().open(asked, body, NOW)
    assert (caught.value.why, caught.value.status) == (why, status)
