"""Accounts of 微信客服 that are pulled from, whose session it is, and who is the same human."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def where(condition: str) -> dict[str, Any]:
    """Keeps an index to people who were asked after, or were not, on both engines."""
    text = sa.text(f"union_mark {condition}")
    return {"sqlite_where": text, "postgresql_where": text}


def upgrade() -> None:
    """Makes the table of accounts, and widens people."""
    op.create_table(
        "kf_accounts",
        sa.Column("open_kfid", sa.String(), nullable=False),
        sa.Column("cursor", sa.String()),
        sa.Column("token", sa.LargeBinary()),
        sa.Column("bells", sa.Integer(), server_default="0", nullable=False),
        sa.Column("caught_up", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("lease", sa.String()),
        sa.Column("lease_until", MOMENT),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("open_kfid", name="pk_kf_accounts"),
    )
    op.add_column("people", sa.Column("session", sa.Integer()))
    op.add_column("people", sa.Column("servicer", sa.String()))
    op.add_column("people", sa.Column("union_mark", sa.LargeBinary()))
    op.create_index("ix_people_union_mark", "people", ["union_mark"], **where("IS NOT NULL"))
    op.create_index("ix_people_unmarked", "people", ["channel", "id"], **where("IS NULL"))


def downgrade() -> None:
    """Takes back what `upgrade` made, and all that was in it."""
    op.drop_index("ix_people_unmarked", "people")
    op.drop_index("ix_people_union_mark", "people")
    for column in ("union_mark", "servicer", "session"):
        op.drop_column("people", column)
    op.drop_table("kf_accounts")
