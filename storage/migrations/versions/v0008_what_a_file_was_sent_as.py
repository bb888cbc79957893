"""Whether a file was sent as a photo, a document, a voice message or a video."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widens files."""
    sort = sa.Column("sort", sa.String(), server_default="photo", nullable=False)
    op.add_column("files", sort)


def downgrade() -> None:
    """Takes the column back."""
    op.drop_column("files", "sort")
