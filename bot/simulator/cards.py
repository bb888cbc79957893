"""Template cards: what may stand in one, and the single-use codes by which it is changed."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.simulator.phones import CardFace
from bot.simulator.refusals import ApiRefusal
from bot.wechat import limits

# card types whose answer comes back to the bot
CALLBACK = frozenset({"button_interaction", "vote_interaction", "multiple_interaction"})
NOTICES = frozenset({"text_notice", "news_notice"})

_TASK_ID = re.compile(r"[0-9a-zA-Z_\-@]{1,128}")

Body = Mapping[str, object]
Change = Callable[[CardFace], CardFace]


def check(card: object) -> Body:
    """The card, if the platform takes it; else ApiRefusal with the platform's code."""
    if not isinstance(card, Mapping) or card.get("card_type") not in CALLBACK | NOTICES:
        raise ApiRefusal(42031)
    _check_common(card)
    match card["card_type"]:
        case "button_interaction":
            _check_buttons(card)
        case "vote_interaction":
            _check_vote(card)
        case "multiple_interaction":
            _check_selects(card)
        case _:
            _check_notice(card)
    return card


def wants_task_id(card: Body) -> bool:
    """Whether the card calls back and so must carry a task id."""
    return card.get("card_type") in CALLBACK or "action_menu" in card


def task_id(card: Body) -> str:
    """The task id, well-formed; `` for a card that calls nobody back; else 42014."""
    found = card.get("task_id", "")
    if not found and not wants_task_id(card):
        return ""
    if not isinstance(found, str) or not _TASK_ID.fullmatch(found):
        raise ApiRefusal(42014)
    return found


def _check_common(card: Body) -> None:
    rows = _list(card, "horizontal_content_list", 0, limits.CARD_ROWS, 42035)
    for row in rows:
        _row(row)
    for jump in _list(card, "jump_list", 0, 3, 42042):
        _text(jump, "title", 42033)
        _target(jump)
    menu = card.get("action_menu")
    if isinstance(menu, Mapping):
        actions = _list(menu, "action_list", 1, 3, 42051)
        keys = [_text(action, "key", 42051, limits.CARD_KEY_BYTES) for action in actions]
        if len(set(keys)) != len(keys):
            raise ApiRefusal(42051)
    if isinstance(card.get("card_action"), Mapping):
        _target(_mapping(card, "card_action", 42045))


def _row(row: Body) -> None:
    _text(row, "keyname", 42027)
    needs = {1: ("url", 42028), 2: ("media_id", 42029), 3: ("userid", 42050)}
    kind = row.get("type", 0)
    if isinstance(kind, int) and kind in needs:
        _text(row, *needs[kind])


def _target(action: Body) -> None:
    match action.get("type", 0):
        case 1:
            _text(action, "url", 42028)
        case 2:
            _text(action, "appid", 42030)
        case _:
            pass


def _check_notice(card: Body) -> None:
    action = card.get("card_action")
    if not isinstance(action, Mapping) or action.get("type") not in (1, 2):
        raise ApiRefusal(42045)
    _title(card)
    if card["card_type"] == "news_notice" and "image_text_area" not in card:
        _text(_mapping(card, "card_image", 42044), "url", 42044)
    _list(card, "vertical_content_list", 0, 4, 42036)


def _title(card: Body) -> None:
    title = card.get("main_title")
    if isinstance(title, Mapping) and title.get("title"):
        return
    if not card.get("sub_title_text"):
        raise ApiRefusal(42033)


def _check_buttons(card: Body) -> None:
    for button in _list(card, "button_list", 1, limits.CARD_BUTTONS, 42039):
        _text(button, "text", 42038)
        if button.get("type", 0) == 1:
            _text(button, "url", 42028)
        else:
            _text(button, "key", 42039, limits.CARD_KEY_BYTES)
    if "button_selection" in card:
        _select(_mapping(card, "button_selection", 42043), limits.CARD_SELECTION_OPTIONS)


def _check_vote(card: Body) -> None:
    _select(_mapping(card, "checkbox", 42043), limits.CARD_CHECKBOX_OPTIONS)
    _submit(card)


def _check_selects(card: Body) -> None:
    for select in _list(card, "select_list", 1, limits.CARD_SELECTS, 42047):
        _select(select, limits.CARD_SELECTION_OPTIONS)
    _submit(card)


def _select(select: Body, most: int) -> None:
    _text(select, "question_key", 42043, limits.CARD_KEY_BYTES)
    options = _list(select, "option_list", 1, most, 42037)
    ids = [_text(option, "id", 42040, limits.CARD_OPTION_ID_BYTES) for option in options]
    if len(set(ids)) != len(ids):
        raise ApiRefusal(42040)
    for option in options:
        _text(option, "text", 42041)


def _submit(card: Body) -> None:
    button = _mapping(card, "submit_button", 42046)
    _text(button, "text", 42049)
    _text(button, "key", 42046, limits.CARD_KEY_BYTES)


def _mapping(card: Body, name: str, code: int) -> Body:
    found = card.get(name)
    if not isinstance(found, Mapping):
        raise ApiRefusal(code)
    return found


def _list(card: Body, name: str, least: int, most: int, code: int) -> list[Body]:
    found = card.get(name, [])
    if not isinstance(found, list) or not least <= len(found) <= most:
        raise ApiRefusal(code)
    if not all(isinstance(one, Mapping) for one in found):
        raise ApiRefusal(code)
    return found


def _text(part: Body, name: str, code: int, most_bytes: int = 2048) -> str:
    found = part.get(name)
    if not isinstance(found, str) or not found or len(found.encode()) > most_bytes:
        raise ApiRefusal(code)
    return found


@dataclass
class _Issue:
    task_id: str
    until: datetime
    used: bool = False


class Deck:
    """Every card ever sent by the app: who got it, and the codes. Guarded by the lock."""

    def __init__(self) -> None:
        self._holders: dict[str, tuple[str, ...]] = {}
        self._codes: dict[str, _Issue] = {}

    def deal(self, found: str, holders: Sequence[str]) -> None:
        """A card with this task id goes to these people; 42014 if the id was ever used."""
        if found in self._holders:
            raise ApiRefusal(42014)
        self._holders[found] = tuple(holders)

    def known(self, found: str) -> bool:
        """Whether the id was ever used."""
        return found in self._holders

    def holders(self, found: str) -> tuple[str, ...]:
        """Who got the card with this task id."""
        return self._holders.get(found, ())

    def rename(self, old: str, new: str) -> None:
        """An update may give the card a new task id; 42014 if that one was ever used."""
        if new != old:
            self.deal(new, self._holders[old])

    def issue(self, found: str, now: datetime) -> str:
        """A fresh response code for the card with this task id."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Issue(found, now + limits.RESPONSE_CODE_LIFETIME)
        return code

    def open(self, code: object, now: datetime) -> str:
        """The task id the code belongs to; 60140 unless it is fresh."""
        issue = self._codes.get(code) if isinstance(code, str) else None
        if issue is None or issue.used or now >= issue.until:
            raise ApiRefusal(60140)
        return issue.task_id

    def use_up(self, code: str) -> None:
        """The code did its one update."""
        self._codes[code].used = True
