"""WeChat and WeCom as far as the bot can tell: people who write, phones that show, APIs."""

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from queue import Empty
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.messages import Channel
from bot.simulator import photos, recordings
from bot.simulator.accounts import Accounts
from bot.simulator.api import Api
from bot.simulator.cards import Deck
from bot.simulator.hub import Hub
from bot.simulator.kf_api import KfApi
from bot.simulator.kf_side import KfSide
from bot.simulator.official_api import OfficialApi, Templates
from bot.simulator.official_side import OfficialSide
from bot.simulator.people import People
from bot.simulator.phones import Entry
from bot.simulator.pushing import Delivery, Heard, Pusher
from bot.simulator.reception import Reception
from bot.simulator.tags import Value
from bot.simulator.texts import CLIENTS, CUSTOMERS
from bot.simulator.wecom_api import WecomApi
from bot.simulator.wecom_side import Selected, WecomSide
from bot.simulator.wires import Deliver

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Pause = Callable[[float], object]


def _at_once(_: float) -> None:
    """Do not wait between two attempts."""


class Platform:
    """The pretended platform. Every method may be called from any thread.

    `deliver` carries a push to the bot (`wires.over_http`, `wires.in_process`); `staff` are
    the members, userid to name; `pause` is called with the seconds between two attempts.
    """

    def __init__(
        self,
        accounts: Accounts,
        clock: Clock,
        deliver: Deliver,
        *,
        staff: Mapping[str, str],
        templates: Templates = None,
        pause: Pause | None = None,
    ) -> None:
        self.accounts, self.clock = accounts, clock
        # tells a page that the platform was started anew and its phones are empty
        self.run = secrets.token_hex(8)
        self.hub = hub = Hub(accounts, clock, People(clock))
        pusher = Pusher(hub, deliver, pause or _at_once)
        deck = Deck()
        self._pusher = pusher
        self.official = OfficialSide(hub, pusher)
        self.wecom = WecomSide(hub, pusher, deck)
        self.official_api = OfficialApi(hub, self.official, templates)
        self.wecom_api = WecomApi(hub, deck)
        self.kf = KfSide(hub, pusher, Reception(clock))
        kf_api = KfApi(hub, self.kf, self.wecom_api.tokens)
        self.api: WSGIApplication = Api(hub, self.official_api, self.wecom_api, kf_api)
        self.faults, self.journal = hub.faults, hub.journal
        for userid, name in staff.items():
            hub.people.hire(userid, name)
            self.wecom.welcome(userid)

    # what a client does

    def client_says(self, openid: str, text: str) -> Delivery:
        """The client types a message."""
        return self.official.says(openid, text)

    def client_says_in_copies(self, openid: str, text: str, copies: int = 16) -> list[Heard]:
        """One message that reaches the bot from many threads at once, with one MsgId."""
        return self.official.says_in_copies(openid, text, copies)

    def client_sends_photo(
        self, openid: str, data: bytes = b"", content_type: str = photos.JPEG
    ) -> Delivery:
        """The client sends a picture; a good photo unless told otherwise."""
        return self.official.sends_photo(openid, data or photos.good(), content_type)

    def client_sends_voice(self, openid: str, data: bytes = b"", recognition: str = "") -> Delivery:
        """The client says something; on a few accounts the platform writes it down."""
        return self.official.sends_voice(openid, data or recordings.voice(), recognition)

    def client_sends_video(
        self, openid: str, data: bytes = b"", *, short: bool = False
    ) -> Delivery:
        """The client sends a video, or one that was just taken."""
        kind = "shortvideo" if short else "video"
        return self.official.sends_video(openid, data or recordings.video(), kind)

    def client_sends(self, openid: str, kind: str, tags: Mapping[str, Value]) -> Delivery:
        """The client sends anything else: voice, video, location, link, a type never seen."""
        return self.official.sends(openid, kind, tags)

    def client_picks(self, openid: str, option_id: str, *, with_id: bool = True) -> Delivery:
        """The client taps an option of the last in-chat menu."""
        return self.official.picks(openid, option_id, with_id)

    def client_taps(self, openid: str, key: str) -> Delivery:
        """The client taps a button of the account's menu."""
        return self.official.taps_menu(openid, key)

    def client_views(self, openid: str, url: str) -> Delivery:
        """The client opens the page of a menu button: the browser is theirs from now on."""
        with self.hub.lock:
            self.official_api.visits.browsing = openid
        return self.official.views_menu(openid, url)

    def client_follows(self, openid: str, scene: str = "") -> Delivery:
        """The client follows the account."""
        return self.official.follows(openid, scene)

    def client_unfollows(self, openid: str) -> Delivery:
        """The client leaves."""
        return self.official.leaves(openid)

    def client_subscribes(self, openid: str, answers: Mapping[str, bool]) -> Delivery:
        """The client answers whether a notice of each template is wanted."""
        return self.official.subscribes(openid, answers)

    def client_scans(self, openid: str, scene: str) -> Delivery:
        """The client scans a QR code of the account."""
        return self.official.scans(openid, scene)

    def client_event(self, openid: str, name: str, tags: Mapping[str, Value]) -> Delivery:
        """Any other event about a client."""
        return self.official.happens(openid, name, tags)

    def client_again(self, openid: str) -> Delivery:
        """The platform delivers the client's last message or event once more."""
        return self.official.again(openid)

    # what a staff member does

    def staff_says(self, userid: str, text: str) -> Delivery:
        """The member types a message to the app."""
        return self.wecom.says(userid, text)

    def staff_sends_photo(
        self, userid: str, data: bytes = b"", content_type: str = photos.JPEG
    ) -> Delivery:
        """The member sends a picture to the app; a good photo unless told otherwise."""
        return self.wecom.sends_photo(userid, data or photos.good(), content_type)

    def lose_media(self) -> None:
        """Every medium of today is gone, as if its three days were over."""
        with self.hub.lock:
            self.hub.shelf.clear()

    def staff_taps(
        self, userid: str, task_id: str, key: str, selected: Selected | None = None
    ) -> Delivery:
        """The member taps a button of a card; CannotTap when the phone shows no such button."""
        return self.wecom.taps(userid, task_id, key, selected)

    def staff_clicks(self, userid: str, key: str) -> Delivery:
        """The member taps the button with that key in the app's menu."""
        return self.wecom.clicks(userid, key)

    def staff_submits(
        self, userid: str, task_id: str, ticked: Mapping[str, Sequence[str]] | None = None
    ) -> Delivery:
        """The member ticks options of a card (question key to option ids) and submits it."""
        return self.wecom.submits(userid, task_id, ticked)

    # what the corporation does with its members

    def staff_joins(self, userid: str, name: str) -> None:
        """A member comes into the range of the app, or is there by another name."""
        with self.hub.lock:
            self.hub.people.hire(userid, name)

    def staff_leaves(self, userid: str) -> None:
        """A member is in its range no longer."""
        with self.hub.lock:
            self.hub.people.staff(userid).visible = False

    # what can be seen

    def client_phone(self, openid: str) -> tuple[Entry, ...]:
        """Every bubble on the client's phone."""
        with self.hub.lock:
            return tuple(self.hub.people.client(openid).phone.entries)

    def customer_phone(self, external_userid: str) -> tuple[Entry, ...]:
        """Every bubble on the phone of a client of 微信客服."""
        with self.hub.lock:
            return tuple(self.kf.reception.customer(external_userid).phone.entries)

    def staff_phone(self, userid: str) -> tuple[Entry, ...]:
        """Every bubble on the member's phone."""
        with self.hub.lock:
            return tuple(self.hub.people.staff(userid).phone.entries)

    def staff_names(self) -> dict[str, str]:
        """Every member: userid to name."""
        with self.hub.lock:
            return {one.userid: one.name for one in self.hub.people.members.values()}

    def client_arrives(self, openid: str, name: str) -> None:
        """A WeChat user the sandbox offers; nothing is pushed."""
        with self.hub.lock:
            self.hub.people.client(openid, name)

    def invite_sample_clients(self) -> None:
        """The people of a demonstration, the same after each start."""
        for name in CLIENTS:
            digest = hashlib.sha256(name.encode()).digest()
            self.client_arrives("o" + base64.urlsafe_b64encode(digest)[:27].decode(), name)
        for name in CUSTOMERS:
            digest = hashlib.sha256(f"kf {name}".encode()).digest()
            with self.hub.lock:
                one = "wm" + base64.urlsafe_b64encode(digest)[:30].decode()
                self.kf.reception.customer(one, name)

    def sendable(self, openid: str) -> int:
        """How many customer-service messages could be sent to the client now."""
        with self.hub.lock:
            return self.hub.people.client(openid).allowance.left(self.clock())

    def now(self) -> datetime:
        """The platform's present."""
        return self.clock()

    # what the console does

    def verify(self, channel: Channel) -> str:
        """Check the callback URL as the console does; `` when the bot passes, else what failed."""
        return self._pusher.verify(channel)

    def settle(self) -> int:
        """Push what API calls have caused (delivery reports); how many there were."""
        done = 0
        while True:
            try:
                push = self.hub.afterwards.get_nowait()
            except Empty:
                return done
            push()
            done += 1
