"""A client of 微信客服 at the counter of a whole office, and what both of them see."""

from typing import Any

from sqlalchemy import select, update

from bot.simulator.reception import Customer, Reception
from storage.models import KfAccountRow, OutboxRow
from tests.world import World

WHO = "wmkf"


def reception(world: World) -> Reception:
    """The account as the platform keeps it."""
    return world.platform.kf.reception


def customer(world: World, who: str = WHO) -> Customer:
    """The client as the platform keeps them."""
    return reception(world).customer(who)


def identity(world: World, who: str = WHO) -> str:
    """The client as we keep them."""
    return f"{reception(world).open_kfid}/{who}"


def says(world: World, text: str, who: str = WHO) -> list[str]:
    """What the client reads after writing this."""
    world.platform.kf.says(who, text)
    return heard(world, who)


def heard(world: World, who: str = WHO) -> list[str]:
    """What has come to the client's phone since it was last looked at."""
    world.deliver()
    return [one.text for one in world.news("client", who)]


def told(world: World, staff: str) -> list[str]:
    """What has come to a staff member's phone."""
    return [one.text for one in world.news("staff", staff)]


def account(world: World) -> Any:
    """The account's row."""
    query = select(KfAccountRow.__table__)
    return world.database.run(lambda tx: tx.connection.execute(query).one())


def set_account(world: World, **values: object) -> None:
    """Has the row say something else."""
    change = update(KfAccountRow).values(**values)
    world.database.run(lambda tx: tx.connection.execute(change))


def pushes(world: World) -> list[tuple[str, str]]:
    """Every push to clients there: state and reason, oldest first."""
    query = select(OutboxRow.state, OutboxRow.reason).where(OutboxRow.channel == "kf")
    return world.database.run(
        lambda tx: [
            (row.state, row.reason or "")
            for row in tx.connection.execute(query.order_by(OutboxRow.id))
        ]
    )
