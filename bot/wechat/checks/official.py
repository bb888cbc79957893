"""The official account: its secret, its templates, its menu."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.catalog import Template
from bot.domain.retry import SendFailed
from bot.wechat.checks.findings import Finding, Patient, refused
from bot.wechat.explained import Platform
from bot.wechat.limits import GRANTED, AccountType, Way
from bot.wechat.menu import AccountMenu, faults_of

KEY = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")


def token(patient: Patient) -> Iterator[Finding]:
    """The platform gives a token for this appid, secret and address."""
    try:
        patient.official_token()
    except SendFailed as error:
        yield refused(Platform.OFFICIAL, error)


def templates(patient: Patient) -> Iterator[Finding]:
    """Every template message of the catalogue is one of the account's, with those fields."""
    wanted = patient.catalog.templates
    if wanted and granted(patient, Way.TEMPLATE):
        yield from compared(
            patient,
            wanted,
            "/cgi-bin/template/get_all_private_template",
            ("template_list", "template_id"),
            "template",
        )


def subscriptions(patient: Patient) -> Iterator[Finding]:
    """So too every notice that clients ask for."""
    wanted = patient.catalog.subscriptions
    if wanted and granted(patient, Way.SUBSCRIPTION):
        yield from compared(
            patient, wanted, "/wxaapi/newtmpl/gettemplate", ("data", "priTmplId"), "subscription"
        )


def granted(patient: Patient, way: Way) -> bool:
    """Whether an account of this kind has the call at all."""
    return way in GRANTED[AccountType(patient.settings.account_type)]


def compared(
    patient: Patient,
    wanted: Mapping[str, Template],
    path: str,
    named: tuple[str, str],
    kind: str,
) -> Iterator[Finding]:
    """The templates of the catalogue beside those the platform lists."""
    try:
        answer = patient.official.get(path, {})
    except SendFailed as error:
        yield refused(Platform.OFFICIAL, error)
        return
    rows = answer.get(named[0])
    listed = {str(row.get(named[1])): keys_of(row) for row in rows or [] if isinstance(row, dict)}
    for purpose, one in wanted.items():
        if one.id not in listed:
            yield Finding(f"{kind}_unknown", {"purpose": purpose, "id": one.id})
        elif strangers := sorted(one.fields.keys() - listed[one.id]):
            shown = {"purpose": purpose, "fields": strangers, "known": sorted(listed[one.id])}
            yield Finding(f"{kind}_fields", shown)


def keys_of(row: Mapping[str, Any]) -> frozenset[str]:
    """The data keys of a template as its text shows them."""
    return frozenset(KEY.findall(str(row.get("content", ""))))


def menu(patient: Patient) -> Iterator[Finding]:
    """What clients see below the chat is what the catalogue says."""
    if not patient.menu:
        return
    faults = list(faults_of([dict(one) for one in patient.menu]))
    if faults:
        yield Finding("menu_faults", {"count": len(faults)})
        return
    try:
        published = AccountMenu(patient.official).published()
    except SendFailed as error:
        yield refused(Platform.OFFICIAL, error)
        return
    if published != list(patient.menu):
        yield Finding("menu_differs", {"none": not published})
