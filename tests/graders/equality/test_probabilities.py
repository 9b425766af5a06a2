"""Probabilities are compared by what is asked and what is given, whatever the order and the name of the index."""

from __future__ import annotations

import pytest

from app.domain.language import parse_author
from app.domain.symbols import Symbol
from graders.equality.formulas import same_formula

SYMBOLS = {
    "x": Symbol(kind="vector", sizes=("T",)),
    "z": Symbol(kind="vector", sizes=("T",)),
    "t": Symbol(kind="index", domain="natural", sizes=("T",)),
    "a": Symbol(),
    "b": Symbol(),
}
CHAIN = "Prod(p([entry(x, t)], [through(entry(x, 1), entry(x, t - 1))]), t, 1, T)"
MARKOV = "Prod(p([entry(x, t)], [entry(x, t - 1)]), t, 2, T)"


@pytest.mark.parametrize(
    ("reference", "answer", "verdict"),
    [
        (CHAIN, CHAIN.replace("t", "k").replace("enkry", "entry").replace("khrough", "through"), "equal"),
        (CHAIN, MARKOV, "different"),
        (CHAIN, CHAIN.replace("entry(x, 1), entry(x, t - 1)", "entry(x, t - 1), entry(x, 1)"), "equal"),
        ("p([a], [through(entry(x, t), entry(x, 1))])", "p([a], [through(entry(x, 1), entry(x, t))])", "equal"),
        ("p([a], [through(entry(x, T), entry(x, t))])", "p([a], [through(entry(x, t), entry(x, T))])", "equal"),
        ("p([a], [through(entry(x, t - 1), entry(x, 1))])", "p([a], [through(entry(x, t), entry(x, 1))])", "different"),
        (CHAIN, f"p([entry(x, 1)])*{CHAIN.replace('t, 1, T', 't, 2, T')}", "equal"),
        (MARKOV, "Prod(p([entry(x, t + 1)], [entry(x, t)]), t, 1, T - 1)", "equal"),
        (MARKOV, "Prod(p([entry(x, t - 1)], [entry(x, t)]), t, 2, T)", "different"),
        ("p([a], [b])", "P([a], [b])", "equal"),
        ("p([a], [b])", "p([b], [a])", "different"),
        ("p([a], [b])", "p([a, b])", "different"),
        ("p([a, b])", "p([b, a])", "equal"),
        ("p([a, b])", "p([a], [b])*p([b])", "different"),
        ("p([a], [b])*p([b])", "p([b])*p([a], [b])", "equal"),
        ("log(p([a])*p([b]))", "log(p([a])) + log(p([b]))", "equal"),
        (
            "p([entry(x, t)], [entry(x, t - 1), entry(z, t)])",
            "p([entry(x, t)], [entry(z, t), entry(x, t - 1)])",
            "equal",
        ),
        ("p([entry(x, t)], [entry(x, t - 1)])", "p([entry(x, t)], [entry(x, t + 1)])", "different"),
        ("p([a])", "a", "different"),
        ("p([a + 1])", "p([a])", "undecided"),
        ("Prod(p([entry(x, t)]), t, 1, 10**6)", "p([a])", "undecided"),
        ("p([entry(x, t + 1/2)])", "p([a])", "undecided"),
    ],
)
def test_the_verdict(reference: str, answer: str, verdict: str) -> None:
    found = same_formula(parse_author(reference), parse_author(answer), SYMBOLS)
    assert found.verdict == verdict, found.reason
    assert found.reason.endswith(".")


def test_the_reason_names_the_probability() -> None:
    found = same_formula(parse_author(CHAIN), parse_author(MARKOV), SYMBOLS)
    assert "p(x_1) is missing in yours" in found.reason


STATES = {"s": Symbol(kind="vector", sizes=("T",)), "t": Symbol(domain="natural"), "u": Symbol(domain="natural")}
ASSUMPTION = "P([entry(s, t)], [entry(s, t - 1)]) == P([entry(s, t)], [through(entry(s, 1), entry(s, t - 1))])"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (ASSUMPTION, "equal"),
        ("P([entry(s, t)], [through(entry(s, t - 1), entry(s, 1))]) == P([entry(s, t)], [entry(s, t - 1)])", "equal"),
        ("P([entry(s, t)], [entry(s, t - 1)]) == P([entry(s, t)])", "different"),
        ("P([entry(s, t)], [entry(s, t - 1)]) == P([entry(s, t - 1)], [entry(s, t)])", "different"),
        (
            "P([entry(s, t)], [entry(s, t - 1)]) < P([entry(s, t)], [through(entry(s, 1), entry(s, t - 1))])",
            "different",
        ),
        ("entry(s, t) == entry(s, t - 1) + 1", "different"),
    ],
)
def test_an_equation_between_probabilities_is_the_same_from_either_side(answer: str, verdict: str) -> None:
    found = same_formula(parse_author(ASSUMPTION), parse_author(answer), STATES)
    assert found.verdict == verdict, found.reason
