"""Options, files, ratings, complaints, improvements, hand-overs and privacy requests."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger(), "sqlite")


CHAT = (
    "kind IN ('asks_for_person', 'complaint', 'privacy', 'opinion',"
    " 'talk_asked', 'talk_client', 'talk_answered') AND facts IS NOT NULL"
)


def where(condition: str) -> dict[str, Any]:
    """Keeps an index to the rows that meet the condition, on both engines."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def only(column: str) -> dict[str, Any]:
    """Keeps an index to the rows where the column is set."""
    return where(f"{column} IS NOT NULL")


def upgrade() -> None:
    """Widens people and needs, then makes the new tables."""
    widen()
    make_handovers()
    make_privacy_requests()
    make_files()
    make_surveys()
    make_complaints()
    make_improvements()
    make_milestones()


def downgrade() -> None:
    """Takes back what `upgrade` made, and all that was in it."""
    for table in (
        "milestones",
        "improvements",
        "complaints",
        "surveys",
        "file_contents",
        "files",
        "privacy_requests",
        "handovers",
    ):
        op.drop_table(table)
    for index, table in (
        ("ix_events_chat_at", "events"),
        ("ix_outbox_sent_to", "outbox"),
        ("ix_needs_over", "needs"),
        ("ix_cases_kept", "cases"),
        ("ix_people_left_at", "people"),
        ("ix_needs_report_key", "needs"),
    ):
        op.drop_index(index, table)
    op.drop_column("cases", "erased_at")
    for column in (
        "estimated",
        "promised_days",
        "promised_from",
        "report_key",
        "report_number",
        "amount",
        "wanted_on",
        "options",
    ):
        op.drop_column("needs", column)
    for column in ("left_at", "handed_to", "opted_out_at", "aside"):
        op.drop_column("people", column)


