"""A scanned code binds the next case, and that one alone."""

from bot.messages import Channel
from storage import cases, people
from storage.people import Person
from tests.pages.conftest import BLOCK
from tests.world import World


def registered(world: World) -> None:
    """One case of the client."""
    for text in ("我们有8块压力表要校准", "同意", BLOCK, "都稍后送", "确认"):
        world.say("owang", text)


def client(world: World) -> Person:
    """The client as stored."""
    found = world.database.run(lambda tx: people.find(tx, Channel.OFFICIAL, "owang"))
    assert found is not None
    return found


def agents(world: World) -> list[str]:
    """The first-asked of each of the client's cases, newest first."""
    who = client(world).id
    found = world.database.run(lambda tx: cases.of_person(tx, who, 9))
    return [one.agent for one in found]


def test_the_next_case_alone_is_theirs(world: World) -> None:
    world.platform.client_scans("owang", "staff.sun.yue")
    assert client(world).first_asked == "sun.yue"
    registered(world)
    assert agents(world) == ["sun.yue"]
    assert client(world).first_asked is None


def test_the_last_code_scanned_counts(world: World) -> None:
    for scene in ("staff.sun.yue", "staff.zhou.tong"):
        world.platform.client_scans("owang", scene)
    registered(world)
    assert agents(world) == ["zhou.tong"]


def test_who_does_the_item_themselves_takes_it(world: World) -> None:
    world.platform.client_follows("owang", "staff.chen.gang")
    registered(world)
    who = client(world).id
    case = world.database.run(lambda tx: cases.of_person(tx, who, 1))[0]
    assert (case.agent, case.needs[0].assignee) == ("chen.gang", "chen.gang")


def test_the_code_of_a_desk_is_whoever_is_there(world: World) -> None:
    world.platform.client_scans("owang", "desk.window")
    assert client(world).first_asked in {"sun.yue", "zhou.tong"}


def test_leaving_the_account_ends_it(world: World) -> None:
    world.platform.client_scans("owang", "staff.sun.yue")
    before = client(world).id
    world.platform.client_unfollows("owang")
    gone = world.database.run(lambda tx: people.by_id(tx, before))
    assert gone is None or gone.first_asked is None
