"""What a returning client told before is asked for no more, and nothing else is left out."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from bot.dialogs.form import FACT, Given
from bot.dialogs.intake.draft import Asking, Draft, Known, Row, open_steps, prefilled
from bot.dialogs.intake.flow import take
from bot.domain.cases import ClientType, Field, How
from tests.dialogs.book import FIELDS
from tests.dialogs.bubble import read_bubble
from tests.dialogs.client import Client
from tests.dialogs.office import office, reloaded
from tests.dialogs.requirement import required

LASTING = ("证书单位名称和地址", "开票信息")
ORDERS = 120


def returning() -> Iterator[tuple[Client, Draft]]:
    """Clients of every kind who are here again, with the need of this time."""
    label = office().renderer.label
    for seed in range(ORDERS):
        client = Client(office().rules, Random(seed))
        kind = next(one for one in ClientType if label(one) == client.truth.kind)
        whole = required(client.rules, client.truth)
        known = Known(
            client_type=kind,
            fields={one: client.value(label(one)) for one in Field if label(one) in whole.fields},
            materials={one: Given(How.TYPED, "同上") for one in LASTING},
        )
        items = {item["id"]: item for item in client.rules["items"]}
        rows = tuple(
            Row(text=f"要办{items[one]['name']}", category=items[one]["category"], item=one)
            for one in client.truth.items
        )
        yield client, Draft(rows=rows, last=known)


def test_after_a_yes_only_the_rest_is_asked_for() -> None:
    for client, draft in returning():
        asked = take(draft, office().heard("……"), office().setting)
        assert asked.draft.asking is Asking.KNOWN
        shown = office().told(asked)
        assert "还是上次的信息吗" in shown
        assert draft.last is not None
        assert all(value in shown for value in draft.last.fields.values())
        taken = take(reloaded(asked.draft), office().heard("是"), office().setting)
        bubble = read_bubble(office().told(taken))
        given = FIELDS | {"办理主体", *LASTING}
        left = required(client.rules, replace(client.truth, facts={})).minus(frozenset(given))
        assert not bubble.fields
        assert sorted(bubble.typed) == sorted(left.typed)
        assert sorted(bubble.uploads) == sorted(left.uploads)


@pytest.mark.parametrize("word", ["不是", "不用了"])
def test_after_a_no_everything_is_asked_for(word: str) -> None:
    for client, draft in returning():
        asked = take(draft, office().heard("……"), office().setting)
        taken = take(reloaded(asked.draft), office().heard(word), office().setting)
        bubble = read_bubble(office().told(taken))
        left = required(client.rules, replace(client.truth, kind=None, facts={}))
        assert sorted(bubble.fields) == sorted(left.fields)
        assert sorted(bubble.typed) == sorted(left.typed)


def test_another_applicant_takes_nothing_over() -> None:
    _, draft = next(returning())
    said = office().heard("单位：吉林省新生代科技有限公司")
    taken = take(draft, said, office().setting)
    assert taken.draft.last is None
    assert taken.draft.fields == {Field.APPLICANT: "吉林省新生代科技有限公司"}


def test_what_is_left_then_is_said_in_words() -> None:
    for _, draft in returning():
        said = office().told(take(draft, office().heard("你好"), office().setting))
        assert "if:" not in said
        asked = [one.question for one in office().setting.catalog.conditions]
        steps = {step.key for step in open_steps(prefilled(draft), office().setting.catalog)}
        if any(key.startswith(FACT) for key in steps):
            assert any(question in said for question in asked), said
