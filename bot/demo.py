"""The demo: everything in one command, with a pretended WeChat and a clock that can be moved on."""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import requests

from bot.app import App, MovedClock, open_data, read_catalog
from bot.config import PREFIX, load_settings
from bot.domain.assignment import duty_of
from bot.domain.catalog import Catalog, Template
from bot.domain.workdays import next_duty_start, on_duty
from bot.serving import SANDBOX, Work, require_free, serve_web
from bot.simulator.accounts import Accounts
from bot.simulator.platform import Platform
from bot.simulator.server import RunningServer, serve_platform
from bot.simulator.terminal import chat
from bot.simulator.wires import Deliver, in_process, over_http
from storage.moved_clock import Watch

Ready = Callable[[str, App], None]
Prepare = Callable[[App], None]
ReadLine = Callable[[], str | None]
Write = Callable[[str], None]


def nothing(_app: App) -> None:
    """The office as it is on its first day."""


@dataclass(frozen=True)
class Stage:
    """The pretended platform, and the office that believes in it."""

    app: App
    platform: Platform
    server: RunningServer
    clock: MovedClock
    # what is done whenever the clock was moved on
    when_moved: list[Callable[[], None]] = field(default_factory=list)

    def forward(self, by: timedelta) -> None:
        """Move the clock on; what has come due meanwhile happens at once."""
        self.clock.forward(by)
        for one in self.when_moved:
            one()


def settings_of(accounts: Accounts, api: str) -> dict[str, str]:
    """What an operator would set for these accounts, as environment variables."""
    official, corp = accounts.official, accounts.corp
    values = {
        "oa_app_id": official.app_id,
        "oa_secret": official.secret,
        "oa_token": official.token,
        "oa_aes_key": official.aes_key,
        "wecom_corp_id": corp.corp_id,
        "wecom_agent_id": str(corp.agent_id),
        "wecom_secret": corp.secret,
        "wecom_token": corp.token,
        "wecom_aes_key": corp.aes_key,
        "wechat_api_url": api + "/oa",
        "wecom_api_url": api + "/wecom",
        "account_type": "certified",
        "oa_plaintext": "false",
    }
    return {PREFIX + name.upper(): value for name, value in values.items()}


@contextmanager
def stage(folder: Path, deliver: Deliver | None = None, public_url: str = "") -> Iterator[Stage]:
    """An empty office in this folder and its platform; `deliver` None: in this process."""
    if public_url:
        os.environ[PREFIX + "PUBLIC_URL"] = public_url
    os.environ[PREFIX + "DATA_DIR"] = str(folder)
    os.environ[PREFIX + "DATABASE_URL"] = f"sqlite:///{folder / 'demo.db'}"
    for old in folder.glob("demo.db*"):
        old.unlink()
    settings = load_settings()
    catalog, database = read_catalog(settings.catalog), open_data(settings)
    clock = MovedClock(database, Watch(settings.database_url))
    open_the_office(clock, catalog)
    offices: list[App] = []
    stages: list[Stage] = []
    over = threading.Event()
    accounts = Accounts.random()
    platform = Platform(
        accounts,
        clock,
        deliver or in_process(lambda environ, start: offices[0].wsgi(environ, start)),
        staff={one.id: one.name for one in catalog.staff},
        templates={one.id: tuple(one.fields) for one in carriers(catalog)},
        # nobody waits for the next attempt once the demo is over
        pause=over.wait,
    )
    # everybody who works there may take sessions of 微信客服 over
    platform.kf.reception.servicers.update(dict.fromkeys((one.id for one in catalog.staff), True))
    server = serve_platform(platform, move_clock=lambda by: stages[0].forward(by))
    os.environ.update(settings_of(accounts, server.url))
    offices.append(App(load_settings(), catalog, database, clock))
    try:
        stages.append(Stage(offices[0], platform, server, clock))
        yield stages[0]
    finally:
        over.set()
        server.stop()


def carriers(catalog: Catalog) -> tuple[Template, ...]:
    """Every template that the account was granted: messages and notices."""
    return (*catalog.templates.values(), *catalog.subscriptions.values())


def open_the_office(clock: MovedClock, catalog: Catalog) -> None:
    """Outside office hours the demo begins at the next opening, so that somebody answers."""
    now, agency = clock(), catalog.agency
    hours = duty_of(catalog, catalog.staff[0]) or agency.duty
    if not on_duty(now, hours, agency.days):
        clock.forward(next_duty_start(now, hours, agency.days) - now)


def demo(host: str, port: int, folder: Path, ready: Ready, prepare: Prepare = nothing) -> None:
    """Everything, until it is stopped; `ready` is called with what to print once it stands.

    `prepare` may fill the empty office before anybody enters.
    """
    require_free(host, port)
    # the links in the chat lead to this very machine
    os.environ.setdefault(PREFIX + "PUBLIC_URL", f"http://{loopback(host)}:{port}")
    with stage(folder, over_http(f"http://{loopback(host)}:{port}")) as found:
        prepare(found.app)
        os.environ[SANDBOX] = f"{found.server.control_url} {found.server.secret}"
        work = Work(found.app)
        work.start()
        found.when_moved.append(work.schedule.hurry)
        address = f"http://{loopback(host)}:{port}"
        threading.Thread(target=begin, args=(found, address, ready), daemon=True).start()
        try:
            serve_web(host, port)
        finally:
            work.stop()


def begin(found: Stage, address: str, ready: Ready) -> None:
    """Once the bot answers, the first client follows the account, so that the chat is open."""
    while not answers(f"{address}/healthz"):
        time.sleep(0.1)
    found.app.account_menu.publish(found.app.menu)
    found.platform.client_follows(next(iter(found.platform.hub.people.followers)))
    ready(f"{address}/sandbox/", found.app)


def answers(address: str) -> bool:
    """Whether a web server is there."""
    try:
        return requests.get(address, timeout=1).ok
    except requests.RequestException:
        return False


def loopback(host: str) -> str:
    """Where this machine itself reaches a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - not bound here


def talk(read_line: ReadLine, write: Write) -> None:
    """The assistant in a terminal, on a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="yizhan") as folder, stage(Path(folder)) as found:
        work = Work(found.app)
        work.start()
        found.when_moved.append(work.schedule.hurry)
        try:
            chat(
                found.platform,
                read_line,
                write,
                move_clock=found.forward,
                settle=found.app.settle,
            )
        finally:
            work.stop()
