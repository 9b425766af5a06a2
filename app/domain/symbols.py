"""Free symbols of a question: what kind of thing each is, and how people write it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict

Kind: TypeAlias = Literal["scalar", "index", "vector", "matrix", "vectors", "function"]

DOMAINS = (
    "real",
    "nonzero",
    "positive",
    "nonnegative",
    "negative",
    "unit",
    "integer",
    "natural",
    "complex",
    "constant",
)
"""What numbers a symbol stands for; `unit` is the open interval from 0 to 1, `natural` begins with 1, and a
`constant` has its usual value (π, e).
"""

_SPEC = re.compile(r"\s*([a-z]+(?: [a-z]+)?)\s*(?:\(([^()]*)\))?\s*")
_SIZE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,15}|[1-9][0-9]{0,2}")
_SIZES: Mapping[Kind, int] = {"index": 1, "vector": 1, "matrix": 2, "vectors": 2}


class Symbol(BaseModel):
    """One declared symbol.

    kind: a number; an index that runs from 1; a column vector; a matrix; `vectors` (n vectors of d entries, of
        which `x_i` is one); an unknown smooth function of one number, such as a loss ℓ.
    domain: what the number, or every entry, may be.
    sizes: of an index its last value, else the dimensions: names of other symbols, or whole numbers. A name used
        as a size is a symbol by itself, a natural number, resampled when formulas are compared.
    write: another spelling, as it would be typeset (`x_{t+1}`, `J_g^L`, `\\hat y`); shown, and read when typed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind = "scalar"
    domain: str = "real"
    sizes: tuple[str, ...] = ()
    write: str = ""

    def shape(self, sizes: Mapping[str, int]) -> tuple[int, int] | None:
        """Rows and columns where the named sizes are these numbers; None for an unknown function."""
        lengths = [int(size) if size.isdigit() else sizes[size] for size in self.sizes]
        match self.kind:
            case "vector":
                return lengths[0], 1
            case "matrix" | "vectors":
                return lengths[0], lengths[1]
            case "scalar" | "index":
                return 1, 1
            case _:
                return None


def symbol(data: Any) -> Any:
    """The symbol that an author declared in short (`positive`, `vector(d)`, `{domain: real, write: "x_{t+1}"}`).

    Raises:
        ValueError: one sentence that says how symbols are declared.
    """
    if isinstance(data, str):
        return _from_text(data)
    if isinstance(data, dict) and "kind" not in data and isinstance(data.get("domain", ""), str):
        found = _from_text(data.get("domain", "real"))
        return found.model_copy(update={"write": str(data.get("write", ""))})
    return data


def _from_text(text: str) -> Symbol:
    match = _SPEC.fullmatch(text)
    if match is None:
        raise ValueError(_refusal(text))
    word, inner = match.group(1).removesuffix(" real"), match.group(2)
    if inner is None:
        if word == "function":
            return Symbol(kind="function")
        if word not in DOMAINS:
            raise ValueError(_refusal(text))
        return Symbol(domain=word)
    pieces = [piece.strip() for piece in inner.split(",")]
    domain = pieces.pop() if len(pieces) > 1 and pieces[-1] in DOMAINS else "real"
    for kind, count in _SIZES.items():
        if word == kind and len(pieces) == count and all(map(_SIZE.fullmatch, pieces)):
            return Symbol(kind=kind, domain="natural" if kind == "index" else domain, sizes=tuple(pieces))
    raise ValueError(_refusal(text))


def _refusal(text: str) -> str:
    return (
        f"“{text[:40]}” is no kind of symbol; write one of {', '.join(DOMAINS)}, or index(N), vector(d), "
        "matrix(n, m), vectors(N, d) or function."
    )


Declared = Annotated[Symbol, BeforeValidator(symbol)]
"""A property that declares a symbol."""


def with_sizes(symbols: Mapping[str, Symbol]) -> dict[str, Symbol]:
    """The symbols, and the sizes that they name: natural numbers unless declared otherwise."""
    named = {size: Symbol(domain="natural") for one in symbols.values() for size in one.sizes if not size[:1].isdigit()}
    return named | dict(symbols)
