"""Pages opened in WeChat: the sign-in of whoever opens one, and the ticket of its script."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from werkzeug.wrappers import Response

from bot.simulator.api_calls import OK, Answer, Call, Routes
from bot.simulator.hub import Hub
from bot.simulator.refusals import ApiRefusal
from bot.simulator.texts import PLATFORM
from bot.simulator.tokens import OfficialTokens, Tokens

# wechat_platform.md 3.7
CODE_LASTS = timedelta(minutes=5)
STATE = re.compile(r"[a-zA-Z0-9]{1,128}")
SCOPES = frozenset({"snsapi_base", "snsapi_userinfo"})


@dataclass
class Code:
    """What a browser came back with: whose it is, until when, and whether it was asked."""

    openid: str
    ends: datetime
    snapshot: bool
    used: bool = False


class Visits:
    """The browser inside of WeChat. Guarded by the platform's lock."""

    def __init__(self, hub: Hub, tokens: OfficialTokens) -> None:
        self._hub, self._tokens = hub, tokens
        self._codes: dict[str, Code] = {}
        self._tickets = Tokens(40001)
        # whose phone opens pages now; "" is a browser outside of WeChat
        self.browsing = ""
        # the domain set in the console for pages; "" takes every one
        self.domain = ""
        # whether pages are only previewed, as in Moments
        self.previewed = False

    def routes(self) -> Routes:
        """Method and path of every call."""
        return {
            ("GET", "/connect/oauth2/authorize"): self._authorize,
            ("GET", "/sns/oauth2/access_token"): self._code,
            ("GET", "/cgi-bin/ticket/getticket"): self._ticket,
        }

    def ticket(self) -> str:
        """The ticket that pages are signed with now."""
        return self._tickets.steady(self._hub.clock())[0]

    def _authorize(self, call: Call) -> Response:
        """What a person's browser is shown: the way back, or why there is none."""
        back, state = call.query("redirect_uri"), call.query("state")
        if call.query("appid") != self._hub.accounts.official.app_id:
            return _page(PLATFORM["appid_unknown"])
        if self.domain and urlsplit(back).hostname != self.domain:
            return _page(PLATFORM["domain_unknown"])
        known = call.query("response_type") == "code" and call.query("scope") in SCOPES
        if not known or (state and not STATE.fullmatch(state)):
            return _page(PLATFORM["scope_unknown"])
        if not self.browsing:
            return _page(PLATFORM["open_in_wechat"])
        code = secrets.token_urlsafe(24)
        self._codes[code] = Code(self.browsing, call.now + CODE_LASTS, self.previewed)
        joined = "&" if urlsplit(back).query else "?"
        where = f"{back}{joined}{urlencode({'code': code, 'state': state})}"
        return Response(status=302, headers={"Location": where, "Cache-Control": "no-store"})

    def _code(self, call: Call) -> Answer:
        account = self._hub.accounts.official
        if call.query("appid") != account.app_id:
            raise ApiRefusal(40013)
        if call.query("secret") != account.secret:
            raise ApiRefusal(40125)
        if call.query("grant_type") != "authorization_code":
            raise ApiRefusal(40002)
        found = self._codes.get(call.query("code"))
        if found is None:
            raise ApiRefusal(40029)
        if found.used:
            raise ApiRefusal(40163)
        if call.now >= found.ends:
            raise ApiRefusal(42003)
        found.used = True
        answer = {
            "access_token": secrets.token_urlsafe(64),
            "expires_in": 7200,
            "refresh_token": secrets.token_urlsafe(64),
            "openid": found.openid,
            "scope": "snsapi_base",
        }
        return answer | ({"is_snapshotuser": 1} if found.snapshot else {})

    def _ticket(self, call: Call) -> Answer:
        self._tokens.check(call.query("access_token"), call.now)
        if call.query("type") != "jsapi":
            raise ApiRefusal(40097)
        value, lasts = self._tickets.steady(call.now)
        return OK | {"ticket": value, "expires_in": lasts}


def _page(words: str) -> Response:
    return Response(words, content_type="text/html; charset=utf-8")
