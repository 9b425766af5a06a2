"""Reading answers that are numbers as generously as a tutor: LaTeX, `h_2 = 37`, `3*11 + 4 = 37`, `19 px`, `34 944`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection
from fractions import Fraction
from math import ceil, floor
from typing import Final, TypeVar

from app.domain.counted_units import without_unit
from app.domain.language import Decimal, LanguageError, Node, parse_cell, parse_number, parse_row, parse_rows
from app.domain.language.latex_input import plain_text
from app.domain.language.limits import STUDENT
from app.domain.language.rows import Cell
from app.domain.language.tree import Binary, Call, Name, Number, Unary, walk
from app.domain.row_calculations import calculated
from app.domain.workings import Working, working_of

Found = TypeVar("Found")

_LEFT_SIDE: Final = re.compile(
    r"^(?:\s*[^\W\d_][^\W_]{0,11}(?:_(?:\{[^\W_]{1,12}\}|[^\W_]{1,12}))?\s*=(?!=)){1,2}\s*(?=\S)"
)
"""Plain names with an index before the first signs "="."""
_GROUPS: Final = re.compile(r"(?<![0-9.,'’])[1-9][0-9]{0,2}(?:[ '’\u00a0\u2009\u202f][0-9]{3})+(?![0-9.,'’])")
"""Digits in groups of three; points and commas stay a question."""
_SIZE_SIGN: Final = re.compile(r"(?<=[0-9)\]])\s*[xX]\s*(?=[0-9(\[])")
_NAMED_SIZE: Final = re.compile(r"(?<=[A-Z0-9)])[x×](?=[0-9A-Z(])")
"""The sign of a size between names in capitals: `Nx2N`."""
_BY: Final = re.compile(r"(?<=[0-9A-Z)])\s+by\s+(?=[0-9A-Z(])")
"""`5 by 5`."""
_HEXADECIMAL: Final = re.compile(r"(?<![0-9.])0[xX]")
_TURNED: Final = re.compile(r"(?<=[\])}])\s*(?:\.T|\^\s*(?:\{\s*)?(?:T|⊤|\\top)\s*\}?|'|ᵀ)\s*$")
_ARRAY: Final = re.compile(
    r"^\s*(?:(?:np|numpy|torch|sympy|sp)\.)?(?:array|tensor|asarray|[Mm]atrix|Vector)\s*\((.*)\)\s*$", re.DOTALL
)
_ANGLES: Final = re.compile(r"^\s*(?:⟨([^⟨⟩]*)⟩|<([^<>]*)>)\s*$")
_SIDES: Final = re.compile(r"(?<=[\w)])\s+(?:rows?|columns?|cols?|Zeilen?|Spalten?)(?!\w)", re.IGNORECASE)
_SPACE: Final = re.compile(r"^\s*(?:[A-Za-z]\s*∈\s*)?R\s*\^\s*(?:\{(.*)\}|\((.*)\))\s*$")
"""`R^{N x 2N}`, the space in which a tensor lies."""
"""`N rows x 2N columns`."""
_LABEL: Final = re.compile(r"(?<![^\s,;(\[])[^\W\d_]{1,8}\s*=\s*(?=[0-9(-])")
"""`H=64, W=64, C=96`."""
_COUNTED_LABEL: Final = re.compile(r"(?<![^\s,;(\[])[^\W\d_]{1,8}_?\{?([0-9])\}?\s*[=:]\s*(?=[^\s=:])")
"""`w_1 = 0, w_2 = -1/2`."""
_DIAGONAL: Final = re.compile(r"^\s*(?:np\.|numpy\.|torch\.)?diag\s*\(\s*(?:\[(.*)\]|(.*))\s*\)\s*$", re.DOTALL)
_MOST_DIAGONAL: Final = 12
_MOST_SIDES: Final = 6
_ROUNDED: Final = 0.006
"""How far the sides of an equation with decimals may be apart."""
_FUNCTIONS: Final[dict[str, Callable[[float], float]]] = {
    "log": math.log, "log2": math.log2, "log10": math.log10, "exp": math.exp, "sqrt": math.sqrt,
    "sin": math.sin, "cos": math.cos, "tanh": math.tanh,
}  # fmt: skip
_WHOLE: Final[dict[str, Callable[[Fraction], Fraction]]] = {
    "floor": lambda value: Fraction(floor(value)),
    "ceil": lambda value: Fraction(ceil(value)),
    "relu": lambda value: max(value, Fraction(0)),
    "abs": abs,
}
_ARROW: Final = re.compile(
    r"=>|⇒|⟹|->|→|\\Rightarrow|\\to\b"
    r"|[,;]\s+(?:so|hence|thus|therefore|donc|also|daher)\b(?=[^,;=]*=|\s*[-+]?[0-9./ ]+$)"
    r"|[,;]?\s+(?:rounded\s+down|round\s+down|floor|floored|abgerundet)(?:\s+to|\s+auf)?:?\s+(?=[0-9]+\s*$)",
    re.IGNORECASE,
)
_OPENING: Final = re.compile(r"^\s*(?:(?:the\s+)?(?:answer|result)(?:\s+is)?\s*:?|[≈~])\s*(?=\S)", re.IGNORECASE)
"""What stands before a number and says that it is the answer, or that it is rounded."""
_REMARK: Final = re.compile(
    r"(?<=[0-9)])\s+\((?![^()]*\b(?:thousand|million|billion|dozen|kB|MB|k|one|two|three|four|five|six|seven|eight|nine"
    r"|ten|half|twice|double|not|no)\b)[^\W\d_][^\W\d_ ,.-]*(?:[ ,.-]+[^\W\d_]+)*\.?\)\s*$",
    re.IGNORECASE,
)
"""Words in brackets behind a number that say what it counts: `408 (bytes)`; no words that are numbers themselves."""
_SHARE: Final = r"[0-9]+(?:[.,][0-9]+)?(?:\s*%)?"
_SHARES: Final = re.compile(rf"\s*{_SHARE}(?:\s*/\s*{_SHARE}){{2,}}\s*")
"""`80/10/10`, `80 % / 10 % / 10 %`: nobody divides twice in a row of numbers."""
_BETWEEN_RESULTS: Final = re.compile(r"[,;]\s+|\n")
_PLAIN_CHAIN: Final = re.compile(r"[0-9 .+\-*·/^()]+(?:[=≈][0-9 .+\-*·/^()]+)+")
_NAMED: Final = re.compile(r"\s*[^\W\d_][^\W_]{0,11}(?:_(?:\{[^\W_]{1,12}\}|[^\W_]{1,12}))?\s*=(?!=)")
_FORMULA: Final = re.compile(r"(?=.*[^\W\d_])[\w\s{}()^*·×|.+\-/'∂]{1,80}")
_EQUATION: Final = re.compile(r"\s*-?[0-9.]+\s*[*·]?\s*[^\W\d_]\w*\s*")
"""`2x = 3` asks for x; it is no value."""
_JOINING: Final = re.compile(r"\b(?:and|or|not|und|oder|nicht)\b", re.IGNORECASE)
_HIGHEST: Final = 64
"""The largest exponent that is multiplied out to compare the sides of an equation."""


def read_number(text: str, decimal: Decimal) -> Node:
    """The tree of a number. Of `3*11 + 4 = 37`, whose sides agree, it is the calculation. Raises LanguageError."""
    return _generously(text, lambda typed: parse_number(typed, decimal), _one)


def read_cell(text: str, decimal: Decimal, names: Collection[str] = ()) -> Cell:
    """The tree of one cell of a row or table, None when it is blank. Raises LanguageError."""
    if not names:
        return read_number(text, decimal) if text.strip() else None
    return _generously(text, lambda typed: parse_cell(typed, decimal, names), _one)


def read_row(text: str, decimal: Decimal, names: Collection[str] = ()) -> list[Cell]:
    """The cells of a row typed as one text, as a column or a program's array as well. Raises LanguageError."""
    if _SHARES.fullmatch(text):
        text = text.replace("/", "; ")
    try:
        return _generously(text, lambda typed: parse_row(typed, decimal, names), _several)
    except LanguageError:
        if names or (only := _only_number(text, decimal)) is None:
            raise
        return [only]


