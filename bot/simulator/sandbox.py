"""The sandbox page: a Flask blueprint that shows two phones and passes orders to the platform."""

from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import requests
from flask import Blueprint, Response, abort, render_template, request, send_from_directory

from bot.browsers import content_policy
from bot.simulator.texts import SANDBOX

POLICY = content_policy(forms="'none'")
# the platform answers from memory; only a photo takes a moment
PATIENCE = 10.0
MOST_BYTES = 10 * 1024 * 1024

_HERE = Path(str(files(__package__)))
# the style sheet that the client pages carry: one copy for both
_VENDORED = Path(str(files("bot.pages"))) / "static" / "vendor"


class _Platform:
    """The control API of the running platform, asked on behalf of the page."""

    def __init__(self, control_url: str, secret: str) -> None:
        self._url, self._secret = control_url, secret
        self._session = requests.Session()
        self._session.trust_env = False

    def ask(self, path: str) -> Response:
        """Pass the page's request on as it is, and the answer back; 502 when nobody is there."""
        try:
            answer = self._session.request(
                request.method,
                f"{self._url}/{path}",
                params=list(request.args.items()),
                data=request.get_data() if request.method == "POST" else None,
                headers={
                    "X-Control-Secret": self._secret,
                    "Content-Type": request.headers.get("Content-Type", ""),
                },
                timeout=PATIENCE,
            )
        except requests.RequestException:
            abort(502)
        kind = answer.headers.get("Content-Type", "application/octet-stream")
        return Response(answer.content, answer.status_code, content_type=kind)


def vendored(file: str) -> Response:
    """A style sheet that others wrote, from where the client pages carry it."""
    return send_from_directory(_VENDORED, file)


def sandbox_blueprint(control_url: str, secret: str, agency: str = "") -> Blueprint:
    """The page below /sandbox/. `control_url` and `secret` are those of the running platform."""
    page = Blueprint(
        "sandbox",
        __name__,
        url_prefix="/sandbox",
        template_folder=str(_HERE / "templates"),
        static_folder=str(_HERE / "static"),
        static_url_path="/static",
    )
    platform = _Platform(control_url, secret)

    @page.get("/")
    def show() -> str:
        title = agency or SANDBOX["agency"]
        return render_template("sandbox.html", agency=title, app_name=SANDBOX["app"])

    page.add_url_rule("/vendor/<file>", view_func=vendored)

    @page.get("/state")
    def state() -> Response:
        return platform.ask("state")

    @page.get("/media/<media_id>")
    def media(media_id: str) -> Response:
        return platform.ask(f"media/{media_id}")

    @page.post("/<any(deeds, photos, clock, faults):order>")
    def order(order: str) -> Response:
        # another site's page cannot set this header without asking first, which we never allow
        if "X-Sandbox" not in request.headers or not _at_home():
            abort(403)
        if request.content_length is None:
            abort(411)
        if request.content_length > MOST_BYTES:
            abort(413)
        return platform.ask(order)

    page.after_request(_guarded)
    return page


def _at_home() -> bool:
    """Whether the page that asks, if one does, was served from here."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _guarded(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-cache"
    return response
