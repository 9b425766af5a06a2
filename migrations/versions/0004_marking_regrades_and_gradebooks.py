"""Marking by people, regrades and requests for one, gradebooks; comments and solutions released apart from marks."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
POINTS = sa.String(80)  # exact, as 'n/d'

TIME_OF = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
ID_OF = {"sqlite": "INTEGER", "postgresql": "BIGINT"}
FALSE_OF = {"sqlite": "0", "postgresql": "false"}

# Written out for the reasons that 0002 gives.
COLUMNS = (
    ("submission_items", "version_id", "{id}", "fk question_versions"),
    ("submission_items", "observation_id", "{id}", "fk observations"),
    ("judgements", "round", "INTEGER DEFAULT 1 NOT NULL", "ck round_bounded: round BETWEEN 1 AND 2"),
    ("judgements", "withdrawn", "BOOLEAN DEFAULT {false} NOT NULL", ""),
    ("judgements", "regrade_id", "{id}", "fk regrades"),
    (
        "quizzes",
        "feedback",
        "VARCHAR(20) DEFAULT 'with marks' NOT NULL",
        "ck feedback_known: feedback IN ('with marks', 'apart')",
    ),
    ("quizzes", "feedback_at", "{time}", ""),
    (
        "quizzes",
        "solutions",
        "VARCHAR(20) DEFAULT 'with marks' NOT NULL",
        "ck solutions_known: solutions IN ('with marks', 'apart')",
    ),
    ("quizzes", "solutions_at", "{time}", ""),
    ("quizzes", "requests_until", "{time}", ""),
)


def upgrade() -> None:
    op.create_table(
        "claims",
        sa.Column("submission_item_id", ID, nullable=False),
        sa.Column("part", sa.String(length=100), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("taken_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_claims_person_id"),
        sa.ForeignKeyConstraint(["submission_item_id"], ["submission_items.id"], name="fk_claims_submission_item_id"),
        sa.PrimaryKeyConstraint("submission_item_id", "part", name="pk_claims"),
    )
    op.create_index("ix_claims_person_id", "claims", ["person_id"])
    op.create_table(
        "snippets",
        sa.Column("id", ID, nullable=False),
        sa.Column("course_id", ID, nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name="fk_snippets_course_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_snippets_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_snippets"),
    )
    op.create_index("ix_snippets_course_id_question", "snippets", ["course_id", "question"])
    op.create_table(
        "second_markings",
        sa.Column("quiz_id", ID, nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name="ck_second_markings_percent_bounded"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_second_markings_person_id"),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name="fk_second_markings_quiz_id"),
        sa.PrimaryKeyConstraint("quiz_id", name="pk_second_markings"),
    )
    op.create_table(
        "regrades",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("quiz_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("applied_at", TIME, nullable=True),
        sa.Column("undone_at", TIME, nullable=True),
        sa.CheckConstraint("kind IN ('rubric', 'software', 'void', 'accept')", name="ck_regrades_kind_known"),
        sa.CheckConstraint(
            "state IN ('preparing', 'previewed', 'applied', 'undone', 'dropped')", name="ck_regrades_state_known"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_regrades_person_id"),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name="fk_regrades_quiz_id"),
        sa.UniqueConstraint("public_id", name="uq_regrades_public_id"),
        sa.PrimaryKeyConstraint("id", name="pk_regrades"),
    )
    op.create_index("ix_regrades_quiz_id", "regrades", ["quiz_id"])
    op.create_table(
        "regrade_items",
        sa.Column("regrade_id", ID, nullable=False),
        sa.Column("submission_item_id", ID, nullable=False),
        sa.Column("before_id", ID, nullable=True),
        sa.Column("before_version_id", ID, nullable=True),
        sa.Column("after_id", ID, nullable=True),
        sa.Column("cause", sa.Text(), nullable=False, server_default=""),
        sa.Column("chunk", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("observation_id", ID, nullable=True),
        sa.Column("judgement_upto", ID, nullable=False),
        sa.Column("credit", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=True),
        sa.Column("points", POINTS, nullable=True),
        sa.Column("upto", POINTS, nullable=True),
        sa.Column("max", POINTS, nullable=True),
        sa.Column("changed", sa.Boolean(), nullable=True),
        sa.CheckConstraint("step IN ('waiting', 'prepared', 'applied', 'undone')", name="ck_regrade_items_step_known"),
        sa.ForeignKeyConstraint(["observation_id"], ["observations.id"], name="fk_regrade_items_observation_id"),
        sa.ForeignKeyConstraint(["after_id"], ["gradings.id"], name="fk_regrade_items_after_id"),
        sa.ForeignKeyConstraint(["before_id"], ["gradings.id"], name="fk_regrade_items_before_id"),
        sa.ForeignKeyConstraint(
            ["before_version_id"], ["question_versions.id"], name="fk_regrade_items_before_version_id"
        ),
        sa.ForeignKeyConstraint(["regrade_id"], ["regrades.id"], name="fk_regrade_items_regrade_id"),
        sa.ForeignKeyConstraint(
            ["submission_item_id"], ["submission_items.id"], name="fk_regrade_items_submission_item_id"
        ),
        sa.PrimaryKeyConstraint("regrade_id", "submission_item_id", name="pk_regrade_items"),
    )
    op.create_index("ix_regrade_items_submission_item_id", "regrade_items", ["submission_item_id"])
    op.create_table(
        "regrade_requests",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("submission_item_id", ID, nullable=False),
        sa.Column("part", sa.String(length=100), nullable=False),
        sa.Column("criterion", sa.String(length=100), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("closed_at", TIME, nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'granted', 'declined', 'withdrawn')", name="ck_regrade_requests_state_known"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_regrade_requests_person_id"),
        sa.ForeignKeyConstraint(
            ["submission_item_id"], ["submission_items.id"], name="fk_regrade_requests_submission_item_id"
        ),
        sa.UniqueConstraint("public_id", name="uq_regrade_requests_public_id"),
        sa.PrimaryKeyConstraint("id", name="pk_regrade_requests"),
    )
    op.create_index("ix_regrade_requests_person_id", "regrade_requests", ["person_id"])
    op.create_index("ix_regrade_requests_submission_item_id", "regrade_requests", ["submission_item_id"])
    op.create_table(
        "request_messages",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_request_messages_person_id"),
        sa.ForeignKeyConstraint(["request_id"], ["regrade_requests.id"], name="fk_request_messages_request_id"),
        sa.PrimaryKeyConstraint("id", name="pk_request_messages"),
    )
    op.create_index("ix_request_messages_request_id", "request_messages", ["request_id"])
    op.create_table(
        "gradebooks",
        sa.Column("course_id", ID, nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("revision BETWEEN 0 AND 2147483647", name="ck_gradebooks_revision_bounded"),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name="fk_gradebooks_course_id"),
        sa.PrimaryKeyConstraint("course_id", name="pk_gradebooks"),
    )
    op.create_table(
        "adjustments",
        sa.Column("id", ID, nullable=False),
        sa.Column("course_id", ID, nullable=False),
        sa.Column("quiz_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("points", POINTS, nullable=False),
        sa.Column("points_real", sa.Double(), nullable=False),
        sa.Column("excused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("withdrawn_at", TIME, nullable=True),
        sa.Column("withdrawn_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_adjustments_by_id"),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name="fk_adjustments_course_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_adjustments_person_id"),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name="fk_adjustments_quiz_id"),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["people.id"], name="fk_adjustments_withdrawn_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_adjustments"),
    )
    op.create_index("ix_adjustments_course_id", "adjustments", ["course_id"])
    op.create_index("ix_adjustments_person_id", "adjustments", ["person_id"])
    engine = op.get_bind().dialect.name
    for table, column, kind, rule in COLUMNS:
        kind = kind.format(time=TIME_OF[engine], id=ID_OF[engine], false=FALSE_OF[engine])
        sort, _, rest = rule.partition(" ")
        bound = ""
        if sort == "fk":
            bound = f" CONSTRAINT fk_{table}_{column} REFERENCES {rest} (id)"
        elif sort == "ck":
            name, _, condition = rest.partition(": ")
            bound = f" CONSTRAINT ck_{table}_{name} CHECK ({condition})"
        op.execute(f'ALTER TABLE {table} ADD COLUMN "{column}"\n {kind}\n{bound}\n')
    # What counts today goes on counting: later credit is computed from the same facts.
    op.execute(
        "UPDATE submission_items SET observation_id = (SELECT observation_id FROM gradings"
        " WHERE gradings.id = submission_items.current_grading_id) WHERE current_grading_id IS NOT NULL"
    )
