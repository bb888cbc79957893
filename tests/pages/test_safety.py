"""What must not get through the pages: strangers, tricks, bodies too large, files that run."""

import io
import zipfile
from datetime import timedelta

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bot.pages.links import Purpose
from bot.pages.names import file_name
from bot.pages.parcels import MOST_AT_ONCE, MOST_BYTES
from storage import files, people, quotas
from storage.db import Tx
from tests.pages.conftest import BLOCK, Client
from tests.pages.form import form_key, path_in, pdf, picture, sheet
from tests.world import World

LICENCE = "营业执照复印件"
REFUSED = "这种文件收不了"

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def stored(world: World) -> int:
    """How many files there are."""
    return len(world.database.run(lambda tx: files.of_person(tx, 1)))


@pytest.mark.parametrize("purpose", ["upload", "file", "certificate", "hand-over", "subscribe"])
def test_a_forged_an_expired_and_a_borrowed_link_look_alike(visitor: Client, purpose: str) -> None:
    links, web = visitor.world.app.links, visitor.web
    mine = links.token(Purpose(purpose), "1")
    others = next(one for one in Purpose if one != purpose)
    forged = [
        mine[:-1] + ("A" if mine[-1] != "A" else "B"),
        mine.replace("1.", "2.", 1),
        links.token(others, "1"),
        "1",
        "x" * 4000,
        "1.AAAAAA." + "A" * 43,
        "%00.%FF",
    ]
    answers = [web.get(f"/m/{purpose}/{one}") for one in forged]
    visitor.world.clock.forward(timedelta(days=366))
    answers.append(web.get(f"/m/{purpose}/{mine}"))
    assert {one.status_code for one in answers} == {404}
    assert len({one.text for one in answers}) == 1
    assert "0431-85370000" in answers[0].text


def test_a_link_to_nobody_looks_the_same(visitor: Client) -> None:
    nobody = visitor.world.app.links.token(Purpose.UPLOAD, "4711")
    forged = visitor.web.get("/m/upload/forged")
    assert visitor.web.get(f"/m/upload/{nobody}").text == forged.text


def test_another_persons_link_neither_shows_nor_takes_anything_of_mine(visitor: Client) -> None:
    other = Client(visitor.world, "ozhang")
    other.say("你好")
    path = path_in(visitor.world.app.links.upload(2))
    assert LICENCE not in other.open(path)
    page = visitor.open(visitor.link())
    stolen = other.send(path, LICENCE, (pdf(), "x.pdf"), place="draft", form_key=form_key(page))
    assert stolen.status_code == 403
    assert stored(visitor.world) == 0


def test_a_link_is_over_after_three_days(visitor: Client) -> None:
    path = visitor.link()
    visitor.world.clock.forward(timedelta(hours=71))
    assert visitor.web.get(path).status_code == 200
    visitor.world.clock.forward(timedelta(hours=2))
    assert visitor.web.get(path).status_code == 404
    assert visitor.web.post(path, data={"text": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (SVG, "logo.svg"),
        (SVG, "logo.png"),
        (HTML, "page.html"),
        (HTML, "page.jpg"),
        (HTML, "page.pdf"),
        (b"MZ" + b"\0" * 400, "setup.pdf"),
        (b"\x7fELF" + b"\0" * 400, "tool.docx"),
        (b"#!/bin/sh\nid\n", "run.sh"),
        (b"GIF89a/*" + b"x" * 400 + b"*/=1;alert(1)", "a.gif"),
        (picture()[:2000], "half.jpg"),
        (b"", "empty.pdf"),
        (b"PK\x03\x04" + b"\0" * 200, "broken.xlsx"),
    ],
)
def test_a_file_that_is_not_what_may_be_sent_is_refused(
    visitor: Client, data: bytes, name: str
) -> None:
    answer = visitor.send(visitor.link(), LICENCE, (data, name))
    assert answer.status_code == 415
    assert 'role="alert"' in answer.text
    assert stored(visitor.world) == 0


