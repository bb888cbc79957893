"""Plays WeChat's side in a closed loop over keep-alive connections; every reply is opened.

Requests are sealed before the clock starts and replies are opened after it has stopped: in
between nothing is done but send, receive and note the time.
"""

import os
import random
import re
import selectors
import socket
import time
from collections import deque
from dataclasses import dataclass, field
from itertools import count, islice

from sealing import HOST, Account, Envelope, tag, whole

# Conversations under way for each connection: a client writes again only once answered.
CLIENTS_A_CONNECTION = 4
PATIENCE = 10.0
# More than any server answered here, so that there is never a lack of clients.
MOST_A_SECOND = 4_000


@dataclass(frozen=True)
class Line:
    """What a client says, and what the reply must hold; {i} is the client's number."""

    say: str
    reply: str


@dataclass(frozen=True)
class Task:
    """One measurement: who is told what, over how many connections, for how long."""

    port: int
    account: Account
    script: tuple[Line, ...]
    connections: int
    seconds: float
    retried: float = 0.1
    # whether a retry must get the same reply, byte for byte
    repeats: bool = True


@dataclass(frozen=True)
class Figures:
    """What came of it; times in milliseconds, `faults` are replies that are not as they must be."""

    turns: int
    seconds: float
    p50: float
    p99: float
    retries: int
    faults: int
    examples: tuple[str, ...]

    @property
    def rate(self) -> float:
        """Turns per second."""
        return self.turns / self.seconds


@dataclass(slots=True)
class Message:
    """A line as one client says it, sealed, perhaps twice; and what came back for each."""

    line: Line
    client: int
    sealed: bytes
    again: bytes | None
    waiting: int = 0
    # a reply that never came, or not as 200 OK, is None
    replies: list[bytes | None] = field(default_factory=list)


Talk = deque[Message]


@dataclass(slots=True, eq=False)
class Wire:
    """A connection, and what is under way on it."""

    link: socket.socket | None = None
    talk: Talk | None = None
    retry: bool = False
    since: float = 0.0
    received: bytes = b""
    # whether this connection has carried an answer; servers close those that idle
    used: bool = False


