"""Which judgements only repeat the points of an earlier one, with another comment or because a later was taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("judgements", sa.Column("repeats", sa.BigInteger(), nullable=True))
