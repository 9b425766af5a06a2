"""Values as people read them: plain text for feedback, LaTeX for prompts and solutions."""

from __future__ import annotations

from fractions import Fraction

from app.domain.language import to_latex
from app.domain.values import Share, Symbolic, Value

_LONGEST = 24
_PLACES = 12
_TEX = {"\\": r"\textbackslash ", "~": r"\textasciitilde ", "^": r"\textasciicircum "} | {
    character: "\\" + character for character in "{}$&#_%"
}


def number_text(value: int | Fraction | float) -> str:
    """A number for people.

    Whole numbers as they are; fractions as `1/3`, or as a decimal where the denominator is above 100 and the
    decimal ends within six places (twelve if tens are in it); all else that is long or irrational to six digits.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, Fraction) and value.denominator > 100 and _ends(value):
        return _decimal_text(value)
    text = str(value)
    return text if len(text) <= _LONGEST else _long_text(Fraction(value))


def _float_text(value: float) -> str:
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.6g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        return f"{mantissa}e{int(exponent)}"
    return text


def _ends(value: Fraction) -> bool:
    places = _PLACES if value.denominator % 5 == 0 else _PLACES // 2
    return bool(10**places % value.denominator == 0)


def _decimal_text(value: Fraction) -> str:
    scaled = str(abs(int(value * 10**_PLACES))).rjust(_PLACES + 1, "0")
    return ("-" if value < 0 else "") + f"{scaled[:-_PLACES]}.{scaled[-_PLACES:]}".rstrip("0")


def _long_text(value: Fraction) -> str:
    """Six significant digits of a number that a float may not hold."""
    if 1e-300 < abs(value) < 1e300:
        return _float_text(float(value))
    exponent = len(str(abs(value.numerator))) - len(str(value.denominator))
    mantissa = float(value * Fraction(10) ** -exponent)
    if abs(mantissa) < 1:
        mantissa, exponent = mantissa * 10, exponent - 1
    return f"{mantissa:.6g}e{exponent}"


def value_text(value: Value) -> str:
    """Any value for people: lists in brackets, blank cells as a dash."""
    match value:
        case None:
            return "–"
        case str():
            return value
        case Symbolic(source=source):
            return source
        case Share():
            return number_text(value.lo) if value.decided else f"{number_text(value.lo)} to {number_text(value.hi)}"
        case list():
            return "[" + ", ".join(value_text(item) for item in value) + "]"
        case dict():
            return ", ".join(f"{key}: {value_text(item)}" for key, item in value.items())
        case _:
            return number_text(value)


def value_latex(value: Value, *, column: bool = False) -> str:
    """Any value in LaTeX: fractions as `\\tfrac`, matrices and vectors (as rows, or columns) as `pmatrix`."""
    match value:
        case None:
            return r"\square"
        case Symbolic(node=node, latex=latex):
            return latex or to_latex(node)
        case list() if not value:
            return "()"
        case list():
            rows = value if isinstance(value[0], list) or column else [value]
            lines = (
                " & ".join(value_latex(cell) for cell in row) if isinstance(row, list) else value_latex(row)
                for row in rows
            )
            return r"\begin{pmatrix}" + r" \\ ".join(lines) + r"\end{pmatrix}"
        case int() | Fraction() | float() if not isinstance(value, bool):
            return _number_latex(number_text(value))
        case _:
            return r"\text{" + "".join(_TEX.get(character, character) for character in value_text(value)) + "}"


def _number_latex(text: str) -> str:
    if "/" in text:
        top, bottom = text.split("/")
        return f"-\\tfrac{{{top[1:]}}}{{{bottom}}}" if top[0] == "-" else f"\\tfrac{{{top}}}{{{bottom}}}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        return f"{mantissa} \\cdot 10^{{{exponent}}}"
    return text
