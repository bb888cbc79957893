"""Hostile XML is refused at once, and no text we write adds a tag."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat import xml
from bot.wechat.xml import Malformed

BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">
<!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]><xml>&lol3;</xml>"""
EXTERNAL = b"""<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><A>&x;</A></xml>"""
LARGE = b'<!DOCTYPE xml [<!ENTITY x "' + b"A" * 30000 + b'">]><xml><A>&x;&x;</A></xml>'


@pytest.mark.parametrize(
    "bomb",
    [BILLION_LAUGHS, EXTERNAL, LARGE, b"<!DOCTYPE xml><xml/>"],
    ids=["laughs", "external", "large", "bare"],
)
def test_a_document_type_is_refused_before_any_entity_is_read(bomb: bytes) -> None:
    with pytest.raises(Malformed, match="document type"):
        xml.leaves(bomb)


def test_a_document_type_is_seen_in_any_encoding() -> None:
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "cp037"):
        with pytest.raises(Malformed):
            xml.leaves(BILLION_LAUGHS.decode().encode(encoding))


def test_a_document_may_not_choose_its_own_encoding() -> None:
    body = "<?xml version='1.0' encoding='latin-1'?><xml><A>我</A></xml>".encode()
    assert xml.leaves(body)[0].text == "我"


def test_text_that_looks_like_a_document_type_is_text() -> None:
    body = xml.document([("Content", "<!DOCTYPE html><!ENTITY x>")])
    assert xml.leaves(body)[0].text == "<!DOCTYPE html><!ENTITY x>"


def test_nesting_is_refused_at_the_ninth_level_however_deep_it_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened = []
    plain = xml._Reading.opened

    def counted(self: xml._Reading, tag: str, attributes: object) -> None:
        opened.append(tag)
        plain(self, tag, attributes)

    monkeypatch.setattr(xml._Reading, "opened", counted)
    body = b"<xml>" + b"<a>" * 6900 + b"</a>" * 6900 + b"</xml>"
    assert len(body) <= 64 * 1024
    with pytest.raises(Malformed, match="deep"):
        xml.leaves(body)
    assert len(opened) == xml.MAX_DEPTH + 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"<xml",
        b"<xml></xml><xml></xml>",
        b"<html/>",
        b"<xml>&amp</xml>",
        b"\xff\xfe",
    ],
)
def test_what_is_not_one_xml_element_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        xml.leaves(body)


def test_leaves_are_the_tags_with_text_and_their_depth() -> None:
    body = b"<xml> <A>1</A><B>x<C> 2 </C>y</B><D/><E><![CDATA[<a>]]>&amp;</E> </xml>"
    found = [(leaf.tag, leaf.depth, leaf.text) for leaf in xml.leaves(body)]
    assert found == [("A", 1, "1"), ("C", 2, " 2 "), ("D", 1, ""), ("E", 1, "<a>&")]


def test_a_character_that_no_xml_may_hold_is_dropped_and_its_message_read() -> None:
    body = "<xml><A>水\x00质\ufffe检\uffff测\x1f\x7f</A></xml>".encode()
    assert xml.leaves(xml.without_controls(body))[0].text == "水质检测\x7f"


def test_a_doubled_tag_is_malformed() -> None:
    with pytest.raises(Malformed, match="doubled"):
        xml.fields(xml.leaves(b"<xml><A>1</A><A>1</A></xml>"))


@given(texts=st.lists(st.text(), max_size=4), number=st.integers())
def test_whatever_is_written_parses_to_exactly_the_tags_given(
    texts: list[str], number: int
) -> None:
    pairs: list[tuple[str, str | int]] = [(f"T{i}", text) for i, text in enumerate(texts)]
    body = xml.document([*pairs, ("N", number)])
    read = [(tag.tag, tag.text or "") for tag in ElementTree.fromstring(body)]  # noqa: S314 -- our own
    # a parser turns a carriage return into a newline, as XML wants it
    kept = [(tag, legal(str(text))) for tag, text in pairs]
    assert read == [*kept, ("N", str(number))]


@pytest.mark.parametrize("text", ["]]>", "]]]]>>", "]]></Content><Z>1</Z>", "a]]", ">b", "]]>]]>"])
def test_the_end_of_character_data_is_split(text: str) -> None:
    assert xml.leaves(xml.document([("Content", text)]))[0].text == text


def legal(text: str) -> str:
    dropped = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
    return dropped.replace("\r\n", "\n").replace("\r", "\n")
