"""The operators of computational graphs: their names, how people write them, and how many inputs they take."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

MOST_INPUTS: Final = 12


@dataclass(frozen=True, slots=True)
class Operator:
    """One kind of node. `says` is what it computes; `ordered` that its inputs cannot be exchanged."""

    name: str
    says: str
    fewest: int = 1
    most: int = 1
    spellings: tuple[str, ...] = ()
    ordered: bool = False

    def takes(self, count: int) -> bool:
        """Whether a node of this kind may have so many inputs."""
        return self.fewest <= count <= self.most

    @property
    def inputs(self) -> str:
        """How many inputs it takes, in words."""
        if self.fewest == self.most:
            return "one input" if self.most == 1 else f"{self.most} inputs"
        return f"{self.fewest} or 2 inputs" if self.most == 2 else f"{self.fewest} or more inputs"


_ALL: Final = (
    Operator("+", "the sum, cell by cell", 2, MOST_INPUTS, ("add", "plus", "addition")),
    Operator("-", "the difference: first minus second", 2, 2, ("sub", "minus", "subtract", "−", "–"), True),
    Operator("*", "the product, cell by cell", 2, MOST_INPUTS, ("mul", "times", "multiply", "×", "·", "⋅", "⊙")),
    Operator("/", "the quotient: first by second", 2, 2, ("div", "divide", "÷"), True),
    Operator("**", "the power: first to the second", 2, 2, ("pow", "power", "^"), True),
    Operator("dot", "the dot product of two vectors", 2, 2, ("inner", "dot product", "scalar product")),
    Operator("matmul", "the matrix product", 2, 2, ("@", "mm", "matrix product"), True),
    Operator("outer", "all products of the cells of two vectors", 2, 2, ("outer product",), True),
    Operator("transpose", "rows and columns exchanged", 1, 1, ("transposed",)),
    Operator("neg", "the negative", 1, 1, ("negate", "negative")),
    Operator("square", "the square", 1, 1, ("sqr", "²", "^2", "**2", "squared", "(.)^2", "(·)²")),
    Operator("sqrt", "the square root", 1, 1, ("√", "square root")),
    Operator("exp", "e to the power of the input", 1, 1, ("e^", "exponential")),
    Operator("log", "the natural logarithm", 1, 1, ("ln", "logarithm")),
    Operator("abs", "the absolute value", 1, 1, ("|.|", "|·|", "||", "absolute")),
    Operator("sin", "the sine", 1, 1, ("sine",)),
    Operator("cos", "the cosine", 1, 1, ("cosine",)),
    Operator("tanh", "the hyperbolic tangent"),
    Operator("sigmoid", "1 / (1 + exp(−x))", 1, 1, ("σ", "sigma", "logistic")),
    Operator("relu", "the greater of the input and 0", 1, 1, ("rectifier",)),
    Operator("softplus", "log(1 + exp(x))"),
    Operator("max", "the greatest of its inputs, or of the cells of one", 1, MOST_INPUTS, ("maximum",)),
    Operator("min", "the least of its inputs, or of the cells of one", 1, MOST_INPUTS, ("minimum",)),
    Operator("sum", "the sum of all cells", 1, MOST_INPUTS, ("Σ", "∑")),
    Operator("mean", "the mean of all cells", 1, MOST_INPUTS, ("average", "avg")),
    Operator("norm", "the Euclidean length", 1, 1, ("‖.‖", "||.||")),
    Operator("conv", "the kernel (second) over a sequence", 2, 2, ("conv1d", "convolution", "∗"), True),
    Operator("maxpool", "the greatest cell", 1, 1, ("max-pool", "max_pool", "maxpooling", "max-pooling", "pool")),
    Operator("=", "the input as it is, under another name", 1, 1, ("copy", "identity", "output")),
)  # fmt: skip

OPERATORS: Final[dict[str, Operator]] = {operator.name: operator for operator in _ALL}
SAME: Final = "="

_SPELLED: Final[dict[str, str]] = {
    spelling.casefold(): operator.name for operator in _ALL for spelling in (operator.name, *operator.spellings)
}
_STANDS_FOR: Final[dict[tuple[str, int], str]] = {("-", 1): "neg"}


def operator_of(name: str) -> Operator:
    """The operator of that name; one that is not known is a layer of the question's own, with any inputs."""
    return OPERATORS.get(name) or Operator(name, "a layer of this question", 1, MOST_INPUTS, (), True)


def find_operator(word: str, palette: Collection[str], inputs: int | None = None) -> str | None:
    """The operator that a word writes; None if there is none, or none in the palette.

    A palette that is empty offers all operators. Where a minus has one input, it is the negative. What is spelled
    in another way than the palette has it (`ReLU` for `max(x, 0)`) counts as well: it is what it computes.
    """
    text = word.strip()
    if text in palette:
        found: str | None = text
    else:
        squeezed = text.replace(" ", "").casefold()
        own = {one.casefold(): one for one in palette if one not in OPERATORS}
        found = own.get(squeezed) or _SPELLED.get(squeezed) or _SPELLED.get(text.casefold())
    if found is None:
        return None
    if found == "maxpool" and (inputs or 0) > 1:
        return "max"  # the greatest of several cells
    return _STANDS_FOR.get((found, inputs or 0), found)


def suggestion(word: str, palette: Collection[str]) -> str:
    """“Did you mean square?”, or which operators there are."""
    known = list(palette) or list(OPERATORS)
    near = get_close_matches(word.strip().casefold(), [*known, *(s for s in _SPELLED if _SPELLED[s] in known)], 1, 0.6)
    if near:
        return f"Did you mean {_SPELLED.get(near[0], near[0])}?"
    return f"There are {', '.join(known[:14])}{', …' if len(known) > 14 else ''}."
