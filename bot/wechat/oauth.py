"""Who opens a page of ours in WeChat: sent away to the platform, back with a code, asked once."""

from urllib.parse import urlencode

from bot.domain.retry import Failure
from bot.wechat.client import ApiError, Client

API = "https://api.weixin.qq.com"
# the one host that answers people and not programs (wechat_platform.md 3.7)
FRONT_DOOR = "https://open.weixin.qq.com"

# the code was never ours, was used before, or is older than its five minutes
STALE_CODES = frozenset({40029, 40163, 42003})


class StaleCode(Exception):
    """The code says nothing any more: the person is sent to the platform once again."""


class Snapshot(Exception):
    """A preview of the page by somebody who has no identity yet; nothing is bound to it."""


class OAuth:
    """Silent sign-in (`snsapi_base`) of whoever opens a page in WeChat."""

    def __init__(self, client: Client, app_id: str, secret: str, api_url: str = API) -> None:
        self._client, self._app_id, self._secret = client, app_id, secret
        # a local server that stands in for the API stands in for this door as well
        self._door = FRONT_DOOR if api_url == API else api_url

    def start(self, back: str, state: str) -> str:
        """Where the person is sent; they come to `back` with a code and this very state."""
        query = {
            "appid": self._app_id,
            "redirect_uri": back,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
        }
        return f"{self._door}/connect/oauth2/authorize?{urlencode(query)}#wechat_redirect"

    def visitor(self, code: str) -> str:
        """The openid behind a code, which the platform tells once; no transaction is open.

        StaleCode: start again. Snapshot: the page must be opened in full. ApiError: not now.
        """
        asked = {"appid": self._app_id, "secret": self._secret, "code": code}
        try:
            answer = self._client.get(
                "/sns/oauth2/access_token", {**asked, "grant_type": "authorization_code"}
            )
        except ApiError as refused:
            if refused.code in STALE_CODES:
                raise StaleCode from None
            raise
        if answer.get("is_snapshotuser") == 1:
            raise Snapshot
        openid = answer.get("openid")
        if not isinstance(openid, str) or not openid:
            raise ApiError(Failure.AGAIN, None, "no openid in the answer")
        return openid
