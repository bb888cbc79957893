"""The test's own book of an intake: what was given, by the words clients read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.dialogs.bubble import Bubble
from tests.dialogs.requirement import KIND, MORE_FIELDS, Known, Required, Rules, required

FURTHER = re.compile(r"已收到\d+张")
PHONE, WAY = "联系电话", "服务方式"
NOT_WANTED = "不需要"
SAMPLE = ("上门取样", "自行送样")
FIELDS = frozenset({"申请人", "详细地址", "联系人", "职务", "联系电话", "主营业务"})


@dataclass(frozen=True)
class Book:
    """`values` is by field or material; `skip`: 先登记 left the deciding questions to staff."""

    known: Known
    values: Mapping[str, str] = field(default_factory=dict)
    skip: bool = False
    # how it is to be done, by the words the summary shows
    options: frozenset[str] = frozenset()
    # a phone that was wrong three times in a row is asked for no more
    parked: bool = False

    def giving(self, values: Mapping[str, str]) -> "Book":
        """The book after these were given."""
        return replace(self, values={**self.values, **values})

    def stating(self, facts: Mapping[str, bool]) -> "Book":
        """The book after these facts were stated."""
        return replace(self, known=replace(self.known, facts={**self.known.facts, **facts}))

    def being(self, kind: str) -> "Book":
        """The book once it is known who asks."""
        assert kind in MORE_FIELDS, f"{kind} is no kind of client"
        return replace(self, known=replace(self.known, kind=kind))

    def missing(self, rules: Rules) -> Required:
        """Required minus provided."""
        gone = frozenset({PHONE}) if self.parked else frozenset()
        left = required(rules, self.known).minus(frozenset(self.values) | gone)
        return replace(left, questions={}) if self.skip else left

    def registrable(self, rules: Rules) -> bool:
        """Whether 先登记 is possible: uploads and questions may stay open, nothing else."""
        left = self.missing(rules)
        return not (left.fields or left.typed)


@dataclass(frozen=True)
class Message:
    """One message: what is sent, and the book as it must be afterwards.

    `said` are the names it answers; the bot may infer a kind of client, a field or a true
    fact beside them, if it shows what it took.
    """

    text: str
    after: Book
    said: frozenset[str] = frozenset()
    photo: str = ""
    back: bool = False


def with_noted(rules: Rules, truth: Known, message: Message, bubble: Bubble) -> Book:
    """The book after the reply: with what it shows to have taken beside what was said."""
    wishes = {WAY, "期望完成"}
    beside = {
        name: said
        for name, said in bubble.noted.items()
        if name not in message.said and name not in wishes
    }
    facts = {
        one["id"]: said == "是"
        for one in rules["conditions"]
        for name, said in beside.items()
        if name == one["question"]
    }
    # the last thing open takes any words
    last = {name: said for name, said in beside.items() if said == message.text}
    fields = {name: said for name, said in beside.items() if name in FIELDS} | last
    # a photo with nothing open right behind another is a further page of the same
    beside = {name: one for name, one in beside.items() if not FURTHER.fullmatch(one)}
    kind = bubble.noted.get(KIND)
    assert len(facts) + len(fields) + (KIND in beside) == len(beside), f"noted unsaid: {beside}"
    assert facts.items() <= truth.facts.items(), f"noted, though untrue: {facts}"
    assert kind in (None, truth.kind), f"taken for another kind of client: {kind}"
    book = with_options(message.after, bubble.noted.get(WAY, "")).giving(fields).stating(facts)
    return book.being(kind) if kind else book


def with_options(book: Book, said: str) -> Book:
    """The book with the options that a reply says it noted, or noted as not wanted."""
    wanted = set(book.options)
    declined: set[str] = set()
    for part in filter(None, said.split("；")):
        names = part.removeprefix(NOT_WANTED).split("、")
        (declined if part.startswith(NOT_WANTED) else wanted).update(names)
        for one, other in (SAMPLE, SAMPLE[::-1]):
            # the same sample is either fetched or sent
            wanted -= {other} if one in names else set()
    return replace(book, options=frozenset(wanted - declined))
