"""The hand-over page: a document that staff choose there reaches the client of one need, once."""

from datetime import timedelta

import pytest

from bot.domain.cases import NeedState
from bot.messages import Channel
from storage import cases, files, people
from storage.db import Tx
from storage.files import File
from storage.people import Act
from tests.fixed_clock import FixedClock
from tests.handlers.desk.book import KEEPER, look, put
from tests.pages.form import form_key, path_in, pdf, picture, send, sheet
from tests.world import World

TITLE = "校准证书"


@pytest.fixture
def number(world: World) -> str:
    """A case that is served."""
    return put(world, NeedState.FINISHED)


def link(world: World, number: str, who: str = KEEPER) -> str:
    """The path of the page, from what the command is answered."""
    return path_in(world.order(who, f"证书 {number} {TITLE}"))


def sent(world: World, number: str) -> list[File]:
    """The documents of the case."""
    case_id = look(world, number).need.case_id
    return list(world.database.run(lambda tx: files.of_case(tx, case_id)))


def letters(world: World, number: str) -> list[str]:
    """The keys of what the client was sent of documents."""
    return [key for key in look(world, number).letters if key.startswith("certificate:")]


def test_a_document_reaches_the_client_and_the_sender_hears_of_it(
    world: World, number: str
) -> None:
    web, path = world.app.pages.test_client(), link(world, number)
    page = web.get(path).text
    assert number in page
    assert TITLE in page
    answer = send(web, path, "", (pdf(), "0001.pdf"))
    assert answer.status_code == 303
    assert "企业微信里有回执" in web.get(answer.headers["Location"]).text
    [file] = sent(world, number)
    assert (file.title, file.filename, file.content_type) == (TITLE, "0001.pdf", "application/pdf")
    assert world.database.run(lambda tx: files.read(tx, file.id)) == pdf()
    assert len(letters(world, number)) == 1
    world.deliver()
    assert TITLE in world.platform.staff_phone(KEEPER)[-1].text
    # the chat waits for it no longer
    assert "待办" in world.order(KEEPER, "你好")


def test_the_same_document_is_sent_once_however_often_it_is_chosen(
    world: World, number: str
) -> None:
    web, path = world.app.pages.test_client(), link(world, number)
    send(web, path, "", (pdf(), "a.pdf"))
    again = send(web, path, "", (pdf(), "b.pdf"))
    other = send(web, link(world, number), "", (pdf(), "c.pdf"), (picture(), "d.jpg"))
    assert again.headers["Location"].endswith("said=same")
    assert other.headers["Location"].endswith("said=taken")
    assert len(sent(world, number)) == len(letters(world, number)) == 2


def test_only_what_may_be_a_certificate_is_taken(world: World, number: str) -> None:
    web, path = world.app.pages.test_client(), link(world, number)
    for data, name in ((sheet(), "a.xlsx"), (b"<p>", "a.pdf"), (b"MZ" + b"0" * 90, "a.ofd")):
        answer = send(web, path, "", (data, name))
        assert answer.status_code == 415
        assert "PDF" in answer.text
    assert not sent(world, number)


def test_a_form_of_another_page_or_site_hands_over_nothing(world: World, number: str) -> None:
    web, path = world.app.pages.test_client(), link(world, number)
    assert send(web, path, "", (pdf(), "a.pdf"), form_key="x").status_code == 403
    key = form_key(web.get(path).text)
    for site in ("cross-site", "same-site"):
        told = web.post(
            path,
            headers={"Sec-Fetch-Site": site},
            data={"form_key": key},
            content_type="multipart/form-data",
        )
        assert told.status_code == 403
    assert web.get(path).headers["Cache-Control"] == "no-store"


def test_the_page_is_over_after_two_hours(world: World, number: str, clock: FixedClock) -> None:
    web, path = world.app.pages.test_client(), link(world, number)
    clock.forward(timedelta(minutes=119))
    assert web.get(path).status_code == 200
    clock.forward(timedelta(minutes=2))
    assert web.get(path).status_code == 404
    assert "证书 编号 标题" in web.get(path).text


def test_whoever_gave_the_need_away_hands_over_nothing_any_more(world: World, number: str) -> None:
    web, path = world.app.pages.test_client(), link(world, number)
    page = web.get(path).text

    def away(tx: Tx) -> None:
        case = cases.by_number(tx, number)
        assert case is not None
        cases.change(tx, case.needs[0], assignee="chen.gang")

    world.database.run(away)
    assert send(web, path, "", (pdf(), "a.pdf"), form_key=form_key(page)).status_code == 404
    assert not sent(world, number)


def test_a_signed_name_of_no_errand_opens_nothing(world: World, number: str) -> None:
    web, links = world.app.pages.test_client(), world.app.links
    met = world.database.run(
        lambda tx: people.meet(tx, Channel.OFFICIAL, "ostranger", world.clock(), Act.WROTE)
    )
    need = look(world, number).need
    for address in (links.hand_over(4711, need.id, TITLE), links.hand_over(met.id, need.id, TITLE)):
        assert web.get(path_in(address)).status_code == 404
