"""The doors the platforms knock at: plain WSGI, ahead of the web framework."""

import logging
import secrets
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl

from bot.clock import Clock
from bot.messages import Channel, Inbound
from bot.wechat import codec
from bot.wechat.envelope import Envelope, Refused, Why
from bot.wechat.limits import MAX_BODY
from storage.db import Busy

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

_XML = frozenset({"", "text/xml", "application/xml"})


class Respond(Protocol):
    """One turn: the inner XML of the reply, or None to answer with nothing. May raise Busy."""

    def __call__(self, inbound: Inbound, raw: bytes, /) -> bytes | None: ...


@dataclass(frozen=True)
class _Answer:
    status: HTTPStatus
    body: bytes = b""
    kind: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


class _Rejected(Exception):
    """The request is turned away before the envelope is looked at."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        self.status, self.why = status, why
        super().__init__(why)


@dataclass(frozen=True)
class Door:
    """One webhook as a WSGI application: who knocks, whether to open, what to answer."""

    envelope: Envelope
    channel: Channel
    respond: Respond
    clock: Clock
    allow_plaintext: bool = False
    # told of every request that is signed rightly but at another hour: our clock may be wrong
    alarm: Callable[[], None] = lambda: None

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        answer = self._answer(environ)
        headers = [
            ("Content-Type", answer.kind),
            ("Content-Length", str(len(answer.body))),
            ("X-Content-Type-Options", "nosniff"),
            *answer.headers,
        ]
        start_response(f"{answer.status.value} {answer.status.phrase}", headers)
        return [answer.body]

    def _answer(self, environ: "WSGIEnvironment") -> _Answer:
        try:
            return self._opened(environ)
        except _Rejected as rejected:
            return self._refusal(rejected.status, rejected.why)
        except Refused as refused:
            if refused.why is Why.STALE:
                self.alarm()
            return self._refusal(HTTPStatus(refused.status), refused.why)
        except codec.Malformed as malformed:
            return self._refusal(HTTPStatus.BAD_REQUEST, str(malformed))

    def _opened(self, environ: "WSGIEnvironment") -> _Answer:
        match environ["REQUEST_METHOD"]:
            case "GET":
                return self._echo(_query(environ))
            case "POST":
                return self._message(environ)
            case _:
                raise _Rejected(HTTPStatus.METHOD_NOT_ALLOWED, "method")

    def _echo(self, query: Mapping[str, str]) -> _Answer:
        now = self.clock()
        if self.channel is Channel.OFFICIAL:
            return _Answer(HTTPStatus.OK, self.envelope.verify_url(query, now))
        return _Answer(HTTPStatus.OK, self.envelope.open_echo(query, now))

    def _message(self, environ: "WSGIEnvironment") -> _Answer:
        body = _body(environ)
        inner = self.envelope.open(_query(environ), body, self.clock(), self.allow_plaintext)
        inbound = codec.decode(inner, self.channel)
        reply = self._turn(inbound, inner)
        if isinstance(reply, _Answer):
            return reply
        log.debug("%s answered %s", self.channel, inbound.key)
        if reply is None:
            return _Answer(HTTPStatus.OK)
        # in plaintext mode the envelope hands back the body itself; the reply is bare then, too
        sealed = reply if inner is body else self._sealed(reply)
        return _Answer(HTTPStatus.OK, sealed, "application/xml; charset=utf-8")

    def _turn(self, inbound: Inbound, raw: bytes) -> bytes | _Answer | None:
        try:
            return self.respond(inbound, raw)
        except Busy:
            log.warning("%s busy, asked to come again: %s", self.channel, inbound.key)
        except Exception as error:  # noqa: BLE001  # nothing may leave here as an empty 500
            # where, never what: the text of an error may be what somebody sent
            log.error("%s failed %s: %s", self.channel, inbound.key, _origin(error))  # noqa: TRY400
        # the platform knocks again, and after the last time tells the person that we are out
        return _Answer(HTTPStatus.SERVICE_UNAVAILABLE, b"try again\n")

    def _sealed(self, reply: bytes) -> bytes:
        return self.envelope.seal(reply, int(self.clock().timestamp()), secrets.token_hex(8))

    def _refusal(self, status: HTTPStatus, why: str) -> _Answer:
        log.warning("%s refused %d: %s", self.channel, status, why)
        headers: tuple[tuple[str, str], ...] = ()
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            headers = (("Allow", "GET, POST"),)
        return _Answer(status, f"{status.phrase}\n".encode(), headers=headers)


def _query(environ: "WSGIEnvironment") -> dict[str, str]:
    try:
        pairs = parse_qsl(
            environ.get("QUERY_STRING", ""), keep_blank_values=True, max_num_fields=20
        )
    except ValueError:
        raise _Rejected(HTTPStatus.BAD_REQUEST, "query") from None
    query = dict(pairs)
    # two values under one name: what was signed and what is read must not differ
    if len(query) != len(pairs):
        raise _Rejected(HTTPStatus.BAD_REQUEST, "repeated parameter")
    return query


def _body(environ: "WSGIEnvironment") -> bytes:
    """The whole body, read before anything is judged, so that the connection can live on."""
    length = _length(environ)
    body: bytes = environ["wsgi.input"].read(length)
    if len(body) < length:
        raise _Rejected(HTTPStatus.BAD_REQUEST, "short body")
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if kind not in _XML:
        raise _Rejected(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "content type")
    return body


def _length(environ: "WSGIEnvironment") -> int:
    given = environ.get("CONTENT_LENGTH", "").strip()
    # some servers cut a chunked body at their limit and say nothing
    if environ.get("HTTP_TRANSFER_ENCODING") or not given:
        raise _Rejected(HTTPStatus.LENGTH_REQUIRED, "no length")
    if not (given.isascii() and given.isdigit()):
        raise _Rejected(HTTPStatus.BAD_REQUEST, "length")
    if len(given) > 10 or int(given) > MAX_BODY:
        raise _Rejected(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large")
    return int(given)


def _origin(error: Exception) -> str:
    """Where it was raised, without its text, which may hold what the person wrote."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name}, line {frame.lineno}"
