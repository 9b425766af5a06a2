"""From two texts to a verdict: what `gradus equal` answers for one line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from app.domain.language import LanguageError, Node, parse_student
from graders.equality.expressions import equal
from graders.equality.sampling import DOMAINS

_IMAGINARY_UNIT = re.compile(r"(?<![A-Za-z_])i(?![A-Za-z_0-9])")


def decide(reference_text: str, answer_text: str, variables: Mapping[str, str]) -> dict[str, str]:
    """The verdict on two formulas as typed, and one sentence why. Never raises for what was typed.

    `variables` maps every symbol that may be used to its domain; else `i` is the imaginary unit.

    Returns:
        `{"verdict": "equal" | "different" | "undecided" | "invalid", "reason": …}`
    """
    strange = sorted(domain for domain in variables.values() if domain not in DOMAINS)
    if strange:
        return _invalid(f"There is no domain “{strange[0]}”; there are {', '.join(sorted(DOMAINS))}.")
    names = set(variables)
    if "complex" in variables.values() or any(map(_IMAGINARY_UNIT.search, (reference_text, answer_text))):
        names.add("i")
    try:
        reference = _read("The reference", reference_text, names)
        answer = _read("The answer", answer_text, names)
    except LanguageError as error:
        return _invalid(error.says)
    verdict = equal(reference, answer, variables)
    return {"verdict": verdict.verdict, "reason": verdict.reason}


def _read(whose: str, text: str, names: Iterable[str]) -> Node:
    try:
        return parse_student(text, sorted(names))
    except LanguageError as error:
        raise LanguageError(f"{whose} cannot be read: {error.says}", text, error.start, error.end) from None


def _invalid(reason: str) -> dict[str, str]:
    return {"verdict": "invalid", "reason": reason}
