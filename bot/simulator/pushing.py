"""Posting to the bot as the platforms do: signed, sealed, retried, the answer judged."""

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bot.messages import Channel
from bot.simulator import tags
from bot.simulator.accounts import Mode
from bot.simulator.faults import PushTrouble
from bot.simulator.hub import Hub
from bot.simulator.journal import Trace, Way
from bot.simulator.wires import Answer, Deliver
from bot.wechat.envelope import Envelope, Refused
from bot.wechat.limits import CALLBACK_RETRIES, ECHO_TIMEOUT

# wechat_platform.md 1.4: the first post and three more, about five seconds apart
ATTEMPTS = 1 + CALLBACK_RETRIES
APART = 5.0

# where the consoles were told that the bot listens
PATHS: Mapping[Channel, str] = {
    Channel.OFFICIAL: "/wechat",
    Channel.WECOM: "/wecom",
    Channel.KF: "/kf",
}

SILENT = (b"", b"success")
HEADERS = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"}


@dataclass(frozen=True)
class Heard:
    """How a push ended. `reply` are the tags of a valid answer, None for `success` or nothing.

    `why` says what was wrong with the answer; it is empty when nothing was.
    """

    reply: Mapping[str, object] | None
    why: str
    attempts: int
    status: int | None


@dataclass(frozen=True)
class Delivery:
    """What became of something a person did.

    `reply` is the text shown at once as the answer, None when there was none; `fault` is
    whether the person saw the platform's fault text instead; `why` says what was wrong.
    """

    reply: str | None
    fault: bool
    attempts: int
    status: int | None
    why: str = ""


@dataclass(frozen=True)
class Parcel:
    """One message or event, ready to be posted as often as it takes."""

    channel: Channel
    person: str
    what: str
    xml: bytes


