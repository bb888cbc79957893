"""Every transcript, through the encrypted webhook, on both databases."""

from pathlib import Path

import pytest

from storage.vault import Vault
from tests.fixed_clock import FixedClock
from tests.transcript import replay
from tests.world import open_world

STORIES = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
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
