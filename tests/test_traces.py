"""Random traces against the pretended platform: nothing refused, nothing twice, nothing lost."""

import pytest

from storage.vault import Vault
from tests.fixed_clock import FixedClock
from tests.traces import Trace, watched
from tests.world import open_world

# so many traces share a world, each with people of its own; every third group on PostgreSQL
TOGETHER, SERVER = 20, 3
IN_EVERY_RUN, LONG = 15, 500


def groups() -> list[object]:
    """The number of each group with its database; most are for a long run."""
    return [
        pytest.param(
            number,
            "postgres_url" if number % SERVER == 0 else "sqlite_url",
            marks=[] if number < IN_EVERY_RUN else [pytest.mark.long],
            id=str(number),
        )
        for number in range(LONG)
    ]


@pytest.mark.parametrize(("group", "database"), groups())
def test_a_random_trace_loses_nothing_repeats_nothing_and_is_refused_nothing(
    group: int, database: str, request: pytest.FixtureRequest, vault: Vault, clock: FixedClock
) -> None:
    url: str = request.getfixturevalue(database)
    with open_world(url, vault, clock) as world:
        gateways = watched(world)
        for seed in range(group * TOGETHER, (group + 1) * TOGETHER):
            assert (seed, Trace(world, gateways, seed).play()) == (seed, [])
        # traces in which nobody is written to would prove nothing
        told = {channel: len(one.taken) for channel, one in gateways.items()}
        assert min(told.values()) > 0, told
