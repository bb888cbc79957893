"""Whom a person asked first by scanning a code, until their next case is registered."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    """Widens people."""
    op.add_column("people", sa.Column("first_asked", sa.String()))
    op.add_column("people", sa.Column("first_asked_at", MOMENT))


def downgrade() -> None:
    """Takes both columns back."""
    op.drop_column("people", "first_asked_at")
    op.drop_column("people", "first_asked")
