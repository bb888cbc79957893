"""What is listed as missing is what is required less what was given, after every message."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

import pytest

from bot.dialogs.intake.draft import Draft, Row
from bot.dialogs.intake.flow import take
from bot.dialogs.intake.outcome import Deed, Heard, Outcome
from tests.dialogs.book import FIELDS, PHONE, WAY, Message
from tests.dialogs.bubble import Bubble, read_bubble
from tests.dialogs.client import Client
from tests.dialogs.office import office, reloaded
from tests.dialogs.requirement import (
    EVERYBODY,
    KIND,
    KINDS,
    extra_of,
    kinds_of_material,
    question,
    required,
)

ORDERS, PARTS = 2_400, 12
MOST_MESSAGES = 14
BEFORE_CONSENT = 300


def heard(message: Message) -> Heard:
    """The message as the intake takes it."""
    return office().heard(message.text, message.photo)


def bubbles_of(outcome: Outcome) -> Bubble:
    """What the client reads."""
    text = office().told(outcome)
    assert text, "a message without a reply"
    return read_bubble(text)


def begun(client: Client) -> Draft:
    """The draft once the needs are clear."""
    items = {item["id"]: item for item in client.rules["items"]}
    rows = (
        Row(text=f"要办{items[one]['name']}", category=items[one]["category"], item=one)
        for one in client.book.known.items
    )
    return Draft(rows=tuple(rows))


@dataclass
class Talk:
    """One conversation, played message by message; `script` is what a failure shows."""

    client: Client
    script: list[str]

    def play(self) -> None:
        """Until the client confirms or has said enough."""
        draft, last = begun(self.client), Bubble("")
        for message in self.messages():
            said = message or self.client.says(last)
            self.script.append(f"> {said.text or said.photo}")
            outcome = take(draft, heard(said), office().setting)
            if outcome.deed is Deed.REGISTER:
                assert last.is_summary, "registered without a summary"
                return
            draft, last = reloaded(outcome.draft), bubbles_of(outcome)
            self.script.append(f"< {last.text}")
            self.client.reads(said, last)
            self.check(last)

    def messages(self) -> Iterator[Message | None]:
        """Beginning with one that says nothing, so that the first notice is seen whole."""
        yield self.client.nonsense(Bubble(""))
        for _ in range(self.client.dice.randrange(3, MOST_MESSAGES)):
            yield None

    def check(self, seen: Bubble) -> None:
        """The lists of this bubble against required less given."""
        left = self.client.book.missing(self.client.rules)
        if seen.is_notice:
            check_notice(self.client, seen)
        elif seen.is_summary:
            assert not left.fields | left.typed | left.questions.keys()
            assert same(seen.uploads, left.uploads)
            check_summary(self.client, seen)
        elif seen.is_which:
            photo = "收到照片" in seen.text
            expected = (photo and left.uploads) or left.typed
            assert same(seen.choices, expected or frozenset(seen.choices))
            return
        else:
            assert "请问" in seen.text or "请发新的" in seen.text or "已暂停登记" in seen.text
            return
        assert same(seen.forms, left.forms)
        assert same(seen.bring, left.bring)


def check_summary(client: Client, seen: Bubble) -> None:
    """What is to be confirmed: all that was given and applies, each thing once."""
    rules, book = client.rules, client.book
    whole = required(rules, book.known)
    materials = whole.typed | whole.uploads | whole.optional
    undecided = frozenset().union(*whole.questions.values())
    applying = book.values.keys() & (whole.fields | materials | undecided)
    lines = seen.text.split("请核对登记信息：")[1].split("\n")
    known = FIELDS | kinds_of_material(rules, book.known.items).keys() | book.values.keys()
    shown = [name for line in lines if (name := line.split("：")[0]) in known]
    assert same(shown, frozenset(applying))
    assert f"{KIND}：{book.known.kind}" in lines
    unstated = required(rules, replace(book.known, facts={})).questions
    for condition, fact in book.known.facts.items():
        asked = question(rules, condition)
        assert f"{asked}{'否' if fact else '是'}" not in lines
        assert f"{asked}{'是' if fact else '否'}" in lines or asked not in unstated
    shown_options = {
        name
        for line in lines
        if line.startswith(f"{WAY}：")
        for name in line.removeprefix(f"{WAY}：").split("、")
    }
    assert shown_options == book.options
    assert (f"{PHONE}：待核实（由工作人员与您核对）" in lines) == book.parked
    for name in FIELDS & applying:
        assert f"{name}：{book.values[name]}" in lines


def check_notice(client: Client, seen: Bubble) -> None:
    """一次性告知: all of it, each thing once, and whom to ask."""
    rules, known = client.rules, client.book.known
    left = client.book.missing(rules)
    assert left.fields or left.typed or left.questions, "asked for what may come after"
    assert same(seen.fields, left.fields)
    assert same(seen.typed, left.typed)
    assert same(seen.uploads, left.uploads)
    assert same(seen.optional, left.optional)
    assert {one: sorted(names) for one, names in seen.questions.items()} == {
        one: sorted(names) for one, names in left.questions.items()
    }
    given = frozenset(client.book.values)
    for kind in KINDS if known.kind is None else ():
        assert same(seen.groups.get(kind, []), extra_of(rules, known, kind, given))
    departments = {item["department"] for item in rules["items"] if item["id"] in known.items}
    for one in rules["departments"]:
        line = f"{one['name']} {one['phone']}"
        assert (line in seen.text.split("\n")) == (one["id"] in departments)
    assert rules["agency"]["phone"] in seen.text


def same(listed: list[str], expected: frozenset[str]) -> bool:
    """Whether a list holds these names, each once."""
    return sorted(listed) == sorted(expected)


def test_what_came_before_consent_is_read_after_it_and_never_asked_again() -> None:
    for seed in range(BEFORE_CONSENT):
        client = Client(office().rules, Random(seed))
        setting, draft = replace(office().setting, consented=False), begun(client)
        words = []
        for message in early_messages(client):
            outcome = take(draft, heard(message), setting)
            seen, draft = bubbles_of(outcome), reloaded(outcome.draft)
            told = f"seed {seed}, {client.truth}\n{message.text}\n{seen.text}"
            assert outcome.deed is Deed.SEAL, told
            assert "回复“同意”" in seen.text, told
            personal = EVERYBODY & message.after.values.keys()
            assert not any(message.after.values[one] in seen.text for one in personal), told
            assert draft.knowledge() == begun(client).knowledge(), told
            client.reads(message, seen)
            words.append(message.text)
        agreeing = replace(setting, first_words="\n".join(words))
        outcome = take(draft, Heard(office().reader.read("同意")), agreeing)
        assert outcome.deed is Deed.CONSENT
        client.reads(
            Message("同意", client.book, frozenset(client.book.values)), bubbles_of(outcome)
        )
        Talk(client, []).check(bubbles_of(outcome))


def early_messages(client: Client) -> Iterator[Message]:
    """What some clients send before they were asked for anything."""
    for _ in range(client.dice.choice((1, 1, 2))):
        message = client.dice.choice((client.block, client.block, client.fact))(Bubble(""))
        message = message or client.block(Bubble(""))
        if message is not None:
            yield message


@pytest.mark.parametrize("part", range(PARTS))
def test_after_each_message_the_list_is_required_less_provided(part: int) -> None:
    for seed in range(part, ORDERS, PARTS):
        talk = Talk(Client(office().rules, Random(seed)), [])
        try:
            talk.play()
        except AssertionError as error:
            told = "\n".join(talk.script)
            raise AssertionError(f"seed {seed}, {talk.client.truth}\n{told}\n{error}") from error
