"""What clients of each kind say of themselves, and how they word an answer."""

from collections.abc import Mapping, Sequence
from random import Random

PHONES = ("13900001111", "0431-85371234", "13812345678", "18604310000", "400-820-8820")
CONTACTS = ("王芳", "李建国", "张总", "赵晓梅", "欧阳静")
ADDRESSES = (
    "长春市朝阳区人民大街100号",
    "吉林市船营区解放中路12号3楼",
    "长春市二道区东盛大街与自由大路交汇中东大厦5楼",
)
POSITIONS = ("采购经理", "质量部主任", "主任", "科长")
BUSINESSES = ("机械加工", "机械加工和销售", "食品生产", "设备维修")

APPLICANTS: Mapping[str, Sequence[str]] = {
    "企业": ("长春市宏达机械有限公司", "吉林省北方精密仪器有限公司"),
    "个体工商户": ("朝阳区老王面馆", "二道区利民五金店"),
    "事业单位": ("长春市第一中学", "吉林省中心医院"),
    "政府部门": ("长春市市场监督管理局", "长春市朝阳区市场监督管理局"),
    "个人": ("王小明", "李建国"),
}

# texts that say nothing but what they are: no name, no number, no fact of the catalogue
TEXTS = (
    "按附表所列办理",
    "由机构推荐",
    "共三份，规格相同",
    "压力表 0-1.6MPa 1.6级 8块 车间用",
    "同申请人",
    "全项，按标准",
    "12月10日以前",
    "和上次一样",
)


def value_of(label: str, kind: str, dice: Random) -> str:
    """What this client would write under a label."""
    choices: Mapping[str, Sequence[str]] = {
        "申请人": APPLICANTS[kind],
        "详细地址": ADDRESSES,
        "联系人": CONTACTS,
        "职务": POSITIONS,
        "联系电话": PHONES,
        "主营业务": BUSINESSES,
    }
    return dice.choice(choices.get(label, TEXTS))


def other_value(label: str, old: str, kind: str, dice: Random) -> str:
    """Another value than the one given before."""
    while (new := value_of(label, kind, dice)) == old:
        pass
    return new


# how people take back what they wrote; {} is the new value
CORRECTIONS: Mapping[str, Sequence[str]] = {
    "联系电话": ("电话错了，改成{}", "改电话 {}", "联系电话写错了，应该是{}"),
    "申请人": ("单位名称应该是{}", "申请人：{}"),
    "详细地址": ("地址改为{}", "改地址 {}", "详细地址：{}"),
    "联系人": ("联系人改成{}", "联系人：{}"),
    "职务": ("职务：{}", "职务改为{}"),
    "主营业务": ("主营业务：{}", "主营业务改为{}"),
}
NONSENSE = ("哈哈哈", "今天天气真不错", "……", "啦啦啦啦", "🙂", "嘿嘿 嘻嘻")
