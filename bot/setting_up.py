"""What an operator sets up and looks at: the account's menu, its QR codes, the whole set-up.

Every function gives the lines to print; only `healthy` of the last tells how a command ends.
"""

import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

from bot import demo as stage
from bot.app import App, open_data, read_catalog
from bot.clock import system_now
from bot.config import Settings
from bot.domain.first_asked import codes
from bot.domain.retry import SendFailed
from bot.messages import Say
from bot.render import Renderer, load_texts
from bot.serving import Work, settle
from bot.wechat import doctor
from bot.wechat.checks.findings import Finding, Patient, refused
from bot.wechat.explained import Platform, everywhere
from bot.wechat.menu import SAYS, Json, faults_of
from bot.wechat.qr_codes import QrCodes
from storage.db import is_current, open_database
from storage.vault import Vault

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Lines = list[str]
INDENT = "    "
# how long the checkup waits until its own worker has shown that it runs
STARTING = timedelta(seconds=20)


class Words:
    """The sentences of the set-up."""

    def __init__(self) -> None:
        self._renderer = Renderer(load_texts())

    def __call__(self, key: str, /, **values: object) -> str:
        """One sentence."""
        return self._renderer.text(Say(key, values))

    def of(self, finding: Finding) -> Lines:
        """A finding, indented below its check."""
        return [INDENT + line for line in self._renderer.text(finding.say()).split("\n")]


# the menu


def menu_lines(words: Words, menu: Iterable[Json], *, below: bool = False) -> Iterator[str]:
    """A menu as people read it."""
    for one in menu:
        key = str(one.get("key", "")).removeprefix(SAYS)
        shown = {"name": one["name"], "key": key, "url": one.get("url", "")}
        yield INDENT * below + words("account_menu/line", **shown)
        yield from menu_lines(words, one.get("sub_button", []), below=True)


def show_menu(app: App) -> tuple[Lines, bool]:
    """The menu of the catalogue beside the published one, and whether they are the same."""
    words = Words()
    try:
        published = app.account_menu.published()
    except SendFailed as error:
        return words.of(refused(Platform.OFFICIAL, error)), False
    lines = [words("account_menu/wanted_title"), *menu_lines(words, app.menu)]
    if not app.menu:
        lines = [words("account_menu/none_wanted")]
    if published == app.menu:
        return [*lines, words("account_menu/same")], True
    if not published:
        return [*lines, words("account_menu/none_published"), words("account_menu/differs")], False
    theirs = [words("account_menu/published_title"), *menu_lines(words, published)]
    return [*lines, *theirs, words("account_menu/differs")], False


def publish_menu(app: App) -> tuple[Lines, bool]:
    """Checks the menu against the platform's limits, then sends it."""
    words = Words()
    if not app.menu:
        return [words("account_menu/none_wanted")], False
    faults = [words(fault.say().key, **fault.values) for fault in faults_of(app.menu)]
    if faults:
        return [*faults, words("account_menu/not_published")], False
    try:
        app.account_menu.publish(app.menu)
    except SendFailed as error:
        why = words.of(refused(Platform.OFFICIAL, error))
        return [*why, words("account_menu/not_published")], False
    return [*menu_lines(words, app.menu), words("account_menu/published")], True


def make_codes(app: App, wanted: Sequence[str], days: int | None) -> tuple[Lines, bool]:
    """A code for each desk and each member, or for those named by id."""
    words, made = Words(), QrCodes(app.official_calls)
    unknown = strangers(app, wanted)
    lines: Lines = [words("account_menu/no_code", names=unknown)] if unknown else []
    if unknown:
        return lines, False
    lasts = None if days is None else timedelta(days=days)
    for one in codes(app.catalog):
        if wanted and one.id not in wanted:
            continue
        try:
            found = made.make(one.scene, lasts)
        except SendFailed as error:
            return [*lines, *words.of(refused(Platform.OFFICIAL, error))], False
        shown = {"name": one.name, "scene": one.scene, "days": days}
        lines.append(words("account_menu/code", picture=found.picture, url=found.url, **shown))
    return lines, bool(lines)


def strangers(app: App, wanted: Sequence[str]) -> list[str]:
    """Ids for which there is no code."""
    known = {one.id for one in codes(app.catalog)}
    return [one for one in wanted if one not in known]


# the doctor


def explain_code(code: int) -> tuple[Lines, bool]:
    """What a code means on each platform that has it."""
    words = Words()
    found = everywhere(code)
    if not found:
        return [words("doctor/unknown_code", code=code)], False
    return [
        words(
            "doctor/code",
            platform=words(f"doctor/platform_{one.platform}"),
            code=one.code,
            means=one.means,
            where=one.where,
            do=one.do,
        )
        for one in found
    ], True


def to_be_examined(settings: Settings) -> App:
    """The parts for these settings, on whatever schema the database has."""
    catalog = read_catalog(settings.catalog)
    if settings.on_sqlite:
        return App(settings, catalog, open_data(settings), system_now)
    vault = Vault(settings.data_keys, settings.lookup_key)
    return App(settings, catalog, open_database(settings.database_url, vault), system_now)


def examine(app: App) -> tuple[Lines, bool]:
    """What the doctor finds, a line for each check and four for what is wrong with it."""
    words, lines = Words(), []
    results = doctor.examine(patient_of(app))
    for one in results:
        because = words(f"doctor/check_{one.because}") if one.because else ""
        title = words(f"doctor/check_{one.name}")
        lines.append(words(f"doctor/{one.state}", title=title, because=because))
        for finding in one.findings:
            lines += words.of(finding)
    wrong = sum(one.state is doctor.State.WRONG for one in results)
    key = "doctor/some_wrong" if wrong else "doctor/all_fine"
    return [*lines, words(key, count=wrong)], doctor.healthy(results)


def patient_of(app: App) -> Patient:
    """The set-up as the doctor sees it."""
    return Patient(
        settings=app.settings,
        catalog=app.catalog,
        database=app.database,
        clock=app.clock,
        is_current=partial(is_current, app.settings.database_url),
        official=app.official_calls,
        wecom=app.wecom_calls,
        kf=app.kf_calls,
        official_token=app.official_token,
        wecom_token=app.app_token,
        kf_token=app.kf_token,
        menu=app.menu,
    )


# the doctor on a demonstration of its own


class Quiet(WSGIRequestHandler):
    """Prints no line for each request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - its own name
        """Nothing."""


@contextmanager
def served(app: "WSGIApplication") -> Iterator[str]:
    """A web server of this process, at the address it has."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def examine_demo() -> tuple[Lines, bool]:
    """What the doctor finds in a demonstration made for it and gone afterwards."""
    offices: list[App] = []

    def web(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        return offices[0].wsgi(environ, start)

    with (
        tempfile.TemporaryDirectory(prefix="yizhan") as folder,
        served(web) as address,
        stage.stage(Path(folder), public_url=address) as found,
    ):
        offices.append(found.app)
        # built before anybody knocks, as in a web process
        settle(found.app.doors, found.app.pages)
        work = Work(found.app)
        work.start()
        try:
            found.app.account_menu.publish(found.app.menu)
            until_it_works(found.app)
            return examine(found.app)
        finally:
            work.stop()


def until_it_works(app: App) -> None:
    """The worker shows within seconds that it runs."""
    ends = time.monotonic() + STARTING.total_seconds()
    patient = patient_of(app)
    while time.monotonic() < ends and any(doctor.STEPS["worker"].check(patient)):
        time.sleep(0.2)
