"""Whatever is said, in whatever order: never an exception, never silence, never a case unasked."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.dialogs.form import CLIENT_TYPE, FACT
from bot.dialogs.intake.draft import Draft, record
from bot.dialogs.intake.flow import take
from bot.dialogs.intake.outcome import Deed, Outcome, Setting
from bot.domain.cases import ClientType, Field, How, Record
from bot.domain.options import Option
from tests.dialogs.office import office, reloaded
from tests.dialogs.people import NONSENSE

PHOTO = "\N{CAMERA}"
COMMANDS = (
    *("同意", "不同意", "是", "不是", "好的", "确认", "提交", "先登记", "上一步", "修改"),
    *("取消", "继续", "重新开始", "稍后", "帮助", "谢谢", "改电话", "改地址", "人工", "进度"),
    *("1", "2", "3", "第二个", "都不是", "12", "0", "99", "一", "？", "。", "１"),
)
NEEDS = (
    "我们厂有8块压力表要校准",
    "自来水检测",
    "办ISO9001认证",
    "还想做个食品检测",
    "要换成现场校准",
    "SC证到期了要延续",
    "服务需求：水泥检测",
    "你们能干啥",
)
BLOCKS = (
    "单位：长春市宏达机械有限公司\n联系人：王芳（采购经理）\n电话：13900001111",
    "地址长春市朝阳区人民大街100号，主营机械加工",
    "申请人：王小明\n办理主体：个人\n地址：吉林市船营区解放中路12号3楼",
    "计量器具清单：压力表 8块\n证书单位名称和地址：同申请人\n开票信息：普票",
    "1、长春市第一中学\n2、吉林市船营区解放中路12号\n3、张总\n4、0431-85371234",
    "1 企业 2 是 3 稍后",
    "同意，我们是长春市宏达机械有限公司，电话13900001111",
    "电话错了，改成13812345678",
    "联系电话：1390000",
    "地址：长春",
    "营业执照晚点发",
    "进口的，自己送样",
    "统一社会信用代码：91220101MA0000000X",
    "身份证号220102199001011234",
)
MESSAGES = st.one_of(
    st.sampled_from(COMMANDS),
    st.sampled_from((PHOTO, *NEEDS)),
    st.sampled_from(BLOCKS),
    st.sampled_from(NONSENSE),
    st.text(max_size=40),
    st.lists(st.sampled_from((*COMMANDS, *NEEDS, *BLOCKS)), min_size=2, max_size=3).map("\n".join),
)
# all that a case needs, so that many random talks come near its end
STORY = (
    NEEDS[0],
    "同意",
    BLOCKS[0],
    BLOCKS[1],
    BLOCKS[3],
)
TALKS = st.builds(
    lambda told, then: (*STORY[:told], *then),
    st.integers(0, len(STORY)),
    st.lists(MESSAGES, max_size=12),
)


# what these name is said to people in words
RAW_KEYS = (
    *(f"{FACT}{one.id}" for one in office().setting.catalog.conditions),
    *(one.id for one in office().setting.catalog.items if "_" in one.id),
    *(CLIENT_TYPE, *Field, *ClientType, *How, *Option),
)


@dataclass
class Play:
    """A talk as its handler would conduct it; `forgetful`: loaded anew before each message."""

    forgetful: bool
    draft: Draft = field(default_factory=Draft)
    setting: Setting = field(default_factory=lambda: replace(office().setting, consented=False))
    transcript: list[str] = field(default_factory=list)
    cases: list[Record] = field(default_factory=list)

    def says(self, text: str) -> None:
        """One message and its reply."""
        heard = office().heard(text, "photo" if text == PHOTO else "")
        draft = reloaded(self.draft) if self.forgetful else self.draft
        outcome = take(draft, heard, self.setting)
        told = office().told(outcome)
        if outcome.deed is Deed.REGISTER:
            self.registers(text, outcome)
            self.draft = Draft()
            return
        assert told.strip(), f"silence after {text!r}"
        self.transcript.append(f"> {text}")
        spoken = "\n".join(self.transcript)
        assert not [key for key in RAW_KEYS if key in told and key not in spoken], told
        self.transcript.append(f"< {told}")
        self.draft = outcome.draft
        self.setting = after(self.setting, text, outcome.deed)

    def registers(self, text: str, outcome: Outcome) -> None:
        """A case: only after its summary was read and answered with a yes."""
        assert self.setting.consented
        assert self.transcript, "registered at the first message"
        summary = self.transcript[-1]
        assert "请核对登记信息：" in summary, f"registered without a summary by {text!r}"
        assert any(word in text for word in AGREEMENT), f"registered by {text!r}"
        found = record(outcome.draft, office().setting.catalog, "个人")
        shown = [*found.fields.values(), *(one.value for one in found.materials.values())]
        assert all(one in summary for one in shown if one not in {"photo", "个人", "稍后"})
        self.cases.append(found)
        self.transcript.append(f"> {text}")


# what a yes to the summary holds, in one form or another
AGREEMENT = ("确认", "提交", "同意", "是", "好的", "先登记")


def after(setting: Setting, text: str, deed: Deed) -> Setting:
    """What the handler keeps beside the draft."""
    if deed is Deed.SEAL:
        return replace(setting, first_words=f"{setting.first_words}\n{text}".strip())
    if deed in {Deed.CONSENT, Deed.REFUSE, Deed.FORGET}:
        setting = replace(setting, first_words="")
    return replace(setting, consented=True) if deed is Deed.CONSENT else setting


def play(messages: Sequence[str], *, forgetful: bool) -> Play:
    """The whole talk."""
    talk = Play(forgetful)
    for text in messages:
        talk.says(text)
    return talk


@settings(max_examples=400)
@given(TALKS)
@example((*STORY, "确认"))
@example((*STORY, "好的"))
@example((*STORY, "修改", "2", "确认", "确认"))
@example((*STORY, "取消", "同意"))
@example((*STORY, "取消", "继续", "上一步", "上一步", "上一步", "上一步", "确认"))
@example((NEEDS[0], "确认", "同意", "确认", "先登记", "是", "提交"))
@example((BLOCKS[0], "确认", "自来水检测", "同意", PHOTO, PHOTO, "1", "先登记", "确认"))
def test_any_talk_is_answered_survives_reloads_and_registers_nothing_unconfirmed(
    messages: Sequence[str],
) -> None:
    kept, loaded = play(messages, forgetful=False), play(messages, forgetful=True)
    assert kept.transcript == loaded.transcript
    assert kept.cases == loaded.cases


def test_the_story_that_random_talks_are_built_on_ends_with_a_case() -> None:
    assert len(play((*STORY, "确认"), forgetful=True).cases) == 1
    assert not play(STORY, forgetful=True).cases


@settings(max_examples=60)
@given(st.text(min_size=300, max_size=4000))
def test_a_very_long_message_is_answered_too(text: str) -> None:
    talk = play((*STORY[:2], text), forgetful=True)
    assert len(talk.transcript) == 6
