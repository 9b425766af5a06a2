"""Who sits an attempt on pages without scripts; wrong passwords and codes, where all web processes count them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "page_visits",
        sa.Column("attempt_id", ID, nullable=False),
        sa.Column("visited_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_page_visits_attempt_id"),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_page_visits"),
    )
    op.create_table(
        "failed_tries",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_failed_tries"),
    )
    op.create_index("ix_failed_tries_last_at", "failed_tries", ["last_at"])
