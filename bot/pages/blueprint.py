"""The addresses below /m/, each thin: who may, what is asked for, and the page that answers."""

import logging
import traceback

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from bot.pages import handing, mine, shown, subscribe, upload
from bot.pages.front import HERE, Front, Stop, guarded, told
from storage.db import Busy

log = logging.getLogger(__name__)


def pages_blueprint(front: Front) -> Blueprint:
    """Every page: materials, documents, the page staff send them from, and a client's own cases."""
    page = Blueprint(
        "pages",
        __name__,
        url_prefix="/m",
        template_folder=str(HERE / "templates"),
        static_folder=str(HERE / "static"),
        static_url_path="/static",
    )
    upload.add(page, front)
    shown.add(page, front)
    handing.add(page, front)
    mine.add(page, front)
    subscribe.add(page, front)
    page.after_request(guarded)
    add_refusals(page, front)

    @page.get("/")
    @page.get("/<path:rest>")
    def nothing(**_: str) -> Response:
        raise Stop("unknown", 404)

    return page


def add_refusals(page: Blueprint, front: Front) -> None:
    """Whatever goes wrong ends with a page that a client can read, and says nothing else."""

    @page.errorhandler(Stop)
    def stopped(stop: Stop) -> Response:
        return told(front, stop.reason, stop.status)

    @page.errorhandler(RequestEntityTooLarge)
    def too_large(_: RequestEntityTooLarge) -> Response:
        return told(front, "too_large", 413)

    @page.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        return told(front, "refused", error.code or 400)

    @page.errorhandler(Busy)
    def away(_: Busy) -> Response:
        log.warning("a page was asked for while the database is away")
        return told(front, "busy", 503)

    @page.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        # where, never what: the message of an error may hold what somebody sent
        origin = traceback.extract_tb(error.__traceback__)[-1]
        log.error(
            "page failed: %s in %s, line %d", type(error).__name__, origin.name, origin.lineno
        )
        return told(front, "failed", 500)
