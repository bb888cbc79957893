"""What the upload page takes goes where a photo in the chat would have gone."""

from bot.domain.cases import Case, How, NeedState
from bot.messages import Channel
from storage import cases, events, files, people
from storage.files import FileState
from tests.pages.conftest import Client, begun
from tests.pages.form import pdf, picture, sheet
from tests.world import World

LICENCE, LABEL = "营业执照复印件", "食品标签照片"
WORDS = {
    "样品信息": "苏打饼干，200克/袋，批号20261101，保质期12个月",
    "执行标准或检验依据": "GB 7100",
    "检验项目": "按标准全项",
    "样品数量和状态": "12袋，包装完好，固体，检后处理",
}


def value(client: Client, name: str) -> str:
    """What the registration under way holds of a material."""
    person = client.world.database.run(lambda tx: people.find(tx, Channel.OFFICIAL, client.name))
    assert person is not None
    materials = person.progress.get("materials", {})
    assert isinstance(materials, dict)
    return str(materials.get(name, {}).get("value", ""))


def finish(client: Client, path: str) -> None:
    """Send the rest of the list."""
    assert client.send(path, LICENCE, (pdf(), "执照.pdf")).status_code == 303
    assert client.send(path, LABEL, (picture(), "标签.jpg")).status_code == 303
    for name, text in WORDS.items():
        assert client.send(path, name, text=text).status_code == 303


def test_a_document_and_pictures_join_the_registration_under_way(drafting: Client) -> None:
    path = drafting.link()
    answer = drafting.send(path, LICENCE, (pdf(), "执照.pdf"), (picture(), "IMG_1.JPG"))
    assert answer.status_code == 303
    assert "已收到 2 个文件" in drafting.open(path)
    keys = value(drafting, LICENCE).split()
    sent = drafting.world.database.run(lambda tx: files.of_person(tx, 1))
    assert {one.key for one in sent} == set(keys)
    assert {one.content_type for one in sent} == {"application/pdf", "image/jpeg"}
    assert {one.filename for one in sent} == {"执照.pdf", "IMG_1.jpg"}
    assert {one.state for one in sent} == {FileState.STORED}
    drafting.send(path, LICENCE, (sheet(), "清单.xlsx"))
    assert value(drafting, LICENCE).split()[:2] == keys
    assert len(value(drafting, LICENCE).split()) == 3


def test_the_same_file_twice_is_kept_once(drafting: Client) -> None:
    path = drafting.link()
    first = drafting.send(path, LICENCE, (picture(), "a.jpg"))
    again = drafting.send(path, LICENCE, (picture(), "b.jpg"), (picture(), "c.jpg"))
    assert first.headers["Location"].endswith("said=taken")
    assert again.headers["Location"].endswith("said=same")
    assert "没有重复保存" in drafting.open(again.headers["Location"])
    assert len(value(drafting, LICENCE).split()) == 1


def test_once_all_is_there_the_chat_shows_the_summary_that_a_yes_confirms(world: World) -> None:
    client = begun(world)
    client.say("不是食品生产企业，不是进口产品")
    path = client.link()
    before = len(client.texts())
    finish(client, path)
    world.deliver()
    arrived = client.texts()[before:]
    assert len(arrived) == 1
    assert "需要上传的已经齐了" in arrived[0]
    assert "无误请回复“确认”" in arrived[0]
    assert "登记成功" in client.say("好的")
    case = world.database.run(lambda tx: cases.by_number(tx, number_in(client.texts()[-1])))
    assert case is not None
    assert case.record.materials[LABEL].how is How.UPLOADED
    assert case.record.materials["检验项目"].value == "按标准全项"
    kept = world.database.run(lambda tx: files.of_case(tx, case.id))
    assert {one.title for one in kept} == {LICENCE, LABEL}


def number_in(text: str) -> str:
    """The number of a receipt."""
    return text.partition("登记编号：")[2][:16].strip()


def test_what_is_still_to_be_said_stays_in_the_chat(drafting: Client) -> None:
    path = drafting.link()
    assert "其余信息不在这里填" in drafting.open(path)
    finish(drafting, path)
    drafting.world.deliver()
    assert "是否为食品生产企业" in drafting.texts()[-1]


