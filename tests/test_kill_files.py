"""`kill -9` amid photos, uploads and ratings: nothing confirmed is lost, nothing is there twice."""

import io
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from random import choice

import pytest
from sqlalchemy import text
from werkzeug.datastructures import FileStorage
from werkzeug.test import EnvironBuilder

from bot.clock import system_now
from bot.domain.cases import NeedState
from bot.domain.surveys import SurveyState
from bot.messages import Channel
from bot.pages.links import Links, Purpose
from storage import people, surveys
from storage.db import Database, Tx, open_database
from storage.vault import Vault
from tests.pages.form import form_key, pdf, picture
from tests.storage.samples import NEED
from tests.storage.test_cases import registered
from tests.test_deliveries import STORY
from tests.test_kill import BETWEEN_KNOCKS, PATIENCE, SECRET, Clients, intact, office

KILLS, CLIENTS, RATERS = 6, 3, 300
LIST = "计量器具清单"
# a worker that was killed holds a file until its lease is over
FETCHED = 200.0


@dataclass
class Senders(Clients):
    """People who send photos by message, documents by page, and rate; and what was confirmed."""

    database: Database | None = None
    raters: Iterator[int] = field(default_factory=lambda: iter(range(1, RATERS)))
    photos: Counter[str] = field(default_factory=Counter)
    documents: Counter[str] = field(default_factory=Counter)
    ratings: Counter[int] = field(default_factory=Counter)

    def live(self, number: int) -> None:
        """A registration begun, with two photos and a document; then somebody's rating."""
        for day in count():
            who = f"client{number}-{day}"
            heard = [self.deliver(self.writer.letter(who, said)) for said in STORY[:3]]
            if None in heard:
                # the day ended before they agreed to anything
                return
            for _ in range(2):
                self.photos[who] += self.deliver(self.photo(who, day)) is not None
            self.documents[who] += self.upload(who, f"{number}-{day}")
            self.rate(next(self.raters))
            self.confirmed[who.encode()] = who
            if self.over.is_set():
                return

    def photo(self, who: str, seed: int) -> bytes:
        """A picture that lies on the platform."""
        hub, number = self.replicas.platform.hub, str(next(self.writer.numbers))
        with hub.lock:
            media = hub.shelf.keep(picture(seed % 50), "image/jpeg", system_now())
        tags = {"MsgType": "image", "MediaId": media, "MsgId": number}
        return self.writer.inner(who, tags)

    def rate(self, survey: int) -> None:
        """A tap on an option of the invitation."""
        tags = {"MsgType": "text", "Content": "满意", "bizmsgmenuid": f"rate-{survey}-4"}
        number = {"MsgId": str(next(self.writer.numbers))}
        tap = self.writer.inner(f"rater-{survey}", tags | number)
        self.ratings[survey] += self.deliver(tap) is not None

    def upload(self, who: str, words: str) -> bool:
        """The same document until the page says that it has it."""
        assert self.database is not None
        person = self.database.run(lambda tx: people.find(tx, Channel.OFFICIAL, who))
        if person is None:
            return False
        token = Links("", SECRET, system_now).token(Purpose.UPLOAD, str(person.id))
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not self.over.is_set():
            _, page = self.ask(token, None, b"")
            fields = {"form_key": form_key(page), "place": "draft", "name": LIST}
            status, _ = self.ask(token, fields, pdf(words))
            if status == 303:
                return True
            time.sleep(BETWEEN_KNOCKS)
        return False

    def ask(self, token: str, fields: Mapping[str, str] | None, data: bytes) -> tuple[int, str]:
        """The page or its form, at whichever door; 0 if nobody answers."""
        headers, body = {}, b""
        if fields is not None:
            file = FileStorage(io.BytesIO(data), "list.pdf", "files")
            made = EnvironBuilder(method="POST", data={**fields, "files": file}).get_environ()
            headers, body = {"Content-Type": made["CONTENT_TYPE"]}, made["wsgi.input"].read()
        port = choice(self.replicas.servers).port
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            try:
                method = "GET" if fields is None else "POST"
                connection.request(method, f"/m/upload/{token}", body, headers)
                answer = connection.getresponse()
                return answer.status, answer.read().decode()
            except (OSError, HTTPException):
                return 0, ""


def invite(tx: Tx) -> None:
    """People who are asked to rate what was done for them."""
    now = system_now()
    for number in range(1, RATERS):
        done = replace(NEED, item="calibrate", assignee="liu.min", state=NeedState.FINISHED)
        case = registered(tx, [done], f"rater-{number}", now - timedelta(days=1))
        surveys.plan(
            tx,
            case_id=case.id,
            person_id=case.person_id,
            staff="liu.min",
            ended_at=now,
            last_day=now.date() + timedelta(days=9),
            next_at=now,
        )
        found = surveys.of_case(tx, case.id)
        assert found is not None
        assert found.id == number
        later = now + timedelta(days=9)
        asked = replace(found, state=SurveyState.INVITED, invited_at=now)
        surveys.save(tx, replace(asked, closes_at=later, next_at=later))


@pytest.mark.long
@pytest.mark.parametrize("engine", ["sqlite_url", "postgres_url"])
def test_kills_lose_no_photo_no_document_and_no_rating_and_double_none(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path, vault: Vault
) -> None:
    url: str = request.getfixturevalue(engine)
    with (
        closing(open_database(url, vault)) as database,
        office(url, tmp_path) as (replicas, writer),
        ThreadPoolExecutor(CLIENTS) as pool,
    ):
        database.run(invite)
        senders = Senders(replicas, writer, database=database)
        replicas.start()
        days = [pool.submit(senders.live, number) for number in range(CLIENTS)]
        try:
            for _ in range(KILLS):
                senders.wait_for_one_more()
                replicas.kill_one()
            senders.wait_for_one_more()
        finally:
            senders.over.set()
        for day in days:
            day.result()
        fetched(database)
        database.run(lambda tx: check(tx, senders))
        intact(database)


def fetched(database: Database) -> None:
    """Nothing waits any more."""
    query, deadline = text("SELECT count(*) FROM files WHERE state = 'waiting'"), time.monotonic()
    while time.monotonic() < deadline + FETCHED:
        if not database.run(lambda tx: tx.connection.execute(query).scalar()):
            return
        time.sleep(1)
    raise AssertionError("some file waits for ever")


SENT = text(
    "SELECT p.identity, f.state, count(*), count(DISTINCT c.file_id) FROM files f"
    " JOIN people p ON p.id = f.person_id LEFT JOIN file_contents c ON c.file_id = f.id"
    " WHERE (f.filename IS NULL) = :photo GROUP BY p.identity, f.state"
)
RATED = text(
    "SELECT s.id, count(e.id) FROM surveys s JOIN events e ON e.case_id = s.case_id"
    " WHERE s.state = 'rated' AND s.overall = 4 AND e.kind = 'rated' GROUP BY s.id"
)


def check(tx: Tx, senders: Senders) -> None:
    """As many as were confirmed, each whole; at most one more that nobody heard of."""
    for photo, confirmed in ((True, senders.photos), (False, senders.documents)):
        kept = {}
        for who, state, number, whole in tx.connection.execute(SENT, {"photo": photo}):
            assert (state, number) == ("stored", whole)
            kept[who] = number
        assert kept.items() >= {who: number for who, number in confirmed.items() if number}.items()
        assert set(kept.values()) <= ({1, 2} if photo else {1})
    found = {row[0]: row[1] for row in tx.connection.execute(RATED)}
    assert found.keys() >= {survey for survey, heard in senders.ratings.items() if heard}
    assert set(found.values()) == {1}
