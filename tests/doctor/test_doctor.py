"""Each check is red when its own thing is broken, and the others stay as they were."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.wrappers import Response

from bot.domain.catalog import Button, Leaf
from bot.render import Renderer, load_texts
from bot.setting_up import served
from bot.wechat.checks import callbacks, house
from bot.wechat.doctor import STEPS, State, healthy
from bot.wechat.oauth import API
from storage import schema
from storage.db import Busy
from tests.doctor.conftest import NOTICE, Clinic

Break = Callable[[Clinic], object]


def code(path: str, number: int) -> Break:
    """The platform refuses that call."""
    return lambda clinic: clinic.platform.faults.on_call(path, code=number, times=99)


def hidden(clinic: Clinic) -> None:
    """One member is outside of the app's range."""
    clinic.platform.hub.people.members["liu.min"].visible = False


def unmanaged(clinic: Clinic) -> None:
    """No account of 微信客服 was given to the API."""
    clinic.platform.kf.reception.managed = False


def closed(clinic: Clinic) -> None:
    """The app is switched off."""
    clinic.platform.wecom_api.closed = True


def older(clinic: Clinic) -> None:
    """The database is of the version before."""
    schema.downgrade(clinic.app.settings.database_url, "0006")


def behind(clinic: Clinic) -> None:
    """Nobody has sent anything for a while."""
    clinic.clock.forward(timedelta(minutes=3))


def other_menu(clinic: Clinic) -> None:
    """Somebody published another menu by hand."""
    clinic.app.account_menu.publish([{"type": "click", "name": "x", "key": "x"}])


TOO_LONG = (Button(name="一二三四五六七八", buttons=(Leaf(name="进度", says="进度"),)),)
TOKEN, WECOM_TOKEN = "/cgi-bin/stable_token", "/cgi-bin/gettoken"
LIST = "/cgi-bin/template/get_all_private_template"

# what is broken, the check that sees it, and the fault it names
CASES: list[tuple[str, Break, str, str]] = [
    ("secret missing", lambda c: c.set(oa_secret=""), "settings", "unset"),
    ("plaintext allowed", lambda c: c.set(oa_plaintext=True), "settings", "plaintext"),
    ("token odd", lambda c: c.set(oa_token="no!"), "keys", "token_form"),
    ("key cut", lambda c: c.set(wecom_aes_key="abc"), "keys", "key_form"),
    ("folder a file", lambda c: c.set(data_dir=Path(__file__)), "folder", "folder"),
    ("schema older", older, "schema", "schema"),
    ("worker away", behind, "worker", "worker"),
    ("oa token changed", lambda c: c.set(oa_token="another"), "callback_oa", "callback_forbidden"),
    ("wecom token changed", lambda c: c.set(wecom_token="another"), "callback_wecom",
     "callback_forbidden"),
    ("kf token changed", lambda c: c.set(kf_token="another"), "callback_kf", "callback_forbidden"),
    ("appid", lambda c: c.set(oa_app_id="wx0"), "oa_token", "refused"),
    ("secret", lambda c: c.set(oa_secret="wrong"), "oa_token", "refused"),
    ("white-list", code(TOKEN, 40164), "oa_token", "refused"),
    ("admin must confirm", code(TOKEN, 89503), "oa_token", "refused"),
    ("third-party token", code(TOKEN, 61024), "oa_token", "refused"),
    ("template list refused", code(LIST, 48001), "oa_templates", "refused"),
    ("template unknown", lambda c: c.write(templates={"status": NOTICE.model_copy(
        update={"id": "NOWHERE"})}), "oa_templates", "template_unknown"),
    ("template field", lambda c: c.write(templates={"status": NOTICE.model_copy(
        update={"fields": {"thing9": "x"}})}), "oa_templates", "template_fields"),
    ("notice unknown", lambda c: c.write(subscriptions={"status": NOTICE.model_copy(
        update={"id": "NOWHERE"})}), "oa_subscriptions", "subscription_unknown"),
    ("notice field", lambda c: c.write(subscriptions={"status": NOTICE.model_copy(
        update={"fields": {"thing9": "x"}})}), "oa_subscriptions", "subscription_fields"),
    ("menu changed", other_menu, "oa_menu", "menu_differs"),
    ("menu too long", lambda c: c.write(menu=TOO_LONG), "oa_menu", "menu_faults"),
    ("menu refused", code("/cgi-bin/menu/get", 48001), "oa_menu", "refused"),
    ("corp secret", lambda c: c.set(wecom_secret="wrong"), "wecom_token", "refused"),
    ("corp away", code(WECOM_TOKEN, -1), "wecom_token", "refused"),
    ("agent id", lambda c: c.set(wecom_agent_id=1), "wecom_agent", "refused"),
    ("agent closed", closed, "wecom_agent", "agent_closed"),
    ("address not trusted", code("/cgi-bin/agent/get", 60020), "wecom_agent", "refused"),
    ("member out of range", hidden, "wecom_members", "member"),
    ("contacts refused", code("/cgi-bin/user/get", 48002), "wecom_members", "refused"),
    ("kf secret", lambda c: c.set(kf_secret="wrong"), "kf_token", "refused"),
    ("kf not ours", unmanaged, "kf_account", "kf_none"),
    ("kf not granted", code("/cgi-bin/kf/account/list", 60251), "kf_account", "refused"),
    ("kf nobody", lambda c: c.platform.kf.reception.servicers.clear(), "kf_account",
     "kf_servicers"),
]  # fmt: skip


