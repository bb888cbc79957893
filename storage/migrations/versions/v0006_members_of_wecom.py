"""The members of WeCom: who is there, who left, who is off duty or cannot be reached."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "members",
        sa.Column("userid", sa.String(), nullable=False),
        sa.Column("about", sa.LargeBinary()),
        sa.Column("left_at", MOMENT),
        sa.Column("unreachable_at", MOMENT),
        sa.Column("away_until", MOMENT),
        sa.PrimaryKeyConstraint("userid", name="pk_members"),
    )


def downgrade() -> None:
    """Takes back what `upgrade` made, and all that was in it."""
    op.drop_table("members")
