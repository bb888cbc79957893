"""How a push reaches the bot: over loopback HTTP, or straight into its WSGI app."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import requests
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Response

from bot.wechat.limits import CALLBACK_TIMEOUT

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Answer = tuple[int, Mapping[str, str], bytes]
# (method, path, query, headers, body) -> (status, headers, body); OSError when nobody answers
Deliver = Callable[[str, str, Mapping[str, str], Mapping[str, str], bytes], Answer]


def over_http(base_url: str, patience: float = CALLBACK_TIMEOUT.total_seconds()) -> Deliver:
    """Post to a bot that listens on `base_url`."""
    session = requests.Session()
    session.trust_env = False

    def deliver(
        method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answer:
        answer = session.request(
            method,
            base_url + path,
            params=dict(query),
            headers=dict(headers),
            data=body if method == "POST" else None,
            timeout=patience,
            allow_redirects=False,
        )
        return answer.status_code, dict(answer.headers), answer.content

    return deliver


def in_process(app: "WSGIApplication") -> Deliver:
    """Call a WSGI app in this thread; a test needs no socket."""

    def deliver(
        method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answer:
        data = body if method == "POST" else None
        builder = EnvironBuilder(
            path=path, method=method, query_string=query, headers=list(headers.items()), data=data
        )
        try:
            chunks, status, found = run_wsgi_app(app, builder.get_environ(), buffered=True)
            answer = Response(chunks, status, found)
            return answer.status_code, dict(answer.headers), answer.get_data()
        finally:
            builder.close()

    return deliver
