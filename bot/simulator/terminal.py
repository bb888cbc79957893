"""The platform in a terminal: one client phone and every staff phone, as lines of text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.simulator.card_choices import questions
from bot.simulator.moments import next_workday
from bot.simulator.phones import Bubble, CardFace, Entry, Side
from bot.simulator.platform import Platform
from bot.simulator.texts import TERMINAL
from bot.simulator.wecom_side import CannotTap

ReadLine = Callable[[], str | None]
Write = Callable[[str], object]

CLIENT = "oTerminal"

_UNITS: Mapping[str, timedelta] = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}
_WAIT = re.compile(r"(\d{1,4})\s*(minute|hour|day)s?", re.IGNORECASE)


@dataclass(frozen=True)
class _Button:
    """What `/tap N` taps: a button of a staff card, or an option of a client menu."""

    userid: str
    task_id: str
    key: str
    text: str


@dataclass
class Terminal:
    """One session. `settle` is called before the phones are looked at, so that pushes arrive."""

    platform: Platform
    write: Write
    move_clock: Callable[[timedelta], object] | None = None
    settle: Callable[[], object] | None = None
    _shown: dict[str, int] = field(default_factory=dict)
    _buttons: list[_Button] = field(default_factory=list)

    def obey(self, line: str) -> bool:
        """Do what the line says; False when it says to stop."""
        if line.strip() == "/quit":
            return False
        try:
            self._do(line)
        except (CannotTap, ValueError) as error:
            self.write(TERMINAL["refused"].format(why=error))
        self.look()
        return True

    def look(self) -> None:
        """Write every bubble that is new on any phone."""
        if self.settle is not None:
            self.settle()
        self.platform.settle()
        self._phone("", self.platform.client_phone(CLIENT))
        for userid, name in self.platform.staff_names().items():
            self._phone(f"{name}({userid})", self.platform.staff_phone(userid), userid)

    def _do(self, line: str) -> None:
        command, _, rest = line.strip().partition(" ")
        if not command.startswith("/"):
            if command:
                self.platform.client_says(CLIENT, line.replace("\\n", "\n"))
            return
        commands: Mapping[str, Callable[[str], object]] = {
            "/help": lambda _: self.write(TERMINAL["help"]),
            "/staff": self._staff,
            "/tap": self._tap,
            "/wait": self._wait,
            "/photo": lambda _: self.platform.client_sends_photo(CLIENT),
            "/voice": lambda words: self.platform.client_sends_voice(CLIENT, recognition=words),
            "/video": lambda _: self.platform.client_sends_video(CLIENT),
            "/follow": lambda _: self.platform.client_follows(CLIENT),
        }
        if command not in commands:
            raise ValueError(TERMINAL["unknown"].format(command=command))
        commands[command](rest.strip())

    def _staff(self, rest: str) -> None:
        userid, _, text = rest.partition(" ")
        known = self.platform.staff_names()
        if userid.lower() not in {one.lower() for one in known} or not text.strip():
            raise ValueError(TERMINAL["whom"].format(names=" ".join(known)))
        self.platform.staff_says(userid, text.strip())

    def _tap(self, rest: str) -> None:
        """`/tap 2`, or with choices: `/tap 2 lisi`."""
        words = rest.split()
        if not words or not words[0].isdigit() or not 1 <= int(words[0]) <= len(self._buttons):
            raise ValueError(TERMINAL["which"].format(count=len(self._buttons)))
        button = self._buttons[int(words[0]) - 1]
        if not button.userid:
            self.platform.client_picks(CLIENT, button.key)
            return
        selected = self._choices(button, words[1:])
        self.platform.staff_taps(button.userid, button.task_id, button.key, selected)

    def _choices(self, button: _Button, words: list[str]) -> dict[str, list[str]]:
        if not words:
            return {}
        for entry in self.platform.staff_phone(button.userid):
            if entry.card is not None and entry.card.task_id == button.task_id:
                asked = questions(entry.card.body)
                return {asked[0].key: words} if asked else {}
        return {}

    def _wait(self, words: str) -> None:
        if self.move_clock is None:
            raise ValueError(TERMINAL["standing"])
        now = self.platform.clock()
        found = _WAIT.fullmatch(words)
        if words == "workday":
            self.move_clock(next_workday(now) - now)
        elif found:
            self.move_clock(int(found[1]) * _UNITS[found[2].lower()])
        else:
            raise ValueError(TERMINAL["how_long"])
        self.write(TERMINAL["now"].format(now=f"{self.platform.clock():%Y-%m-%d %H:%M}"))

    def _phone(self, owner: str, entries: tuple[Entry, ...], userid: str = "") -> None:
        seen = self._shown.get(userid, 0)
        self._shown[userid] = max([seen, *(entry.changed for entry in entries)])
        for entry in entries:
            opening = bool(userid) and entry.kind is Bubble.EVENT
            if entry.changed > seen and entry.side is not Side.MINE and not opening:
                self._entry(f"[{owner}] " if owner else "", entry, userid)

    def _entry(self, before: str, entry: Entry, userid: str) -> None:
        mark = "* " if entry.side is Side.NOTICE else "< "
        self.write(before + mark + _words(entry))
        for option, text in entry.options:
            self._offer(before, _Button("", "", option, text))
        if entry.tail:
            self.write(f"{before}  {entry.tail}")
        if entry.card is not None and not entry.card.replaced:
            for key, text in _card_buttons(entry.card):
                self._offer(before, _Button(userid, entry.card.task_id, key, text))

    def _offer(self, before: str, button: _Button) -> None:
        self._buttons.append(button)
        self.write(f"{before}  /tap {len(self._buttons)}  {button.text}")


def chat(
    platform: Platform,
    read_line: ReadLine,
    write: Write,
    *,
    move_clock: Callable[[timedelta], object] | None = None,
    settle: Callable[[], object] | None = None,
) -> None:
    """Talk until `/quit` or the end of the input: plain lines are what the client types."""
    terminal = Terminal(platform, write, move_clock, settle)
    write(TERMINAL["help"])
    platform.client_follows(CLIENT)
    terminal.look()
    while (line := read_line()) is not None:
        if not terminal.obey(line):
            return


def _words(entry: Entry) -> str:
    if entry.card is not None:
        return _card(entry.card)
    if entry.kind is Bubble.TEMPLATE:
        return " | ".join(value for _, value in entry.rows)
    return entry.text


def _card(face: CardFace) -> str:
    lines = []
    for name in ("main_title", "quote_area"):
        part = face.body.get(name)
        if isinstance(part, Mapping):
            lines += [str(part[key]) for key in ("title", "desc", "quote_text") if part.get(key)]
    if face.body.get("sub_title_text"):
        lines.append(str(face.body["sub_title_text"]))
    rows = face.body.get("horizontal_content_list")
    for row in rows if isinstance(rows, list) else []:
        lines.append(f"  {row.get('keyname')}: {row.get('value', '')}")
    for question in questions(face.body):
        options = ", ".join(f"{key}={text}" for key, text in question.options)
        lines.append(f"  {question.title or question.key}: {options}")
    if face.replaced:
        lines.append(f"  ({face.replaced})")
    return "\n".join(lines)


def _card_buttons(face: CardFace) -> list[tuple[str, str]]:
    found = face.body.get("button_list")
    shown = list(found) if isinstance(found, list) else []
    if isinstance(face.body.get("submit_button"), Mapping):
        shown.append(face.body["submit_button"])
    return [(str(one["key"]), str(one["text"])) for one in shown if one.get("key")]
