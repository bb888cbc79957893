"""One API call as both hosts see it, before anything is decided."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from werkzeug.wrappers import Request, Response

from bot.simulator.refusals import ApiRefusal

Json = dict[str, object]

_ESCAPE = re.compile(rb"\\.")
_LITERAL = {rb"\u": rb"\\u"}


@dataclass(frozen=True)
class Call:
    """The request of the bot and the moment it came in."""

    request: Request
    now: datetime

    def query(self, name: str) -> str:
        """A query parameter, `` when absent."""
        return self.request.args.get(name, "")

    def raw(self) -> bytes:
        """The body as sent."""
        return self.request.get_data()

    def escapes_unicode(self) -> bool:
        r"""Whether the body holds `\uXXXX`."""
        return rb"\u" in _ESCAPE.findall(self.raw())

    def json(self, *, literal_escapes: bool = False) -> Json:
        r"""The body as an object; 44002 when empty, 47001 when it is none.

        `literal_escapes`: `\uXXXX` stays as typed, which is how the official account's API
        shows it to the user.
        """
        raw = self.raw()
        if not raw.strip():
            raise ApiRefusal(44002)
        if literal_escapes:
            raw = _ESCAPE.sub(lambda found: _LITERAL.get(found[0], found[0]), raw)
        try:
            found = json.loads(raw.decode())
        except ValueError:
            raise ApiRefusal(47001) from None
        if not isinstance(found, dict):
            raise ApiRefusal(47001)
        return found


# where a call names whom it is about
_NAMED = ("touser", "external_userid", "openid", "userid")


def person_of(request: Request) -> str:
    """Whom a call is about, `` if it says so in none of the usual places."""
    try:
        body = json.loads(request.get_data() or b"{}")
    except ValueError:
        body = {}
    given = body if isinstance(body, dict) else {}
    named = [given.get(name) or request.args.get(name) for name in _NAMED]
    # a change of a card names a list
    several = given.get("userids")
    named += several if isinstance(several, list) else []
    return next((one for one in named if isinstance(one, str) and one), "")


Answer = Json | Response
Route = Callable[[Call], Answer]
Routes = Mapping[tuple[str, str], Route]

OK: Json = {"errcode": 0, "errmsg": "ok"}
