"""The verdicts of `formulas.txt`, and that none of them depends on how a formula is written."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.language import LanguageError, parse_author, parse_student
from app.domain.language.tree import Binary, Name
from app.domain.symbols import Symbol, symbol
from graders.equality import DOMAINS, Verdict, decide, equal
from graders.equality.expressions import LONGEST
from graders.equality.formulas import same_formula

TABLE = Path(__file__).with_name("formulas.txt")
MARKS = {
    "": "real",
    "+": "positive",
    "-": "negative",
    "!": "nonzero",
    "01": "unit",
    "#": "integer",
    "##": "natural",
    "()": "function",
    "~": "complex",
}


AUTHORS = "# From here on"


@dataclass(frozen=True)
class Row:
    """One line of the table: as students type up to the line that begins with AUTHORS, then as authors write."""

    reference: str
    answer: str
    symbols: dict[str, str]
    verdict: str
    up_to: tuple[str, ...]
    typed: bool

    def judged(self) -> Verdict:
        if self.typed:
            found = decide(self.reference, self.answer, self.symbols)
            return Verdict(found["verdict"], found["reason"])  # type: ignore[arg-type]
        symbols = {name: declared(domain) for name, domain in self.symbols.items()}
        return same_formula(parse_author(self.reference), parse_author(self.answer), symbols, self.up_to)

    def turned(self) -> Row:
        return replace(self, reference=self.answer, answer=self.reference)


def declared(spec: str) -> Symbol:
    found = symbol(spec)
    assert isinstance(found, Symbol)
    return found


def rows() -> list[Row]:
    found = []
    typed = True
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        typed = typed and not line.startswith(AUTHORS)
        if line and not line.startswith("#"):
            reference, answer, symbols, verdict, *free = (piece.strip() for piece in line.split(";"))
            variables = {}
            for one in filter(None, symbols.split(", ")):
                match = re.fullmatch(r"([A-Za-z]+[12]?)(01|##|\(\)|[-+!#~]?)", one)
                assert match, one
                variables[match[1]] = MARKS[match[2]]
            up_to = tuple(re.split(r",\s*", free[0])) if free else ()
            found.append(Row(reference, answer, variables, verdict, up_to, typed))
    return found


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.reference} ; {row.answer}")
def test_the_table(row: Row) -> None:
    found = row.judged()
    assert found.verdict == row.verdict, found.reason
    assert found.reason.endswith((".", "?", ".)"))
    if row.verdict in ("equal", "undecided") and not row.answer.startswith("exp(exp(exp"):
        assert row.turned().judged().verdict == row.verdict


def test_the_table_is_long_enough_to_be_a_specification() -> None:
    verdicts = [row.verdict for row in rows()]
    assert len(verdicts) >= 500
    assert set(verdicts) == {"equal", "different", "undecided", "invalid"}


@pytest.mark.parametrize(
    ("reference", "answer", "variables", "reason"),
    [
        ("x^2", "x + 1", {"x": "real"}, "At x = 2 yours is 3, but should be 4."),
        ("2*log(w)", "log(w^2)", {"w": "real"}, "At w = -2 yours is 1.38629, but should be not defined."),
        ("log(w^2)", "2*log(w)", {"w": "real"}, "At w = -2 yours is not defined, but should be 1.38629."),
        ("1/3", "0.333", {}, "Yours is 0.333, but should be 1/3."),
        ("x/3", "0.33333333333*x", {"x": "real"}, "At x = 2 yours is 0.66666666666, but should be 2/3."),
        ("x + 1e-900", "x", {"x": "real"}, "At x = 3.869 both are 3.869, and differ only after 40 digits."),
        ("x + 1e-9999", "x", {"x": "real"}, "Yours is another function."),
        ("1 + 1e-30", "1", {}, "Yours is 1, but should be 1.000000000000000000000000000001."),
        ("pi", "3.14159", {}, "Yours is 3.14159, but should be 3.141592653"),
        ("z", "z + 2*i", {"z": "complex"}, "At z = 2 + 1i yours is 2 + 3i, but should be 2 + 1i."),
        ("z", "z - i", {"z": "complex"}, "yours is 2, but should be 2 + 1i."),
        ("sqrt(z)", "-sqrt(z)", {"z": "complex"}, "yours is -1.45535 - 0.343561i, but should be"),
        ("x + 1", "1 + x", {"x": "real"}, "Both are the same rational function."),
        ("1 + 1", "2", {}, "Both are the same number."),
        ("exp(x)", "e^x", {"x": "real"}, "Both agree at every point tried, to at least 18 places."),
        ("sqrt(8)", "2*sqrt(2)", {}, "Both agree in their digits, to at least 18 places."),
        ("1/(x-x)", "x", {"x": "real"}, "Only one of them has a value; the other divides by zero."),
        ("x", "q", {"x": "real"}, "The answer cannot be read: "),
        ("q", "x", {"x": "real"}, "The reference cannot be read: "),
        ("x", "x", {"x": "odd"}, "There is no domain “odd”; there are complex, "),
        (
            "x*1e300*1e300",
            "1e600*x*(1+x-x) + 1",
            {"x": "real"},
            "At x = 2 both are 2e600, and differ only after 40 digits.",
        ),
    ],
)
def test_the_reason_is_a_sentence_one_can_check(
    reference: str, answer: str, variables: dict[str, str], reason: str
) -> None:
    found = decide(reference, answer, variables)["reason"]
    assert reason in found
    assert found.endswith((".", "?"))


@pytest.mark.parametrize(
    ("reference", "answer", "variables"),
    [(1, "x", {}), ("x", None, {}), ("1", "1", []), ("1", "1", {"": "real"}), ("1", "1", {"x": ["real"]})],
)
def test_what_is_not_even_text_is_invalid(reference: object, answer: object, variables: object) -> None:
    assert decide(reference, answer, variables)["verdict"] == "invalid"


def test_symbols_that_do_not_occur_change_nothing() -> None:
    assert decide("sqrt(x^2)", "x", {"x": "positive", "q": "real"})["verdict"] == "equal"


@pytest.mark.parametrize("domain", sorted(DOMAINS))
def test_every_domain_has_points(domain: str) -> None:
    for reference, answer, verdict in [
        ("exp(x+1)", "e*exp(x)", "equal"),
        ("exp(x)", "exp(x) + 0.001", "different"),
        ("x^2", "x*x", "equal"),
        ("x^2", "x^3", "different"),
    ]:
        assert decide(reference, answer, {"x": domain})["verdict"] == verdict


HOSTILE = [
    "(" * 39 + "x" + ")" * 39,
    "+".join(f"exp({k}*x)" for k in range(60)),
    "*".join("(x+1/7919)" for _ in range(90)),
    "sqrt(" * 15 + "-1-x^2" + ")" * 15,
    "exp(" * 15 + "x" + ")" * 15,
    "+".join(f"log(x-{k}000)" for k in range(50)),
    "+".join(f"1/(sin(x+{k})^2+cos(x+{k})^2-1)" for k in range(8)),
    "((((x+1)^999+1)^999+1)^999+1)^999",
    "x^0.123456789^0.123456789^0.987654321",
    "sin(1e300*x)*floor(1e300*x)",
    "log(" * 12 + "abs(x)+1e300" + ")" * 12,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_formulas_get_a_verdict_quickly(text: str) -> None:
    begin = time.perf_counter()
    for other in ("x", text, f"{text}+1"):
        assert decide(text, other, {"x": "real"})["verdict"] in ("equal", "different", "undecided", "invalid")
    assert time.perf_counter() - begin < 10
    assert LONGEST <= 20_000


PIECES = ["x", "y", "2", "0.3", "7"]
FUNCTIONS = ["exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu", "abs", "softplus"]
formulas = st.recursive(
    st.sampled_from(PIECES),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"(({t[0]}){t[1]}({t[2]}))"),
        st.tuples(st.sampled_from(FUNCTIONS), inner).map(lambda t: f"{t[0]}({t[1]})"),
        inner.map(lambda t: f"({t})^2"),
    ),
    max_leaves=5,
)
REWRITES = [
    ("({a}) + ({b})", "({b}) + ({a})"),
    ("({a}) * ({b})", "({b}) * ({a})"),
    ("({a}) * (({b}) + ({c}))", "({a})*({b}) + ({a})*({c})"),
    ("({a}) - ({b})", "-(({b}) - ({a}))"),
    ("(({a}) + ({b}))^2", "({a})^2 + 2*({a})*({b}) + ({b})^2"),
    ("{a} + 0*({a})", "{a}"),
    ("exp(({a}) + ({b}))", "exp({a}) * exp({b})"),
    ("sigmoid({a})", "1/(1 + exp(-({a})))"),
    ("relu({a})", "(({a}) + abs({a}))/2"),
    ("tanh({a})", "2*sigmoid(2*({a})) - 1"),
    ("log(exp({a}))", "{a}"),
    ("max({a}, {b})", "(({a}) + ({b}) + abs(({a}) - ({b})))/2"),
    ("sqrt(({a})^2)", "abs({a})"),
]
MUTATIONS = ["({r}) + 0.001", "({r})*1.001 + x/1000", "({r}) + x*1e-9", "-({r}) - 1", "({r}) + exp(-x*x)/100"]


def judged(reference: str, answer: str) -> Verdict | None:
    variables = {"x": "real", "y": "positive"}
    try:
        return equal(parse_student(reference, variables), parse_student(answer, variables), variables)
    except LanguageError:
        return None


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@settings(max_examples=150, deadline=None)
@given(formulas, formulas, formulas, st.sampled_from(REWRITES))
def test_a_rewritten_formula_is_never_different(a: str, b: str, c: str, rule: tuple[str, str]) -> None:
    reference, answer = (side.format(a=a, b=b, c=c) for side in rule)
    found = judged(reference, answer)
    assert found is None or found.verdict != "different", (reference, answer, found)


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@settings(max_examples=150, deadline=None)
@given(formulas, formulas, formulas, st.sampled_from(REWRITES), st.sampled_from(MUTATIONS))
def test_a_mutant_is_never_equal(a: str, b: str, c: str, rule: tuple[str, str], mutation: str) -> None:
    reference, answer = (side.format(a=a, b=b, c=c) for side in rule)
    found = judged(reference, mutation.format(r=answer))
    assert found is None or found.verdict != "equal", (reference, answer, mutation, found)


def test_a_tree_that_is_no_formula_is_undecided() -> None:
    assert equal(parse_author("[1]"), parse_author("[1]"), {}).verdict == "undecided"


def test_a_point_is_named_as_its_symbols_are_written() -> None:
    symbols = {"S_prev": Symbol(domain="positive", write="S_{k-1}"), "g": Symbol(write="\\hat g")}
    verdict = same_formula(Name("S_prev"), Binary("+", Name("S_prev"), Name("g")), symbols)
    assert verdict.verdict == "different"
    assert "S_{k-1} = " in verdict.reason
    assert "S_prev" not in verdict.reason
    assert "ghat = " in verdict.reason
