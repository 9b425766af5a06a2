"""From two texts to a verdict: what `gradus equal` answers for one line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from app.domain.language import STUDENT, LanguageError, Node, parse_formula
from app.domain.symbols import Symbol, symbol, with_sizes
from graders.equality.formulas import same_formula
from graders.equality.sampling import DOMAINS

_IMAGINARY_UNIT = re.compile(r"(?<![A-Za-z_\\])i(?![A-Za-z_0-9])")
_SERIES = re.compile(r"(?i:sum|prod)|[ΣΠ∑∏]")
_LIMITS = replace(STUDENT, exponent=10_000)
"""Rational functions of such degrees are still decided exactly."""
_IMAGINARY = Symbol(domain="constant")


def decide(reference_text: object, answer_text: object, variables: object) -> dict[str, str]:
    """The verdict on two formulas, equations, sets or lists as typed, and one sentence why. Never raises.

    `variables` maps every symbol that may be used to its domain (or to a declaration such as `vector(d)`); else `i` is
    the imaginary unit, unless it counts the terms of a sum.

    Returns:
        `{"verdict": "equal" | "different" | "undecided" | "invalid", "reason": …}`
    """
    if not isinstance(reference_text, str) or not isinstance(answer_text, str):
        return _invalid("The reference and the answer are texts.")
    if not isinstance(variables, Mapping) or not all(isinstance(name, str) and name for name in variables):
        return _invalid("The variables are names with their domains.")
    symbols: dict[str, Symbol] = {}
    for name, domain in variables.items():
        declared = _declared(domain) if isinstance(domain, str) else None
        if declared is None:
            return _invalid(f"There is no domain “{domain}”; there are {', '.join(sorted(DOMAINS))}.")
        symbols[name] = declared
    texts = (reference_text, answer_text)
    if "i" not in symbols and _has_imaginary_unit(texts, symbols) and not any(map(_SERIES.search, texts)):
        symbols["i"] = _IMAGINARY
    readable = with_sizes(symbols)
    try:
        reference = _read("The reference", reference_text, readable)
        answer = _read("The answer", answer_text, readable)
    except LanguageError as error:
        return _invalid(error.says)
    verdict = same_formula(reference, answer, symbols)
    return {"verdict": verdict.verdict, "reason": verdict.reason}


def _has_imaginary_unit(texts: Sequence[str], symbols: Mapping[str, Symbol]) -> bool:
    if any("i" in text and _IMAGINARY_UNIT.search(text) for text in texts):
        return True
    return any(one.domain == "complex" for one in symbols.values())


@lru_cache(maxsize=256)
def _declared(domain: str) -> Symbol | None:
    try:
        found = symbol(domain)
    except ValueError:
        return None
    return found if isinstance(found, Symbol) and (found.kind != "scalar" or found.domain in DOMAINS) else None


def _read(whose: str, text: str, symbols: Mapping[str, Symbol]) -> Node:
    try:
        return parse_formula(text, symbols, relation=True, limits=_LIMITS)
    except LanguageError as error:
        raise LanguageError(f"{whose} cannot be read: {error.says}", text, error.start, error.end) from None


def _invalid(reason: str) -> dict[str, str]:
    return {"verdict": "invalid", "reason": reason}
