"""Both API hosts on one loopback server: /oa is api.weixin.qq.com, /wecom qyapi.weixin.qq.com."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from bot.simulator.api_calls import Answer, Call, Json, Routes
from bot.simulator.faults import Trouble
from bot.simulator.hub import Hub
from bot.simulator.journal import Trace, Way
from bot.simulator.kf_api import KfApi
from bot.simulator.official_api import OfficialApi
from bot.simulator.refusals import ApiRefusal, official_answer, wecom_answer
from bot.simulator.wecom_api import WecomApi

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

JSON = "application/json; encoding=utf-8"
PICTURES = "/pictures/"


@dataclass(frozen=True)
class _Host:
    routes: Routes
    refuse: Callable[[int, str], Json]


class Api:
    """The WSGI app the bot's API base URLs lead to."""

    def __init__(self, hub: Hub, official: OfficialApi, wecom: WecomApi, kf: KfApi) -> None:
        self._hub, self._official = hub, official
        self._hosts: Mapping[str, _Host] = {
            "oa": _Host(official.routes(), official_answer),
            "wecom": _Host({**wecom.routes(), **kf.routes()}, wecom_answer),
        }

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one call."""
        request = Request(environ)
        prefix, _, rest = request.path.lstrip("/").partition("/")
        host, path = self._hosts.get(prefix), "/" + rest
        if host is None:
            return Response("not found", status=404)(environ, start_response)
        if prefix == "oa" and path.startswith(PICTURES):
            return self._picture(path)(environ, start_response)
        return self._timed(host, prefix, path, request)(environ, start_response)

    def _timed(self, host: _Host, prefix: str, path: str, request: Request) -> Response:
        began = time.perf_counter()
        with self._hub.lock:
            response, code = self._faulty(host, path, request)
            self._hub.journal.note(
                Trace(
                    id=self._hub.journal.next_id(),
                    at=self._hub.clock(),
                    way=Way.CALL,
                    what=f"{prefix} {path}",
                    status=response.status_code,
                    code=code,
                    milliseconds=round((time.perf_counter() - began) * 1000, 1),
                    result="ok" if code == 0 else "refused" if code is not None else "broken",
                )
            )
        return response

    def _faulty(self, host: _Host, path: str, request: Request) -> tuple[Response, int | None]:
        """The answer, or what an ordered fault makes of it."""
        match self._hub.faults.take_call(path):
            case (Trouble.CODE, int(code)):
                return _json(host.refuse(code, "")), code
            case (Trouble.BAD_GATEWAY, _):
                return Response("<html>502 Bad Gateway</html>", status=502), None
            case (Trouble.NOT_JSON, _):
                return Response("<html>busy</html>", content_type="text/html"), None
            case (Trouble.LOST_ANSWER, _):
                self._answer(host, path, request)
                return Response("<html>502 Bad Gateway</html>", status=502), None
            case _:
                return self._answer(host, path, request)

    def _answer(self, host: _Host, path: str, request: Request) -> tuple[Response, int]:
        route = host.routes.get((request.method, path))
        try:
            if route is None:
                known = any(path == found for _, found in host.routes)
                raise ApiRefusal(43002 if known else 40066)
            answer: Answer = route(Call(request, self._hub.clock()))
        except ApiRefusal as refusal:
            return _json(host.refuse(refusal.code, refusal.detail)), refusal.code
        return (answer if isinstance(answer, Response) else _json(answer)), 0

    def _picture(self, path: str) -> Response:
        with self._hub.lock:
            try:
                return self._official.picture(path.removeprefix(PICTURES))
            except ApiRefusal:
                return Response("gone", status=404)


def _json(answer: Json) -> Response:
    return Response(json.dumps(answer, ensure_ascii=False), content_type=JSON)
