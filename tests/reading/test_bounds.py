"""No text, however long or strange, makes reading slow, and what was not read is said."""

import datetime as dt
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.answers import aptness, photos
from bot.reading.answers.orders import goes_ahead, read_answer
from bot.reading.concerns.afterwards import says_solved
from bot.reading.fields.applicants import client_type
from bot.reading.fields.dates import find_deadline, read_date
from bot.reading.fields.phones import find_phones, read_phone
from bot.reading.fields.uscc import find_uscc, read_uscc
from bot.reading.masking import mask_address, mask_numbers
from bot.reading.needs.facts import is_promise
from bot.reading.normalise import clean
from bot.reading.reader import Reader

LONG, SHORT = 20_000, 2_000
TODAY = dt.date(2026, 11, 23)
PHOTOS = ("营业执照", "标签", "样品清单")
# what the patterns of the trade look for, and what surrounds it
PIECES = (
    "a", "1", " ", "\n", "\t", "，", "、", "。", "：", ";", "(", "（", "[", "【", "-", ".", "*",
    "#", "+", "@", "=", "?", "~", "“", "·", "①", "❌", "👌", "号", "路", "张", "是", "不", "的",
    "三", "十", "百", "1 ", "1-", "-1", "1.", "1、", "a.", "ab ", "A1 ", "x1 ", "转8", "12月5号",
    "三天内", "周", "13900001111 ", "0431-", "(0431)", "6222 ", "62220", "MA0Y3X7X", "2026-1-1 ",
    "+86 ", "电话：", "联系人", "我们单位叫", "地址在", "厂址", "同申请人", "长春市", "有限公司",
    "我们主要做", "不是", "好的", "取消", "算了", "同意，", "压力表校准，", "https://", "谢谢",
    "呼延单位有", "企业地址以1 ",
    "嗯", "刚", "h", "hh啊", "哈", "过去", "寄过去", "过后天", "集团公司", "谢谢了",
)  # fmt: skip
READERS: dict[str, Callable[[str], object]] = {
    "mask_numbers": mask_numbers,
    "mask_address": mask_address,
    "find_phones": find_phones,
    "read_phone": read_phone,
    "find_uscc": find_uscc,
    "read_uscc": read_uscc,
    "find_deadline": find_deadline,
    "read_date": lambda text: read_date(text, TODAY),
    "read_answer": read_answer,
    "goes_ahead": goes_ahead,
    "only_states": aptness.only_states,
    "counts_things": aptness.counts_things,
    "fits": lambda text: aptness.fits(text, "样品清单", ""),
    "says_solved": says_solved,
    "is_promise": is_promise,
    "client_type": client_type,
    "picks": lambda text: photos.picks(text, PHOTOS, 1),
    "says_wrong": photos.says_wrong,
}
# ten times the text may take so many times as long; quadratic would be a hundred
MOST_TIMES, LEAST_MS = 35, 12
# what a machine with others on it may take at most: many times the 50 ms that are aimed at
MOST_MS = 1000


def spent(read: Callable[[str], object], text: str, times: int = 3) -> float:
    """Milliseconds of this thread, the least of several tries; no two texts are the same."""
    tries = []
    for turn in range(times):
        said = text[turn:]
        begin = time.thread_time()
        read(said)
        tries.append((time.thread_time() - begin) * 1000)
    return min(tries)


@pytest.mark.parametrize("name", READERS)
def test_ten_times_the_text_does_not_take_a_hundred_times_as_long(name: str) -> None:
    read = READERS[name]
    for piece in PIECES:
        text = (piece * LONG)[:LONG]
        long = spent(read, text)
        if long > LEAST_MS:
            assert long < MOST_TIMES * spent(read, text[:SHORT]), piece


@pytest.mark.parametrize("piece", PIECES)
def test_whatever_is_repeated_is_read_in_bounded_time(piece: str, reader: Reader) -> None:
    assert spent(reader.read, (piece * LONG)[:LONG], 2) < MOST_MS


texts = st.lists(
    st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), min_size=1, max_size=6
).map("".join)


@given(texts, st.integers(1, LONG))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read_soon_and_what_was_not_read_is_said(
    reader: Reader, piece: str, length: int
) -> None:
    text = (piece * length)[:length]
    begin = time.thread_time()
    said = reader.read(text)
    assert (time.thread_time() - begin) * 1000 < MOST_MS
    whole = clean(text)
    assert said.text == whole
    if len(whole) > SHORT * 2:
        assert said.rest.endswith(whole[-SHORT // 2 :].strip())


@given(st.text(max_size=300))
@settings(deadline=None)
def test_any_text_at_all_is_read_by_each_reader_alone(text: str) -> None:
    for read in READERS.values():
        read(text)
