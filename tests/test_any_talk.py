"""Random talk through the webhook: always an answer, never an apology, never a case unasked."""

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import count
from random import Random

from bot.app import App
from bot.clock import system_now
from bot.handlers.turn import Office
from bot.pages.links import Links
from bot.reading.concerns.faqs import Faqs
from bot.reading.reader import Reader
from bot.render import Renderer, load_texts
from storage.vault import Vault
from tests.dialogs.people import NONSENSE
from tests.dialogs.test_engine import AGREEMENT, BLOCKS, COMMANDS, NEEDS, PHOTO, STORY
from tests.fixed_clock import FixedClock
from tests.letterbox import Answer, Letterbox, open_letterbox, rows_of
from tests.world import shipped_catalog

CLIENTS, MESSAGES = 30, 24
QUESTIONS = (
    *("几点下班", "校准多少钱", "你们地址在哪", "我要投诉", "删除我的信息", "进度", "人工"),
    *("催了三次没人管", "继续", "提个建议：多放椅子", "投诉进度", "垃圾", "TS20261123-0001"),
    *("JY20261123-0001到哪了", "你好", "再见", "发票怎么开"),
)
SUMMARY, RECEIPT, APOLOGY = "请核对登记信息：", "登记成功！登记编号", "您的消息已保存"
HANDED = "助手不再自动回复"


def script(seed: int) -> list[str]:
    """What one client sends; `STORY` shows through, so that some come to an end."""
    dice = Random(seed)
    told = iter(STORY)
    pools = (COMMANDS, NEEDS, BLOCKS, QUESTIONS, NONSENSE, (PHOTO, "<CLICK>", "<subscribe>"))
    found = []
    for _ in range(MESSAGES):
        on = next(told, "确认") if dice.random() < 0.45 else None
        found.append(on or dice.choice(dice.choice(pools)))
    return found


def letters(box: Letterbox, openid: str, texts: list[str]) -> Iterator[tuple[str, bytes]]:
    """The messages of a script as they are delivered."""
    for text in texts:
        if text == PHOTO:
            yield text, box.photo(openid)
        elif text.startswith("<"):
            yield text, box.event(openid, text.strip("<>"), str(next(box.numbers)))
        else:
            yield text, box.letter(openid, text)


class Client:
    """Checks every answer against what came before it."""

    def __init__(self) -> None:
        self.summary = self.cases = 0
        self.with_staff = False

    def hears(self, text: str, answer: Answer) -> None:
        """One answer."""
        told = f"{text!r} was answered {answer.text!r}"
        assert answer.status == 200, told
        # while a staff member talks with them, the assistant is quiet; all else is answered
        assert answer.text.strip() or self.with_staff, told
        still = not answer.text.strip() or text.startswith("<")
        self.with_staff = HANDED in answer.text or (self.with_staff and still)
        assert APOLOGY not in answer.text, told
        if RECEIPT in answer.text:
            assert self.summary, f"registered without a summary: {told}"
            assert any(word in text for word in AGREEMENT), told
            self.summary, self.cases = 0, self.cases + 1
        self.summary += SUMMARY in answer.text


def test_any_talk_is_answered_and_registers_nothing_unconfirmed(
    engine_url: str, vault: Vault, clock: FixedClock
) -> None:
    clients = {f"client{seed}": Client() for seed in range(CLIENTS)}
    with open_letterbox(engine_url, vault, clock) as box:
        for seed, (openid, client) in enumerate(clients.items()):
            for text, letter in letters(box, openid, script(seed)):
                client.hears(text, box.post(letter))
        rows = rows_of(box.app.database)
        assert rows["kept_inputs"] == 0
        assert rows["cases"] == sum(client.cases for client in clients.values())
        assert rows["cases"] > CLIENTS / 5


def shared_office() -> Callable[[], Office]:
    """What does not change from start to start, built once: only that makes a start slow."""
    catalog = shipped_catalog()
    links = Links("", "worth nothing: it is only for tests", system_now)
    found = Office(catalog, Reader(catalog), Faqs(catalog), Renderer(load_texts()), links)
    return lambda: found


class Restarted(App):
    """An office that opens anew for every message; all it knows stands in the database."""

    built = staticmethod(shared_office())

    @cached_property
    def office(self) -> Office:
        """The shared one."""
        return self.built()


def test_an_office_restarted_before_every_message_says_the_same(
    sqlite_url: str, postgres_url: str, vault: Vault, clock: FixedClock
) -> None:
    # the steady one runs on one engine, the restarted one on the other: both must agree
    texts = [*STORY, "确认", *script(CLIENTS)]
    with open_letterbox(postgres_url, vault, clock, Restarted) as steady:
        expected = [steady.post(letter).text for _, letter in letters(steady, "client", texts)]
    found: list[str] = []
    for number, text in enumerate(texts):
        with open_letterbox(sqlite_url, vault, clock, Restarted) as box:
            box.numbers = count(number)
            found += [box.post(letter).text for _, letter in letters(box, "client", [text])]
    assert found == expected
    assert any(RECEIPT in one for one in found)