class Pusher:
    """Posts parcels; holds no lock while the bot thinks."""

    def __init__(
        self,
        hub: Hub,
        deliver: Deliver,
        pause: Callable[[float], object],
    ) -> None:
        self._hub, self._deliver, self._pause = hub, deliver, pause
        oa, corp = hub.accounts.official, hub.accounts.corp
        self._envelopes = {
            Channel.OFFICIAL: Envelope(oa.token, oa.aes_key, oa.app_id),
            Channel.WECOM: Envelope(corp.token, corp.aes_key, corp.corp_id),
            Channel.KF: Envelope(corp.token, corp.aes_key, corp.corp_id),
        }

    def push(self, parcel: Parcel) -> Heard:
        """Post until it is answered with 200, at most four times."""
        heard = Heard(None, "lost on the way", 0, None)
        for attempt in range(1, ATTEMPTS + 1):
            with self._hub.lock:
                trouble = self._hub.faults.take_push(parcel.channel)
            if trouble is PushTrouble.LOST:
                return heard
            if attempt > 1:
                self._pause(APART)
            heard = self._once(parcel, attempt)
            if trouble is PushTrouble.REPEATED:
                self._once(parcel, attempt)
            if heard.status == 200 and trouble is not PushTrouble.UNHEARD:
                return heard
        return Heard(None, heard.why or "no answer in time", ATTEMPTS, heard.status)

    def push_at_once(self, parcel: Parcel, copies: int) -> list[Heard]:
        """The same parcel from so many threads at one moment, as a network that stutters."""
        start = threading.Barrier(copies)

        def once(attempt: int) -> Heard:
            start.wait()
            return self._once(parcel, attempt)

        with ThreadPoolExecutor(copies) as threads:
            return list(threads.map(once, range(1, copies + 1)))

    def verify(self, channel: Channel) -> str:
        """The GET by which the console checks a callback URL; `` when the bot passes."""
        envelope, stamp, nonce = self._envelopes[channel], self._stamp(), _nonce()
        word = str(secrets.randbelow(10**18)).zfill(19)
        query = {"timestamp": stamp, "nonce": nonce}
        if channel is Channel.OFFICIAL:
            query |= {"signature": envelope.sign(stamp, nonce), "echostr": word}
        else:
            sealed = envelope.encrypt(word.encode())
            query |= {"msg_signature": envelope.sign(stamp, nonce, sealed), "echostr": sealed}
        began = time.perf_counter()
        try:
            status, _, body = self._deliver("GET", PATHS[channel], query, {}, b"")
        except OSError:
            return "nobody answers"
        if (status, body) != (200, word.encode()):
            return f"status {status}, the echo {'differs' if status == 200 else 'is missing'}"
        late = time.perf_counter() - began > ECHO_TIMEOUT.total_seconds()
        return "the echo took too long" if late and channel is Channel.WECOM else ""

    def _once(self, parcel: Parcel, attempt: int) -> Heard:
        query, body = self._wrap(parcel)
        began = time.perf_counter()
        answer: Answer | None
        try:
            answer = self._deliver("POST", PATHS[parcel.channel], query, HEADERS, body)
        except OSError:
            answer = None
        spent = (time.perf_counter() - began) * 1000
        heard = self._judge(parcel, answer, attempt)
        self._note(parcel, heard, spent, attempt)
        return heard

    def _judge(self, parcel: Parcel, answer: Answer | None, attempt: int) -> Heard:
        if answer is None:
            return Heard(None, "no answer in time", attempt, None)
        status, _, body = answer
        if status != 200:
            return Heard(None, f"status {status}", attempt, status)
        if body in SILENT:
            return Heard(None, "", attempt, status)
        try:
            return Heard(self._open(parcel, body), "", attempt, status)
        except (tags.NotXml, Refused) as error:
            return Heard(None, str(error), attempt, status)

    def _open(self, parcel: Parcel, body: bytes) -> Mapping[str, object]:
        """The tags of a passive reply; NotXml or Refused when the platform would not take it."""
        outer = tags.read(body)
        sealed = self._mode(parcel.channel) is not Mode.PLAIN
        inner = tags.read(_unsealed(self._envelopes[parcel.channel], outer)) if sealed else outer
        if inner.get("ToUserName") != parcel.person:
            raise tags.NotXml("the reply is addressed to somebody else")
        if inner.get("FromUserName") != self._own_name(parcel.channel):
            raise tags.NotXml("the reply does not come from this account")
        if not str(inner.get("CreateTime", "")).isdigit():
            raise tags.NotXml("CreateTime is no number")
        return inner

    def _wrap(self, parcel: Parcel) -> tuple[dict[str, str], bytes]:
        """Query and body, signed anew: a retry carries a new timestamp and nonce."""
        envelope, stamp, nonce = self._envelopes[parcel.channel], self._stamp(), _nonce()
        query = {"timestamp": stamp, "nonce": nonce}
        if parcel.channel is Channel.OFFICIAL:
            query |= {"signature": envelope.sign(stamp, nonce), "openid": parcel.person}
        mode = self._mode(parcel.channel)
        if mode is Mode.PLAIN:
            return query, parcel.xml
        sealed = envelope.encrypt(parcel.xml)
        if parcel.channel is Channel.OFFICIAL:
            query["encrypt_type"] = "aes"
        query["msg_signature"] = envelope.sign(stamp, nonce, sealed)
        if mode is Mode.COMPATIBLE:
            clear = parcel.xml.removesuffix(b"</xml>")
            return query, clear + tags.inside({"Encrypt": sealed}).encode() + b"</xml>"
        return query, tags.write(self._address(parcel.channel) | {"Encrypt": sealed})

    def _address(self, channel: Channel) -> dict[str, tags.Value]:
        if channel is Channel.OFFICIAL:
            return {"ToUserName": self._hub.accounts.official.original_id}
        corp = self._hub.accounts.corp
        return {"ToUserName": corp.corp_id, "AgentID": str(corp.agent_id)}

    def _mode(self, channel: Channel) -> Mode:
        return self._hub.accounts.official.mode if channel is Channel.OFFICIAL else Mode.SAFE

    def _own_name(self, channel: Channel) -> str:
        if channel is Channel.OFFICIAL:
            return self._hub.accounts.official.original_id
        return self._hub.accounts.corp.corp_id

    def _stamp(self) -> str:
        return str(self._hub.seconds())

    def _note(self, parcel: Parcel, heard: Heard, spent: float, attempt: int) -> None:
        result = heard.why or ("reply" if heard.reply is not None else "silent")
        with self._hub.lock:
            self._hub.journal.note(
                Trace(
                    id=self._hub.journal.next_id(),
                    at=self._hub.clock(),
                    way=Way.PUSH,
                    what=f"{PATHS[parcel.channel]} {parcel.what}",
                    status=heard.status or 0,
                    code=None,
                    milliseconds=round(spent, 1),
                    result=result,
                    attempt=attempt,
                )
            )


def _unsealed(envelope: Envelope, outer: Mapping[str, object]) -> bytes:
    """The XML inside a reply; NotXml or Refused when a part is missing or does not match."""
    parts = [outer.get(name) for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")]
    sealed, signature, stamp, nonce = (part if isinstance(part, str) else "" for part in parts)
    if not (sealed and signature and stamp and nonce):
        raise tags.NotXml("the reply is not sealed")
    if envelope.sign(stamp, nonce, sealed) != signature:
        raise tags.NotXml("the reply is signed wrongly")
    return envelope.decrypt(sealed)


def _nonce() -> str:
    return str(secrets.randbelow(10**10))
