"""Consents to notices, calls the platform has taken from an account, ways a push was refused."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes the two tables, and widens the outbox and people."""
    op.create_table(
        "consents",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("left", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_consents_person_id"),
        sa.PrimaryKeyConstraint("person_id", "template", name="pk_consents"),
    )
    op.create_table(
        "closed_ways",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "way", name="pk_closed_ways"),
    )
    op.add_column("outbox", sa.Column("refused", sa.String(), server_default="", nullable=False))
    op.add_column("people", sa.Column("unreached_at", MOMENT))


def downgrade() -> None:
    """Takes back what `upgrade` made, and all that was in it."""
    op.drop_column("people", "unreached_at")
    op.drop_column("outbox", "refused")
    op.drop_table("closed_ways")
    op.drop_table("consents")
