"""The control API: how the sandbox page, in another process, drives the platform and its clock."""

import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from bot.messages import Channel
from bot.simulator import photos, views
from bot.simulator.faults import ANY, PushTrouble, Trouble
from bot.simulator.moments import next_workday
from bot.simulator.platform import Platform
from bot.simulator.pushing import Delivery
from bot.simulator.refusals import ApiRefusal
from bot.simulator.wecom_side import CannotTap

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MoveClock = Callable[[timedelta], object]
Order = Mapping[str, object]

# a deed is refused at once or not at all: this long we wait before saying that it is under way
REFUSED_WITHIN = 0.05
MOST_WORKERS = 16
# a slip of the keyboard must not move the clock past the end of the calendar, for good
FARTHEST = timedelta(days=366)
# a platform that is away for good is ordered as often as that
MOST_FAULTS = 1_000_000
PHOTO_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


class BadOrder(Exception):
    """The page asked for something that is no deed, or that this phone cannot do."""


class Control:
    """A WSGI app below /control, open only to who knows the secret."""

    def __init__(self, platform: Platform, secret: str, move_clock: MoveClock) -> None:
        self._platform, self._secret, self._move_clock = platform, secret, move_clock
        # the page needs somebody to be
        platform.invite_sample_clients()
        self._doing = ThreadPoolExecutor(MOST_WORKERS, thread_name_prefix="deed")
        self._deeds: Mapping[str, Callable[[str, Order], Delivery]] = {
            "client_says": lambda who, order: platform.client_says(who, _text(order)),
            "client_follows": lambda who, _: platform.client_follows(who),
            "client_sends_photo": lambda who, _: platform.client_sends_photo(who),
            "client_leaves": lambda who, _: platform.client_unfollows(who),
            "client_taps": lambda who, order: platform.client_taps(who, _name(order, "key")),
            "client_views": lambda who, order: platform.client_views(who, _name(order, "url")),
            "client_picks": lambda who, order: platform.client_picks(who, _name(order, "option")),
            "service_enters": lambda who, _: platform.kf.enters(who, "sandbox", ""),
            "service_says": lambda who, order: platform.kf.says(who, _text(order)),
            "service_picks": lambda who, order: platform.kf.picks(who, _name(order, "option")),
            "client_subscribes": lambda who, order: platform.client_subscribes(
                who, dict.fromkeys(_names(order, "templates"), order.get("answer") == "accept")
            ),
            "service_sends_photo": lambda who, _: platform.kf.sends_photo(
                who, photos.good(), photos.JPEG
            ),
            "servicer_says": lambda who, order: platform.kf.answered(
                _name(order, "servicer"), who, _text(order)
            ),
            "servicer_ends": lambda who, order: platform.kf.ended(_name(order, "servicer"), who),
            "staff_says": lambda who, order: platform.staff_says(who, _text(order)),
            "staff_taps": lambda who, order: platform.staff_taps(
                who, _name(order, "task"), _name(order, "key"), _selected(order)
            ),
        }

        self._orders: Mapping[str, Callable[[Order], Response]] = {
            "deeds": self._deed,
            "clock": self._clock,
            "faults": self._fault,
        }

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request of the page."""
        request = Request(environ)
        return self._respond(request)(environ, start_response)

    def close(self) -> None:
        """Start no further deeds."""
        self._doing.shutdown(wait=False, cancel_futures=True)

    def _respond(self, request: Request) -> Response:
        given = request.headers.get("X-Control-Secret", "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            return _json({"error": "forbidden"}, 403)
        try:
            return self._route(request)
        except RecursionError:
            return _json({"error": "nested too deep"}, 400)
        except (BadOrder, CannotTap, KeyError, ValueError, ApiRefusal) as error:
            return _json({"error": str(error)}, 400)

    def _route(self, request: Request) -> Response:
        path = request.path.removeprefix("/control/")
        match request.method, path.split("/"):
            case "GET", ["state"]:
                return _json(views.state(self._platform, views.Seen.of(request.args)))
            case "GET", ["media", media_id]:
                return self._media(media_id)
            case "POST", ["photos"]:
                return self._photo(request)
            case "POST", [what] if what in self._orders:
                return self._orders[what](_order(request))
            case _:
                return _json({"error": "no such address"}, 404)

    def _deed(self, order: Order) -> Response:
        deed = self._deeds.get(_name(order, "deed"))
        if deed is None:
            raise BadOrder("no such deed")
        return self._start(deed, _name(order, "who"), order)

    def _photo(self, request: Request) -> Response:
        if request.mimetype not in PHOTO_TYPES:
            raise BadOrder("not a picture")
        who, data, kind = request.args["who"], request.get_data(), request.mimetype
        return self._start(
            lambda person, _: self._platform.client_sends_photo(person, data, kind), who, {}
        )

    def _start(self, deed: Callable[[str, Order], Delivery], who: str, order: Order) -> Response:
        """The bot may take its five seconds; the page must not wait for them."""
        under_way: Future[Delivery] = self._doing.submit(deed, who, order)
        try:
            under_way.result(timeout=REFUSED_WITHIN)
        except NotYet:
            return _json({"done": False}, 202)
        return _json({"done": True})

    def _clock(self, order: Order) -> Response:
        now = self._platform.clock()
        forward = order.get("seconds")
        if order.get("to") == "next_workday":
            step = next_workday(now) - now
        elif isinstance(forward, int) and 0 < forward <= FARTHEST.total_seconds():
            step = timedelta(seconds=forward)
        else:
            raise BadOrder("the clock moves forward only, a year at most")
        self._move_clock(step)
        moved: datetime = self._platform.clock()
        return _json({"now": moved.isoformat()})

    def _fault(self, order: Order) -> Response:
        """`channel`: posts to the bot go wrong; `clear`: nothing does any more; else calls do."""
        hub, times = self._platform.hub, _number(order, "times", 1)
        if not 1 <= times <= MOST_FAULTS:
            raise BadOrder(f"times is not between 1 and {MOST_FAULTS}")
        with hub.lock:
            if order.get("clear") is True:
                hub.faults.clear()
            elif "channel" in order:
                channel = Channel(_name(order, "channel"))
                hub.faults.on_push(channel, PushTrouble(_name(order, "trouble")), times)
            else:
                hub.faults.on_call(
                    str(order.get("path", ANY)),
                    Trouble(_name(order, "trouble")),
                    _number(order, "code", -1),
                    times,
                    who=str(order.get("who", "")),
                    done=order.get("done") is True,
                )
        return _json({"ordered": True})

    def _media(self, media_id: str) -> Response:
        with self._platform.hub.lock:
            medium = self._platform.hub.shelf.get(media_id, self._platform.clock())
        return Response(medium.data, content_type=medium.content_type)


def _order(request: Request) -> Order:
    found = json.loads(request.get_data() or b"null")
    if not isinstance(found, dict):
        raise BadOrder("the body is no JSON object")
    return found


def _name(order: Order, key: str) -> str:
    found = order.get(key)
    if not isinstance(found, str) or not found:
        raise BadOrder(f"{key} is missing")
    # half of a character, as a page may cut one, could never be shown again
    return found.encode(errors="replace").decode()


def _names(order: Order, key: str) -> list[str]:
    found = order.get(key)
    if not isinstance(found, list) or not found or not all(isinstance(one, str) for one in found):
        raise BadOrder(f"{key} is no list of names")
    return found


def _number(order: Order, key: str, otherwise: int) -> int:
    found = order.get(key, otherwise)
    if not isinstance(found, int):
        raise BadOrder(f"{key} is no number")
    return found


def _text(order: Order) -> str:
    text = _name(order, "text")
    if not text.strip():
        raise BadOrder("an empty message cannot be sent")
    return text


def _selected(order: Order) -> dict[str, list[str]]:
    found = order.get("selected", {})
    if not isinstance(found, dict) or not all(isinstance(one, list) for one in found.values()):
        raise BadOrder("selected is no object of lists")
    return {str(key): [str(one) for one in value] for key, value in found.items()}


def _json(answer: object, status: int = 200) -> Response:
    text = json.dumps(answer, ensure_ascii=False)
    return Response(text, status=status, content_type="application/json")
