"""What people say a photo shows, read against the names of what may be photographed."""

import pytest

from bot.reading.answers.photos import (
    named_in,
    numbers_in,
    picks,
    points_at_photo,
    says_all,
    says_wrong,
)

LICENCE, PERMIT, LABEL, MANUAL, LETTER = (
    "营业执照复印件",
    "原食品生产许可证复印件",
    "食品标签照片",
    "产品说明书或图纸",
    "授权委托书",
)
NAMES = (LICENCE, PERMIT, LABEL, MANUAL, LETTER)

NAMED = [
    ("这是营业执照", [LICENCE]),
    ("营业执照", [LICENCE]),
    ("执照", [LICENCE]),
    ("营业执照复印件", [LICENCE]),
    ("这张是我们的执照正本", [LICENCE]),
    ("刚才发的是标签", [LABEL]),
    ("照片是许可证", [PERMIT]),
    ("说明书", [MANUAL]),
    ("图纸", [MANUAL]),
    ("委托书", [LETTER]),
    ("第一张是标签第二张是执照", [LABEL, LICENCE]),
    ("第1张执照，第2张标签", [LICENCE, LABEL]),
    ("营业执照和许可证", [LICENCE, PERMIT]),
    ("营业执照、标签、说明书", [LICENCE, LABEL, MANUAL]),
    ("不是营业执照，是许可证", [PERMIT]),
    ("不对，这是标签", [LABEL]),
    ("这不是标签，应该是说明书", [MANUAL]),
    ("这是複印件", []),
    ("照片", []),
    ("这是报告", []),
    ("你好", []),
    ("这是什么", []),
    ("那我们厂一共有八块压力表要校准，下周三之前能不能全部做完，" * 2 + "执照再发", []),
]


@pytest.mark.parametrize(("text", "expected"), NAMED)
def test_a_photo_is_what_people_say_it_is(text: str, expected: list[str]) -> None:
    assert [NAMES[one] for one in named_in(text, NAMES)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", (0,)),
        ("第二个", (1,)),
        ("1和3", (0, 2)),
        ("1、2", (0, 1)),
        ("2 1", (1, 0)),
        ("三", (2,)),
        ("9", ()),
        ("0", ()),
        ("1和9", ()),
        ("13800001111", ()),
        ("", ()),
        ("好的", ()),
    ],
)
def test_several_numbers_are_several_answers(text: str, expected: tuple[int, ...]) -> None:
    assert numbers_in(text, len(NAMES)) == expected


@pytest.mark.parametrize(
    ("text", "photos", "expected"),
    [
        ("2", 3, (1,)),
        ("1和2", 2, (0, 1)),
        ("1和2", 3, ()),
        ("营业执照和标签", 2, (0, 2)),
        ("营业执照和标签", 1, ()),
        ("都是营业执照", 4, (0,)),
        ("随便", 1, ()),
    ],
)
def test_the_answer_fits_all_photos_or_each(
    text: str, photos: int, expected: tuple[int, ...]
) -> None:
    assert picks(text, NAMES, photos) == expected


@pytest.mark.parametrize("text", ["这是执照", "刚才那张是标签", "第二张是执照", "照片是许可证"])
def test_words_that_point_at_a_photo(text: str) -> None:
    assert points_at_photo(text)


@pytest.mark.parametrize("text", ["营业执照", "电话13800001111", "我们要办许可证", "你好"])
def test_words_that_do_not(text: str) -> None:
    assert not points_at_photo(text)


def test_a_mistake_and_a_whole_album_are_heard() -> None:
    assert says_wrong("不对，那张是标签")
    assert not says_wrong("这是标签")
    assert says_all("这几张都是说明书")
    assert not says_all("这张是说明书")


def test_an_answer_in_words_is_no_name_of_a_photo_for_two_characters_it_holds() -> None:
    names = ("营业执照复印件", "食品生产设备布局图", "食品安全管理制度")
    assert picks("酱腌菜，李强总监，王梅安全员", names, 2) == ()
    assert picks("安全管理制度", names, 2) == (2,)
    assert picks("照片是厂里贴墙上的安全制度", names, 2) == (2,)
