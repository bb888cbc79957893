"""Random traces: people, staff, faults, crashes and jumps of the clock, and what holds after them.

A trace is made of one seed. It ends with everything mended and every client writing again; then
nothing may be left unsent, nothing sent twice that no crash explains, and the platform must
not have refused anything for a window, a quota or a state that the ledger should have known.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import select

from bot.delivery import Gateway
from bot.domain.retry import Sent
from bot.messages import Channel, Push
from bot.schedule import JOBS
from bot.simulator.faults import PushTrouble, Trouble
from bot.simulator.phones import CardFace
from bot.simulator.wecom_side import CannotTap
from bot.wechat.limits import Way
from storage.models.sending import OutboxRow, PushState
from tests.dialogs.test_engine import BLOCKS, COMMANDS, NEEDS, STORY
from tests.world import World

STEPS, CLIENTS, REGISTERED = 24, 2, 0.6
# the ledger knows windows, counts and who follows before it sends
NEVER_REFUSED = frozenset({45015, 45047, 43004, 43101, 40003, 95001, 95002, 45009, 45011, 48001})
SENDING = (
    "/cgi-bin/message/custom/send",
    "/cgi-bin/message/template/send",
    "/cgi-bin/message/send",
    "/cgi-bin/message/update_template_card",
    "/cgi-bin/kf/send_msg",
    "/cgi-bin/kf/sync_msg",
)
JUMPS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 40, 70, 600, 3_600, 18_000, 46_800, 93_600, 180_000, 432_000)
)
QUESTIONS = (
    "进度",
    "几点下班",
    "人工",
    "我要投诉",
    "继续",
    "转接结束",
    "5",
    "4 很好",
    "你们电话多少",
)
STAFF_WORDS = ("帮助", "1", "已收到样品，明天出结果", "结束", "在办", "我的任务")
LAST_WORDS = "你们几点下班"


class Crash(BaseException):
    """The process dies between the answer of the platform and the mark."""


class Watched:
    """A gateway that counts what the platform took, and dies when the trace says so."""

    def __init__(self, send: Callable[[Push, Way], Sent]) -> None:
        self._send = send
        self.taken: Counter[str] = Counter()
        self.crashes, self.dies = Counter[str](), 0

    def send(self, push: Push, way: Way) -> Sent:
        """Sends it."""
        sent = self._send(push, way)
        self.taken[push.key] += 1
        if self.dies:
            self.dies -= 1
            self.crashes[push.key] += 1
            raise Crash
        return sent


def watched(world: World) -> Mapping[Channel, Watched]:
    """Every gateway of the office, watched from now on."""
    app = world.app
    given: Mapping[Channel, Gateway] = {
        Channel.OFFICIAL: app.official_account,
        Channel.WECOM: app.staff_app,
        Channel.KF: app.customer_service,
    }
    found = {}
    for channel, gateway in given.items():
        found[channel] = Watched(gateway.send)
        setattr(gateway, "send", found[channel].send)  # noqa: B010 - the office holds this one
    return found


class Trace:
    """One trace in a world that others were played in before."""

    def __init__(self, world: World, gateways: Mapping[Channel, Watched], seed: int) -> None:
        self.world, self.gateways, self.dice = world, gateways, Random(seed)
        self.clients = [f"otrace{seed}n{number}".ljust(28, "_") for number in range(CLIENTS)]
        self.customer = f"wmkftrace{seed}".ljust(32, "_")
        self.staff = sorted(world.platform.staff_names())
        self.told = {one: iter(STORY) for one in (*self.clients, self.customer)}
        self.journal = world.platform.journal
        self.begun = self.journal.next_id()
        self.refused: list[str] = []

    def play(self) -> list[str]:
        """Plays it to the end; what does not hold."""
        deeds: Sequence[tuple[Callable[[], object], int]] = (
            (self.client_writes, 9),
            (self.client_does, 4),
            (self.customer_writes, 5),
            (self.servicer_does, 2),
            (self.staff_taps, 5),
            (self.staff_writes, 2),
            (self.time_passes, 4),
            (self.something_fails, 3),
            (self.world.deliver, 4),
        )
        self.register()
        choices, weights = zip(*deeds, strict=True)
        for _ in range(STEPS):
            # nobody does two things in one second; the platform's keys of events rely on it
            self.world.clock.forward(timedelta(seconds=1))
            self.dice.choices(choices, weights)[0]()
            self.note_refusals()
        self.mend()
        return [*self.refused, *self.repeated(), *self.unsent()]

    # what people do

    def register(self) -> None:
        """Some have registered a case before anything goes wrong, and staff have its card."""
        for who in (*self.clients, self.customer):
            if self.dice.random() < REGISTERED:
                for text in (*self.told[who], "确认"):
                    if who == self.customer:
                        self.world.platform.kf.says(who, text)
                    else:
                        self.world.say(who, text)
        self.world.deliver()

    def words(self, who: str) -> str:
        """What somebody writes next: on with the story, or anything."""
        if self.dice.random() < 0.55:
            return next(self.told[who], "确认")
        return self.dice.choice(self.dice.choice((COMMANDS, NEEDS, BLOCKS, QUESTIONS)))

    def client_writes(self) -> None:
        """A client of the official account writes or sends a photo."""
        who = self.dice.choice(self.clients)
        if self.dice.random() < 0.1:
            self.world.platform.client_sends_photo(who)
        else:
            self.world.say(who, self.words(who))

    def client_does(self) -> None:
        """Anything else a client does."""
        who, platform = self.dice.choice(self.clients), self.world.platform
        match self.dice.randrange(5):
            case 0:
                platform.client_follows(who, self.dice.choice(("", "hall", "7")))
            case 1:
                self.leave(who)
            case 2:
                platform.client_scans(who, "hall")
            case 3:
                platform.client_taps(who, self.dice.choice(("progress", "register", "human")))
            case _:
                self.world.say(who, self.dice.choice(("谢谢", "？", "在吗")))

    def leave(self, who: str) -> None:
        """Unfollows; what the office does not hear of it cannot know."""
        self.world.platform.faults.clear()
        self.world.platform.client_unfollows(who)

    def customer_writes(self) -> None:
        """A client of 微信客服 opens the chat, writes, or sends a photo."""
        kf = self.world.platform.kf
        match self.dice.randrange(8):
            case 0:
                kf.enters(self.customer, "", "")
            case _:
                kf.says(self.customer, self.words(self.customer))

    def servicer_does(self) -> None:
        """A staff member takes the client in the WeCom client, answers or ends."""
        kf, userid = self.world.platform.kf, self.dice.choice(self.staff)
        if self.customer not in kf.reception.customers:
            return
        servicer = kf.reception.customers[self.customer].servicer
        if not servicer:
            kf.taken(userid, self.customer)
        elif self.dice.random() < 0.5:
            kf.answered(servicer, self.customer, "您好，我来处理")
        else:
            kf.ended(servicer, self.customer)

    def staff_taps(self) -> None:
        """A button of any card that is on somebody's phone."""
        userid = self.dice.choice(self.staff)
        cards = [one.card for one in self.world.platform.staff_phone(userid) if one.card]
        if not cards:
            return
        card = self.dice.choice(cards[-6:])
        keys = _keys(card)
        if keys:
            try:
                self.world.platform.staff_taps(userid, card.task_id, self.dice.choice(keys))
            except CannotTap:
                # it was replaced meanwhile
                return

    def staff_writes(self) -> None:
        """A member writes to the app."""
        self.world.order(self.dice.choice(self.staff), self.dice.choice(STAFF_WORDS))

    # what happens to everybody

    def time_passes(self) -> None:
        """The clock jumps, as over a night in which the machine was off."""
        self.world.clock.forward(self.dice.choice(JUMPS))
        self.tick()

    def tick(self) -> None:
        """Every clock job once, and what is due is sent."""
        for job in JOBS:
            job.run(self.world.app.desk)
        self.world.deliver()

    def something_fails(self) -> None:
        """The next calls or posts go wrong, or the process dies behind a send."""
        faults = self.world.platform.faults
        match self.dice.randrange(3):
            case 0:
                channel = self.dice.choice((Channel.OFFICIAL, Channel.WECOM))
                heard = self.dice.choice((PushTrouble.REPEATED, PushTrouble.UNHEARD))
                faults.on_push(channel, heard)
            case 1:
                self.dice.choice(list(self.gateways.values())).dies += 1
            case _:
                trouble = self.dice.choice(
                    (Trouble.CODE, Trouble.LOST_ANSWER, Trouble.BAD_GATEWAY, Trouble.NOT_JSON)
                )
                code = self.dice.choice((-1, 42001, 40014))
                times = self.dice.randint(1, 3)
                faults.on_call(self.dice.choice(SENDING), trouble, code, times)

    # what holds

    def mend(self) -> None:
        """Nothing fails any more; every client writes until nothing waits for them."""
        platform = self.world.platform
        platform.faults.clear()
        for one in self.gateways.values():
            one.dies = 0
        for _ in range(3):
            self.world.clock.forward(timedelta(hours=1))
            self.tick()
        # into the day, so that nothing waits for the morning
        now = self.world.clock()
        self.world.clock.forward(timedelta(hours=(24 + 10 - now.hour) % 24 or 24))
        self.tick()
        customer = platform.kf.reception.customers.get(self.customer)
        if customer is not None and customer.servicer:
            platform.kf.ended(customer.servicer, self.customer)
        for _ in range(8):
            for who in self.clients:
                self.world.say(who, LAST_WORDS)
            if customer is not None:
                platform.kf.says(self.customer, LAST_WORDS)
            self.world.deliver()
            self.world.clock.forward(timedelta(minutes=2))
            self.tick()
            self.note_refusals()
            if not self.unsent():
                return

    def note_refusals(self) -> None:
        """What the platform refused although the ledger should have known better."""
        for one in self.journal.since(self.begun):
            self.begun = max(self.begun, one.id)
            if one.code in NEVER_REFUSED:
                self.refused.append(f"{one.what} was refused with {one.code}")

    def repeated(self) -> list[str]:
        """What the platform took more often than once and once more for each crash."""
        return [
            f"{channel} took {key} {count} times"
            for channel, one in self.gateways.items()
            for key, count in one.taken.items()
            if count > 1 + one.crashes[key]
        ]

    def unsent(self) -> list[str]:
        """What was promised to a client or to staff and is neither sent nor known to staff."""
        ours = {*self.clients, self.customer}
        done = {PushState.SENT, PushState.UNCERTAIN}
        waiting = (
            select(OutboxRow.key, OutboxRow.recipient, OutboxRow.state, OutboxRow.reason)
            .where(OutboxRow.state.not_in([one.value for one in done]))
            .where(OutboxRow.due <= self.world.clock())
        )
        rows = self.world.database.run(lambda tx: tx.execute(waiting).all())
        return [
            f"{row.key} is {row.state}: {row.reason}"
            for row in rows
            if (row.recipient in ours or row.recipient in self.staff) and not _settled(row.reason)
        ]


def _settled(reason: str | None) -> bool:
    """Whether it was right not to send it: nobody would want it any more."""
    return reason is not None and reason.startswith(("expired", "withdrawn"))


def _keys(card: CardFace) -> list[str]:
    buttons = card.body.get("button_list")
    if card.replaced or not isinstance(buttons, list):
        return []
    return [str(one["key"]) for one in buttons if isinstance(one, Mapping) and "key" in one]
