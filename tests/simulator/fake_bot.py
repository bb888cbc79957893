"""A bot of twenty lines that answers as it is told: the other side of the platform's tests."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import xmltodict
from werkzeug.wrappers import Request, Response

from bot.simulator.accounts import Accounts
from bot.wechat.envelope import Envelope

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Tags = dict[str, str]
# the inner tags of a push -> what to answer: a text, raw bytes, a whole response, or nothing
Answer = str | bytes | Response | None


@dataclass
class Seen:
    """One request as it arrived."""

    path: str
    query: dict[str, str]
    tags: Tags
    body: bytes


@dataclass
class FakeBot:
    """A WSGI app at /wechat and /wecom. Set `answer` to change what it says."""

    accounts: Accounts
    answer: Callable[[Tags], Answer] = lambda tags: "echo:" + tags.get("Content", "")
    seen: list[Seen] = field(default_factory=list)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        request = Request(environ)
        return self._respond(request)(environ, start_response)

    def _respond(self, request: Request) -> Response:
        envelope = self._envelope(request.path)
        if request.method == "GET":
            return Response(self._echo(request, envelope))
        outer = xmltodict.parse(request.get_data())["xml"]
        stamp, nonce = request.args["timestamp"], request.args["nonce"]
        if "Encrypt" in outer:
            signed = envelope.sign(stamp, nonce, outer["Encrypt"])
            assert request.args["msg_signature"] == signed
            inner = xmltodict.parse(envelope.decrypt(outer["Encrypt"]))["xml"]
        else:
            assert request.args["signature"] == envelope.sign(stamp, nonce)
            inner = outer
        self.seen.append(Seen(request.path, dict(request.args), inner, request.get_data()))
        answer = self.answer(inner)
        if isinstance(answer, str):
            return Response(envelope.seal(reply(inner, answer), 1700000000, "42"))
        return answer if isinstance(answer, Response) else Response(answer or b"")

    def _envelope(self, path: str) -> Envelope:
        oa, corp = self.accounts.official, self.accounts.corp
        if path == "/wechat":
            return Envelope(oa.token, oa.aes_key, oa.app_id)
        return Envelope(corp.token, corp.aes_key, corp.corp_id)

    def _echo(self, request: Request, envelope: Envelope) -> bytes:
        echo = request.args["echostr"]
        return envelope.decrypt(echo) if request.path == "/wecom" else echo.encode()


def reply(inner: Tags, text: str, **changed: str) -> bytes:
    """The XML of a passive text reply, with some tags changed."""
    tags = {
        "ToUserName": inner["FromUserName"],
        "FromUserName": inner["ToUserName"],
        "CreateTime": "1700000000",
        "MsgType": "text",
        "Content": text,
    }
    xml: str = xmltodict.unparse({"xml": tags | changed}, full_document=False)
    return xml.encode()


def always(answer: Answer) -> Callable[[Tags], Answer]:
    """The same answer to everything."""
    return lambda _: answer
