"""From two texts to a verdict: what `gradus equal` answers for one line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from app.domain.language import LanguageError, Node, parse_student
from graders.equality.expressions import equal
from graders.equality.sampling import DOMAINS

_IMAGINARY_UNIT = re.compile(r"(?<![A-Za-z_])i(?![A-Za-z_0-9])")


def decide(reference_text: object, answer_text: object, variables: object) -> dict[str, str]:
    """The verdict on two formulas as typed, and one sentence why. Never raises, whatever it is given.

    `variables` maps every symbol that may be used to its domain; else `i` is the imaginary unit.

    Returns:
        `{"verdict": "equal" | "different" | "undecided" | "invalid", "reason": …}`
    """
    if not isinstance(reference_text, str) or not isinstance(answer_text, str):
        return _invalid("The reference and the answer are texts.")
    if not isinstance(variables, Mapping) or not all(isinstance(name, str) and name for name in variables):
        return _invalid("The variables are names with their domains.")
    domains: dict[str, str] = {}
    for name, domain in variables.items():
        if not isinstance(domain, str) or domain not in DOMAINS:
            return _invalid(f"There is no domain “{domain}”; there are {', '.join(sorted(DOMAINS))}.")
        domains[name] = domain
    names = set(domains)
    if "complex" in domains.values() or any(map(_IMAGINARY_UNIT.search, (reference_text, answer_text))):
        names.add("i")
    try:
        reference = _read("The reference", reference_text, names)
        answer = _read("The answer", answer_text, names)
    except LanguageError as error:
        return _invalid(error.says)
    verdict = equal(reference, answer, domains)
    return {"verdict": verdict.verdict, "reason": verdict.reason}


def _read(whose: str, text: str, names: Iterable[str]) -> Node:
    try:
        return parse_student(text, sorted(names))
    except LanguageError as error:
        raise LanguageError(f"{whose} cannot be read: {error.says}", text, error.start, error.end) from None


def _invalid(reason: str) -> dict[str, str]:
    return {"verdict": "invalid", "reason": reason}
