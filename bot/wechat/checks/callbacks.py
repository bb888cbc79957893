"""The addresses the platforms knock at: there from outside, and answering as they expect."""

import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.config import Settings
from bot.messages import Channel
from bot.wechat.checks.findings import Finding, Patient, knock
from bot.wechat.envelope import Envelope
from bot.wechat.oauth import API

PATHS = {Channel.OFFICIAL: "/wechat", Channel.WECOM: "/wecom", Channel.KF: "/kf"}
# the only ports the official account's console takes
PORTS = frozenset({None, 80, 443})


def address(patient: Patient) -> Iterator[Finding]:
    """The public address is one that the consoles take."""
    s = patient.settings
    parts = urlsplit(s.public_url)
    if s.wechat_api_url == API and (parts.port not in PORTS or parts.scheme != "https"):
        yield Finding("public_url", {"url": s.public_url})


def official(patient: Patient) -> Iterator[Finding]:
    """The official account's door gives the echo back as it came."""
    yield from answered(patient, Channel.OFFICIAL)


def wecom(patient: Patient) -> Iterator[Finding]:
    """The staff app's door gives back what the echo holds."""
    yield from answered(patient, Channel.WECOM)


def kf(patient: Patient) -> Iterator[Finding]:
    """So does the door of 微信客服."""
    yield from answered(patient, Channel.KF)


def answered(patient: Patient, channel: Channel) -> Iterator[Finding]:
    """What a console would find when its owner presses 提交."""
    url = patient.settings.public_url + PATHS[channel]
    word = str(secrets.randbelow(10**18)).zfill(19)
    stamp, nonce = str(int(patient.clock().timestamp())), secrets.token_hex(5)
    answer = knock(url, query_of(patient.settings, channel, word, stamp, nonce))
    shown = {"url": url, "channel": channel}
    if isinstance(answer, str):
        yield Finding("callback_silent", {**shown, "why": answer})
    elif 300 <= answer.status_code < 400:
        yield Finding("callback_moved", {**shown, "to": answer.headers.get("Location", "")})
    elif answer.status_code == 403:
        yield Finding("callback_forbidden", shown)
    elif answer.status_code != 200:
        yield Finding("callback_status", {**shown, "status": answer.status_code})
    elif answer.content != word.encode():
        yield Finding("callback_echo", shown)


def query_of(s: Settings, channel: Channel, word: str, stamp: str, nonce: str) -> dict[str, str]:
    """The query by which the platform proves an address."""
    query = {"timestamp": stamp, "nonce": nonce}
    if channel is Channel.OFFICIAL:
        envelope = Envelope(s.oa_token, s.oa_aes_key, s.oa_app_id)
        return query | {"signature": envelope.sign(stamp, nonce), "echostr": word}
    token, key = (
        (s.kf_token, s.kf_aes_key) if channel is Channel.KF else (s.wecom_token, s.wecom_aes_key)
    )
    envelope = Envelope(token, key, s.wecom_corp_id)
    sealed = envelope.encrypt(word.encode())
    return query | {"msg_signature": envelope.sign(stamp, nonce, sealed), "echostr": sealed}
