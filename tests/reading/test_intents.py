"""What sort of message it is, hard negatives first."""

import pytest

from bot.reading.reader import Reader

KINDS = {
    "service": [
        "我们厂有8块压力表要校准",
        "想办个9001",
        "办SC证要什么材料",
        "井水化验一下",
        "你们能做水质检测吗",
        "校准一台天平多少钱，我们想下周送过去，要做两台",
    ],
    "progress": [
        "报告出来了吗",
        "查进度",
        "JY20261122-0007",
        "帮我查下JY20261122-0007",
        "到哪一步了",
        "证书什么时候能拿",
        "样品收到没",
        "咋还没好",
        "怎么还没出来啊",
        "好了没",
    ],
    "complaint": [
        "我要投诉",
        "催了三次了还没出报告",
        "什么态度",
        "拖了一个月了",
        "提个意见",
        "收了钱没人管",
        "你们把我的仪器弄坏了",
        "太不负责任了",
        "让我跑了四趟",
        "为什么不退",
        "检测费也不退",
    ],
    "human": [
        "转人工",
        "有人吗？我找人工",
        "有活人吗",
        "给我打个电话",
        "不想跟机器人聊",
        "叫你们负责人来",
    ],
    "greeting": ["你好", "您好", "在吗", "早上好", "hi", "你好 有人吗", "有人在吗", "请问有人吗"],
    "faq": [
        "你们几点下班",
        "收费标准是多少",
        "地址在哪",
        "能开专票吗",
        "检定和校准有什么区别",
        "投诉电话是多少",
        "要带什么材料",
        "周六上班吗",
    ],
    "chitchat": ["今天天气真好", "张三丰电影好看吗", "哈哈哈", "讲个笑话"],
    "privacy": ["删除我的信息", "撤回同意", "退订", "我的信息", "你们会不会泄露我的电话"],
}
NONE = [
    "是",
    "好的",
    "13900001111",
    "张三",
    "长春市朝阳区工农大路123号",
    "0431-85374567转801",
    "吉林省大华食品有限公司",
    "上一步",
    "联系人：张三",
]
NOT_SERVICE = [
    "收费标准贵不贵",
    "校准打印机",
    "我想买标准件",
    "检查一下邮箱",
    "学校门口堵车",
    "实名认证过不去",
    "今天体检抽血了",
    "车子年检去哪",
    "标准间多少钱",
    "你普通话真标准",
    "招聘检验员吗",
]


@pytest.mark.parametrize(
    ("text", "kind"), [(text, kind) for kind, texts in KINDS.items() for text in texts]
)
def test_a_message_like_this_is_of_this_kind(text: str, kind: str, reader: Reader) -> None:
    assert reader.read(text).intent == kind


@pytest.mark.parametrize("text", NONE)
def test_a_bare_value_or_answer_has_no_kind(text: str, reader: Reader) -> None:
    assert reader.read(text).intent is None


@pytest.mark.parametrize("text", NOT_SERVICE)
def test_a_word_of_the_trade_alone_is_no_need(text: str, reader: Reader) -> None:
    said = reader.read(text)
    assert said.intent != "service"
    assert said.needs == ()


@pytest.mark.parametrize("text", ["10袋，未开封，检后不退", "余样不退还", "样品怎么退"])
def test_what_becomes_of_samples_is_no_complaint(text: str, reader: Reader) -> None:
    assert reader.read(text).intent != "complaint"


def test_a_complaint_inside_a_need_is_a_complaint(reader: Reader) -> None:
    said = reader.read("我的压力表校准都拖了一个月了，你们什么态度")
    assert said.intent == "complaint"


def test_customers_of_the_client_complaining_are_no_complaint_about_us(reader: Reader) -> None:
    assert reader.read("客户老投诉我们产品质量不稳定，想请专家看看").intent == "service"
