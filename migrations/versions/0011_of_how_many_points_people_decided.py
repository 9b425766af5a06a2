"""Of how many points people gave those that they gave, and which of their decisions a regrade counts in proportion."""

from fractions import Fraction

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

AT_ONCE = 500


def upgrade() -> None:
    op.add_column("judgements", sa.Column("worth", sa.String(length=80), nullable=True))
    op.add_column("regrade_items", sa.Column("decided", sa.String(length=20), nullable=False, server_default=""))
    connection = op.get_bind()
    judgements = sa.table(
        "judgements",
        *map(sa.column, ("id", "submission_item_id", "part", "criterion", "worth")),
    )
    gradings = sa.table(
        "gradings",
        *map(sa.column, ("id", "submission_item_id", "question_version_id", "judgement_upto")),
    )
    items = sa.table("submission_items", *map(sa.column, ("id", "attempt_item_id", "version_id")))
    asked = sa.table("attempt_items", *map(sa.column, ("id", "question_version_id")))
    versions = sa.table("question_versions", sa.column("id"), sa.column("package", sa.JSON()))
    # The rubric that they were made with is that of the first grading that took them in, or the one that counts.
    taken_in = (
        sa.select(gradings.c.question_version_id)
        .where(
            gradings.c.submission_item_id == judgements.c.submission_item_id,
            gradings.c.judgement_upto >= judgements.c.id,
        )
        .order_by(gradings.c.id)
        .limit(1)
        .scalar_subquery()
    )
    counting = sa.func.coalesce(items.c.version_id, asked.c.question_version_id)
    found = connection.execute(
        sa.select(judgements.c.id, judgements.c.part, judgements.c.criterion, sa.func.coalesce(taken_in, counting))
        .join(items, items.c.id == judgements.c.submission_item_id)
        .join(asked, asked.c.id == items.c.attempt_item_id)
    ).all()
    known = {}
    for version in {row[3] for row in found}:
        package = connection.execute(sa.select(versions.c.package).where(versions.c.id == version)).scalar_one()
        known[version] = dict(_worths(package["question"].get("parts") or []))
    rows = [
        {"number": number, "of": known[version][part, criterion]}
        for number, part, criterion, version in found
        if (part, criterion) in known[version]
    ]
    statement = sa.update(judgements).where(judgements.c.id == sa.bindparam("number")).values(worth=sa.bindparam("of"))
    for start in range(0, len(rows), AT_ONCE):
        connection.execute(statement, rows[start : start + AT_ONCE])


def _worths(parts):
    for part in parts:
        yield (part["id"], ""), _exact(part.get("points", 0))
        pending = [part.get("criteria") or []]
        while pending:
            node = pending.pop()
            if isinstance(node, list):
                pending += node
                continue
            if "id" in node and "points" in node:
                yield (part["id"], node["id"]), _exact(node["points"])
            pending += [node[inner] for inner in ("best_of", "sum_of") if node.get(inner)]


def _exact(points):
    number = Fraction(str(points))
    return f"{number.numerator}/{number.denominator}"
