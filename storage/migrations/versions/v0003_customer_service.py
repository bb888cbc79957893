"""Accounts of 微信客服 that are pulled from, and who has a client's session there."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")


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


def downgrade() -> None:
    """Takes back what `upgrade` made, and all that was in it."""
    for column in ("servicer", "session"):
        op.drop_column("people", column)
    op.drop_table("kf_accounts")
