"""Calls to the platforms: pooled, bounded in time and size, judged by their error code."""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from bot.domain.retry import Failure, SendFailed, redacted
from bot.wechat.errors import judge
from bot.wechat.limits import VIDEO_HOSTS
from bot.wechat.pool import session as pooled
from bot.wechat.pool import whole_within

CONNECT_SECONDS, READ_SECONDS = 3, 7
# a peer that drips one byte every few seconds never meets the read timeout; this it meets
WHOLE_SECONDS = 10
JSON_BYTES = 1024 * 1024

_CHUNK = 64 * 1024

Params = Mapping[str, str | int]

# an openid, or the external_userid of a WeCom client
_PERSON = re.compile(r"\b(?:o[\w-]{27}|w[mo][\w-]{30})(?![\w-])")


class ApiError(SendFailed):
    """The platform, or the way to it, refused a call."""


class Unanswered(ApiError):
    """No readable answer came: the platform may have done what was asked, or not."""


class _Redaction(logging.Filter):
    """Takes tokens and people out of the addresses the connection pool logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _without_people(record.getMessage()), None
        return True


_REDACTION = _Redaction()


@dataclass(frozen=True)
class _Answer:
    status: int
    kind: str
    body: bytes

    @property
    def is_file(self) -> bool:
        """Whether it is bytes to keep, and neither words nor a refusal."""
        words = "json" in self.kind or self.kind.startswith("text/")
        return not words and self.status < 300


class Client:
    """One platform's API: JSON in, JSON out, or ApiError with the kind of failure.

    It never retries: whether a message is sent again is decided where it is stored.
    """

    def __init__(
        self,
        base_url: str,
        errors: Mapping[int, Failure],
        session: requests.Session | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._errors = errors
        self._session = session or pooled(base_url)
        for name in ("urllib3.connectionpool", "urllib3.util.retry"):
            logging.getLogger(name).addFilter(_REDACTION)

    def get(self, path: str, params: Params) -> dict[str, Any]:
        """The JSON answer to a GET."""
        return self._judged(self._exchange("GET", path, params, None, JSON_BYTES))

    def post(self, path: str, params: Params, body: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON answer to a POST of this JSON."""
        # the platforms show \u escapes literally
        data = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        return self._judged(self._exchange("POST", path, params, data, JSON_BYTES))

    def download(self, path: str, params: Params, max_bytes: int) -> bytes:
        """The file a GET answers with; a JSON answer is a refusal, whatever its status."""
        answer = self._exchange("GET", path, params, None, max_bytes)
        if not answer.is_file:
            # of a video the official account gives an address
            address = self._judged(answer).get("video_url")
            if not isinstance(address, str):
                raise ApiError(Failure.NEVER, None, "the answer is no file")
            answer = self._elsewhere(address, max_bytes)
        return answer.body

    def _elsewhere(self, address: str, max_bytes: int) -> _Answer:
        """The file at an address that the platform gave, on a host of its own."""
        parts = urlsplit(address)
        ours = parts.netloc == urlsplit(self._base_url).netloc
        if not ours and not (parts.hostname or "").endswith(VIDEO_HOSTS):
            detail = "a video lies on a host that is not the platform's"
            raise ApiError(Failure.NEVER, None, detail)
        answer = self._exchange("GET", address, {}, None, max_bytes)
        if not answer.is_file:
            raise _unreadable(answer)
        return answer

    def _exchange(
        self, method: str, path: str, params: Params, data: bytes | None, max_bytes: int
    ) -> _Answer:
        address = path if path.startswith(("http://", "https://")) else self._base_url + path
        try:
            with whole_within(WHOLE_SECONDS) as ends:
                response = self._session.request(
                    method,
                    address,
                    params=params,
                    data=data,
                    headers={"Content-Type": "application/json"} if data is not None else None,
                    timeout=(CONNECT_SECONDS, READ_SECONDS),
                    allow_redirects=False,
                    stream=True,
                )
                with response:
                    body = _read(response, max_bytes, ends)
        except requests.exceptions.ConnectTimeout as error:
            raise _unsent(error) from None
        except requests.exceptions.ConnectionError as error:
            # urllib3 words it so; requests has one class for refused and for broken off
            refused = "NewConnectionError" in repr(error) or "NameResolution" in repr(error)
            raise (_unsent if refused else _unanswered)(error) from None
        except (requests.exceptions.RequestException, HTTPError, OSError) as error:
            raise _unanswered(error) from None
        return _Answer(response.status_code, response.headers.get("Content-Type", ""), body)

    def _judged(self, answer: _Answer) -> dict[str, Any]:
        try:
            found = json.loads(answer.body)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise _unreadable(answer)
        code = _code(found)
        if code:
            failure = judge(self._errors, code)
            raise ApiError(failure, code, _without_people(str(found.get("errmsg", ""))))
        # the platforms answer 200 even to errors: another status comes from something between
        if answer.status >= 300 and "errcode" not in found:
            raise _unreadable(answer)
        return found


def _read(response: requests.Response, max_bytes: int, ends: float) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := response.raw.read1(_CHUNK):
        size += len(piece)
        if size > max_bytes:
            raise ApiError(Failure.NEVER, None, "the answer is too large")
        if monotonic() > ends:
            raise Unanswered(Failure.AGAIN, None, "the answer took too long")
        pieces.append(piece)
    promised = response.headers.get("Content-Length", "")
    if promised.isdigit() and size < int(promised):
        raise Unanswered(Failure.AGAIN, None, "half an answer")
    return b"".join(pieces)


def _code(answer: Mapping[str, Any]) -> int:
    try:
        return int(answer.get("errcode") or 0)
    except (TypeError, ValueError):
        raise Unanswered(Failure.AGAIN, None, "an errcode that is no number") from None


def _unsent(error: Exception) -> ApiError:
    # only the kind: the text of these errors holds the whole address, token included
    return ApiError(Failure.AGAIN, None, type(error).__name__)


def _unanswered(error: Exception) -> ApiError:
    return Unanswered(Failure.AGAIN, None, type(error).__name__)


def _unreadable(answer: _Answer) -> ApiError:
    detail = f"HTTP {answer.status} without a readable answer"
    if 300 <= answer.status < 500 and answer.status not in {408, 429}:
        return ApiError(Failure.ALARM, None, detail)
    return Unanswered(Failure.AGAIN, None, detail)


def _without_people(text: str) -> str:
    return redacted(_PERSON.sub("…", text))
