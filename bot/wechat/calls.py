"""Calls in an account's name: its token goes along, and is renewed once if it is refused.

wechatpy knows the paths and bodies of the platforms' calls; what it does on the wire is not
fit for a service: no timeout, a token fetched at every refusal, secrets in its errors. So its
catalogue of calls is kept, and every one of them goes over our own client.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from wechatpy.client import WeChatClient as OfficialCatalogue
from wechatpy.work.client import WeChatClient as WecomCatalogue

from bot.domain.retry import Failure
from bot.wechat.client import ApiError, Client, Params
from bot.wechat.tokens import Tokens

T = TypeVar("T")

# what a call of the catalogue may ask of the wire; `files` is not among it yet
_UNDERSTOOD = frozenset({"api_base_url", "params", "data", "result_processor"})


class Calls:
    """One account's way to its platform. `path` begins with `/cgi-bin/`."""

    def __init__(self, client: Client, tokens: Tokens) -> None:
        self._client, self._tokens = client, tokens

    def get(self, path: str, params: Params) -> dict[str, Any]:
        """The JSON answer to a GET."""
        return self._signed_in(lambda token: self._client.get(path, {**params, **token}))

    def post(self, path: str, params: Params, body: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON answer to a POST."""
        return self._signed_in(lambda token: self._client.post(path, {**params, **token}, body))

    def download(self, path: str, params: Params, max_bytes: int) -> bytes:
        """The file a GET answers with."""
        return self._signed_in(
            lambda token: self._client.download(path, {**params, **token}, max_bytes)
        )

    def _signed_in(self, call: Callable[[Params], T]) -> T:
        token = self._tokens.get()
        try:
            return call({"access_token": token})
        except ApiError as refused:
            if refused.failure is not Failure.REAUTH:
                raise
        try:
            return call({"access_token": self._tokens.renew(token)})
        except ApiError as refused:
            if refused.failure is not Failure.REAUTH:
                raise
            detail = "a fresh token was refused; does another program fetch tokens?"
            raise ApiError(Failure.ALARM, refused.code, detail) from None


class _OwnWire:
    """Replaces the wire below wechatpy's catalogue."""

    calls: Calls

    def _request(self, method: str, url_or_endpoint: str, **given: Any) -> Any:
        if unknown := given.keys() - _UNDERSTOOD:
            raise NotImplementedError(f"this call needs {sorted(unknown)}, which our wire lacks")
        base = urlsplit(given.get("api_base_url") or "/cgi-bin/").path
        path, params = base + url_or_endpoint, given.get("params") or {}
        if method == "get":
            answer = self.calls.get(path, params)
        else:
            answer = self.calls.post(path, params, given.get("data") or {})
        shaped = given.get("result_processor")
        return shaped(answer) if shaped else answer

    def fetch_access_token(self) -> None:
        """Never: tokens are fetched by `Tokens` alone."""
        raise NotImplementedError


class OfficialCalls(_OwnWire, OfficialCatalogue):  # type: ignore[misc]  # publishes no types
    """The calls of an official account: `message`, `menu`, `qrcode`, `user`, `jsapi`, …"""

    def __init__(self, calls: Calls) -> None:
        super().__init__(appid="", secret="", auto_retry=False)
        self.calls = calls


class WecomCalls(_OwnWire, WecomCatalogue):  # type: ignore[misc]  # publishes no types
    """The calls of a WeCom app: `message`, `user`, `department`, …"""

    def __init__(self, calls: Calls) -> None:
        super().__init__(corp_id="", secret="", auto_retry=False)
        self.calls = calls
