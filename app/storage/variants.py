"""Queries about variants: stored when first used, never made again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.storage.tables import Variant
from app.storage.transaction import Transaction


def variant_id(tx: Transaction, variant_hash: str, seed: int) -> int | None:
    """The stored variant, if there is one."""
    return tx.session.scalar(select(Variant.id).where(Variant.variant_hash == variant_hash, Variant.seed == seed))


def keep_variant(tx: Transaction, variant_hash: str, seed: int, made: dict[str, Any]) -> int:
    """Store a variant unless somebody else already has; either way, the stored one counts."""
    statement = tx.upsert(Variant).values(
        variant_hash=variant_hash,
        seed=seed,
        values=made["values"],
        rendered=made["shown"],
        solution=made["solution"],
        fingerprint=made["fingerprint"],
        created_at=tx.now(),
    )
    keys = ["variant_hash", "seed"]
    added = statement.on_conflict_do_nothing(index_elements=keys).returning(Variant.id)
    found = tx.session.execute(added).scalar()
    if found is None:
        found = variant_id(tx, variant_hash, seed)
    if found is None:
        raise LookupError(f"the variant {variant_hash} / {seed} is neither new nor stored")
    return int(found)
