"""What a wrong or missing setting says, and where the keys of the data live."""

import os
import re
import stat
import threading
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.config import Settings, SettingsError, load_settings
from bot.wechat.envelope import Envelope
from bot.wechat.limits import AccountType

AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.upper().startswith("YIZHAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(**settings: str) -> None:
    lines = (f"YIZHAN_{name.upper()}={value}" for name, value in settings.items())
    Path(".env").write_text("\n".join(lines), encoding="utf-8")


def told(**settings: str) -> str:
    write(**settings)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return str(caught.value)


def test_nothing_need_be_set_to_begin(home: Path) -> None:
    settings = load_settings()
    assert settings.database_url == "sqlite:///data/yizhan.db"
    assert settings.account_type == "certified"
    assert not settings.oa_plaintext
    assert settings.wechat_api_url == "https://api.weixin.qq.com"
    assert settings.wecom_api_url == "https://qyapi.weixin.qq.com"
    Fernet(settings.data_keys[0])


def test_a_command_that_opens_no_data_leaves_no_file_behind(home: Path) -> None:
    load_settings(keys=False)
    assert list(home.iterdir()) == []


def test_the_keys_are_made_once_and_only_their_owner_reads_them(home: Path) -> None:
    first = load_settings()
    file = home / "data" / "keys.env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["keys.env"]
    again = load_settings()
    assert (again.secret_key, again.data_keys, again.lookup_key) == (
        first.secret_key,
        first.data_keys,
        first.lookup_key,
    )
    assert len({first.secret_key, first.lookup_key, *first.data_keys}) == 3


def test_two_first_starts_agree_on_the_keys(home: Path) -> None:
    found: list[Settings] = []
    starts = [threading.Thread(target=lambda: found.append(load_settings())) for _ in range(8)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert len({settings.data_keys for settings in found}) == 1
    assert len(found) == 8


def test_a_given_key_wins_over_the_kept_one(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = load_settings()
    given = ",".join([Fernet.generate_key().decode(), *kept.data_keys])
    write(data_keys=given, secret_key="from the file, and long enough to be one")
    monkeypatch.setenv("YIZHAN_SECRET_KEY", "from the environment, and long enough too")
    settings = load_settings()
    assert settings.data_keys == tuple(given.split(","))
    assert settings.secret_key == "from the environment, and long enough too"
    assert settings.lookup_key == kept.lookup_key


def test_data_without_their_keys_are_not_given_new_ones(home: Path) -> None:
    load_settings()
    (home / "data" / "keys.env").rename(home / "keys.env")
    (home / "data" / "yizhan.db").write_bytes(b"SQLite format 3")
    assert "keys.env" in told()
    assert not (home / "data" / "keys.env").exists()


def test_a_damaged_key_file_is_named(home: Path) -> None:
    load_settings()
    file = home / "data" / "keys.env"
    file.write_text(re.sub("YIZHAN_LOOKUP_KEY=.*", "", file.read_text(encoding="utf-8")))
    assert str(Path("data/keys.env")) in told()


def test_postgresql_wants_its_keys_given(home: Path) -> None:
    text = told(database_url="postgresql+psycopg://u:p@h/d", data_keys=key())
    assert "YIZHAN_SECRET_KEY" in text
    assert "YIZHAN_LOOKUP_KEY" in text
    assert "YIZHAN_DATA_KEYS" not in text
    assert not (home / "data").exists()


def test_what_is_missing_for_an_account_is_named_in_one_sentence_with_its_page() -> None:
    write(oa_app_id="wx1", oa_token="t", wecom_corp_id="ww1")
    settings = load_settings()
    with pytest.raises(SettingsError) as official:
        settings.require_official()
    assert "YIZHAN_OA_SECRET" in str(official.value)
    assert "YIZHAN_OA_AES_KEY" in str(official.value)
    assert "YIZHAN_OA_APP_ID" not in str(official.value)
    assert "基本配置" in str(official.value)
    assert "\n" not in str(official.value)
    with pytest.raises(SettingsError, match=r"YIZHAN_WECOM_AGENT_ID.*应用详情"):
        settings.require_wecom()


def test_a_whole_account_is_enough() -> None:
    write(
        oa_app_id="wx1",
        oa_secret="s",
        oa_token="t",
        oa_aes_key=AES_KEY,
        wecom_corp_id="ww1",
        wecom_agent_id="1000002",
        wecom_secret="s",
        wecom_token="t",
        wecom_aes_key=AES_KEY,
    )
    settings = load_settings().require_official().require_wecom()
    assert settings.wecom_agent_id == 1000002
    assert (settings.kf_secret, settings.kf_token, settings.kf_aes_key) == ("s", "t", AES_KEY)
    Envelope(settings.oa_token, settings.oa_aes_key, settings.oa_app_id)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("oa_aes_key", AES_KEY[:-1]),
        ("wecom_aes_key", AES_KEY + "x"),
        ("kf_aes_key", "密" * 43),
        ("data_keys", "c2hvcnQ="),
        ("lookup_key", "guessable"),
        ("account_type", "best"),
        ("wecom_agent_id", "many"),
        ("oa_plaintext", "perhaps"),
        ("wechat_api_url", "api.example.com"),
        ("public_url", "ftp://x"),
    ],
)
def test_a_wrong_value_is_named_and_not_shown(name: str, value: str) -> None:
    text = told(**{name: value})
    assert f"YIZHAN_{name.upper()}" in text
    assert value not in text


def test_an_empty_value_is_an_absent_one() -> None:
    write(oa_aes_key="", account_type="", wecom_agent_id="")
    assert load_settings().account_type == "certified"


def test_a_file_that_is_not_text_is_named(home: Path) -> None:
    (home / ".env").write_bytes(b"YIZHAN_OA_TOKEN=\xff\xfe")
    with pytest.raises(SettingsError, match=r"\.env"):
        load_settings()


def test_a_data_directory_that_cannot_be_written_is_named(home: Path) -> None:
    (home / "data").write_text("a file, not a directory")
    with pytest.raises(SettingsError, match="YIZHAN_DATA_DIR"):
        load_settings()


def test_secrets_stay_out_of_the_representation() -> None:
    write(oa_secret="canary1", oa_token="canary2", database_url="sqlite:///canary3.db")
    settings = load_settings()
    shown = repr(settings) + str(settings)
    assert "canary" not in shown
    assert settings.data_keys[0] not in shown
    assert settings.secret_key not in shown


def test_settings_do_not_change() -> None:
    settings = load_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.oa_token = "other"  # type: ignore[misc]  # what is tested


def test_the_account_types_are_those_the_router_knows() -> None:
    for account in AccountType:
        write(account_type=account)
        assert load_settings().account_type == account


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_can_be_named_with_its_page(name: str) -> None:
    from bot import config

    assert f"YIZHAN_{name.upper()}" in config._sentence("missing", [name])


def key() -> str:
    return Fernet.generate_key().decode()
