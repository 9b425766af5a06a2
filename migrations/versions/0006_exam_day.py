"""Exam day: modes, sections, who may start, time that moves, late saves, events of a sitting, practice."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
POINTS = sa.String(80)  # exact, as 'n/d'

TIME_OF = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
FALSE_OF = {"sqlite": "0", "postgresql": "false"}
MOST = 2147483647

# Written out for the reasons that 0002 gives. Table, column, kind; then the name and the condition of a check.
COLUMNS = (
    ("quizzes", "mode", "VARCHAR(20) DEFAULT 'exam' NOT NULL", "known", "mode IN ('exam', 'homework', 'practice')"),
    ("quizzes", "same_for_all", "BOOLEAN DEFAULT {false} NOT NULL", "", ""),
    ("quizzes", "navigation", "VARCHAR(20) DEFAULT 'free' NOT NULL", "known", "navigation IN ('free', 'forward')"),
    ("quizzes", "access_code", "VARCHAR(100) DEFAULT '' NOT NULL", "", ""),
    ("quizzes", "networks", "TEXT DEFAULT '' NOT NULL", "", ""),
    ("quizzes", "browser_keys", "TEXT DEFAULT '' NOT NULL", "", ""),
    ("quizzes", "honour", "TEXT DEFAULT '' NOT NULL", "", ""),
    ("quizzes", "grace_seconds", "INTEGER", "bounded", "grace_seconds BETWEEN 0 AND 3600"),
    ("quizzes", "late_days", "INTEGER DEFAULT 0 NOT NULL", "bounded", "late_days BETWEEN 0 AND 365"),
    ("quizzes", "late_percent", "INTEGER DEFAULT 0 NOT NULL", "bounded", "late_percent BETWEEN 0 AND 100"),
    ("quizzes", "decay_percent", "INTEGER DEFAULT 0 NOT NULL", "bounded", "decay_percent BETWEEN 0 AND 100"),
    ("quiz_items", "section", "INTEGER DEFAULT 0 NOT NULL", "bounded", "section BETWEEN 0 AND 1000"),
    ("attempts", "added_seconds", "INTEGER DEFAULT 0 NOT NULL", "bounded", f"added_seconds BETWEEN 0 AND {MOST}"),
    ("attempts", "paused_at", "{time}", "", ""),
    ("attempts", "furthest", "INTEGER DEFAULT 0 NOT NULL", "bounded", "furthest BETWEEN 0 AND 10000"),
    ("attempts", "furthest_at", "{time}", "", ""),
    ("attempts", "honour_at", "{time}", "", ""),
    ("attempts", "page", "VARCHAR(64) DEFAULT '' NOT NULL", "", ""),
    ("attempt_items", "section", "INTEGER DEFAULT 0 NOT NULL", "bounded", "section BETWEEN 0 AND 1000"),
    ("attempt_items", "hints", "INTEGER DEFAULT 0 NOT NULL", "bounded", "hints BETWEEN 0 AND 1000"),
    ("attempt_items", "practised", "JSON", "", ""),
    ("submissions", "factor", "VARCHAR(80) DEFAULT '1/1' NOT NULL", "", ""),
    ("submissions", "superseded", "BOOLEAN DEFAULT {false} NOT NULL", "", ""),
    ("submissions", "deductions", "JSON", "", ""),
    ("submissions", "done_at", "{time}", "", ""),
    ("enrolments", "group_name", "VARCHAR(100) DEFAULT '' NOT NULL", "", ""),
)


def upgrade() -> None:
    op.create_table(
        "quiz_sections",
        sa.Column("quiz_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 1000", name="ck_quiz_sections_number_bounded"),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name="fk_quiz_sections_quiz_id"),
        sa.PrimaryKeyConstraint("quiz_id", "number", name="pk_quiz_sections"),
    )
    op.create_table(
        "sitting_events",
        sa.Column("id", ID, nullable=False),
        sa.Column("quiz_id", ID, nullable=False),
        sa.Column("attempt_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_sitting_events_attempt_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_sitting_events_person_id"),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name="fk_sitting_events_quiz_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sitting_events"),
    )
    op.create_index("ix_sitting_events_quiz_id", "sitting_events", ["quiz_id", "kind"])
    op.create_index("ix_sitting_events_attempt_id", "sitting_events", ["attempt_id"])
    op.create_index("ix_sitting_events_person_id", "sitting_events", ["person_id"])
    op.create_table(
        "presences",
        sa.Column("attempt_id", ID, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_presences_attempt_id"),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_presences"),
    )
    op.create_table(
        "late_saves",
        sa.Column("id", ID, nullable=False),
        sa.Column("attempt_id", ID, nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("not_before", TIME, nullable=True),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), server_default="waiting", nullable=False),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.CheckConstraint(f"seq BETWEEN 0 AND {MOST}", name="ck_late_saves_seq_bounded"),
        sa.CheckConstraint("origin IN ('page', 'file')", name="ck_late_saves_origin_known"),
        sa.CheckConstraint("state IN ('waiting', 'accepted', 'declined')", name="ck_late_saves_state_known"),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_late_saves_attempt_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name="fk_late_saves_decided_by_id"),
        sa.UniqueConstraint("attempt_id", "device", "seq", name="uq_late_saves_attempt_id_device_seq"),
        sa.PrimaryKeyConstraint("id", name="pk_late_saves"),
    )
    op.create_table(
        "practice_checks",
        sa.Column("id", ID, nullable=False),
        sa.Column("attempt_item_id", ID, nullable=False),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("credit", sa.JSON(), nullable=True),
        sa.Column("points", POINTS, nullable=False),
        sa.Column("upto", POINTS, nullable=False),
        sa.Column("max", POINTS, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["attempt_item_id"], ["attempt_items.id"], name="fk_practice_checks_attempt_item_id"),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name="fk_practice_checks_variant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_practice_checks"),
    )
    op.create_index("ix_practice_checks_attempt_item_id", "practice_checks", ["attempt_item_id"])
    op.create_index("ix_practice_checks_variant_id", "practice_checks", ["variant_id"])
    op.create_table(
        "factor_changes",
        sa.Column("id", ID, nullable=False),
        sa.Column("attempt_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("before", POINTS, nullable=False),
        sa.Column("after", POINTS, nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.CheckConstraint("kind IN ('waived', 'waiver withdrawn', 'more time')", name="ck_factor_changes_kind_known"),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_factor_changes_attempt_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_factor_changes_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_factor_changes"),
    )
    op.create_index("ix_factor_changes_attempt_id", "factor_changes", ["attempt_id"])
    op.create_index("ix_factor_changes_person_id", "factor_changes", ["person_id"])
    engine = op.get_bind().dialect.name
    for table, column, kind, name, condition in COLUMNS:
        sort = kind.format(time=TIME_OF[engine], false=FALSE_OF[engine])
        check = f" CONSTRAINT ck_{table}_{column}_{name} CHECK ({condition})" if name else ""
        op.execute(f'ALTER TABLE {table} ADD COLUMN "{column}"\n {sort}\n{check}\n')