def read_rows(text: str, decimal: Decimal) -> list[list[Cell]]:
    """The rows of a matrix typed as one text. Raises LanguageError."""
    try:
        return _generously(text, lambda typed: parse_rows(typed, decimal), lambda typed: _several(_diagonal(typed)))
    except LanguageError:
        if (only := _only_number(text, decimal)) is None:
            raise
        return [[only]]


def _only_number(text: str, decimal: Decimal) -> Node | None:
    """The one number of a row or matrix that is a chain whose sides agree: `1*1 - 1*2 + 2*2 = 3`; else None."""
    if not _PLAIN_CHAIN.fullmatch(text):
        return None
    try:
        return read_number(text, decimal)
    except LanguageError:
        return None


def _diagonal(text: str) -> str:
    """The rows of a matrix written as `diag(0, -1)`; any other text as it is."""
    match = _DIAGONAL.match(text.rsplit("=", 1)[-1])  # `diag(cos w) = diag(0, -1)`
    cells = (match[1] or match[2] or "").split(",") if match else []
    if not match or len(cells) > _MOST_DIAGONAL:
        return text
    rows = (", ".join(cell if i == j else "0" for j in range(len(cells))) for i, cell in enumerate(cells))
    return "[[" + "], [".join(rows) + "]]"


def _generously(text: str, parse: Callable[[str], Found], settle: Callable[[str], str]) -> Found:
    """What `parse` reads; only where it cannot, of the text in a plainer spelling. The first error is the one told."""
    try:
        return parse(text)
    except LanguageError as error:
        if len(text) > STUDENT.length:
            raise
        try:
            signs = text.replace(r"\times", " x ") if settle is _several else text
            if "^" in text and text.lstrip()[0] in "Rℝ":
                signs = signs.replace("×", " x ")
            plain = settle(plain_text(signs).text)
            if settle is _one and "=" in plain:
                return _agreeing_or_worked(plain, parse)
            if plain == text:
                raise
            return parse(plain)
        except LanguageError as inner:
            if settle is _one and "=" in text and inner is not error:
                raise LanguageError(inner.says, text, 0, len(text)) from None
        raise


