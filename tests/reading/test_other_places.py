"""What people from anywhere write: the classes of mistakes found in messages not seen before."""

import pytest

from bot.reading.reader import Reader
from bot.reading.reading import Intent, Reason, Word


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("电话不是13900001111，是13900002222", "13900002222"),
        ("手机号不是13900001111 是0431-88782222", "0431-88782222"),
    ],
)
def test_of_a_number_taken_back_the_new_one_is_read(text: str, value: str, reader: Reader) -> None:
    said = reader.read(text)
    assert said.fields["phone"] == value
    assert "phone" in said.corrected


@pytest.mark.parametrize(
    "text",
    [
        "学校附近有没有打印店",
        "附近哪家公司食堂好吃",
        "高经理说要等领导批了才行",
        "辣椒酱要进超市，得办69码",
        "报告上把我们公司名字写错了，标都废了",
        "佛山这边电镀厂，膜厚仪要送计量",
    ],
)
def test_a_sentence_is_nobodys_name(text: str, reader: Reader) -> None:
    assert "applicant" not in reader.read(text).fields


def test_a_label_may_stand_behind_the_header_of_a_forwarded_message(reader: Reader) -> None:
    said = reader.read("【转发】客户：吉林大学第一医院 联系人王主任 0431-88782222")
    assert said.fields["applicant"] == "吉林大学第一医院"
    assert said.fields["position"] == "主任"


@pytest.mark.parametrize("text", ["先这样登记吧", "那就先登记上", "先给俺登记着"])
def test_an_order_to_register_with_materials_open_is_known(text: str, reader: Reader) -> None:
    assert reader.read(text).word is Word.REGISTER_FIRST


@pytest.mark.parametrize(
    "text", ["有没有人啊", "来个人", "能打电话吗", "喊个人来说话", "打字太慢了 打电话行不行"]
)
def test_a_call_for_a_person_is_known(text: str, reader: Reader) -> None:
    assert reader.read(text).intent is Intent.HUMAN


@pytest.mark.parametrize(
    "text",
    [
        "窗口那女的头都不抬，问三句答一句",
        "开始说一千二，送完样又变一千八，啥意思",
        "发票催了一个月了还没影",
        "上礼拜说今天出报告，今天又说下礼拜，逗我玩呢",
    ],
)
def test_anger_without_the_word_for_it_is_a_complaint(text: str, reader: Reader) -> None:
    assert reader.read(text).intent is Intent.COMPLAINT


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("9001 14001 45001三个体系一起办", ["qms_cert", "ems_cert", "ohsms_cert"]),
        ("三体系认证", ["qms_cert", "ems_cert", "ohsms_cert"]),
        ("想办ISO9001和14001", ["qms_cert", "ems_cert"]),
        ("三体系要年审了", ["cert_maintain"]),
    ],
)
def test_each_system_named_is_a_need(text: str, items: list[str], reader: Reader) -> None:
    said = reader.read(text)
    assert [guess.item for guess in said.needs] == items


def test_a_message_that_is_a_code_with_a_slip_is_refused_as_one(reader: Reader) -> None:
    assert reader.read("91350211M000100Y42").refused["uscc"].reason is Reason.BAD_CHECK
    assert reader.read("91350211M000100Y46").fields["uscc"] == "91350211M000100Y46"


def test_a_private_person_asks_in_their_own_name(reader: Reader) -> None:
    said = reader.read("我叫李桂兰，家住孝感市孝南区乾坤大道12号，想化验井水")
    assert said.fields["contact"] == said.fields["applicant"] == "李桂兰"


@pytest.mark.parametrize("text", ["公司想派4个人学内审员", "来个人", "抽检说我家火锅底料不合格"])
def test_a_count_of_people_makes_nobody_a_private_person(text: str, reader: Reader) -> None:
    assert reader.read(text).fields.get("client_type") != "individual"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("地址，台州市玉环市清港镇工业区", "台州市玉环市清港镇工业区"),
        ("地址：重庆市渝北区空港大道\n18号", "重庆市渝北区空港大道18号"),
        ("个体户 安徽省淮南市八公山区闪家冲村", "安徽省淮南市八公山区闪家冲村"),
    ],
)
def test_an_address_is_read_whole(text: str, address: str, reader: Reader) -> None:
    assert reader.read(text).fields["address"] == address


def test_a_place_only_spoken_of_is_no_address(reader: Reader) -> None:
    assert "address" not in reader.read("贵州茅台镇有好多酒厂").fields


def test_the_text_is_what_the_client_typed(reader: Reader) -> None:
    assert reader.read(" 量程０～１０００ＰＳＩ\u200b，Ⅱ级 ").text == "量程０～１０００ＰＳＩ，Ⅱ级"


@pytest.mark.parametrize(
    "text",
    [
        "我刚认证了抖音号",
        "电脑显示器颜色要校准",
        "老婆让我去超市买酱油",
        "这个标准太高了我做不到",
        "你们食堂对外开放吗",
    ],
)
def test_words_of_the_trade_in_everyday_talk_ask_for_nothing(text: str, reader: Reader) -> None:
    assert reader.read(text).intent is not Intent.SERVICE


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("办SC证，顺便辣酱送检", {"sc_license", "test_food"}),
        ("先把商标注册了再办个3C", {"ip_service", "ccc"}),
        ("蜂蜜检测 另外帮看看标签", {"test_food", "food_rd"}),
    ],
)
def test_a_word_that_adds_opens_a_need_of_its_own(
    text: str, items: set[str], reader: Reader
) -> None:
    assert {guess.item for guess in reader.read(text).needs} == items


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("经办人：史鹏（检验科科长）", "position", "检验科科长"),
        ("姓名:Tom Lee | Mobile:18661234567", "contact", "Tom Lee"),
        ("🏢单位：大理下关沱茶店 📍地址：大理市人民南路9号", "applicant", "大理下关沱茶店"),
        ("单位就写绍兴柯岩染整有限公司", "applicant", "绍兴柯岩染整有限公司"),
    ],
)
def test_a_value_ends_where_it_ends(text: str, name: str, value: str, reader: Reader) -> None:
    assert reader.read(text).fields[name] == value


def test_another_firm_that_is_spoken_of_does_not_apply(reader: Reader) -> None:
    assert "applicant" not in reader.read("供应商是河北华龙食品有限公司，货想检一下").fields


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("证书邮寄了不", Intent.PROGRESS),
        ("我的表好了冇", Intent.PROGRESS),
        ("老师我的申请有人接了没", Intent.PROGRESS),
        ("我要同你们科室的人讲", Intent.HUMAN),
        ("把我手机号从你们系统里去掉", Intent.PRIVACY),
        ("校一块压力表几多钱", Intent.FAQ),
        ("化工园区厂界噪声想找人来测", Intent.SERVICE),
    ],
)
def test_a_question_in_dialect_is_of_its_kind(text: str, intent: Intent, reader: Reader) -> None:
    assert reader.read(text).intent is intent


def test_a_short_order_for_a_known_instrument_is_a_need(reader: Reader) -> None:
    assert [guess.item for guess in reader.read("麻烦校两块百分表").needs] == ["calibrate"]
