"""Materials for whoever is in charge, documents for the client: by a link, and noted."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.files import FilePurpose
from bot.messages import Channel
from bot.pages.links import Links
from storage import events, files
from storage.files import File
from tests.fixed_clock import FixedClock
from tests.pages.conftest import Client
from tests.pages.form import pdf, picture
from tests.pages.test_upload import the_case, waiting
from tests.world import World

HTML = b"<script>alert(1)</script>"


def kept(world: World, data: bytes, kind: str, **more: object) -> File:
    """A file of the one case."""
    case = the_case(world)
    values: dict[str, Any] = {
        "purpose": FilePurpose.MATERIAL,
        "title": "营业执照复印件",
        "filename": "执照.pdf",
        "person_id": 1,
        "case_id": case.id,
        "channel": Channel.OFFICIAL,
        "at": world.clock(),
        **more,
    }
    return world.database.run(lambda tx: files.put(tx, data=data, content_type=kind, **values))


def path(address: str) -> str:
    """The part behind the host."""
    return address.removeprefix("https://agency.example")


@pytest.fixture
def client(world: World) -> Client:
    """A client with a case."""
    return waiting(world)


def test_a_photo_is_shown_in_place_and_its_opening_noted_once_a_link(client: Client) -> None:
    world = client.world
    file = kept(world, picture(), "image/jpeg", filename=None)
    address = path(world.app.links.file(file.key))
    for _ in range(2):
        answer = client.web.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        assert answer.data == picture()
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    client.web.head(address)
    assert [one.kind for one in of_case(world)].count("file_opened") == 1
    world.clock.forward(timedelta(minutes=1))
    client.web.get(path(world.app.links.file(file.key)))
    opened = [one for one in of_case(world) if one.kind == "file_opened"]
    assert len(opened) == 2
    assert {one.actor for one in opened} == {"staff"}
    assert client.name not in str([one.values for one in opened])


def of_case(world: World) -> tuple[events.Event, ...]:
    """The timeline."""
    case = the_case(world)
    return world.database.run(lambda tx: events.of_case(tx, case.id))


def test_a_document_is_downloaded_under_a_safe_name(client: Client) -> None:
    world = client.world
    for name in ('合同"\r\nX-Evil: 1.pdf', "../../执照.pdf", "执照；1.pdf"):
        file = kept(world, pdf(), "application/pdf", filename=name)
        answer = client.web.get(path(world.app.links.file(file.key)))
        assert answer.status_code == 200
        assert "X-Evil" not in answer.headers
        given = answer.headers["Content-Disposition"]
        assert given.startswith("attachment")
        assert "\r" not in given
        assert "\n" not in given
        assert "/" not in given


def test_whatever_type_was_noted_nothing_but_our_pictures_is_shown_in_place(
    client: Client,
) -> None:
    for kind in ("text/html", "image/svg+xml", "application/xhtml+xml"):
        file = kept(client.world, HTML, kind)
        answer = client.web.get(path(client.world.app.links.file(file.key)))
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_client_downloads_a_certificate_a_year_later_but_no_material(client: Client) -> None:
    world = client.world
    certificate = kept(world, pdf(), "application/pdf", purpose=FilePurpose.CERTIFICATE)
    material = kept(world, pdf(), "application/pdf")
    address = path(world.app.links.certificate(certificate.key))
    assert client.web.get(path(world.app.links.certificate(material.key))).status_code == 404
    world.clock.forward(timedelta(days=364))
    assert client.web.get(address).status_code == 200
    assert [one.actor for one in of_case(world) if one.kind == "certificate_opened"] == ["client"]
    world.clock.forward(timedelta(days=2))
    assert client.web.get(address).status_code == 404


def test_a_link_to_a_material_is_over_after_a_day(client: Client) -> None:
    file = kept(client.world, pdf(), "application/pdf")
    address = path(client.world.app.links.file(file.key))
    client.world.clock.forward(timedelta(hours=25))
    assert client.web.get(address).status_code == 404


def test_what_was_erased_is_told_as_erased(client: Client) -> None:
    file = kept(client.world, pdf(), "application/pdf")
    client.world.database.run(lambda tx: files.erase(tx, [file.key]))
    answer = client.web.get(path(client.world.app.links.file(file.key)))
    assert answer.status_code == 410
    assert "清除" in answer.text


def test_without_a_public_address_there_is_no_link(clock: FixedClock) -> None:
    links = Links("", "a secret of thirty-two characters!", clock)
    assert links.upload(1) == links.file("key") == links.certificate("key") == ""
