"""Every transcript, through the encrypted webhook; a third on both databases, all if long."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.vault import Vault
from tests.fixed_clock import FixedClock
from tests.transcript import replay
from tests.world import open_world

STORIES = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


EVERY_RUN = 3


def every_play() -> Iterator[object]:
    """Each story with each engine, and the ones that only a long run plays."""
    for number, story in enumerate(STORIES):
        yield pytest.param("sqlite", story, id=f"sqlite-{story.stem}")
        marks = [pytest.mark.long] if number % EVERY_RUN else []
        yield pytest.param("postgresql", story, id=f"postgresql-{story.stem}", marks=marks)


@pytest.mark.parametrize(("engine_url", "story"), [*every_play()], indirect=["engine_url"])
def test_the_conversation_reads_as_written(
    story: Path, engine_url: str, vault: Vault, clock: FixedClock, request: pytest.FixtureRequest
) -> None:
    written = story.read_text(encoding="utf-8")
    with open_world(engine_url, vault, clock) as world:
        played = replay(written, world)
    if request.config.getoption("--update-transcripts"):
        story.write_text(played, encoding="utf-8")
        written = played
    assert played == written


def test_there_are_enough_stories_to_trust() -> None:
    assert len(STORIES) >= 12
