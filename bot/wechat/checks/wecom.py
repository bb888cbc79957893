"""The staff app and 微信客服: their secrets, who is within the app's range, who may answer."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.retry import SendFailed
from bot.wechat.checks.findings import Finding, Patient, refused
from bot.wechat.explained import Platform

# the app was given no part in 微信客服: an office may do without
NOT_GIVEN = frozenset({48002, 60251, 60252, 60253, 95017})
# a member nobody knows, or one outside of the app's range
NOT_THERE = frozenset({40003, 60111, 50002, 60011, 81012})


def token(patient: Patient) -> Iterator[Finding]:
    """WeCom gives a token for this corporation, secret and address."""
    try:
        patient.wecom_token()
    except SendFailed as error:
        yield refused(Platform.WECOM, error)


def agent(patient: Patient) -> Iterator[Finding]:
    """The app is the one of the secret, and switched on."""
    number = patient.settings.wecom_agent_id
    try:
        found = patient.wecom.get("/cgi-bin/agent/get", {"agentid": number})
    except SendFailed as error:
        yield refused(Platform.WECOM, error)
        return
    if found.get("close") == 1:
        yield Finding("agent_closed", {"name": found.get("name", "")})


def members(patient: Patient) -> Iterator[Finding]:
    """Everybody of the catalogue is a member whom the app reaches."""
    for staff in patient.catalog.staff:
        try:
            patient.wecom.get("/cgi-bin/user/get", {"userid": staff.id})
        except SendFailed as error:
            if error.code not in NOT_THERE:
                yield refused(Platform.WECOM, error)
                return
            yield Finding("member", {"name": staff.name, "id": staff.id, "code": error.code})


def kf_token(patient: Patient) -> Iterator[Finding]:
    """The secret of 微信客服 is taken as well."""
    try:
        patient.kf_token()
    except SendFailed as error:
        yield refused(Platform.KF, error)


def kf_account(patient: Patient) -> Iterator[Finding]:
    """There is an account of 微信客服 that we may serve, and staff who may take its sessions."""
    try:
        answer = patient.kf.post("/cgi-bin/kf/account/list", {}, {"offset": 0, "limit": 100})
        accounts = [str(one["open_kfid"]) for one in answer.get("account_list") or []]
        servicers = {
            str(row.get("userid", "")).lower()
            for one in accounts
            for row in servicers_of(patient, one)
        }
    except SendFailed as error:
        yield replace(refused(Platform.KF, error), advice=error.code in NOT_GIVEN)
        return
    if not accounts:
        yield Finding("kf_none", advice=True)
    elif not servicers & patient.catalog.person.keys():
        yield Finding("kf_servicers", advice=True)


def servicers_of(patient: Patient, account: str) -> list[dict[str, object]]:
    """Who is a servicer of that account."""
    found = patient.kf.get("/cgi-bin/kf/servicer/list", {"open_kfid": account})
    rows = found.get("servicer_list")
    return rows if isinstance(rows, list) else []
