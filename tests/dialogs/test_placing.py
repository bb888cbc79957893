"""Where the engine lays what was said: an address told to its end, and no echo for an answer."""

from dataclasses import replace

from bot.dialogs.engine import Board, completes, place
from bot.dialogs.form import CLIENT_TYPE, Sort, Step
from bot.domain.cases import Field
from tests.dialogs.office import office

STEPS = (
    Step(Field.BUSINESS, Sort.FIELD),
    Step("现场条件说明", Sort.TYPED),
    Step("清单", Sort.TYPED),
)
BOARD = Board(
    open=STEPS,
    applying=(*STEPS, Step(Field.ADDRESS, Sort.FIELD), Step(CLIENT_TYPE, Sort.TYPE)),
    known={Field.ADDRESS: "农安县合隆镇", CLIENT_TYPE: "enterprise"},
)


def test_an_address_may_be_told_to_its_end() -> None:
    said = office().setting.read("农安县合隆镇陈家店村")
    assert place(said, BOARD, office().setting.read).answers == {
        Field.ADDRESS: "农安县合隆镇陈家店村"
    }
    assert not completes("农安县合隆镇", "农安县合隆镇")
    assert not completes("长春市朝阳区", "")


def test_another_address_is_still_asked_about() -> None:
    said = office().setting.read("长春市朝阳区人民大街100号")
    assert place(said, BOARD, office().setting.read).other


def test_who_asks_is_no_answer_when_something_else_is_told() -> None:
    said = office().setting.read("现场就是我们厂里，下周都行")
    assert not place(said, BOARD, office().setting.read).answers
    alone = replace(said, text="我们是企业")
    assert place(alone, BOARD, office().setting.read).answers
