"""A whole office on one database with a pretended WeChat: what conversation tests play in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.app import App
from bot.config import Settings
from bot.domain.catalog import Catalog
from bot.domain.catalog_file import parse
from bot.schedule import JOBS
from bot.simulator.accounts import Accounts
from bot.simulator.phones import Bubble, Entry, Side
from bot.simulator.platform import Platform
from bot.simulator.server import serve_platform
from bot.simulator.wires import in_process
from bot.wechat.limits import AccountType
from storage.db import Database, open_database
from storage.vault import Vault
from tests.fixed_clock import FixedClock
from tests.kf_deeds import is_customer

HOUR = timedelta(hours=1)
SHIPPED = Path(__file__).parents[1] / "catalog.yaml"


def shipped_catalog() -> Catalog:
    """The catalogue in the repository."""
    return parse(SHIPPED.read_text(encoding="utf-8"))


class World:
    """Clients, staff, the platform and the office, all in this process; the clock is the test's."""

    def __init__(self, app: App, platform: Platform, clock: FixedClock) -> None:
        self.app, self.platform, self.clock = app, platform, clock
        self.seen: dict[tuple[str, str], int] = {}

    @property
    def database(self) -> Database:
        """The office's data."""
        return self.app.database

    def say(self, client: str, text: str) -> str:
        """The client types; what the passive reply says."""
        return self.platform.client_says(client, text).reply or ""

    def order(self, staff: str, text: str) -> str:
        """The staff member types; what the passive reply says."""
        return self.platform.staff_says(staff, text).reply or ""

    def deliver(self) -> None:
        """Send everything that is due, and let the platform report back."""
        self.app.settle()
        self.platform.settle()

    def wait(self, step: timedelta) -> None:
        """Time passes, an hour at a time; the clock jobs run as they would have."""
        while step > timedelta(0):
            self.clock.forward(min(step, HOUR))
            step -= HOUR
            for job in JOBS:
                job.run(self.app.desk)
            self.deliver()

    def phone(self, client: str) -> tuple[Entry, ...]:
        """The phone of a client, of the official account or of 微信客服."""
        if is_customer(client):
            return self.platform.customer_phone(client)
        return self.platform.client_phone(client)

    def news(self, side: str, person: str) -> list[Entry]:
        """What a phone shows since it was last looked at, without what its owner wrote."""
        entries = self.phone(person) if side == "client" else self.platform.staff_phone(person)
        known = self.seen.get((side, person), 0)
        self.seen[side, person] = len(entries)
        fresh = entries[known:]
        return [one for one in fresh if one.side is not Side.MINE and one.kind is not Bubble.EVENT]

    def card(self, staff: str) -> Entry:
        """The last card on a staff member's phone."""
        cards = [one for one in self.platform.staff_phone(staff) if one.card is not None]
        assert cards, f"{staff} has no card"
        return cards[-1]

    def tap(self, staff: str, key: str, **selected: tuple[str, ...]) -> None:
        """Tap a button of that last card."""
        card = self.card(staff).card
        assert card is not None
        self.platform.staff_taps(staff, card.task_id, key, selected or None)

    def tick(self, staff: str, question: str, *options: str) -> None:
        """Tick options of that last card and submit it."""
        card = self.card(staff).card
        assert card is not None
        self.platform.staff_submits(staff, card.task_id, {question: options})


def settings_for(accounts: Accounts, url: str, api: str) -> Settings:
    """The settings an operator would write for these accounts."""
    official, corp = accounts.official, accounts.corp
    return Settings(
        _env_file=None,
        database_url=url,
        oa_app_id=official.app_id,
        oa_secret=official.secret,
        oa_token=official.token,
        oa_aes_key=official.aes_key,
        wecom_corp_id=corp.corp_id,
        wecom_agent_id=corp.agent_id,
        wecom_secret=corp.secret,
        wecom_token=corp.token,
        wecom_aes_key=corp.aes_key,
        account_type=official.kind.value,
        wechat_api_url=api + "/oa",
        wecom_api_url=api + "/wecom",
        public_url="https://agency.example",
        secret_key="worth nothing: it is only for tests",
    )


@contextmanager
def open_world(
    url: str,
    vault: Vault,
    clock: FixedClock,
    catalog: Catalog | None = None,
    kind: AccountType = AccountType.CERTIFIED,
) -> Iterator[World]:
    """The world on this database, closed again afterwards; `kind` is that of the account."""
    catalog = catalog or shipped_catalog()
    accounts = Accounts.random()
    accounts = replace(accounts, official=replace(accounts.official, kind=kind))
    database = open_database(url, vault)
    office: list[App] = []
    platform = Platform(
        accounts,
        clock,
        in_process(lambda environ, start: office[0].wsgi(environ, start)),
        staff={one.id: one.name for one in catalog.staff},
    )
    server = serve_platform(platform)
    app = App(settings_for(accounts, url, server.url), catalog, database, clock)
    office.append(app)
    try:
        yield World(app, platform, clock)
    finally:
        app.kf_inbox.stop()
        app.linking.stop()
        app.roster.stop()
        app.fetching.stop()
        app.delivery.stop()
        server.stop()
        database.close()
