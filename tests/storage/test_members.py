"""Members of WeCom: listed, gone, back, out of reach, off duty, and sealed."""

from datetime import timedelta

from sqlalchemy import select

from storage import members
from storage.db import Database, Tx
from storage.members import Listed, Member
from storage.models import MemberRow
from tests.storage.samples import NOW

LIU = Listed("Liu.Min", "刘敏", ("计量部",))
WU = Listed("wu.lei", "吴磊", ("计量部", "标准部"))
LATER = NOW + timedelta(hours=1)


def every(db: Database) -> dict[str, Member]:
    """Everybody, by userid."""
    return {one.userid: one for one in db.run(members.every)}


def test_a_list_is_kept_whole_and_a_name_follows_the_list(db: Database) -> None:
    db.run(lambda tx: members.listed(tx, [LIU, WU]))
    db.run(lambda tx: members.listed(tx, []))
    assert every(db)["liu.min"] == Member("liu.min", LIU, None, None, None)
    renamed = Listed("Liu.Min", "刘小敏", ("计量部",))
    db.run(lambda tx: members.listed(tx, [renamed]))
    assert every(db)["liu.min"].listed == renamed
    assert every(db)["wu.lei"].listed == WU


def test_who_left_is_news_once_and_is_back_when_listed_again(db: Database) -> None:
    db.run(lambda tx: members.listed(tx, [LIU, WU]))
    assert db.run(lambda tx: members.left(tx, ["WU.LEI"], NOW)) == {"wu.lei"}
    assert db.run(lambda tx: members.left(tx, ["wu.lei"], LATER)) == frozenset()
    assert every(db)["wu.lei"].left_at == NOW
    assert db.run(members.gone) == {"wu.lei"} == db.run(lambda tx: members.absent(tx, LATER))
    db.run(lambda tx: members.listed(tx, [WU]))
    assert db.run(members.gone) == frozenset()


def test_whom_wecom_never_listed_can_be_missing_too(db: Database) -> None:
    assert db.run(lambda tx: members.left(tx, [], NOW)) == frozenset()
    assert db.run(lambda tx: members.left(tx, ["Wu.Lei", "liu.min"], NOW)) == {"wu.lei", "liu.min"}
    db.run(lambda tx: members.listed(tx, [WU]))
    assert db.run(members.gone) == {"liu.min"}
    assert every(db)["liu.min"].listed is None


def test_who_is_out_of_reach_takes_nothing_until_something_arrives(db: Database) -> None:
    assert db.run(lambda tx: members.unreachable(tx, "Liu.Min", NOW))
    assert not db.run(lambda tx: members.unreachable(tx, "liu.min", LATER))
    assert every(db)["liu.min"] == Member("liu.min", None, None, NOW, None)
    assert db.run(lambda tx: members.absent(tx, LATER)) == {"liu.min"}
    assert db.run(lambda tx: members.reached(tx, "LIU.MIN"))
    assert not db.run(lambda tx: members.reached(tx, "liu.min"))
    assert db.run(lambda tx: members.absent(tx, LATER)) == frozenset()


def test_who_is_off_duty_is_back_at_the_moment_they_named_or_earlier(db: Database) -> None:
    db.run(lambda tx: members.away(tx, "liu.min", LATER))
    assert db.run(lambda tx: members.absent(tx, NOW)) == {"liu.min"}
    assert db.run(lambda tx: members.absent(tx, LATER)) == frozenset()
    db.run(lambda tx: members.away(tx, "liu.min", None))
    assert db.run(lambda tx: members.absent(tx, NOW)) == frozenset()


def test_who_is_forgotten_leaves_nothing(db: Database) -> None:
    db.run(lambda tx: members.listed(tx, [LIU, WU]))
    assert db.run(lambda tx: members.forget(tx, ["LIU.min", "nobody"])) == 1
    assert db.run(lambda tx: members.forget(tx, [])) == 0
    assert list(every(db)) == ["wu.lei"]


def test_a_copy_of_the_table_names_nobody(db: Database) -> None:
    db.run(lambda tx: members.listed(tx, [LIU]))

    def stored(tx: Tx) -> bytes:
        return bytes(tx.execute(select(MemberRow.about)).scalar_one())

    assert LIU.name.encode() not in db.run(stored)