def _one(text: str) -> str:
    """One number in the plain spelling."""
    text = _REMARK.sub("", _OPENING.sub("", text))
    text = without_unit(_LEFT_SIDE.sub("", _last_result(text.replace("≈", "=")), count=1))
    text = _GROUPS.sub(lambda digits: re.sub(r"\D", "", digits.group()), text)
    return text if _HEXADECIMAL.search(text) else _SIZE_SIGN.sub("*", text)


def _last_result(text: str) -> str:
    """What an arrow leads to, and the last of several results that are named: `h_1 = 11, h_2 = 37` is `h_2 = 37`; any
    other text as it is.
    """
    text = _ARROW.split(text)[-1]
    results = _BETWEEN_RESULTS.split(text)
    named = all("=" in result for result in results) and _NAMED.match(results[-1])
    return results[-1] if len(results) > 1 and named else text


def _several(text: str) -> str:
    """Several numbers in the plain spelling."""
    space = _SPACE.match(text)
    text = space[1] or space[2] or "" if space else text
    counted = _COUNTED_LABEL.findall(text)
    if len(counted) > 1 and counted == [str(one) for one in range(1, len(counted) + 1)]:  # in their order only
        text = _COUNTED_LABEL.sub("", text)
    else:
        text = _LEFT_SIDE.sub("", _SIDES.sub("", text), count=1)
    text = _BY.sub(" x ", _NAMED_SIZE.sub(" x ", _TURNED.sub("", without_unit(text))))
    text = _ANGLES.sub(lambda found: f"[{found[1] or found[2] or ''}]", text)
    return calculated(_ARRAY.sub(r"\1", _LABEL.sub("", text)))


def _agreeing(text: str, parse: Callable[[str], Found]) -> Found:
    """The first calculation of a chain of equal numbers. Raises LanguageError where the sides differ."""
    typed = [without_unit(side) for side in text.split("=", _MOST_SIDES)]
    while len(typed) > 1 and _in_letters(typed[0], parse, more=len(typed) > 2):
        del typed[0]
    sides = [parse(side) for side in typed]
    values = {_exact(side) if isinstance(side, Node) else None for side in sides}
    near = [_nearly(side) if isinstance(side, Node) else None for side in sides] if None in values else []
    known = [value for value in near if value is not None]
    agreeing = len(known) == len(sides) and max(known) - min(known) <= _ROUNDED * max(1.0, abs(known[0]))
    if (len(values) != 1 or None in values) and not agreeing and not _rounded(sides):
        raise LanguageError("The sides of this equation differ; write the value only.", text, 0, len(text))
    return next((side for side in sides if not isinstance(side, Number)), sides[0])


def _agreeing_or_worked(text: str, parse: Callable[[str], Found]) -> Found:
    """A chain of equal numbers, or several steps of working. Raises LanguageError where sides differ."""
    try:
        return _agreeing(text, parse)
    except LanguageError:
        working = working_of(text)
        if working is None:
            raise
        typed = [_one(step) for step in working.steps]
        found = [_agreeing(step, parse) if "=" in step else parse(step) for step in typed]
        if not _in_order(working, found):
            raise
        return found[working.result]


