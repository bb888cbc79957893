"""Who reads what a staff member could not be sent, and how much of it."""

from dataclasses import replace

import pytest

from bot.handlers.desk.reminders import stand_ins
from bot.messages import Channel, Push, PushKind
from tests.fixed_clock import MONDAY_MORNING as NOW
from tests.jobs.office import OFFICE

KEEPER, MANAGER, OTHER = "liu.min", "zhao.qiming", "gao.yuan"
WHY = "unreachable (81013): user & party & tag all invalid"
TEXT = Push(
    "k", Channel.WECOM, KEEPER, PushKind.TEXT, {"text": "客户在等您回话"}, NOW, "assignment"
)
CARD = replace(
    TEXT,
    kind=PushKind.CARD,
    body={"card": {"task_id": "next-1-2", "main_title": {"title": "JY1", "desc": "送检"}}},
    urgent=True,
)


def given(push: Push, why: str = WHY) -> list[tuple[str, str]]:
    """To whom it goes, and what they read; of a card its task id."""
    found = stand_ins(OFFICE, push, why, NOW)
    assert len({one.key for one in found}) == len(found)
    assert {one.purpose for one in found} <= {"stand_in"}
    return [(one.to, words_of(one)) for one in found]


def words_of(push: Push) -> str:
    """What stands in a push."""
    card = push.body.get("card")
    return str(card["task_id"]) if isinstance(card, dict) else str(push.body["text"])


def test_every_manager_reads_what_was_lost_and_whose_it_was() -> None:
    found = given(TEXT)
    assert [to for to, _ in found] == [MANAGER, OTHER]
    for _, words in found:
        assert "刘敏" in words
        assert "客户在等您回话" in words
        assert "上岗 刘敏" in words


def test_a_card_goes_with_it_under_a_task_id_for_each() -> None:
    found = given(CARD)
    assert [to for to, _ in found] == [MANAGER, MANAGER, OTHER, OTHER]
    assert [words for _, words in found][1::2] == ["next-1-2-for-1", "next-1-2-for-2"]
    assert "JY1 送检" in found[0][1]


def test_a_manager_who_cannot_be_reached_is_not_told_so() -> None:
    assert [to for to, _ in given(replace(TEXT, to=MANAGER))] == [OTHER]


@pytest.mark.parametrize("purpose", ["complaint", "rating", "privacy", "notice"])
def test_what_may_be_about_a_manager_is_not_quoted(purpose: str) -> None:
    for _, words in given(replace(TEXT, purpose=purpose)):
        assert "客户在等您回话" not in words
        assert "内容不便转述" in words


@pytest.mark.parametrize("purpose", ["card_update", "stand_in", "roster", "courtesy", "reminder"])
def test_what_is_lost_with_nobody_is_told_to_nobody(purpose: str) -> None:
    assert given(replace(TEXT, purpose=purpose)) == []


def test_a_call_that_all_managers_were_asked_to_make_is_not_asked_for_twice() -> None:
    asked = replace(TEXT, purpose="phone_task")
    assert given(replace(asked, to=MANAGER)) == []
    assert [to for to, _ in given(asked)] == [MANAGER, OTHER]


def test_clients_have_nobody_in_their_stead() -> None:
    assert given(replace(TEXT, channel=Channel.OFFICIAL, to="openid")) == []


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (WHY, "不在应用的可见范围内"),
        ("unreachable (None): the member has no licence for the app", "没有本应用的许可"),
        ("never (42039): template_card.button_list.key missing", "平台没有接收：never (42039)"),
    ],
)
def test_the_reason_is_told_in_words(why: str, said: str) -> None:
    assert all(said in words for _, words in given(TEXT, why))
