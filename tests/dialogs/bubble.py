"""Reads what the assistant wrote as a client would: headings, numbered lines, lists."""

import re
from dataclasses import dataclass, field

NUMBERED = re.compile(r"(\d+)\. (.+)")
HEADINGS = {
    "还需填写：": "fields",
    "还需材料：": "materials",
    "请回答：": "questions",
    "已记下：": "noted",
}
LISTS = {
    "请签字盖章（表格由我们提供）：": "forms",
    "到场或寄样时请带：": "bring",
    "选填，有则一并提供：": "optional",
}
TYPED, UPLOADED = "（直接打字", "（拍照发来"
IS_IT = re.compile(r"这是“(.+?)”吗？")
IF_SO = "如是，还需："
MORE = "另需："


@dataclass
class Bubble:
    """The lists of one reply, each in the order written, so that a repetition shows."""

    text: str
    fields: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)
    questions: dict[str, list[str]] = field(default_factory=dict)
    forms: list[str] = field(default_factory=list)
    bring: list[str] = field(default_factory=list)
    optional: list[str] = field(default_factory=list)
    # kind of client -> what it would have to add
    groups: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    noted: dict[str, str] = field(default_factory=dict)
    choices: list[str] = field(default_factory=list)

    @property
    def is_notice(self) -> bool:
        """Whether it tells what is missing; every notice ends like this."""
        return "可分多次发送" in self.text

    @property
    def is_summary(self) -> bool:
        """Whether it shows everything and asks for a yes."""
        return "请核对登记信息：" in self.text

    @property
    def is_which(self) -> bool:
        """Whether it asks where a text or photo belongs."""
        asked = ("请问是哪一项", "这是“", "下面哪一样")
        return bool(self.choices) and any(one in self.text for one in asked)

    @property
    def listed(self) -> list[str]:
        """Everything that is asked for by number."""
        return [*self.fields, *self.typed, *self.uploads, *self.questions]


def read_bubble(text: str) -> Bubble:
    """The lists of a reply."""
    found = Bubble(text)
    found.choices += IS_IT.findall(text)
    heading = ""
    for line in text.split("\n"):
        if line in HEADINGS:
            heading = HEADINGS[line]
            continue
        numbered = NUMBERED.fullmatch(line)
        if numbered:
            put(found, heading, int(numbered[1]), numbered[2])
        elif line.startswith("· ") and heading == "noted":
            note(found, line.removeprefix("· "))
        elif line.startswith("　　") and MORE in line:
            put_group(found, line.strip("　"))
        else:
            heading = "" if not line or heading == "noted" else heading
            put_list(found, line)
    return found


def put_group(found: Bubble, line: str) -> None:
    """What some kinds of client would have to add."""
    kinds, _, more = line.partition(MORE)
    for kind in kinds.split("、"):
        assert kind not in found.groups, f"{kind} is told twice what it would add"
        found.groups[kind] = more.split("、")


def put_list(found: Bubble, line: str) -> None:
    """A line that lists names after its heading."""
    for opening, name in LISTS.items():
        if line.startswith(opening):
            getattr(found, name).extend(line.removeprefix(opening).split("、"))


def put(found: Bubble, heading: str, number: int, line: str) -> None:
    """One numbered line into the list it stands under."""
    if heading == "fields":
        name = line.split("（")[0].split("：")[0]
        found.fields.append(name)
    elif heading == "materials":
        typed = TYPED in line
        name = line.rpartition(TYPED if typed else UPLOADED)[0]
        (found.typed if typed else found.uploads).append(name)
    elif heading == "questions":
        name, _, more = line.partition(IF_SO)
        assert name not in found.questions, f"asked twice: {name}"
        found.questions[name] = more.split("、") if more else []
    else:
        found.choices.append(line)
        return
    if not found.is_summary:
        assert number == len(found.numbers) + 1, f"line {number} does not follow {found.numbers}"
    found.numbers[number] = name


def note(found: Bubble, line: str) -> None:
    """One line of what was understood: `name：value`, or a question with its answer."""
    asked = re.fullmatch(r"(.+？)(是|否)", line)
    name, value = asked.groups() if asked else line.split("：", 1)
    assert name not in found.noted, f"noted twice: {name}"
    found.noted[name] = value
