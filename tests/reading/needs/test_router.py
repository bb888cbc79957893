"""Where a need belongs, what decided, and how sure that is."""

import pytest

from bot.domain.catalog import Catalog, Item
from bot.reading.reader import Reader
from bot.reading.reading import Intent

BORDERLINES = (
    ("想办ISO9001证书", "certification", "qms_cert"),
    ("做14001认证", "certification", "ems_cert"),
    ("45001认证", "certification", "ohsms_cert"),
    ("9001内审员培训", "accreditation_consulting", "ms_consult"),
    ("3C认证怎么申请", "accreditation_consulting", "ccc"),
    ("实验室申请CMA", "accreditation_consulting", "cma_cnas_consult"),
    ("查一下这个认证证书是真是假", "accreditation_consulting", "cert_body_query"),
    ("大米送检测农残", "testing", "test_food"),
    ("食品生产许可证怎么办", "food_audit", "sc_license"),
    ("食品标签合不合规帮忙看下", "food_audit", "food_rd"),
    ("婴儿奶粉配方注册", "food_audit", "infant_formula"),
    ("产品不良率太高，请专家来看看", "quality_management", "quality_diagnosis"),
    ("借你们的扫描电镜用", "instrument_sharing", "instrument_use"),
    ("送样品去检验，出个报告", "testing", "test_product"),
    ("电饭锅漏电伤人", "recall", "defect_report"),
    ("办条形码", "other", "barcode"),
    ("企业标准自我声明公开", "standards", "std_enterprise"),
)


@pytest.mark.parametrize(("text", "category", "item"), BORDERLINES)
def test_a_borderline_falls_on_this_side(
    text: str, category: str, item: str, reader: Reader
) -> None:
    best = reader.read(text).needs[0]
    assert (best.category, best.item) == (category, item)


def test_the_deciding_words_are_the_clients_own(reader: Reader) -> None:
    text = "我们厂有8块压力表要校准"
    said = reader.read(text)
    assert said.sure
    assert said.needs[0].because
    assert all(word in text for word in said.needs[0].because)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("我们厂有8块压力表要校准", "8块压力表"),
        ("十二块压力表要校准", "十二块压力表"),
        ("0-1.6MPa压力表校准", "0-1.6MPa压力表"),
        ("统一压力表校准", "压力表"),
    ],
)
def test_the_deciding_words_cut_no_number(text: str, first: str, reader: Reader) -> None:
    assert reader.read(text).needs[0].because[0].startswith(first)


def test_the_need_is_in_the_clients_own_words(reader: Reader) -> None:
    assert reader.read("我们厂有8块压力表要校准").needs[0].text == "我们厂有8块压力表要校准"


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("压力表要校准，另外还想办个9001", ["calibrate", "qms_cert"]),
        ("想做3C认证，还要给产品出检测报告", ["ccc", "test_product"]),
        ("水质检测和ISO9001认证都要做", ["test_water_env", "qms_cert"]),
        ("1、天平校准\n2、混凝土试块送检", ["calibrate", "test_material"]),
        ("申请专利，再办个条形码", ["ip_service", "barcode"]),
        ("需求：压力表校准；井水化验", ["calibrate", "test_water_env"]),
    ],
)
def test_several_needs_of_one_message_are_told_apart(
    text: str, items: list[str], reader: Reader
) -> None:
    assert [need.item for need in reader.read(text).needs] == items


@pytest.mark.parametrize(
    "text", ["校准压力表和天平", "大米、面粉、豆油都要检测", "做9001认证，三十来个人，着急投标用"]
)
def test_one_need_said_at_length_stays_one(text: str, reader: Reader) -> None:
    assert len(reader.read(text).needs) == 1


@pytest.mark.parametrize("text", ["想做个认证", "我要出个报告", "有个东西想送过去检一下"])
def test_a_vague_wish_is_a_need_that_is_not_sure(text: str, reader: Reader) -> None:
    said = reader.read(text)
    assert said.needs
    assert not said.sure
    assert said.second is not None


def test_the_best_score_leads(reader: Reader) -> None:
    said = reader.read("体系证书地址变了要换证")
    assert said.second is not None
    assert said.needs[0].score > said.second.score
    assert 0.0 <= said.second.score <= said.needs[0].score <= 1.0


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("压力表想校淮一下", "calibrate"),
        ("水质化检", "test_water_env"),
        ("办ISO900l认证", "qms_cert"),
    ],
)
def test_a_slip_of_the_keyboard_is_borne(text: str, item: str, reader: Reader) -> None:
    assert reader.read(text).needs[0].item == item


def test_a_new_item_of_the_catalogue_is_found_by_its_few_phrases(catalog: Catalog) -> None:
    drone = Item(
        id="drone_test",
        name="无人机飞行性能测试",
        category="testing",
        department=catalog.departments[0].id,
        phrases=("无人机检测", "无人机续航测试", "航拍机要出测试报告"),
        turnaround=10,
        turnaround_text="10个工作日",
        fee="按项目",
    )
    larger = catalog.model_copy(update={"items": (*catalog.items, drone)})
    reader = Reader(larger)
    for text in ("我们的无人机想做个检测", "无人机续航能测吗", "航拍机出报告"):
        said = reader.read(text)
        assert said.needs[0].item == "drone_test", text
    assert reader.read("压力表要校准").needs[0].item == "calibrate"


def test_a_catalogue_of_one_item_is_enough(catalog: Catalog) -> None:
    only = catalog.item["calibrate"]
    reader = Reader(catalog.model_copy(update={"items": (only,)}))
    assert reader.read("压力表要校准").needs[0].item == "calibrate"
    assert reader.read("今天天气真好").needs == ()


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("压力表要叫准", "calibrate"),
        ("水之化验", "test_water_env"),
        ("九千认正怎么办", "qms_cert"),
        ("三西任证", "ccc"),
        ("起标备案", "std_enterprise"),
        ("条型码怎么办", "barcode"),
        ("電子秤要檢定", "verify_mandatory"),
    ],
)
def test_what_speech_made_of_a_word_is_heard(text: str, item: str, reader: Reader) -> None:
    assert reader.read(text).needs[0].item == item


@pytest.mark.parametrize(
    "text", ["公司要校准压力表", "公司想做质量诊断，客户老退货", "单位想办ISO9001认证"]
)
def test_a_need_may_begin_with_whose_it_is(reader: Reader, text: str) -> None:
    assert reader.read(text).intent is Intent.SERVICE
    assert reader.read(text).needs
