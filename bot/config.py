"""The settings, read once: environment, then `.env`, then the keys kept in the data directory."""

import base64
import binascii
import os
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "YIZHAN_"
KEYS_FILE = "keys.env"

_OFFICIAL = ("oa_app_id", "oa_secret", "oa_token", "oa_aes_key")
_WECOM = ("wecom_corp_id", "wecom_agent_id", "wecom_secret", "wecom_token", "wecom_aes_key")
_PUBLIC = ("public_url",)
_KEYS = ("secret_key", "data_keys", "lookup_key")


class SettingsError(Exception):
    """A setting is missing or wrong; the text is one sentence for whoever runs the service."""


def _file_in_data_dir(given: Mapping[str, Any]) -> str:
    return f"sqlite:///{given['data_dir'] / 'yizhan.db'}"


class Settings(BaseSettings):
    """Every setting there is. Secrets stay out of its repr; ask `require_…` before using a part."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=False,
    )

    data_dir: Path = Path("data")
    database_url: str = Field(default_factory=_file_in_data_dir, repr=False)
    catalog: Path | None = None
    public_url: str = ""

    secret_key: str = Field(default="", min_length=32, repr=False)
    # Fernet keys, newest first; written with commas between them
    data_keys: Annotated[tuple[str, ...], NoDecode] = Field(default=(), repr=False)
    lookup_key: str = Field(default="", min_length=32, repr=False)

    oa_app_id: str = ""
    oa_secret: str = Field(default="", repr=False)
    oa_token: str = Field(default="", repr=False)
    oa_aes_key: str = Field(default="", repr=False)
    oa_plaintext: bool = False
    # the values of bot.wechat.limits.AccountType, which a module this low may not name
    account_type: Literal["certified", "subscription", "test"] = "certified"

    wecom_corp_id: str = ""
    wecom_agent_id: int = 0
    wecom_secret: str = Field(default="", repr=False)
    wecom_token: str = Field(default="", repr=False)
    wecom_aes_key: str = Field(default="", repr=False)

    kf_secret: str = Field(default_factory=lambda given: given["wecom_secret"], repr=False)
    kf_token: str = Field(default_factory=lambda given: given["wecom_token"], repr=False)
    kf_aes_key: str = Field(default_factory=lambda given: given["wecom_aes_key"], repr=False)

    wechat_api_url: str = "https://api.weixin.qq.com"
    wecom_api_url: str = "https://qyapi.weixin.qq.com"

    @field_validator("data_keys", mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        if isinstance(given, str):
            return tuple(key.strip() for key in given.split(",") if key.strip())
        return given

    @field_validator("data_keys")
    @classmethod
    def _fernet(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_is_base64(key, 32) for key in given):
            raise ValueError
        return given

    @field_validator("oa_aes_key", "wecom_aes_key", "kf_aes_key")
    @classmethod
    def _aes_key(cls, given: str) -> str:
        if given and not (len(given) == 43 and _is_base64(given + "=", 32)):
            raise ValueError
        return given

    @field_validator("public_url", "wechat_api_url", "wecom_api_url")
    @classmethod
    def _address(cls, given: str) -> str:
        if given and not given.startswith(("http://", "https://")):
            raise ValueError
        return given.rstrip("/")

    @property
    def on_sqlite(self) -> bool:
        """Whether one machine holds everything, keys included."""
        return self.database_url.startswith("sqlite")

    def require_official(self) -> "Settings":
        """These settings, if an official account can be served with them."""
        return self._require(_OFFICIAL)

    def require_wecom(self) -> "Settings":
        """These settings, if a WeCom app can be served with them."""
        return self._require(_WECOM)

    def require_public(self) -> "Settings":
        """These settings, if clients can be sent to the pages with them."""
        return self._require(_PUBLIC)

    def require_keys(self) -> "Settings":
        """These settings, if data can be sealed with them."""
        return self._require(_KEYS)

    def _require(self, names: Iterable[str]) -> "Settings":
        missing = [name for name in names if not getattr(self, name)]
        if missing:
            raise SettingsError(_sentence("missing", missing))
        return self


def load_settings(env_file: Path | None = Path(".env"), *, keys: bool = True) -> Settings:
    """The settings of this process; SettingsError names what is wrong and where to find it.

    With `keys`, what seals the data is there as well: on SQLite it is made at the first start
    and kept in the data directory; with any other database it must be given. A command that
    opens no data asks for none, and leaves no file behind.
    """
    given = _read(env_file)
    if not keys:
        return given
    if not given.on_sqlite:
        return given.require_keys()
    if all(getattr(given, name) for name in _KEYS):
        return given
    # the file named last wins, and the environment over both
    whole = _read(_keys_file(given), env_file)
    if not all(getattr(whole, name) for name in _KEYS):
        raise SettingsError(_texts()["keys_damaged"].format(file=given.data_dir / KEYS_FILE))
    return whole


def _read(*env_files: Path | None) -> Settings:
    files = [file for file in env_files if file]
    try:
        return Settings(_env_file=files, _env_file_encoding="utf-8")
    except ValidationError as error:
        # only the names: the values may be secrets
        wrong = dict.fromkeys(str(one["loc"][0]) for one in error.errors())
        raise SettingsError(_sentence("wrong", wrong)) from None
    except (OSError, UnicodeDecodeError):
        listed = ", ".join(map(str, files))
        raise SettingsError(_texts()["unreadable"].format(file=listed)) from None


def _keys_file(settings: Settings) -> Path:
    """The file that holds the keys, made in the data directory at its first use."""
    file = settings.data_dir / KEYS_FILE
    if not file.exists():
        if _holds_data(settings):
            # new keys would make every stored value unreadable without a word
            raise SettingsError(_texts()["keys_lost"].format(file=file))
        _make_keys(file)
    return file


def _holds_data(settings: Settings) -> bool:
    path = Path(settings.database_url.partition("///")[2].partition("?")[0])
    return path.is_file() and path.stat().st_size > 0


def _make_keys(file: Path) -> None:
    made = {
        "secret_key": secrets.token_urlsafe(48),
        "data_keys": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "lookup_key": secrets.token_urlsafe(48),
    }
    lines = [_texts()["keys_comment"], *(f"{PREFIX}{name.upper()}={made[name]}" for name in made)]
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp files are 0600; the link appears whole, and only one of two starts makes it
        handle, draft = tempfile.mkstemp(dir=file.parent, prefix=file.name)
        with os.fdopen(handle, "w", encoding="utf-8") as writing:
            writing.write("\n".join(lines) + "\n")
            writing.flush()
            os.fsync(writing.fileno())
        _link(Path(draft), file)
    except OSError:
        raise SettingsError(_texts()["unwritable"].format(file=file)) from None


def _link(draft: Path, file: Path) -> None:
    try:
        os.link(draft, file)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _sentence(kind: str, names: Iterable[str]) -> str:
    """One sentence: which settings, and the page of the console where each is found."""
    texts = _texts()
    listed = "；".join(
        texts["named"].format(name=PREFIX + name.upper(), where=texts[f"where_{name}"])
        for name in names
    )
    return texts[kind].format(names=listed)


@cache
def _texts() -> Mapping[str, str]:
    file = resources.files("bot").joinpath("texts/settings.yaml")
    texts: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return texts


def _is_base64(text: str, length: int) -> bool:
    try:
        # Fernet keys are written in the other alphabet
        decoded = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(decoded) == length
