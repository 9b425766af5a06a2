"""An index for the chunks of regrades: among 10,000 answers of one, each asked for its rows by reading them all."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_regrade_items_step", "regrade_items", ["regrade_id", "step", "chunk"])
