"""Identity and card numbers in every spelling are masked, telephones and codes never are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.fields.phones import find_phones
from bot.reading.fields.uscc import has_id_check, read_uscc
from bot.reading.masking import (
    luhn,
    mask_address,
    mask_email,
    mask_id,
    mask_name,
    mask_numbers,
    mask_phone,
)

FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
regions = st.sampled_from(["110105", "220102", "310104", "440305", "512921", "659001"])
days = st.dates().filter(lambda day: 1900 <= day.year <= 2025)
checks = "0123456789X"


@st.composite
def identities(draw: st.DrawFn) -> str:
    """Eighteen characters as the police gives them out."""
    day = draw(days)
    body = f"{draw(regions)}{day:%Y%m%d}{draw(st.integers(1, 999)):03d}"
    return next(body + one for one in checks if has_id_check(body + one))


@st.composite
def cards(draw: st.DrawFn) -> str:
    """A bank card: 16 digits, UnionPay's up to 19, the last of them Luhn's check."""
    start = draw(st.sampled_from(["62", "6228", "4", "51", "35"]))
    length = draw(st.integers(16, 19)) if start.startswith("62") else 16
    body = start + draw(st.text("0123456789", min_size=length, max_size=length))
    body = body[: length - 1]
    return next(body + one for one in "0123456789" if luhn(body + one))


@st.composite
def spelled(draw: st.DrawFn, number: st.SearchStrategy[str]) -> tuple[str, str]:
    """A number as somebody types it: in groups, in full width, in lower case; and its digits."""
    plain = draw(number)
    gap = draw(st.sampled_from(["", " ", "-"]))
    groups = [plain[at : at + 4] for at in range(0, len(plain), 4)]
    if (len(plain) == 18 and not plain.isdigit()) or draw(st.booleans()):
        groups = [plain[:6], plain[6:14], plain[14:]]
    written = gap.join(groups)
    if draw(st.booleans()):
        written = written.translate(FULL_WIDTH)
    return (written.lower() if draw(st.booleans()) else written), plain


AROUND = st.tuples(
    st.sampled_from(["", "我的身份证号是", "身份证：", "卡号 ", "sfz", "姓名王小明，", "（"]),
    st.sampled_from(["", "，谢谢", "。电话13804310001", "）", " 长春市人民大街1号", "\n另有3台"]),
)


@given(spelled(identities() | cards()), AROUND)
def test_no_spelling_of_such_a_number_gets_through(
    number: tuple[str, str], around: tuple[str, str]
) -> None:
    written, plain = number
    said = around[0] + written + around[1]
    shown = mask_numbers(said)
    digits = "".join(
        char
        for char in shown.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
        if char.isdigit()
    )
    assert shown != said
    assert plain[4:14] not in digits
    # whatever stands around it is still there, and it is as long as before
    assert len(shown) == len(said)
    assert shown.startswith(around[0])
    assert shown.endswith(around[1])
    assert mask_numbers(shown) == shown


@given(st.text(max_size=80))
def test_a_text_without_such_a_number_is_left_alone_to_the_character(text: str) -> None:
    if not any(char.isdigit() for char in text):
        assert mask_numbers(text) is text


@pytest.mark.parametrize(
    "text",
    [
        "电话13804310001，座机0431-85374567转801",
        "0086 138 0431 0001",
        "91220101MA0000000X",
        "统一社会信用代码 91110000100000589L",
        "登记号 JY20261122-0001",
        "2026年11月22日 09:00，9月30日前要",
        "出厂编号 20230501001 到 20230501008",
        "订单号 2026112212345678",
        "对公账号 4200 2218 0900 0012 345",
        "GB/T 19001-2016 和 GB 4806.7-2023",
        "13804310001 13804310002 13804310003",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask_numbers(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("220102199001011234", "220***********1234"),
        ("身份证220102 19900101 1234", "身份证220*** ******** 1234"),
        ("22010219900101123x好", "220***********123x好"),
        ("身份证号 220102900101123", "身份证号 220********1123"),
        ("银行卡6222020200001234567", "银行卡***************4567"),
        ("4111 1111 1111 1111", "**** **** **** 1111"),
    ],
)
def test_what_is_left_of_them(text: str, shown: str) -> None:
    assert mask_numbers(text) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13900001111", "139****1111"),
        ("13512345678-9100", "135****5678"),
        ("0431-85374567", "0431-****4567"),
        ("0431-85374567-801", "0431-****4567"),
        ("010-62345678", "010-****5678"),
        ("400-700-1234", "400-***-1234"),
        ("1390", "****"),
    ],
)
def test_phones(number: str, shown: str) -> None:
    assert mask_phone(number) == shown
    assert not find_phones(shown)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("王小明", "王**"),
        ("欧阳修文", "欧阳**"),
        ("欧阳", "欧*"),
        ("司马迁", "司马*"),
        ("阿依古丽·买买提", "阿***·***"),
        ("王经理", "王**"),
        ("John Smith", "J***"),
        ("𠮷田", "𠮷*"),
        ("", ""),
    ],
)
def test_names(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("吉林省长春市南关区人民大街1号", "吉林省长春市南关区***"),
        ("长春净月开发区福祉大路", "长春净月开发区***"),
        ("内蒙古自治区呼和浩特市新城区光明路", "内蒙古自治区呼和浩特市新城区***"),
        ("长春市阳光小区3栋", "长春市***"),
        ("四平市公主岭市河南街1号", "四平市公主岭市***"),
        ("农安县合隆镇陈家店村", "农安县***"),
        ("延边朝鲜族自治州延吉市光明街", "延边朝鲜族自治州延吉市***"),
        ("长春市超市街3号", "长春市***"),
        ("人民大街1号", "***"),
        ("长春市南关区", "长春市南关区"),
    ],
)
def test_addresses_to_the_district(address: str, shown: str) -> None:
    assert mask_address(address) == shown


def test_the_rest() -> None:
    assert mask_email("wang@example.com") == "w***@example.com"
    assert mask_email("nonsense") == "***"
    assert mask_id("220102199001011234") == "220***********1234"
    assert mask_id("1234") == "****"


def test_a_credit_code_of_digits_alone_is_no_card() -> None:
    code = "911100001000005890"
    codes = (f"{code[:17]}{last}" for last in "0123456789")
    assert [
        one for one in codes if isinstance(read_uscc(one), str) and one != mask_numbers(one)
    ] == []
