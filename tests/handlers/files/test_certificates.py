"""Files after the talk: useless ones in every state, kept ones in their time, documents in hand."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.cases import MOVES, How, NeedState, NewNeed, Provided
from bot.handlers.files.news import FileNews
from bot.jobs.files import forget_files
from bot.messages import Channel
from bot.simulator import photos
from storage import cases, files, people
from storage.db import Tx
from storage.files import File, FilePurpose, FileState
from storage.people import Act
from tests.fixed_clock import FixedClock
from tests.handlers.desk.book import KEEPER, Book, client_of, look
from tests.storage.samples import RECORD
from tests.world import World

LICENCE = "营业执照复印件"
OVER = {NeedState.CLOSED, NeedState.WITHDRAWN}
REOPENED = {one for one in NeedState if NeedState.TO_SUPPLEMENT in MOVES[one]}


def put(world: World, state: NeedState, pages: int = 1) -> tuple[str, list[File]]:
    """A case that holds photos of the licence, not fetched yet; its number."""

    def turn(tx: Tx) -> tuple[str, list[File]]:
        now = world.clock()
        number = cases.next_number(tx, "JY", now.date())
        person = people.meet(tx, Channel.OFFICIAL, client_of(number), now, Act.WROTE)
        sent = [
            files.expect(
                tx,
                person_id=person.id,
                channel=Channel.OFFICIAL,
                media_id=f"m{page}",
                purpose=FilePurpose.MATERIAL,
                at=now,
            )
            for page in range(pages)
        ]
        keys = " ".join(one.key for one in sent)
        record = replace(RECORD, materials={LICENCE: Provided(How.UPLOADED, keys)})
        need = NewNeed("testing", "test_product", "testing", KEEPER, "送检", state, None)
        case = cases.register(tx, number, person.id, "oa", KEEPER, record, [need], now)
        files.attach(tx, [one.key for one in sent], case.id, title=LICENCE)
        return number, sent

    return world.database.run(turn)


def useless(world: World, file: File) -> None:
    """The worker finds that it shows nothing."""
    news = FileNews(world.app.office, world.clock)

    def turn(tx: Tx) -> None:
        assert files.refuse(tx, file.id, "blank")
        news.useless(tx, file, "blank")

    world.database.run(turn)


def told(book: Book, to: str, number: str) -> list[str]:
    """What is on its way to somebody about a useless file of that case."""
    texts = [
        one.text for key, one in book.letters.items() if key.startswith("useless:") and one.to == to
    ]
    return [text for text in texts if number in text]


def test_a_useless_photo_reopens_its_need_where_the_table_allows(world: World) -> None:
    for state in NeedState:
        number, (file,) = put(world, state)
        useless(world, file)
        book = look(world, number)
        back = state in REOPENED or state is NeedState.TO_SUPPLEMENT
        assert book.need.state is (NeedState.TO_SUPPLEMENT if back else state)
        assert book.need.wanted == ((LICENCE,) if back else ())
        assert LICENCE not in book.case.record.materials
        expected = 0 if state in OVER else 1
        assert len(told(book, client_of(number), number)) == expected
        assert len(told(book, KEEPER, number)) == expected
        assert book.kinds["unreadable"] == expected
        for text in (*told(book, client_of(number), number), *told(book, KEEPER, number)):
            assert LICENCE in text
            assert file.key not in text


def test_one_useless_page_leaves_the_others(world: World) -> None:
    number, (first, second) = put(world, NeedState.SUBMITTED, pages=2)
    useless(world, first)
    book = look(world, number)
    assert book.case.record.materials[LICENCE].value == second.key
    assert book.need.wanted == (LICENCE,)


def test_both_pages_useless_are_asked_for_once_each_and_wanted_once(world: World) -> None:
    number, sent = put(world, NeedState.SUBMITTED, pages=2)
    for file in sent:
        useless(world, file)
    book = look(world, number)
    assert book.need.wanted == (LICENCE,)
    assert LICENCE not in book.case.record.materials
    assert len(told(book, client_of(number), number)) == 2


def test_a_photo_found_useless_after_the_confirmation_reopens_the_case(world: World) -> None:
    """The platform was slow: the client had confirmed before the worker came to it."""
    client = "openid-1"
    world.say(client, "SC证快到期了要延续，没有变更，本人办理")
    world.say(client, "同意")
    world.say(
        client,
        "长春市辣八方食品有限公司，长春市二道区东环城路2020号，张红梅厂长，"
        "13756001122，企业，主营辣酱",
    )
    world.platform.client_sends_photo(client, photos.dark())
    world.say(client, "1")
    world.platform.client_sends_photo(client)
    assert "已登记" in world.say(client, "确认")
    world.deliver()
    book = look(world, "JY20261123-0001")
    assert book.need.state is NeedState.TO_SUPPLEMENT
    assert book.need.wanted == ("原食品生产许可证复印件",)
    assert "收齐" in (world.platform.client_sends_photo(client).reply or "")
    world.deliver()
    assert look(world, "JY20261123-0001").need.state is NeedState.SUBMITTED


def stored(tx: Tx, purpose: FilePurpose, case_id: int | None, at: FixedClock) -> File:
    """A file that is here."""
    return files.put(
        tx,
        purpose=purpose,
        data=photos.document(),
        content_type="application/pdf",
        channel=Channel.WECOM,
        at=at(),
        case_id=case_id,
    )


def test_files_are_forgotten_in_their_time_and_not_before(world: World, clock: FixedClock) -> None:
    number, _ = put(world, NeedState.CLOSED, pages=1)
    case_id = look(world, number).case.id
    material, certificate, loose = world.database.run(
        lambda tx: (
            stored(tx, FilePurpose.MATERIAL, case_id, clock),
            stored(tx, FilePurpose.CERTIFICATE, case_id, clock),
            stored(tx, FilePurpose.MATERIAL, None, clock),
        )
    )

    def erased_after(days: int) -> list[bool]:
        clock.forward(timedelta(days=days))
        forget_files(world.app.desk)
        kept = world.database.run(
            lambda tx: [files.read(tx, one.id) for one in (material, certificate, loose)]
        )
        return [data is None for data in kept]

    assert erased_after(1) == [False, False, False]
    assert erased_after(2) == [False, False, True]
    assert erased_after(176) == [False, False, True]
    assert erased_after(2) == [True, False, True]
    assert erased_after(6 * 366) == [True, True, True]


def test_a_case_that_is_worked_at_keeps_its_photos(world: World, clock: FixedClock) -> None:
    _, (file,) = put(world, NeedState.IN_SERVICE)
    clock.forward(timedelta(days=400))
    forget_files(world.app.desk)
    found = world.database.run(lambda tx: files.by_key(tx, file.key))
    assert found is not None
    assert found.state is not FileState.ERASED


def test_a_certificate_reaches_the_client_once_however_often_it_is_told(world: World) -> None:
    number, _ = put(world, NeedState.FINISHED)
    need = look(world, number).need
    world.order(KEEPER, f"证书 {number} 检验报告")
    world.platform.staff_sends_photo(KEEPER)
    for _ in range(3):
        world.app.fetching.drain()
    letters = [key for key in look(world, number).letters if key.startswith("certificate:")]
    assert len(letters) == 1
    (document,) = world.database.run(
        lambda tx: [one for one in files.of_case(tx, need.case_id) if one.need_id == need.id]
    )
    assert (document.title, document.state) == ("检验报告", FileState.STORED)


def test_nobody_else_can_hand_out_a_document(world: World) -> None:
    number, _ = put(world, NeedState.FINISHED)
    world.platform.hub.people.hire("a.stranger", "a.stranger")
    for who in ("chen.gang", "a.stranger"):
        world.order(who, f"证书 {number}")
        world.platform.staff_sends_photo(who)
    world.app.fetching.drain()
    assert not [key for key in look(world, number).letters if key.startswith("certificate:")]


def test_a_photo_sent_long_after_its_command_is_meant_for_something_else(
    world: World, clock: FixedClock
) -> None:
    number, _ = put(world, NeedState.FINISHED)
    world.order(KEEPER, f"证书 {number}")
    clock.forward(timedelta(minutes=31))
    world.platform.staff_sends_photo(KEEPER)
    world.app.fetching.drain()
    assert not [key for key in look(world, number).letters if key.startswith("certificate:")]
