"""What clients wrote of themselves that was read wrongly once."""

import pytest

from bot.reading.reader import Reader

Wanted = dict[str, str | None]

TEXTS: tuple[tuple[str, Wanted], ...] = (
    (
        "无锡市锡山区沪光电缆厂 江苏无锡锡山区东港镇黄土塘村工业园 荣厂长 13961810647",
        {"contact": "荣厂长", "position": "厂长"},
    ),
    (
        "遂宁射洪沱牌镇粮库 席科长 0825-6762204 检定地上衡一台",
        {"contact": "席科长", "position": "科长"},
    ),
    (
        "我们做锂电池，天长市炬能新能源科技有限公司，滁州天长市经十路北侧，0550-7309915转梅经理",
        {"contact": "梅经理", "position": "经理"},
    ),
    (
        "Felix Zhang\nQA Manager\nSuzhou Neotek Electronics Co., Ltd.\n+86 138-6253-9917",
        {"applicant": "Suzhou Neotek Electronics Co., Ltd."},
    ),
    (
        "您好，我司系中车永济智联电气有限责任公司，现拟委托贵单位校准绝缘电阻测试仪12台，"
        "烦请与我司计量管理员姚振宇（13503591843）联系为盼。",
        {"applicant": "中车永济智联电气有限责任公司", "contact": "姚振宇"},
    ),
    (
        "米热古丽·艾合买提，和田市玉龙玉石雕刻店，鉴定一块和田玉籽料，15199318873",
        {"applicant": "和田市玉龙玉石雕刻店"},
    ),
    ("就问一下，吉林大学门口那家打印店复印身份证你们认不认？", {"address": None}),
    ("广东揭阳市xx路？我随便举个例子，你们系统能识别地址么", {"address": None}),
    (
        "电话：见名片\n公司：见名片\n需求：医用口罩做细菌过滤效率",
        {"applicant": None, "phone": None},
    ),
    (
        "长春市双阳区市场监督管理局，要委托你们做流通领域儿童玩具监督抽查30批次，电话0431-84221234",
        {"business": None, "need": "流通领域儿童玩具监督抽查30批次"},
    ),
    ("我是法人，只延续，什么都没变", {"contact": None, "position": None}),
    # a form with a name, where they live and no place of work is filled in for oneself
    (
        "姓名：贡秋措\n手机号：18997261405\n地址：青海省果洛州玛沁县团结路24号\n需求：检测酥油的酸价",
        {"applicant": "贡秋措", "contact": "贡秋措"},
    ),
    (
        "姓名：刘洋\n岗位：园长\n手机号：13744445555\n地址：长春市绿园区普阳街1020号",
        {"applicant": None, "contact": "刘洋"},
    ),
)


@pytest.mark.parametrize(("text", "wanted"), TEXTS)
def test_details_are_filled_as_a_person_would(reader: Reader, text: str, wanted: Wanted) -> None:
    found = reader.read(text).fields
    assert {name: found.get(name) for name in wanted} == wanted
