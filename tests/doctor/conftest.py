"""An office that is set up rightly, its web server on loopback, and what can be broken in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.app import App
from bot.domain.catalog import Catalog, Template
from bot.setting_up import patient_of, served
from bot.simulator.accounts import Accounts
from bot.simulator.platform import Platform
from bot.simulator.server import serve_platform
from bot.simulator.wires import in_process
from bot.wechat.checks.findings import Patient
from bot.wechat.doctor import Result, State, examine
from storage import runs
from storage.db import open_database
from storage.vault import Vault
from tests.fixed_clock import FixedClock
from tests.world import settings_for, shipped_catalog

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

NOTICE = Template(id="NOTICE-OF-A-STATUS", fields={"thing1": "{{ item }}"})


@dataclass
class Clinic:
    """What the doctor sees, and the world behind it."""

    app: App
    platform: Platform
    clock: FixedClock
    patient: Patient

    def set(self, **settings: object) -> None:
        """The settings say something else than what runs."""
        settings = {**self.app.settings.model_dump(), **settings}
        changed = self.app.settings.model_copy(update=settings)
        self.patient = patient_of(replace(self.app, settings=changed))

    def write(self, **catalog: object) -> None:
        """The catalogue says something else than the platform knows."""
        changed = self.app.catalog.model_copy(update=catalog)
        self.patient = patient_of(replace(self.app, catalog=changed))

    def results(self) -> dict[str, Result]:
        """What each check found."""
        return {one.name: one for one in examine(self.patient)}

    def wrong(self) -> dict[str, list[str]]:
        """The faults by check, of those that could look."""
        looked = (State.WRONG, State.ADVICE)
        found = (one for one in self.results().values() if one.state in looked)
        return {one.name: [finding.fault for finding in one.findings] for one in found}


def with_notice() -> Catalog:
    """The shipped catalogue, with a notice that clients ask for."""
    return shipped_catalog().model_copy(update={"subscriptions": {"status": NOTICE}})


@pytest.fixture
def clinic(sqlite_url: str, vault: Vault, clock: FixedClock, tmp_path: Path) -> Iterator[Clinic]:
    """A whole office in which nothing is wrong."""
    catalog, accounts = with_notice(), Accounts.random()
    carriers = (*catalog.templates.values(), *catalog.subscriptions.values())
    office: list[App] = []

    def web(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        return office[0].wsgi(environ, start)

    platform = Platform(
        accounts,
        clock,
        in_process(web),
        staff={one.id: one.name for one in catalog.staff},
        templates={one.id: tuple(one.fields) for one in carriers},
    )
    platform.kf.reception.servicers[catalog.staff[0].id] = True
    server, database = serve_platform(platform), open_database(sqlite_url, vault)
    with served(web) as address:
        settings = settings_for(accounts, sqlite_url, server.url).model_copy(
            update={
                "public_url": address,
                "data_dir": tmp_path,
                "secret_key": "s" * 32,
                "data_keys": ("k",),
                "lookup_key": "l" * 32,
            }
        )
        app = App(settings, catalog, database, clock)
        office.append(app)
        # as a web process has done before it listens
        assert app.doors
        app.account_menu.publish(app.menu)
        database.run(lambda tx: runs.beat(tx, "schedule", clock()))
        try:
            yield Clinic(app, platform, clock, patient_of(app))
        finally:
            server.stop()
            database.close()