def _in_order(working: Working, found: list[Found]) -> bool:
    """Whether it is clear which step says the value: what stands behind it explains something before it, and no step
    leans on the last one unless that leans on another.
    """
    for place in range(working.result + 1, len(found)):
        left = re.escape(working.steps[place].partition("=")[0].strip())
        named = re.search(rf"(?<!\w){left}(?!\w)", " ".join(working.steps[:place]))
        if not named and not any(_mentions(step, found[place]) for step in found[:place]):
            return False
    earlier, last = found[:-1], found[-1]
    backwards = any(_mentions(step, last) for step in earlier if not isinstance(step, Number))
    return working.explained or not backwards or any(_mentions(last, step) for step in earlier)


def _mentions(step: object, other: object) -> bool:
    """Whether a number of this step is the value of another one."""
    value = _exact(other) if isinstance(other, Node) else None
    numbers = (one.value for one in walk(step) if isinstance(one, Number)) if isinstance(step, Node) else ()
    return value is not None and value in numbers


def _rounded(sides: list[Found]) -> bool:
    """Whether a calculation is followed by its value in fewer digits: `1/3 = 0.333`."""
    exact = [_exact(side) if isinstance(side, Node) else None for side in sides]
    first = exact[0]
    if first is None or isinstance(sides[0], Number):
        return False
    for side, value in zip(sides, exact, strict=True):
        digits = len(side.text.partition(".")[2]) if isinstance(side, Number) else 0
        if value is None:
            return False
        apart, unit = abs(value - first), Fraction(1, 10**digits)
        cut = abs(value) < abs(first) and apart < unit
        if apart and (digits < 2 or not (cut or apart <= unit / 2)):
            return False
    return True


def _in_letters(side: str, parse: Callable[[str], object], more: bool) -> bool:
    """Whether a side is the formula in letters that is then put into numbers: the first of `v h_2 = -1*37 = -37`.

    With `more` sides behind it, `2*s = 2*1 = 2` shows its values and is no equation for s.
    """
    if not _FORMULA.fullmatch(side) or _JOINING.search(side) or (_EQUATION.fullmatch(side) and not more):
        return False
    if side.count("(") != side.count(")"):
        return False
    try:
        parse(side)
    except LanguageError:
        return True
    return False


def _exact(node: Node) -> Fraction | None:
    """The value of a calculation in whole numbers and fractions; None for anything else."""
    match node:
        case Number(value=value):
            return Fraction(value)
        case Unary(op=op, operand=operand):
            inner = _exact(operand)
            return None if inner is None else -inner if op == "-" else inner
        case Binary(op=op, left=left, right=right):
            one, other = _exact(left), _exact(right)
            return None if one is None or other is None else _combined(op, one, other)
        case Call(function="floor" | "ceil" | "relu" | "abs" as function, args=(operand,)):
            inner = _exact(operand)
            return None if inner is None else _WHOLE[function](inner)
        case _:
            return None


def _nearly(node: Node) -> float | None:
    """The value of a calculation with logarithms, roots, π and their kind, as a float; None for anything else."""
    exact = _exact(node)
    if exact is not None:
        return float(exact)
    match node:
        case Name(id=name):
            return {"pi": math.pi, "e": math.e}.get(name)
        case Unary(op=op, operand=operand):
            inner = _nearly(operand)
            return None if inner is None else -inner if op == "-" else inner
        case Binary(op=op, left=left, right=right) if op in ("+", "-", "*", "/"):
            one, other = _nearly(left), _nearly(right)
            if one is None or other is None or (op == "/" and not other):
                return None
            return {"+": one + other, "-": one - other, "*": one * other}.get(op) if op != "/" else one / other
        case Binary(op="**", left=left, right=right):
            one, other = _nearly(left), _nearly(right)
            try:
                return None if one is None or other is None else math.pow(one, other)
            except (ValueError, OverflowError):
                return None
        case Call(function="max" | "min" as function, args=args):
            values = [_nearly(one) for one in args]
            known = [value for value in values if value is not None]
            return (max if function == "max" else min)(known) if len(known) == len(values) else None
        case Call(function=function, args=(operand,)) if function in _FUNCTIONS:
            inner = _nearly(operand)
            try:
                return None if inner is None else _FUNCTIONS[function](inner)
            except (ValueError, OverflowError):
                return None
        case _:
            return None


def _combined(op: str, one: Fraction, other: Fraction) -> Fraction | None:
    match op:
        case "+":
            return one + other
        case "-":
            return one - other
        case "*":
            return one * other
        case "/" if other:
            return one / other
        case "**" if other.denominator == 1 and abs(other) <= _HIGHEST and (one or other >= 0):
            small = max(one.numerator.bit_length(), one.denominator.bit_length()) <= _HIGHEST
            return one ** int(other) if small else None
        case _:
            return None