def widen() -> None:
    op.add_column("people", sa.Column("aside", sa.LargeBinary()))
    op.add_column("people", sa.Column("opted_out_at", MOMENT))
    op.add_column("people", sa.Column("handed_to", sa.String()))
    op.add_column("people", sa.Column("left_at", MOMENT))
    op.create_index("ix_people_left_at", "people", ["left_at"], **only("left_at"))
    op.add_column("cases", sa.Column("erased_at", MOMENT))
    op.create_index("ix_cases_kept", "cases", ["registered_at"], **where("erased_at IS NULL"))
    op.create_index("ix_outbox_sent_to", "outbox", ["channel", "recipient"], **only("sent_at"))
    op.create_index("ix_events_chat_at", "events", ["at"], **where(CHAT))
    op.add_column("needs", sa.Column("options", sa.String(), server_default="[]", nullable=False))
    op.add_column("needs", sa.Column("wanted_on", sa.Date()))
    op.add_column("needs", sa.Column("amount", sa.String()))
    op.add_column("needs", sa.Column("report_number", sa.String()))
    op.add_column("needs", sa.Column("report_key", sa.String()))
    op.add_column("needs", sa.Column("promised_from", sa.Date()))
    op.add_column("needs", sa.Column("promised_days", sa.Integer()))
    op.add_column(
        "needs", sa.Column("estimated", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_index("ix_needs_report_key", "needs", ["report_key"], **only("report_key"))


def link(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    """A foreign key under the name the models give it."""
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def make_handovers() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("case_id", KEY),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", sa.String()),
        sa.Column("next_at", MOMENT),
        link("handovers", "person_id", "people"),
        link("handovers", "case_id", "cases"),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
    )
    op.create_index("ix_handovers_person_id", "handovers", ["person_id"])
    op.create_index("ix_handovers_next_at", "handovers", ["next_at"], **only("next_at"))


def make_privacy_requests() -> None:
    op.create_table(
        "privacy_requests",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("wish", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("note", sa.LargeBinary()),
        sa.Column("next_at", MOMENT),
        link("privacy_requests", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name="pk_privacy_requests"),
        sa.UniqueConstraint("number", name="uq_privacy_requests_number"),
    )
    op.create_index("ix_privacy_requests_person_id", "privacy_requests", ["person_id"])
    op.create_index("ix_privacy_requests_at", "privacy_requests", ["at"])
    op.create_index(
        "ix_privacy_requests_next_at", "privacy_requests", ["next_at"], **only("next_at")
    )


def make_files() -> None:
    op.create_table(
        "files",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", KEY),
        sa.Column("case_id", KEY),
        sa.Column("need_id", KEY),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("title", sa.String()),
        sa.Column("filename", sa.LargeBinary()),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("media_id", sa.String()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("content_type", sa.String()),
        sa.Column("size", sa.Integer()),
        sa.Column("sha256", sa.LargeBinary()),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("stored_at", MOMENT),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", MOMENT),
        link("files", "person_id", "people"),
        link("files", "case_id", "cases"),
        link("files", "need_id", "needs"),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
        sa.UniqueConstraint("key", name="uq_files_key"),
    )
    op.create_index("ix_files_person_id", "files", ["person_id"])
    op.create_index("ix_files_case_id", "files", ["case_id"])
    op.create_index("ix_files_at", "files", ["at"])
    op.create_index("ix_files_next_at", "files", ["next_at"], **only("next_at"))
    op.create_table(
        "file_contents",
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        link("file_contents", "file_id", "files"),
        sa.PrimaryKeyConstraint("file_id", name="pk_file_contents"),
    )


def make_surveys() -> None:
    over = sa.text("state IN ('answered', 'finished')")
    op.create_index("ix_needs_over", "needs", ["case_id"], sqlite_where=over, postgresql_where=over)
    op.create_table(
        "surveys",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("invited_at", MOMENT),
        sa.Column("reminded_at", MOMENT),
        sa.Column("rated_at", MOMENT),
        sa.Column("closes_at", MOMENT),
        sa.Column("professional", sa.Integer()),
        sa.Column("timely", sa.Integer()),
        sa.Column("honest", sa.Integer()),
        sa.Column("overall", sa.Integer()),
        sa.Column("comment", sa.LargeBinary()),
        sa.Column("next_at", MOMENT),
        link("surveys", "case_id", "cases"),
        link("surveys", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name="pk_surveys"),
        sa.UniqueConstraint("case_id", name="uq_surveys_case_id"),
    )
    op.create_index("ix_surveys_person_id", "surveys", ["person_id"])
    op.create_index("ix_surveys_next_at", "surveys", ["next_at"], **only("next_at"))


def make_complaints() -> None:
    op.create_table(
        "complaints",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("case_id", KEY),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("about", sa.String()),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("decision", sa.LargeBinary()),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("due", sa.Date()),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("erased_at", MOMENT),
        sa.Column("next_at", MOMENT),
        link("complaints", "person_id", "people"),
        link("complaints", "case_id", "cases"),
        sa.PrimaryKeyConstraint("id", name="pk_complaints"),
        sa.UniqueConstraint("number", name="uq_complaints_number"),
    )
    op.create_index("ix_complaints_person_id", "complaints", ["person_id"])
    op.create_index("ix_complaints_case_id", "complaints", ["case_id"])
    op.create_index("ix_complaints_owner", "complaints", ["owner"])
    op.create_index("ix_complaints_received_at", "complaints", ["received_at"])
    op.create_index("ix_complaints_next_at", "complaints", ["next_at"], **only("next_at"))


def make_improvements() -> None:
    op.create_table(
        "improvements",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("case_id", KEY),
        sa.Column("survey_id", KEY),
        sa.Column("complaint_id", KEY),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("plan", sa.LargeBinary()),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("next_at", MOMENT),
        link("improvements", "case_id", "cases"),
        link("improvements", "survey_id", "surveys"),
        link("improvements", "complaint_id", "complaints"),
        sa.PrimaryKeyConstraint("id", name="pk_improvements"),
        sa.UniqueConstraint("number", name="uq_improvements_number"),
    )
    op.create_index("ix_improvements_case_id", "improvements", ["case_id"])
    op.create_index("ix_improvements_owner", "improvements", ["owner"])
    op.create_index("ix_improvements_next_at", "improvements", ["next_at"], **only("next_at"))


def make_milestones() -> None:
    op.create_table(
        "milestones",
        sa.Column("id", KEY, nullable=False),
        sa.Column("need_id", KEY, nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        link("milestones", "need_id", "needs"),
        sa.PrimaryKeyConstraint("id", name="pk_milestones"),
        sa.UniqueConstraint("need_id", "mark", name="uq_milestones_need_id_mark"),
    )
