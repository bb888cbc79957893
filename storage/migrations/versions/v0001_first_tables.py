"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def only(column: str) -> dict[str, Any]:
    """Keeps an index to the rows where the column is set, on both engines."""
    condition = sa.text(f"{column} IS NOT NULL")
    return {"sqlite_where": condition, "postgresql_where": condition}


def upgrade() -> None:
    """Makes every table."""
    make_inbox()
    make_kept_inputs()
    make_people()
    make_counters()
    make_cases()
    make_needs()
    make_events()
    make_outbox()
    make_tokens()
    make_quotas()
    make_runs()
    make_beats()
    make_moved_clock()


def downgrade() -> None:
    """Drops every table, and all that was in them."""
    for table in (
        "moved_clock",
        "beats",
        "runs",
        "quotas",
        "tokens",
        "outbox",
        "events",
        "needs",
        "cases",
        "counters",
        "people",
        "kept_inputs",
        "inbox",
    ):
        op.drop_table(table)


def make_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reply", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("key", name="pk_inbox"),
    )
    op.create_index("ix_inbox_at", "inbox", ["at"])


def make_kept_inputs() -> None:
    op.create_table(
        "kept_inputs",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kept_inputs"),
    )
    op.create_index("ix_kept_inputs_at", "kept_inputs", ["at"])
    op.create_index("ix_kept_inputs_key", "kept_inputs", ["key"])


def make_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", KEY, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("met_at", MOMENT, nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("progress", sa.LargeBinary()),
        sa.Column("draft_on", sa.Date()),
        sa.Column("first_words", sa.LargeBinary()),
        sa.Column("first_words_at", MOMENT),
        sa.Column("consented_at", MOMENT),
        sa.Column("consent_version", sa.String()),
        sa.Column("wrote_at", MOMENT),
        sa.Column("wrote_sent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tapped_at", MOMENT),
        sa.Column("tapped_sent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("following", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("channel", "identity", name="uq_people_channel_identity"),
    )
    op.create_index(
        "ix_people_draft_on",
        "people",
        ["draft_on"],
        sqlite_where=sa.text("draft_on IS NOT NULL"),
        postgresql_where=sa.text("draft_on IS NOT NULL"),
    )
    op.create_index(
        "ix_people_first_words_at", "people", ["first_words_at"], **only("first_words_at")
    )


def make_counters() -> None:
    op.create_table(
        "counters",
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "day", name="pk_counters"),
    )


def make_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("enterprise", sa.String()),
        sa.Column("phone_hmac", sa.LargeBinary()),
        sa.Column("phone_last4_hmac", sa.LargeBinary()),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_cases_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
    )
    op.create_index("ix_cases_enterprise", "cases", ["enterprise"])
    op.create_index("ix_cases_person_id_id", "cases", ["person_id", "id"])
    op.create_index("ix_cases_phone_hmac", "cases", ["phone_hmac"])
    op.create_index("ix_cases_phone_last4_hmac", "cases", ["phone_last4_hmac"])
    op.create_index("ix_cases_registered_at", "cases", ["registered_at"])


def make_needs() -> None:
    op.create_table(
        "needs",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("assignee", sa.String(), nullable=False),
        sa.Column("description", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("due", sa.Date()),
        sa.Column("wanted", sa.String(), nullable=False),
        sa.Column("reason", sa.LargeBinary()),
        sa.Column("step", sa.LargeBinary()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_needs_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_needs"),
        sa.UniqueConstraint("case_id", "position", name="uq_needs_case_id_position"),
    )
    op.create_index("ix_needs_open_assignee_id", "needs", ["open", "assignee", "id"])


def make_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("need_id", KEY),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("facts", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_events_case_id"),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name="fk_events_need_id"),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_case_id_id", "events", ["case_id", "id"])


def make_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("expires", MOMENT),
        sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("next_at", MOMENT),
        sa.Column("parked_at", MOMENT),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("repeats", sa.Integer(), server_default="0", nullable=False),
        sa.Column("token", sa.String()),
        sa.Column("reason", sa.String()),
        sa.Column("sent_at", MOMENT),
        sa.Column("provider_id", sa.String()),
        sa.Column("response_code", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_next_at", "outbox", ["next_at"], **only("next_at"))
    op.create_index(
        "ix_outbox_order", "outbox", ["channel", "recipient", "due", "id"], **only("next_at")
    )
    op.create_index(
        "ix_outbox_parked", "outbox", ["channel", "recipient", "state"], **only("parked_at")
    )


def make_tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.LargeBinary()),
        sa.Column("digest", sa.LargeBinary()),
        sa.Column("expires_at", MOMENT),
        sa.Column("refresh_until", MOMENT),
        sa.PrimaryKeyConstraint("name", name="pk_tokens"),
    )


def make_quotas() -> None:
    op.create_table(
        "quotas",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "starts_at", name="pk_quotas"),
    )
    op.create_index("ix_quotas_starts_at", "quotas", ["starts_at"])


def make_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("job", "period", name="pk_runs"),
    )


def make_beats() -> None:
    op.create_table(
        "beats",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_beats"),
    )


def make_moved_clock() -> None:
    op.create_table(
        "moved_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("microseconds", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_moved_clock"),
    )
