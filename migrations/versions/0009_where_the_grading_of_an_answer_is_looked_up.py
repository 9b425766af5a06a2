"""An index for the marking desk: which gradings count in a quiz, without a look at the answers, however long."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_submission_items_standing",
        "submission_items",
        ["submission_id", "current_grading_id", "version_id", "attempt_item_id"],
    )