def test_a_question_about_a_photo_stays_open_while_another_thing_is_uploaded(
    drafting: Client,
) -> None:
    drafting.say("不是食品生产企业，不是进口产品")
    path = drafting.link()
    drafting.world.platform.client_sends_photo(drafting.name)
    assert "哪一项" in drafting.texts()[-1]
    drafting.send(path, LICENCE, (pdf(), "执照.pdf"))
    assert "已收到" in drafting.say(LABEL)
    assert value(drafting, LABEL)
    assert value(drafting, LICENCE)


def test_before_the_client_agreed_nothing_is_taken(world: World) -> None:
    client = Client(world)
    client.say("我们食品厂要委托检验饼干")
    path = client.link()
    assert "目前没有需要上传的材料" in client.open(path)
    answer = client.send(path, LICENCE, (pdf(), "a.pdf"), place="draft", form_key=key_of(client))
    assert answer.status_code == 409
    assert not value(client, LICENCE)


def key_of(client: Client) -> str:
    """The key of the client's form, which a page without forms does not show."""
    token = client.link().rpartition("/")[2]
    return client.world.app.links.form_key(token)


def test_what_a_case_waits_for_arrives_and_staff_are_told(world: World) -> None:
    client = waiting(world)
    case = the_case(world)
    need = case.needs[0]
    assert need.state is NeedState.TO_SUPPLEMENT
    path = client.link()
    page = client.open(path)
    assert case.number in page
    assert client.send(path, LICENCE, (pdf(), "执照.pdf")).status_code == 303
    assert client.send(path, LABEL, (picture(), "标签.jpg")).status_code == 303
    world.deliver()
    after = the_case(world)
    assert after.needs[0].state is NeedState.SUBMITTED
    told = [entry.text for entry in world.platform.staff_phone(need.assignee)]
    assert any("客户已补齐材料" in text for text in told)
    assert "材料已收齐" in client.texts()[-1]
    kinds = [one.kind for one in world.database.run(lambda tx: events.of_case(tx, case.id))]
    assert kinds.count("supplied") == 2
    assert len(world.database.run(lambda tx: files.of_case(tx, case.id))) == 2


def test_a_further_page_joins_what_came_before_staff_took_it_up(world: World) -> None:
    client = waiting(world)
    path = client.link()
    client.send(path, LICENCE, (pdf(), "1.pdf"))
    client.send(path, LABEL, (picture(), "标签.jpg"))
    assert client.send(path, LICENCE, (pdf("second"), "2.pdf")).status_code == 303
    world.deliver()
    case = the_case(world)
    assert len(case.record.materials[LICENCE].value.split()) == 2
    told = [entry.text for entry in world.platform.staff_phone(case.needs[0].assignee)]
    assert any(f"又补充了{LICENCE}" in text for text in told)


def waiting(world: World) -> Client:
    """A client who registered first and sends the documents later."""
    client = begun(world)
    client.say("不是食品生产企业，不是进口产品")
    for name, text in WORDS.items():
        client.say(f"{name}：{text}")
    client.say("先登记")
    assert "登记成功" in client.say("确认") or "登记成功" in client.texts()[-3]
    return client


def the_case(world: World) -> Case:
    """The one case there is."""
    return world.database.run(lambda tx: cases.of_person(tx, 1))[0]


def test_words_that_hold_an_identity_number_are_masked_before_they_are_kept(
    drafting: Client,
) -> None:
    drafting.send(drafting.link(), "样品信息", text="饼干，送样人身份证 11010519491231002X")
    assert "11010519491231002X" not in value(drafting, "样品信息")


def test_what_a_case_waits_for_leaves_a_paused_registration_alone(sqlite_world: World) -> None:
    client = waiting(sqlite_world)
    client.say("另外我们有8块压力表要校准")
    client.say("取消")
    path = client.link()
    number = the_case(sqlite_world).number
    for name in (LICENCE, LABEL):
        assert client.send(path, name, (pdf(), "a.pdf"), place=number).status_code == 303
    assert the_case(sqlite_world).needs[0].state is NeedState.SUBMITTED
    assert "好的，我们接着办" in client.say("继续")
