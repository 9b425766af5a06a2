"""Which decisions were made at the marking desk, where they are undone; those from before are taken for that."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("judgements", sa.Column("at_desk", sa.Boolean(), nullable=False, server_default=sa.true()))