class Load:
    """One measurement."""

    def __init__(self, task: Task) -> None:
        self.task, self.envelope = task, Envelope(task.account)
        self.coming = iter(self.clients())
        # the wires beyond those asked for carry the retries, which come while the first delivery
        # is being answered
        self.spare = max(1, task.connections // 4)
        self.free = [Wire() for _ in range(task.connections + self.spare)]
        self.busy: set[Wire] = set()
        self.ready: deque[Talk] = deque()
        self.retries: deque[Talk] = deque()
        self.answered: list[Message] = []
        self.times: list[float] = []
        self.selector = selectors.DefaultSelector()

    def clients(self) -> list[Talk]:
        """Every client's conversation, prepared."""
        task, batch, talks = self.task, os.urandom(4).hex(), []
        dice, numbers = random.Random(1), count(time.time_ns() // 1000)
        wanted = task.connections * CLIENTS_A_CONNECTION
        for client in range(wanted + int(task.seconds * MOST_A_SECOND) // len(task.script)):
            sender, talk = f"o{batch}_{client:06d}_bench_client", Talk()
            for line in task.script:
                text = line.say.replace("{i}", str(client)).strip()
                words = (task.port, sender, text, next(numbers))
                again = self.envelope.request(*words) if dice.random() < task.retried else None
                talk.append(Message(line, client, self.envelope.request(*words), again))
            talks.append(talk)
        return talks

    def play(self) -> Figures:
        """The whole measurement."""
        self.ready.extend(islice(self.coming, self.task.connections * CLIENTS_A_CONNECTION))
        began = time.perf_counter()
        self.send_what_waits(stopping=False)
        while self.busy:
            for key, _ in self.selector.select(0.2):
                self.receive(key.data)
            now = time.perf_counter()
            for wire in [one for one in self.busy if now - one.since > PATIENCE]:
                self.finish(wire, None)
            self.send_what_waits(stopping=now - began > self.task.seconds)
        took = time.perf_counter() - began
        for wire in self.free:
            self.hang_up(wire)
        return self.figures(took)

    def send_what_waits(self, *, stopping: bool) -> None:
        """Retries first; when the time is over nothing new is begun."""
        while self.free and self.retries:
            self.send(self.free.pop(), self.retries.popleft(), retry=True)
        while len(self.free) > self.spare and self.ready and not stopping:
            talk = self.ready.popleft()
            if talk[0].again is not None:
                self.retries.append(talk)
            talk[0].waiting = 1 + (talk[0].again is not None)
            self.send(self.free.pop(), talk, retry=False)
            if self.retries and self.free:
                self.send(self.free.pop(), self.retries.popleft(), retry=True)

    def send(self, wire: Wire, talk: Talk, *, retry: bool) -> None:
        """Put a client's next line on a wire."""
        wire.talk, wire.retry, wire.received = talk, retry, b""
        wire.since = time.perf_counter()
        self.busy.add(wire)
        if wire.link is None:
            wire.link = socket.create_connection((HOST, self.task.port), timeout=PATIENCE)
            wire.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.selector.register(wire.link, selectors.EVENT_READ, wire)
        wire.link.sendall((talk[0].again if retry else talk[0].sealed) or b"")

    def receive(self, wire: Wire) -> None:
        """Take what came; a wire that was cut before a word of the answer is tied anew."""
        if wire.link is None:
            return
        try:
            came = wire.link.recv(65536)
        except ConnectionError:
            came = b""
        wire.received += came
        if came:
            reply = whole(wire.received)
            if reply is not None and wire.talk is not None:
                wire.used = True
                self.finish(wire, reply)
            return
        self.hang_up(wire)
        if wire.talk is not None and wire.used and not wire.received:
            wire.used = False
            self.send(wire, wire.talk, retry=wire.retry)
        elif wire.talk is not None:
            self.finish(wire, None)

    def hang_up(self, wire: Wire) -> None:
        """Close the connection."""
        if wire.link is not None:
            self.selector.unregister(wire.link)
            wire.link.close()
            wire.link = None

    def finish(self, wire: Wire, reply: bytes | None) -> None:
        """A line was answered, or never will be; the client goes on once its retry is, too."""
        talk, wire.talk = wire.talk, None
        self.busy.discard(wire)
        self.free.append(wire)
        if talk is None:
            return
        if reply is None:
            self.hang_up(wire)
        message = talk[0]
        if not wire.retry:
            self.times.append(time.perf_counter() - wire.since)
        message.replies.append(reply)
        message.waiting -= 1
        if message.waiting:
            return
        self.answered.append(talk.popleft())
        following = talk or next(self.coming, Talk())
        if following:
            self.ready.append(following)

    def figures(self, seconds: float) -> Figures:
        """Opens and judges everything that came."""
        times = sorted(self.times)
        faults = [fault for one in self.answered if (fault := self.fault_of(one))]
        return Figures(
            turns=len(self.answered),
            seconds=seconds,
            p50=1000 * times[len(times) // 2],
            p99=1000 * times[len(times) * 99 // 100],
            retries=sum(len(one.replies) > 1 for one in self.answered),
            faults=len(faults),
            examples=tuple(faults[:3]),
        )

    def fault_of(self, message: Message) -> str:
        """What is wrong with the answer to a line; empty if nothing is."""
        wanted = message.line.reply.replace("{i}", str(message.client))
        opened = []
        for reply in message.replies:
            try:
                opened.append(self.envelope.open(reply or b""))
            except ValueError as error:
                return f"{message.line.say!r}: {error}"
        if self.task.repeats and len(set(opened)) > 1:
            return f"{message.line.say!r}: the retry was answered otherwise"
        said = tag(opened[0], "Content")
        return "" if re.search(wanted, said) else f"{message.line.say!r}: {said!r}"


def play(task: Task) -> Figures:
    """A measurement, for a process of its own."""
    return Load(task).play()
