"""Where programs are tried: sizes that differ, and arrays of numbers from a counter."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.symbols import Symbol
from graders.evaluation.errors import EvaluationError
from graders.evaluation.tensor_duals import Array

SIZES = (1, 2, 5, 50, 3000)
_WITH_ZERO = frozenset(["real", "nonnegative"])
_OF_ANY_SIZE = frozenset(["real", "nonzero", "positive", "nonnegative", "negative"])
MOST_GIVEN = 200_000
"""Numbers given to one run; larger sizes are left out."""
MOST_KEPT = 4096
"""Numbers of one input that are kept for the next program."""


def size_names(symbols: Mapping[str, Symbol], inputs: Sequence[str]) -> list[str]:
    """The names of sizes that the inputs have, and natural numbers among the inputs that are sizes of others."""
    named = dict.fromkeys(size for name in inputs for size in symbols[name].sizes if not size.isdigit())
    return list(named)


def assignment(names: Sequence[str], size: int) -> dict[str, int]:
    """A number for every size, all different; of several, only the first becomes large."""
    others = size if size <= 100 else 3
    return {name: size if order == 0 else others + 2 * order for order, name in enumerate(names)}


def given_values(
    symbols: Mapping[str, Symbol], inputs: Sequence[str], sizes: Mapping[str, int], trial: int, scale: float = 1.0
) -> dict[str, Array] | None:
    """The inputs as arrays of two axes, as formulas take them; None where they would be too large.

    `scale` is how much larger than usual numbers are that may have any size; at 0, every other one of an array is 0.

    Raises:
        EvaluationError: a symbol that no program can be given.
    """
    shapes: dict[str, tuple[int, int]] = {}
    for name in inputs:
        shape = symbols[name].shape(sizes)
        if shape is None:
            raise EvaluationError("A program cannot be given an unknown function.")
        shapes[name] = shape
    if sum(rows * columns for rows, columns in shapes.values()) > MOST_GIVEN:
        return None
    found = {name: np.full((1, 1), float(size)) for name, size in sizes.items()}
    for name, (rows, columns) in shapes.items():
        if name not in found:
            values = _numbers(symbols[name], f"{trial} {name}", rows * columns, sizes)
            if symbols[name].kind != "index" and symbols[name].domain in _OF_ANY_SIZE:
                # A shift that differs between inputs: so a factor that is zero does not hide all others.
                there = np.arange(len(values)) % (len(shapes) + 1) != len(found) % len(shapes)
                values = values * (scale or (there if symbols[name].domain in _WITH_ZERO else 1.0))
            found[name] = values.reshape(rows, columns)
    return found


def as_programs_have_them(symbols: Mapping[str, Symbol], values: Mapping[str, Array]) -> dict[str, Any]:
    """Arrays as numpy has them: vectors have one axis, numbers none; sizes and indices are whole."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        symbol = symbols.get(name, Symbol(domain="natural"))
        if symbol.kind in ("matrix", "vectors"):
            found[name] = value
        elif symbol.kind == "vector":
            found[name] = value.reshape(-1)
        else:
            whole = symbol.domain in ("natural", "integer")
            found[name] = int(value[0, 0]) if whole else float(value[0, 0])
    return found


@lru_cache(maxsize=128)
def _dice(salt: str, count: int) -> NDArray[np.uint64]:
    """So many random numbers below 2^64, from a counter; every program of a question is tried on the same ones."""
    blocks = (hashlib.sha256(f"program {salt} {block}".encode()).digest() for block in range(count // 4 + 1))
    return np.frombuffer(b"".join(blocks), dtype="<u8")[:count]


def _numbers(symbol: Symbol, salt: str, count: int, sizes: Mapping[str, int]) -> Array:
    """So many numbers of the symbol's domain."""
    dice = _dice(salt, count) if count <= MOST_KEPT else _dice.__wrapped__(salt, count)
    # Few bits: sums and products of them are exact, so that programs that round differently still agree.
    share = (dice >> np.uint64(54)).astype(np.float64) / 2.0**10
    signs = np.where(dice & np.uint64(1), -1.0, 1.0)
    if symbol.kind == "index":
        last = symbol.sizes[0]
        return np.floor(share * (int(last) if last.isdigit() else sizes[last])) + 1
    match symbol.domain:
        case "positive" | "nonnegative":
            return 0.125 + 1.875 * share
        case "negative":
            return -0.125 - 1.875 * share
        case "unit":
            return 0.03125 + 0.9375 * share
        case "natural":
            return np.floor(1 + 7 * share)
        case "integer":
            return signs * np.floor(1 + 7 * share)
        case _:
            return signs * (0.125 + 1.875 * share)
