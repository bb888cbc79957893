"""What lies on the disk: no phone, no name of a person, no text, no token, in any file."""

import subprocess
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.messages import Channel
from storage import cases, events, inbox, outbox, people, privacy, tokens
from storage.db import Database, Tx
from storage.people import Act
from tests import postgres
from tests.storage.samples import NEED, NOW, RECORD, push

CANARIES = {
    "phone": "13804310001",
    "last digits": "4310001",
    "contact": "王小明",
    "uscc": "91220101MA0000000X",
    "address": "生态大街",
    "need": "8块压力表",
    "first words": "金丝雀一",
    "progress": "金丝雀二",
    "reply": "金丝雀三",
    "input": "金丝雀四",
    "event": "金丝雀五",
    "push": "金丝雀六",
    "reason": "金丝雀七",
    "step": "金丝雀九",
    "field": "金丝雀八",
    "token": "canary-access-token",
    "privacy note": "金丝雀隐私",
}
ENTERPRISE = "长春市净月仪表厂"


def whole_life(tx: Tx) -> None:
    """Everything that is ever stored of somebody."""
    inbox.claim(tx, "key", Channel.OFFICIAL, NOW)
    inbox.record(tx, "key", CANARIES["reply"].encode())
    inbox.keep(tx, "key", Channel.OFFICIAL, CANARIES["input"].encode(), "KeyError", NOW)
    person = people.meet(tx, Channel.OFFICIAL, "openid-1", NOW, Act.WROTE)
    people.keep_first(tx, person.id, CANARIES["first words"], NOW)
    people.save(tx, person.id, {"answers": [CANARIES["progress"], CANARIES["phone"]]})
    case = cases.register(tx, "JY-1", person.id, "oa", "zhangsan", RECORD, [NEED], NOW)
    cases.change(tx, case.needs[0], reason=CANARIES["reason"], step=CANARIES["step"])
    events.append(tx, case.id, None, NOW, "registered", "client", {"text": CANARIES["event"]})
    texts = {"text": CANARIES["push"] + CANARIES["phone"]}
    outbox.enqueue(tx, [push("a", body=texts, fields={"thing1": CANARIES["field"]})])
    tokens.store(tx, "oa", CANARIES["token"], NOW)
    privacy.open_request(
        tx,
        number="YS-1",
        person_id=person.id,
        wish="delete",
        owner="zhangsan",
        at=NOW,
        due=NOW.date(),
        next_at=NOW,
        note={"words": CANARIES["privacy note"]},
    )


def on_disk(url: str) -> bytes:
    """All bytes of the database: files of SQLite, a dump of PostgreSQL."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = Path(str(parsed.database))
        return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    dump = postgres.find_binaries() / "pg_dump"
    return subprocess.run([dump, postgres.libpq(url)], check=True, capture_output=True).stdout


def test_the_files_show_the_enterprise_and_nothing_personal(db: Database, engine_url: str) -> None:
    db.run(whole_life)
    raw = on_disk(engine_url)
    assert ENTERPRISE.encode() in raw
    spellings = {
        name: (text.encode(), text.encode().hex().encode(), text.encode("utf-16-le"))
        for name, text in CANARIES.items()
    }
    assert [name for name, forms in spellings.items() if any(form in raw for form in forms)] == []
