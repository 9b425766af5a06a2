"""The language in which a person reads Gradus, once it was chosen."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Written out for the reasons that 0002 gives.
    op.execute("ALTER TABLE people ADD COLUMN language VARCHAR(20)")