def test_a_zip_that_is_no_document_is_refused(visitor: Client) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("setup.exe", b"MZ")
    assert visitor.send(visitor.link(), LICENCE, (out.getvalue(), "a.docx")).status_code == 415


def test_a_zip_with_an_endless_list_is_refused_before_the_list_is_read(visitor: Client) -> None:
    whole = bytearray(sheet())
    end = whole.rfind(b"PK\x05\x06")
    whole[end + 12 : end + 16] = (50_000_000).to_bytes(4, "little")
    assert visitor.send(visitor.link(), LICENCE, (bytes(whole), "a.xlsx")).status_code == 415


@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "word/vbaProject.bin", "xl/VBAPROJECT.BIN"])
def test_a_document_with_macros_is_refused(visitor: Client, part: str) -> None:
    answer = visitor.send(visitor.link(), LICENCE, (sheet(part), "a.xlsx"))
    assert answer.status_code == 415


def test_a_picture_comes_out_without_what_hung_on_it(visitor: Client) -> None:
    visitor.send(visitor.link(), LICENCE, (picture() + HTML, "a.jpg"))
    kept = visitor.world.database.run(lambda tx: content(tx))
    assert kept.startswith(b"\xff\xd8")
    assert b"script" not in kept


def content(tx: Tx) -> bytes:
    """What is in the only file."""
    [one] = files.of_person(tx, 1)
    return files.read(tx, one.id) or b""


def test_one_bad_file_among_good_ones_is_told_and_nothing_is_kept(visitor: Client) -> None:
    answer = visitor.send(visitor.link(), LICENCE, (pdf(), "a.pdf"), (SVG, "b.svg"))
    assert answer.status_code == 415
    assert REFUSED in answer.text
    assert stored(visitor.world) == 0


def test_a_body_of_unknown_or_excessive_length_is_not_read(visitor: Client) -> None:
    path = visitor.link()
    kind = "multipart/form-data; boundary=x"
    environ = EnvironBuilder(path, method="POST", content_type=kind).get_environ()
    for length, expected in ((None, "411"), (str(MOST_AT_ONCE * 2), "413")):
        environ.pop("CONTENT_LENGTH", None)
        asked = environ | ({} if length is None else {"CONTENT_LENGTH": length})
        page, status, _ = run_wsgi_app(visitor.world.app.pages, asked)
        assert status.startswith(expected)
        assert "20 MB" in b"".join(page).decode() or expected == "411"
    assert visitor.web.post(path, data="{}", content_type="application/json").status_code == 415


def test_a_file_over_the_limit_is_refused(visitor: Client) -> None:
    large = pdf() + b"0" * MOST_BYTES
    assert visitor.send(visitor.link(), LICENCE, (large, "a.pdf")).status_code == 413
    assert stored(visitor.world) == 0


def test_many_small_parts_are_refused(visitor: Client) -> None:
    path = visitor.link()
    many = {f"x{number}": "1" for number in range(200)}
    assert visitor.send(path, LICENCE, (pdf(), "a.pdf"), **many).status_code == 413


def test_a_person_sends_so_many_files_a_day_and_no_more(visitor: Client) -> None:
    path, clock = visitor.link(), visitor.world.clock
    day = clock.now.replace(hour=0, minute=0, second=0, microsecond=0)
    for _ in range(100):
        visitor.world.database.run(lambda tx: quotas.take(tx, "upload:1", day, 100))
    answer = visitor.send(path, LICENCE, (pdf(), "a.pdf"))
    assert answer.status_code == 429
    assert "明天" in answer.text
    clock.forward(timedelta(days=1))
    assert visitor.send(path, LICENCE, (pdf(), "a.pdf")).status_code == 303


