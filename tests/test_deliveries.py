"""Deliveries as the platform makes them: thrice, at once, cut short; each has one effect."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from random import Random

import pytest

from bot.app import App
from bot.dialogs.intake.draft import Draft
from bot.handlers.turn import Office
from bot.messages import Channel, Say
from bot.render import Renderer, load_texts
from storage import inbox, people
from storage.vault import Vault
from tests.fixed_clock import FixedClock
from tests.letterbox import Answer, Letterbox, open_letterbox, rows_of

PERSONS, THREADS, TIMES = 20, 16, 3
STORY = (
    "有8块压力表要校准",
    "同意",
    "单位：长春市宏达机械有限公司\n联系人：王芳（采购经理）\n电话：13900001111\n"
    "地址：长春市朝阳区人民大街100号\n主营业务：机械加工",
    "计量器具清单：压力表 8块\n证书单位名称和地址：同申请人\n开票信息：普票",
    "确认",
)
# what one confirmed story leaves behind
EFFECTS = {"cases": 1, "needs": 1, "events": 2, "outbox": 1, "people": 1, "kept_inputs": 0}


def times(effects: dict[str, int], number: int, messages: int) -> dict[str, int]:
    """What `number` persons leave behind."""
    return {table: each * number for table, each in effects.items()} | {"inbox": messages}


def test_every_message_delivered_thrice_at_once_has_one_effect_and_one_reply(
    engine_url: str, vault: Vault, clock: FixedClock
) -> None:
    with open_letterbox(engine_url, vault, clock) as box, ThreadPoolExecutor(THREADS) as pool:
        sent: dict[bytes, bytes] = {}
        for text in STORY:
            letters = [box.letter(f"client{number}", text) for number in range(PERSONS)]
            deliveries = letters * TIMES
            Random(text).shuffle(deliveries)
            for letter, answer in zip(deliveries, pool.map(box.post, deliveries), strict=True):
                assert answer.status == 200
                assert answer.inner == sent.setdefault(letter, answer.inner)
        assert rows_of(box.app.database) == times(EFFECTS, PERSONS, len(sent))
        numbers = {answer for answer in sent.values() if "登记编号".encode() in answer}
        assert len(numbers) == PERSONS
        for letter, answer in zip(sent, pool.map(box.post, sent), strict=True):
            assert answer.inner == sent[letter]
        assert rows_of(box.app.database) == times(EFFECTS, PERSONS, len(sent))


def test_two_events_of_one_second_have_two_effects_and_a_repeated_one_has_one(
    engine_url: str, vault: Vault, clock: FixedClock
) -> None:
    with open_letterbox(engine_url, vault, clock) as box, ThreadPoolExecutor(THREADS) as pool:
        events = [
            box.event("client", "CLICK", "services"),
            box.event("client", "CLICK", "progress"),
            box.event("client", "subscribe"),
            box.event("another", "subscribe"),
        ]
        answers = list(pool.map(box.post, events * TIMES))
        for number, _ in enumerate(events):
            assert len({answer.inner for answer in answers[number :: len(events)]}) == 1
        assert rows_of(box.app.database)["inbox"] == len(events)


def test_two_messages_of_one_second_have_two_effects(
    engine_url: str, vault: Vault, clock: FixedClock
) -> None:
    with open_letterbox(engine_url, vault, clock) as box:
        for text in STORY[:2]:
            box.say("client", text)
        again = [box.say("client", text).text for text in ("电话：13900001111", "地址：长春")]
        assert "联系电话：13900001111" in again[0]
        assert again[0] != again[1]
        assert rows_of(box.app.database)["inbox"] == 4


class Stumble(Exception):
    """A bug in a handler."""


class PowerCut(BaseException):
    """The end of the process, as far as a turn can tell."""


class Faulty(Renderer):
    """Texts, of which the receipt fails as often as was asked for."""

    faults: tuple[BaseException, ...] = ()

    def text(self, say: Say) -> str:
        """The receipt comes last in a turn that registers: all is written, nothing committed."""
        if say.key == "intake/receipt" and self.faults:
            fault, *rest = self.faults
            self.faults = tuple(rest)
            raise fault
        return super().text(say)


class FaultyApp(App):
    """The office with those texts."""

    @cached_property
    def office(self) -> Office:
        """As it is, but for the texts."""
        return replace(super().office, renderer=Faulty(load_texts()))

    def fail(self, *faults: BaseException) -> None:
        """Let the next receipts fail."""
        assert isinstance(self.office.renderer, Faulty)
        self.office.renderer.faults = faults


def up_to_the_summary(box: Letterbox) -> bytes:
    """The whole story but its last word, which is returned to be delivered."""
    for text in STORY[:-1]:
        box.say("client", text)
    return box.letter("client", STORY[-1])


def test_a_turn_that_fails_is_undone_and_apologised_for_once(
    engine_url: str, vault: Vault, clock: FixedClock
) -> None:
    with open_letterbox(engine_url, vault, clock, FaultyApp) as box:
        confirmation = up_to_the_summary(box)
        assert isinstance(box.app, FaultyApp)
        box.app.fail(Stumble())
        answers = [box.post(confirmation) for _ in range(TIMES)]
        assert {answer.inner for answer in answers} == {answers[0].inner}
        assert "您的消息已保存" in answers[0].text
        rows = rows_of(box.app.database)
        assert (rows["cases"], rows["outbox"], rows["events"], rows["kept_inputs"]) == (0, 0, 0, 1)
        [kept] = box.app.database.run(inbox.kept)
        assert kept.raw == confirmation
        assert "client" not in kept.why
        # the form is as it was: the next word registers
        assert "登记编号" in box.say("client", STORY[-1]).text
        assert rows_of(box.app.database)["cases"] == 1


def test_a_process_that_dies_before_the_commit_has_done_nothing_and_the_retry_does_it(
    engine_url: str, vault: Vault, clock: FixedClock
) -> None:
    with open_letterbox(engine_url, vault, clock, FaultyApp) as box:
        confirmation = up_to_the_summary(box)
        before = rows_of(box.app.database)
        assert isinstance(box.app, FaultyApp)
        box.app.fail(PowerCut(), PowerCut())
        for _ in range(2):
            with pytest.raises(PowerCut):
                box.post(confirmation)
            assert rows_of(box.app.database) == before
        assert "登记编号" in box.post(confirmation).text
        assert rows_of(box.app.database) == times(EFFECTS, 1, len(STORY))


def test_a_process_that_dies_after_the_commit_repeats_the_reply_and_nothing_else(
    engine_url: str, vault: Vault, clock: FixedClock
) -> None:
    with open_letterbox(engine_url, vault, clock) as box:
        confirmation = up_to_the_summary(box)

        def cut(_status: str, _headers: object, _info: object = None) -> Callable[[bytes], object]:
            raise PowerCut

        with pytest.raises(PowerCut):
            box.app.wsgi(box.environ(confirmation), cut)
        done = times(EFFECTS, 1, len(STORY))
        assert rows_of(box.app.database) == done
        answers = {box.post(confirmation).inner for _ in range(TIMES)}
        assert len(answers) == 1
        assert "登记编号" in Answer(200, answers.pop()).text
        assert rows_of(box.app.database) == done


# thirty messages whose order does not matter: each adds one thing, or nothing
NEEDS = ("办ISO14001认证", "同意")
FIELDS = (
    *("单位：长春市宏达机械有限公司", "联系人：王芳", "职务：采购经理", "电话：13900001111"),
    *("地址：长春市朝阳区人民大街100号", "主营业务：机械加工"),
)
TYPED = "员工人数和场所清单：120人，一处"
LATER = (
    *("营业执照复印件", "组织机构图", "管理手册和程序文件", "工艺或服务流程图"),
    *("内审和管理评审资料", "适用法规和标准清单", "环境因素和重要环境因素清单", "厂区平面图"),
)
FACTS = ("有许可要求", "做过环评", "有排污许可证", "有废水")
OTHERS = (
    *("进度", "谢谢", "你好", "帮助", "几点下班", "地址在哪里", "周末上班吗", "怎么投诉"),
    *("几点开门", "电话多少", "收费标准"),
)
MESSAGES = (*FIELDS, TYPED, *(f"{name}晚点发" for name in LATER), *FACTS, *OTHERS)


def knowledge(box: Letterbox, openid: str) -> dict[str, set[str]]:
    """What the office has understood of one person, without the order it came in."""
    person = box.app.database.run(lambda tx: people.find(tx, Channel.OFFICIAL, openid))
    assert person is not None
    known = Draft.model_validate(person.progress).knowledge()
    return {key: set(map(str, value or ())) for key, value in known.items() if key != "rows"}


def in_turn(post: Callable[[bytes], Answer], letters: Iterable[bytes]) -> Sequence[Answer]:
    """One after the other."""
    return [post(letter) for letter in letters]


def test_messages_of_one_person_at_once_leave_what_they_leave_one_by_one(
    engine_url: str, vault: Vault, clock: FixedClock
) -> None:
    clients = [f"client{number}" for number in range(PERSONS)]
    with open_letterbox(engine_url, vault, clock) as box, ThreadPoolExecutor(THREADS) as pool:
        for openid in (*clients, "patient"):
            in_turn(box.post, (box.letter(openid, text) for text in NEEDS))
        in_turn(box.post, (box.letter("patient", text) for text in MESSAGES))
        before = rows_of(box.app.database)
        letters = [box.letter(openid, text) for openid in clients for text in MESSAGES]
        Random(7).shuffle(letters)
        answers = list(pool.map(box.post, letters))
        assert all(answer.status == 200 and answer.text for answer in answers)
        expected = knowledge(box, "patient")
        assert {len(expected["fields"]), len(expected["facts"])} == {len(FIELDS), len(FACTS)}
        assert len(expected["materials"]) == len(LATER) + 1
        for openid in clients:
            assert knowledge(box, openid) == expected
        rows = rows_of(box.app.database)
        assert rows["inbox"] - before["inbox"] == PERSONS * len(MESSAGES)
        assert rows["outbox"] - before["outbox"] == PERSONS * before["outbox"]
        assert rows["cases"] == 0
