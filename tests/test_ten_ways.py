"""Ten very different people want the same need registered, each in five messages at most."""

from pathlib import Path
from statistics import median

import pytest

from bot.domain.cases import Case, Field
from bot.messages import Channel
from storage import cases, people
from storage.db import Tx
from storage.vault import Vault
from tests.fixed_clock import FixedClock
from tests.world import World, open_world

WAYS = sorted((Path(__file__).parent / "ways").glob("*.txt"))
STORIES = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
MOST = 5
# the same to everybody, whichever way it is written
COMPANY, ADDRESS = "长春市宏达机械有限公司", "长春市朝阳区人民大街100号"
TRADITIONAL = {COMPANY: "長春市宏達機械有限公司", ADDRESS: "長春市朝陽區人民大街100號"}


def messages(way: Path) -> list[str]:
    """What this person writes, message by message."""
    lines = way.read_text(encoding="utf-8").splitlines()[1:]
    found: list[str] = []
    for line in lines:
        if line.startswith("> "):
            found.append(line.removeprefix("> "))
        else:
            found[-1] += "\n" + line.removeprefix("| ")
    return found


def case_of(world: World, openid: str) -> Case:
    """The one case this person has."""

    def find(tx: Tx) -> tuple[Case, ...]:
        person = people.find(tx, Channel.OFFICIAL, openid)
        return () if person is None else cases.of_person(tx, person.id)

    (case,) = world.database.run(find)
    return case


@pytest.mark.parametrize("way", WAYS, ids=lambda path: path.stem)
def test_the_same_need_is_registered_right_in_five_messages(
    way: Path, sqlite_url: str, vault: Vault, clock: FixedClock
) -> None:
    said = messages(way)
    assert len(said) <= MOST
    with open_world(sqlite_url, vault, clock) as world:
        replies = [world.say("owalker", text) for text in said]
        assert "登记成功" in replies[-1], "\n\n".join(
            f"> {m}\n{r}" for m, r in zip(said, replies, strict=True)
        )
        case = case_of(world, "owalker")
    (need,) = case.needs
    assert need.item == "calibrate"
    assert "8" in need.description
    fields = case.record.fields
    assert fields[Field.APPLICANT] in {COMPANY, TRADITIONAL[COMPANY]}
    assert fields[Field.ADDRESS] in {ADDRESS, TRADITIONAL[ADDRESS]}
    assert fields[Field.CONTACT] == "王芳"
    assert fields[Field.POSITION] in {"采购经理", "採購經理"}
    assert fields[Field.PHONE] == "13900001111"
    assert fields[Field.BUSINESS] in {"机械加工", "機械加工"}
    materials = case.record.materials
    assert "0" in materials["计量器具清单"].value
    assert "8" in materials["计量器具清单"].value
    assert materials["证书单位名称和地址"].value in {"同申请人", "同申請人"}
    assert "普票" in materials["开票信息"].value


def test_there_are_ten_of_them() -> None:
    assert len(WAYS) == 10


def until_registered(story: Path) -> int:
    """How many messages the first client of a transcript sends up to the registration."""
    count = 0
    for line in story.read_text(encoding="utf-8").splitlines():
        if "登记成功" in line:
            return count
        count += line.startswith(">")
    raise AssertionError(f"{story.name} registers nothing")


def test_who_is_not_disturbed_is_registered_with_three_messages_in_the_middle() -> None:
    stories = [one for one in STORIES if "ndisturbed" in one.read_text("utf-8").splitlines()[0]]
    assert len(stories) >= 8
    counts = [until_registered(one) for one in stories] + [len(messages(one)) for one in WAYS]
    assert median(counts) == 3
