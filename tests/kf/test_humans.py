"""One human in two chats: asked after once, and the history follows to where they write."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.messages import Channel
from bot.simulator.faults import Trouble
from storage import cases, forgetting, people
from storage.models import CaseRow, FileRow, PersonRow
from tests.kf.counter import WHO, heard, says
from tests.kf_deeds import same
from tests.pages.form import path_in, told
from tests.world import World

BLOCK = """单位：长春市宏达机械有限公司
联系人：王芳（采购经理）
电话：13900001111
企业，地址长春市朝阳区人民大街100号，主营机械加工
计量器具清单：压力表 0-1.6MPa 1.6级 8块 车间用
证书单位名称和地址：同申请人
开票信息：普票，税号同执照"""
FOLLOWER, OPENID = "wang", "owang"
BATCH, INFO = "/cgi-bin/kf/customer/batchget", "/cgi-bin/user/info"


def asked(world: World, path: str) -> int:
    """How often a platform was asked who is behind chats."""
    return sum(one.what.endswith(path) for one in world.platform.journal.since(0))


def registered(world: World) -> None:
    """A case, registered on the official account."""
    for text in ("我们厂有8块压力表要校准", "同意", BLOCK, "确认"):
        world.say(OPENID, text)
    world.deliver()


def both(world: World) -> None:
    """The same human, known in both chats."""
    same(world.platform, FOLLOWER, "kf")
    registered(world)
    says(world, "你好")


def owner(world: World) -> str:
    """The channel of the chat that the case belongs to."""
    query = select(PersonRow.channel).join(CaseRow, CaseRow.person_id == PersonRow.id)
    found: str = world.database.run(lambda tx: tx.connection.execute(query).scalar_one())
    return found


def rows(world: World, *columns: Any) -> list[Any]:
    """Some columns of a table."""
    return world.database.run(lambda tx: list(tx.connection.execute(select(*columns)).all()))


def test_nobody_is_asked_after_before_the_first_bell(world: World) -> None:
    registered(world)
    assert (asked(world, INFO), asked(world, BATCH)) == (0, 0)


def test_each_chat_is_asked_after_once(world: World) -> None:
    both(world)
    says(world, "谢谢")
    world.say(OPENID, "谢谢")
    world.deliver()
    assert (asked(world, INFO), asked(world, BATCH)) == (1, 1)
    marks = {
        bytes(row.union_mark)
        for row in rows(world, PersonRow.union_mark, PersonRow.channel)
        if row.channel != "wecom" and row.union_mark is not None
    }
    assert len(marks) == 1
    assert b"unionid" not in marks.pop()


def test_the_history_follows_to_the_chat_that_is_written_in(world: World) -> None:
    both(world)
    assert owner(world) == "oa"
    says(world, "进度")
    assert owner(world) == "kf"
    world.platform.client_taps(OPENID, "menu")
    assert owner(world) == "kf"
    assert "JY20261123-0001" in world.say(OPENID, "进度")
    assert owner(world) == "oa"


def test_strangers_keep_apart(world: World) -> None:
    registered(world)
    assert "0001" not in says(world, "进度")[0]
    assert owner(world) == "oa"


def test_a_platform_that_does_not_answer_is_left_alone_for_a_while(world: World) -> None:
    # this call is not granted to the account
    world.platform.faults.on_call(BATCH, Trouble.CODE, 48002)
    world.platform.faults.on_call(INFO, Trouble.CODE, 48001)
    same(world.platform, FOLLOWER, "kf")
    registered(world)
    says(world, "你好")
    says(world, "谢谢")
    assert (asked(world, INFO), asked(world, BATCH)) == (1, 1)
    world.clock.forward(timedelta(minutes=11))
    says(world, "谢谢")
    assert (asked(world, INFO), asked(world, BATCH)) == (2, 2)
    says(world, "进度")
    assert owner(world) == "kf"


def test_who_wants_to_be_forgotten_keeps_everything_in_that_chat(world: World) -> None:
    both(world)
    world.say(OPENID, "删除我的信息")
    says(world, "进度")
    assert owner(world) == "oa"


def test_a_photo_of_an_open_form_stays_with_it(world: World) -> None:
    same(world.platform, FOLLOWER, "kf")
    for text in ("我们厂有8块压力表要校准", "同意"):
        world.say(OPENID, text)
    world.platform.client_sends_photo(OPENID)
    world.deliver()
    says(world, "你好")
    says(world, "进度")
    (file,) = rows(world, FileRow.person_id, FileRow.case_id)
    found = world.database.run(lambda tx: people.by_id(tx, file.person_id))
    assert found is not None
    assert found.channel is Channel.OFFICIAL


def test_the_upload_page_of_the_other_chat_still_takes_what_is_missing(world: World) -> None:
    both(world)
    world.order("liu.min", "接单 0001")
    world.order("liu.min", "需补料 0001 计量器具清单 缺出厂编号")
    world.deliver()
    texts = [one.text for one in world.platform.client_phone(OPENID)]
    path = path_in(next(text for text in reversed(texts) if "/m/upload/" in text))
    says(world, "进度")
    assert owner(world) == "kf"
    told(world.app.pages.test_client(), path, "计量器具清单", "list.pdf")
    assert owner(world) == "oa"
    case = world.database.run(lambda tx: cases.by_number(tx, "JY20261123-0001"))
    assert case is not None
    assert case.needs[0].wanted == ()
    heard(world, WHO)


def test_a_forgotten_chat_belongs_to_nobody(world: World) -> None:
    both(world)
    person = world.database.run(lambda tx: people.find(tx, Channel.OFFICIAL, OPENID))
    assert person is not None
    assert person.linked
    world.database.run(lambda tx: forgetting.vanish(tx, person, world.clock(), "gone"))
    again = world.database.run(lambda tx: people.by_id(tx, person.id))
    assert again is not None
    assert not again.linked
