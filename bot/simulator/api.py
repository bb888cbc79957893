"""Both API hosts on one loopback server: /oa is api.weixin.qq.com, /wecom qyapi.weixin.qq.com."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from bot.simulator.api_calls import Answer, Call, Json, Routes, person_of
from bot.simulator.broken_wires import break_off
from bot.simulator.faults import ON_THE_WIRE, Fault, Trouble
from bot.simulator.hub import Hub
from bot.simulator.journal import Trace, Way
from bot.simulator.kf_api import KfApi
from bot.simulator.official_api import OfficialApi
from bot.simulator.refusals import ApiRefusal, official_answer, wecom_answer
from bot.simulator.wecom_api import WecomApi

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

JSON = "application/json; encoding=utf-8"
PICTURES, VIDEOS = "/pictures/", "/videos/"


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
        if prefix == "oa" and path.startswith((PICTURES, VIDEOS)):
            return self._picture(path)(environ, start_response)
        began = time.perf_counter()
        with self._hub.lock:
            fault = self._hub.faults.take_call(path, person_of(request))
            response, code = self._faulty(fault, host, path, request)
            broken = fault is not None and fault.trouble in ON_THE_WIRE
            self._note(f"{prefix} {path}", 0 if broken else response.status_code, code, began)
        if fault is not None and broken:
            # others are served meanwhile
            break_off(environ, fault.trouble, response)
        return response(environ, start_response)

    def _note(self, what: str, status: int, code: int | None, began: float) -> None:
        self._hub.journal.note(
            Trace(
                id=self._hub.journal.next_id(),
                at=self._hub.clock(),
                way=Way.CALL,
                what=what,
                status=status,
                code=code,
                milliseconds=round((time.perf_counter() - began) * 1000, 1),
                result="ok" if code == 0 else "refused" if code is not None else "broken",
            )
        )

    def _faulty(
        self, fault: Fault | None, host: _Host, path: str, request: Request
    ) -> tuple[Response, int | None]:
        """The answer, or what an ordered fault makes of it."""
        if fault is None:
            return self._answer(host, path, request)
        done = self._answer(host, path, request)[0] if fault.done else None
        match fault.trouble:
            case Trouble.CODE:
                return _json(host.refuse(fault.code, "")), fault.code
            case Trouble.NOT_JSON:
                return Response("<html>busy</html>", content_type="text/html"), None
            case trouble if trouble in ON_THE_WIRE:
                return done or _json(host.refuse(-1, "")), None
            case _:
                return Response("<html>502 Bad Gateway</html>", status=502), None

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
                return self._official.picture(path.rpartition("/")[2])
            except ApiRefusal:
                return Response("gone", status=404)


def _json(answer: Json) -> Response:
    return Response(json.dumps(answer, ensure_ascii=False), content_type=JSON)
