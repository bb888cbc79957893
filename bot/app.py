"""The composition root: the only module that chooses concrete parts and fits them together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

from bot import health
from bot.clock import Clock, system_now
from bot.config import Settings
from bot.conversation import Conversation
from bot.delivery import Delivery, Gateway, Policy
from bot.domain.catalog import Catalog
from bot.domain.catalog_file import parse
from bot.fetching import Fetching, Source
from bot.handlers.desk.reminders import call_refused, phone_tasks, stand_ins
from bot.handlers.files.news import FileNews
from bot.handlers.turn import Office
from bot.handlers.ways import Account
from bot.jobs.desk import Desk
from bot.kf_inbox import Bell, KfInbox
from bot.linking import Linking, Register
from bot.messages import Channel, Inbound, Push
from bot.pages.blueprint import pages_blueprint
from bot.pages.front import Front
from bot.pages.links import Links
from bot.reading.concerns.faqs import Faqs
from bot.reading.remembered import Remembering
from bot.render import Renderer, load_texts
from bot.roster import Roster
from bot.wechat import errors
from bot.wechat.calls import Calls
from bot.wechat.client import Client
from bot.wechat.codec import encode_text
from bot.wechat.envelope import Envelope
from bot.wechat.jssdk import JsSdk, js_ticket
from bot.wechat.kf import CustomerService
from bot.wechat.limits import AccountType, Way
from bot.wechat.menu import AccountMenu, Json, buttons_of
from bot.wechat.oauth import OAuth
from bot.wechat.official import OfficialAccount
from bot.wechat.tokens import Fetch, Tokens, stable_token, wecom_token
from bot.wechat.webhooks import Door
from bot.wechat.wecom import StaffApp
from storage import moved_clock
from storage.db import Database, is_current, open_database, upgrade
from storage.vault import Vault

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CATALOG = "catalog.yaml"


class OldSchema(Exception):
    """The database is not at the schema this version needs, and may not be changed by itself."""


def catalog_file(path: Path | None) -> tuple[bytes, str]:
    """Text and name of the catalogue: the file set, `./catalog.yaml`, or the packaged copy."""
    if path is None and Path(CATALOG).is_file():
        path = Path(CATALOG)
    if path is not None:
        return path.read_bytes(), str(path)
    return resources.files("bot").joinpath(CATALOG).read_bytes(), CATALOG


def read_catalog(path: Path | None) -> Catalog:
    """The catalogue, validated; CatalogError names every mistake."""
    return parse(*catalog_file(path))


def open_data(settings: Settings) -> Database:
    """The database, at the newest schema: SQLite is brought there, PostgreSQL only checked."""
    if settings.on_sqlite:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        upgrade(settings.database_url)
    elif not is_current(settings.database_url):
        raise OldSchema
    return open_database(settings.database_url, Vault(settings.data_keys, settings.lookup_key))


@dataclass(frozen=True)
class MovedClock:
    """The demo's clock: the real one and the offset that stands in the database."""

    database: Database
    watch: moved_clock.Watch

    def __call__(self) -> datetime:
        return system_now() + self.watch.offset()

    def forward(self, by: timedelta) -> None:
        """Move on; never back."""
        self.database.run(lambda tx: moved_clock.move(tx, by))