@pytest.mark.parametrize("key", ["", "x", "A" * 43, "密"])
def test_a_form_that_is_not_ours_sends_nothing(visitor: Client, key: str) -> None:
    path = visitor.link()
    assert visitor.send(path, LICENCE, (pdf(), "a.pdf"), form_key=key).status_code == 403
    assert stored(visitor.world) == 0


def test_a_form_that_stood_on_another_site_sends_nothing(visitor: Client) -> None:
    path = visitor.link()
    data = {
        "form_key": form_key(visitor.open(path)),
        "place": "draft",
        "name": "样品信息",
        "text": "x",
    }
    sent = {"data": data, "content_type": "multipart/form-data"}
    for site in ("cross-site", "same-site"):
        answer = visitor.web.post(path, headers={"Sec-Fetch-Site": site}, **sent)
        assert answer.status_code == 403
    home = visitor.web.post(path, headers={"Sec-Fetch-Site": "same-origin"}, **sent)
    assert home.status_code == 303


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("draft", "发票"),
        ("draft", "../" + LICENCE),
        ("draft", ""),
        ("JY20261123-0001", LICENCE),
        ("", LICENCE),
        ("draft", "phone"),
        ("draft", "if:import"),
        ("draft\x00", LICENCE),
    ],
)
def test_nothing_is_laid_where_nothing_is_wanted(visitor: Client, place: str, name: str) -> None:
    answer = visitor.send(visitor.link(), name, (pdf(), "a.pdf"), place=place)
    assert answer.status_code == 409
    assert stored(visitor.world) == 0


def test_words_are_no_licence(visitor: Client) -> None:
    assert visitor.send(visitor.link(), LICENCE, text="没有").status_code == 409


def test_looking_changes_nothing(visitor: Client) -> None:
    path = visitor.link()
    before = visitor.world.database.run(lambda tx: people.by_id(tx, 1))
    for _ in range(2):
        visitor.web.head(path)
        visitor.web.get(path)
        visitor.web.options(path)
        visitor.web.get(path, query_string={"said": "taken", "place": "draft", "name": LICENCE})
    assert visitor.world.database.run(lambda tx: people.by_id(tx, 1)) == before


def test_pages_are_kept_by_nobody_framed_by_nobody_and_run_only_our_script(
    visitor: Client,
) -> None:
    path = visitor.link()
    for answer in (visitor.web.get(path), visitor.web.get("/m/upload/x"), visitor.web.post(path)):
        headers = answer.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
    page = visitor.open(path)
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert page.count("<script") == page.count('<script type="module" src="/m/static/')


def test_the_style_sheet_may_be_kept(visitor: Client) -> None:
    answer = visitor.web.get("/m/static/page.css")
    assert answer.headers["Cache-Control"].startswith("public")
    answer.close()


@pytest.mark.parametrize(
    "path",
    [
        "/m/static/../upload.py",
        "/m/static/%2e%2e/upload.py",
        "/m/static/..%2f..%2fapp.py",
        "/m/static/vendor/../../links.py",
        "/m/file/../../etc/passwd",
        "/m/",
        "/m/console",
        "/m/upload/",
    ],
)
def test_no_path_leads_out_of_the_pages(visitor: Client, path: str) -> None:
    assert visitor.web.get(path).status_code == 404


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("执照.PDF", "执照.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\合同 (1).doc", "合同 (1).pdf"),
        ('a"; filename="b.html', "a; filename=b.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"),
        ("a\u202egpj.exe", "agpj.pdf"),
        ("...", ""),
        ("", ""),
        ("长" * 300 + ".pdf", "长" * 80 + ".pdf"),
    ],
)
def test_a_file_keeps_a_harmless_name(given: str, kept: str) -> None:
    assert file_name(given, ".pdf") == kept


def test_nothing_personal_stands_in_a_link(visitor: Client) -> None:
    text = visitor.link()
    assert visitor.name not in text
    assert "139" not in text.split(".")[0]
    assert BLOCK[:4] not in text
