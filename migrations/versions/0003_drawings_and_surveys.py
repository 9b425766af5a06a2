"""Pages that people drew or uploaded, which drawings a course may see, and answers to surveys without a person."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "drawn_pages",
        sa.Column("attempt_item_id", ID, nullable=False),
        sa.Column("field", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("width BETWEEN 1 AND 100000", name="ck_drawn_pages_width_bounded"),
        sa.CheckConstraint("height BETWEEN 1 AND 100000", name="ck_drawn_pages_height_bounded"),
        sa.ForeignKeyConstraint(["attempt_item_id"], ["attempt_items.id"], name="fk_drawn_pages_attempt_item_id"),
        sa.PrimaryKeyConstraint("attempt_item_id", "field", "sha256", name="pk_drawn_pages"),
    )
    op.create_table(
        "showings",
        sa.Column("attempt_item_id", ID, nullable=False),
        sa.Column("field", sa.String(length=100), nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("consent", sa.String(length=20), nullable=True),
        sa.Column("published_at", TIME, nullable=True),
        sa.Column("published_by_id", ID, nullable=True),
        sa.CheckConstraint("consent IN ('no', 'shown', 'named')", name="ck_showings_consent_known"),
        sa.ForeignKeyConstraint(["attempt_item_id"], ["attempt_items.id"], name="fk_showings_attempt_item_id"),
        sa.ForeignKeyConstraint(["published_by_id"], ["people.id"], name="fk_showings_published_by_id"),
        sa.PrimaryKeyConstraint("attempt_item_id", "field", name="pk_showings"),
        sa.UniqueConstraint("public_id", name="uq_showings_public_id"),
    )
    op.create_table(
        "survey_answers",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("quiz_id", ID, nullable=False),
        sa.Column("question_version_id", ID, nullable=False),
        sa.Column("part", sa.String(length=100), nullable=False),
        sa.Column("field", sa.String(length=100), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name="fk_survey_answers_quiz_id"),
        sa.ForeignKeyConstraint(
            ["question_version_id"], ["question_versions.id"], name="fk_survey_answers_question_version_id"
        ),
        sa.PrimaryKeyConstraint("key", name="pk_survey_answers"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_answers_quiz_id", "survey_answers", ["quiz_id"])