@dataclass(frozen=True)
class App:
    """One process's parts, made from its settings, each when it is first used."""

    settings: Settings
    catalog: Catalog
    database: Database
    clock: Clock

    @cached_property
    def office(self) -> Office:
        """What the handlers serve with."""
        reader, faqs = Remembering(self.catalog), Faqs(self.catalog)
        texts, account = Renderer(load_texts()), self.account
        return Office(self.catalog, reader, faqs, texts, self.links, account)

    @cached_property
    def account(self) -> Account:
        """What decides how clients of the official account are reached."""
        kind, notices = AccountType(self.settings.account_type), self.catalog.subscriptions
        ids = {purpose: template.id for purpose, template in notices.items()}
        return Account(kind, self.catalog.templates.keys(), ids)

    @cached_property
    def links(self) -> Links:
        """Signed addresses of the pages."""
        return Links(self.settings.public_url, self.settings.secret_key, self.clock)

    @cached_property
    def alarms(self) -> health.Alarms:
        """What went wrong since the start."""
        return health.Alarms()

    @cached_property
    def doors(self) -> Mapping[str, Door]:
        """The webhooks by path."""
        s, alarm = self.settings, self.alarms.clock_skew
        answer, ring = self.conversation.answer, self.bell.ring
        official = Envelope(s.oa_token, s.oa_aes_key, s.oa_app_id)
        wecom = Envelope(s.wecom_token, s.wecom_aes_key, s.wecom_corp_id)
        kf = Envelope(s.kf_token, s.kf_aes_key, s.wecom_corp_id)

        def heard(inbound: Inbound, raw: bytes) -> bytes | None:
            # 微信客服 may ring at the app's own address (wechat_platform.md 6.1)
            return (ring if inbound.channel is Channel.KF else answer)(inbound, raw)

        return {
            "/wechat": Door(official, Channel.OFFICIAL, answer, self.clock, s.oa_plaintext, alarm),
            "/wecom": Door(wecom, Channel.WECOM, heard, self.clock, False, alarm),
            "/kf": Door(kf, Channel.KF, ring, self.clock, False, alarm),
        }

    @cached_property
    def conversation(self) -> Conversation:
        """One turn for each message, whoever it came through."""
        return Conversation(self.database, self.office, self.clock, encode_text)

    @cached_property
    def bell(self) -> Bell:
        """What 微信客服 rings."""
        return Bell(self.database, self.clock)

    @cached_property
    def kf_inbox(self) -> KfInbox:
        """The reader of 微信客服."""
        return KfInbox(self.conversation, self.customer_service, self.clock, self.hurry)

    @cached_property
    def pages(self) -> Flask:
        """Everything that is not a webhook."""
        flask = Flask("bot")
        flask.secret_key = self.settings.secret_key
        flask.register_blueprint(health.blueprint(self.database, self.clock, self.alarms))
        front = Front(self.database, self.office, self.links, self.clock, self.oauth, self.jssdk)
        flask.register_blueprint(pages_blueprint(front))
        return flask

    def wsgi(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """The webhooks ahead of the web framework, which they do not need (performance.md)."""
        path = environ.get("PATH_INFO", "").rstrip("/")
        door: WSGIApplication = self.doors.get(path) or self.pages
        return door(environ, start_response)

    @cached_property
    def delivery(self) -> Delivery:
        """The outbox worker."""
        gateways: Mapping[Channel, Gateway] = {
            Channel.OFFICIAL: self.official_account,
            Channel.WECOM: self.staff_app,
            Channel.KF: self.customer_service,
        }
        policy = Policy(
            account=self.account.kind,
            templates=self.account.templates,
            subscriptions=self.account.subscriptions,
            phone_task=self.phone_task,
            stand_in=self.stand_in,
            alarm=self.refused_call,
        )
        return Delivery(self.database, gateways, self.clock, policy)

    @cached_property
    def fetching(self) -> Fetching:
        """The media worker."""
        sources: Mapping[Channel, Source] = {
            Channel.OFFICIAL: self.official_account,
            Channel.WECOM: self.staff_app,
            Channel.KF: self.customer_service,
        }
        return Fetching(self.database, sources, self.clock, FileNews(self.office, self.clock))

    @cached_property
    def linking(self) -> Linking:
        """The worker that finds out who is one human."""
        registers: Mapping[Channel, Register] = {
            Channel.KF: self.customer_service,
            Channel.OFFICIAL: self.official_account,
        }
        return Linking(self.database, registers, self.clock)

    @cached_property
    def roster(self) -> Roster:
        """The worker that knows who works here."""
        return Roster(self.database, self.staff_app, self.office, self.clock)

    def wake(self) -> None:
        """Something may be due to be read, fetched or sent."""
        self.kf_inbox.wake()
        self.linking.wake()
        self.roster.wake()
        self.hurry()

    def hurry(self) -> None:
        """Something may be due to be fetched or sent."""
        self.fetching.wake()
        self.delivery.wake()

    def settle(self) -> None:
        """Reads, fetches and sends at once what is due."""
        self.kf_inbox.drain()
        self.linking.drain()
        self.roster.drain()
        self.fetching.drain()
        self.delivery.drain()

    @cached_property
    def official_account(self) -> OfficialAccount:
        """The way to clients."""
        offered = self.catalog
        return OfficialAccount(self.official_calls, offered.templates, offered.subscriptions)

    @cached_property
    def staff_app(self) -> StaffApp:
        """The way to staff."""
        return StaffApp(self.wecom_calls, self.settings.wecom_agent_id)

    @cached_property
    def customer_service(self) -> CustomerService:
        """The way to clients who write to 微信客服."""
        return CustomerService(self.kf_calls)

    @cached_property
    def official_calls(self) -> Calls:
        """The official account's API, with its one token for all processes."""
        s = self.settings
        name, fetch = f"oa:{s.oa_app_id}", self.official_token
        tokens = Tokens(self.database, name, fetch, self.clock)
        return Calls(Client(s.wechat_api_url, errors.OFFICIAL), tokens)

    @cached_property
    def official_token(self) -> Fetch:
        """How the official account gets a token."""
        s = self.settings
        client = Client(s.wechat_api_url, errors.OFFICIAL)
        return stable_token(client, s.oa_app_id, s.oa_secret)

    @cached_property
    def account_menu(self) -> AccountMenu:
        """The menu as it stands at the platform."""
        return AccountMenu(self.official_calls)

    @cached_property
    def menu(self) -> list[Json]:
        """The menu of the catalogue, as the platform writes it."""
        return buttons_of(self.catalog.menu, self.links.page)

    @cached_property
    def oauth(self) -> OAuth:
        """Who opens a page in WeChat."""
        s = self.settings
        client = Client(s.wechat_api_url, errors.OFFICIAL)
        return OAuth(client, s.oa_app_id, s.oa_secret, s.wechat_api_url)

    @cached_property
    def jssdk(self) -> JsSdk:
        """What pages need of WeChat's script, with its one ticket for all processes."""
        name, fetch = f"ticket:{self.settings.oa_app_id}", js_ticket(self.official_calls)
        tickets = Tokens(self.database, name, fetch, self.clock)
        return JsSdk(self.settings.oa_app_id, tickets, self.clock)

    @cached_property
    def wecom_calls(self) -> Calls:
        """The staff app's API."""
        s = self.settings
        name = f"wecom:{s.wecom_corp_id}:{s.wecom_agent_id}"
        tokens = Tokens(self.database, name, self.app_token, self.clock)
        return Calls(Client(s.wecom_api_url, errors.WECOM), tokens)

    @cached_property
    def app_token(self) -> Fetch:
        """How the staff app gets a token."""
        s = self.settings
        client = Client(s.wecom_api_url, errors.WECOM)
        return wecom_token(client, s.wecom_corp_id, s.wecom_secret)

    @cached_property
    def kf_calls(self) -> Calls:
        """The API of 微信客服, which may have a secret of its own."""
        s = self.settings
        tokens = Tokens(self.database, f"kf:{s.wecom_corp_id}", self.kf_token, self.clock)
        return Calls(Client(s.wecom_api_url, errors.KF), tokens)

    @cached_property
    def kf_token(self) -> Fetch:
        """How 微信客服 gets a token."""
        s = self.settings
        return wecom_token(Client(s.wecom_api_url, errors.KF), s.wecom_corp_id, s.kf_secret)

    def phone_task(self, push: Push, why: str) -> tuple[Push, ...]:
        """What staff get when an urgent push has no way to the person."""
        return phone_tasks(self.office, push, why, push.due)

    def stand_in(self, push: Push, why: str) -> tuple[Push, ...]:
        """What the managers get when a staff member cannot be sent something."""
        return stand_ins(self.office, push, why, self.clock())

    def refused_call(
        self, channel: Channel, way: Way, code: int, now: datetime
    ) -> tuple[Push, ...]:
        """What staff get when the platform refuses a call to the whole account."""
        return call_refused(self.office, (channel, way), code, now)

    @cached_property
    def desk(self) -> Desk:
        """What the clock jobs work with."""
        return Desk(self.database, self.clock, self.office, self.wake)


def make_app(settings: Settings, *, moved: bool = False) -> App:
    """The parts for these settings; `moved`: with the demo's clock."""
    catalog = read_catalog(settings.catalog)
    database = open_data(settings)
    watch = moved_clock.Watch(settings.database_url) if moved else None
    clock: Clock = MovedClock(database, watch) if watch else system_now
    return App(settings, catalog, database, clock)
