"""Our own side: settings, keys, data, clock, and whether anybody is at work."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from bot.config import SettingsError
from bot.wechat.checks.findings import Finding, Patient, knock
from bot.wechat.envelope import BadKey, Envelope, Refused
from bot.wechat.limits import CLOCK_TOLERANCE
from storage import runs
from storage.db import Busy

# what the consoles take as a token
TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
SAMPLE = b"<xml/>"
# a day of photos of a busy office
ROOM = 500 * 1024 * 1024
# as long as /readyz waits before it says that nobody sends
SILENCE = timedelta(seconds=60)


def settings(patient: Patient) -> Iterator[Finding]:
    """Everything that `serve` needs is set."""
    found = patient.settings
    wanted = (found.require_official, found.require_wecom, found.require_public, found.require_keys)
    for require in wanted:
        try:
            require()
        except SettingsError as error:
            yield Finding("unset", {"sentence": str(error)})
    if found.oa_plaintext:
        yield Finding("plaintext")


def keys(patient: Patient) -> Iterator[Finding]:
    """Tokens and keys of the callbacks have the form the consoles give them."""
    s = patient.settings
    accounts = (
        ("oa", s.oa_token, s.oa_aes_key, s.oa_app_id),
        ("wecom", s.wecom_token, s.wecom_aes_key, s.wecom_corp_id),
        ("kf", s.kf_token, s.kf_aes_key, s.wecom_corp_id),
    )
    for name, token, key, receiver in accounts:
        if not TOKEN.fullmatch(token):
            yield Finding("token_form", {"account": name})
        try:
            envelope = Envelope(token, key, receiver)
            whole = envelope.decrypt(envelope.encrypt(SAMPLE)) == SAMPLE
        except (BadKey, Refused):
            whole = False
        if not whole:
            yield Finding("key_form", {"account": name})


def folder(patient: Patient) -> Iterator[Finding]:
    """What clients send can be kept: the data folder takes files, and there is room."""
    path = patient.settings.data_dir
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path) as file:
            file.write(SAMPLE)
    except OSError as error:
        yield Finding("folder", {"path": path.absolute(), "why": type(error).__name__})
        return
    left = shutil.disk_usage(path).free
    if left < ROOM:
        shown = {"path": path.absolute(), "left": left // 1024**2, "wanted": ROOM // 1024**2}
        yield Finding("room", shown)


def schema(patient: Patient) -> Iterator[Finding]:
    """The database is there, and has the form this version needs."""
    try:
        if not patient.is_current():
            yield Finding("schema")
            return
        patient.database.run(lambda tx: runs.last_beat(tx, "schedule"))
    except Busy:
        yield Finding("database")


def clock(patient: Patient) -> Iterator[Finding]:
    """This machine's clock agrees with the platform's: signatures are refused otherwise."""
    answer = knock(patient.settings.wechat_api_url + "/")
    if isinstance(answer, str):
        yield Finding("away", {"platform": "official", "detail": answer})
        return
    told = answer.headers.get("Date")
    if not told:
        return
    # a date without a zone is of Greenwich, as every Date is
    theirs = parsedate_to_datetime(told)
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    off = round((patient.clock() - theirs).total_seconds())
    if abs(off) > CLOCK_TOLERANCE.total_seconds() / 5:
        most = round(CLOCK_TOLERANCE.total_seconds())
        yield Finding("clock", {"seconds": abs(off), "fast": off > 0, "most": most})


def worker(patient: Patient) -> Iterator[Finding]:
    """Somebody sends what is due and keeps the time."""
    beat = patient.database.run(lambda tx: runs.last_beat(tx, "schedule"))
    if beat is None or patient.clock() - beat > SILENCE:
        yield Finding("worker")
