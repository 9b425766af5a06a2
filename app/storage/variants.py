"""Queries about variants: stored when first used, never made again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, select

from app.storage.tables import Variant
from app.storage.transaction import Transaction

_NUMBERS = select(Variant.variant_hash, Variant.seed, Variant.id).where(
    Variant.variant_hash.in_(bindparam("hashes", expanding=True)), Variant.seed.in_(bindparam("seeds", expanding=True))
)


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


def variant_ids(tx: Transaction, keys: Collection[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """The stored ones of these variants, by question and seed."""
    wanted = set(keys)
    seeds: dict[str, set[int]] = {}
    for variant_hash, seed in wanted:
        seeds.setdefault(variant_hash, set()).add(seed)
    asked = {"hashes": list(seeds), "seeds": list({seed for _, seed in wanted})}
    rows = tx.session.execute(_NUMBERS, asked).all() if wanted else []
    return {(row[0], row[1]): row[2] for row in rows if row[1] in seeds[row[0]]}


def contents(tx: Transaction, keys: Collection[tuple[str, int]]) -> dict[tuple[str, int], tuple[Any, Any]]:
    """What the stored ones of these variants show, and their solutions, by question and seed."""
    known = variant_ids(tx, keys)
    found: dict[tuple[str, int], tuple[Any, Any]] = {}
    query = select(Variant.variant_hash, Variant.seed, Variant.rendered, Variant.solution)
    for row in tx.session.execute(query.where(Variant.id.in_(known.values()))) if known else ():
        found[row[0], row[1]] = (row[2], row[3])
    return found