def test_a_whole_office_is_green(clinic: Clinic) -> None:
    results = clinic.results()
    assert [one for one in results.values() if one.state is not State.FINE] == []
    assert results.keys() == STEPS.keys()


@pytest.mark.parametrize(
    ("broken", "check", "fault"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_is_broken_is_found_by_its_check_alone(
    clinic: Clinic, broken: Break, check: str, fault: str
) -> None:
    broken(clinic)
    found = clinic.wrong()
    # 40001 of the one secret that both accounts of WeCom share by default
    also = {"kf_token"} if check == "wecom_token" else set()
    assert found.keys() - also == {check}
    assert found[check] == [fault]
    assert_says_what_to_do(clinic, check)


def assert_says_what_to_do(clinic: Clinic, check: str) -> None:
    renderer = Renderer(load_texts())
    for finding in clinic.results()[check].findings:
        said = renderer.text(finding.say()).split("\n")
        assert [line[:3] for line in said] == ["发现：", "应为：", "打开：", "处理："]
        assert all(len(line) > 4 for line in said)


def test_the_address_that_is_not_on_the_white_list_is_named(clinic: Clinic) -> None:
    for path, number in ((TOKEN, 40164), ("/cgi-bin/agent/get", 60020)):
        clinic.platform.faults.on_call(path, code=number, times=99)
    results, renderer = clinic.results(), Renderer(load_texts())
    for check in ("oa_token", "wecom_agent"):
        said = renderer.text(results[check].findings[0].say())
        assert "本机的地址是 127.0.0.1。" in said


def test_advice_does_not_make_the_command_fail(clinic: Clinic) -> None:
    unmanaged(clinic)
    assert healthy(tuple(clinic.results().values()))


def test_a_clock_that_is_wrong_is_told_from_the_platforms(clinic: Clinic) -> None:
    later = clinic.clock.now + timedelta(minutes=9)
    clinic.patient = replace(clinic.patient, clock=lambda: later)
    found = clinic.results()["clock"].findings
    assert [(one.fault, one.values["seconds"], one.values["fast"]) for one in found] == [
        ("clock", 540, True)
    ]


def test_a_full_disk_is_found(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "ROOM", 2**70)
    assert clinic.wrong() == {"folder": ["room"]}


def test_a_database_that_is_away_is_found_and_the_rest_still_looked_at(clinic: Clinic) -> None:
    def away() -> bool:
        raise Busy

    clinic.patient = replace(clinic.patient, is_current=away)
    results = clinic.results()
    assert clinic.wrong() == {"schema": ["database"]}
    assert results["oa_menu"].state is State.SKIPPED
    assert results["oa_menu"].because == "schema"
    assert results["callback_oa"].state is State.FINE


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Response(status=301, headers={"Location": "/wechat/"}), "callback_moved"),
        (Response("gone", status=404), "callback_status"),
        (Response("<html>login</html>"), "callback_echo"),
    ],
)
def test_what_stands_before_us_is_told_apart(clinic: Clinic, answer: Response, fault: str) -> None:
    with served(answer) as address:
        clinic.set(public_url=address)
        found = clinic.wrong()
    for check in ("callback_oa", "callback_wecom", "callback_kf"):
        assert found[check] == [fault]


def test_an_address_where_nobody_answers_is_found(clinic: Clinic) -> None:
    with served(Response("")) as address:
        pass
    clinic.set(public_url=address)
    assert clinic.wrong()["callback_oa"] == ["callback_silent"]


@pytest.mark.parametrize("url", ["http://agency.example", "https://agency.example:8000"])
def test_the_real_platform_wants_a_secure_address(clinic: Clinic, url: str) -> None:
    clinic.set(public_url=url, wechat_api_url=API)
    assert [one.fault for one in callbacks.address(clinic.patient)] == ["public_url"]
    clinic.set(public_url="https://agency.example", wechat_api_url=API)
    assert list(callbacks.address(clinic.patient)) == []


def test_an_account_without_templates_is_not_asked_for_them(clinic: Clinic) -> None:
    clinic.platform.faults.on_call(LIST, code=48001)
    clinic.set(account_type="subscription")
    assert "oa_templates" not in clinic.wrong()


def test_every_check_has_a_title() -> None:
    renderer = Renderer(load_texts())
    assert all(renderer.has(f"doctor/check_{name}") for name in STEPS)
