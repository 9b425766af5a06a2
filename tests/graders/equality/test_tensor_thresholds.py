"""The verdicts of `tensors.txt`, thresholds at odd places, and that written-out entries have the values of arrays."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest

from app.domain.language import parse_author
from app.domain.symbols import symbol
from graders.equality.entries import Written
from graders.equality.entry_functions import NotWrittenOut
from graders.equality.formulas import same_formula
from graders.equality.tensor_lengths import lengths_asked
from graders.equality.tensor_points import Place, values_at
from graders.evaluation.floats import compile_real
from graders.evaluation.tensors import Evaluation

TABLE = Path(__file__).with_name("tensors.txt")
DECLARED = {
    **dict.fromkeys("abcst", "real"),
    **dict.fromkeys("xwv", "vector(d)"),
    **dict.fromkeys("yz", "vector(N)"),
    **dict.fromkeys("ABC", "matrix(d, d)"),
    **dict.fromkeys("MW", "matrix(m, d)"),
    **dict.fromkeys("ij", "index(d)"),
    "p": "unit",
    "q": "positive",
    "eps": "positive",
    "k": "integer",
    "n": "natural",
    "P": "vector(d, positive)",
    "U": "vector(d, unit)",
    "X": "vectors(N, d)",
    "h": "index(N)",
}
SYMBOLS = {name: symbol(spec) for name, spec in DECLARED.items()}
SIZES = {"d": 2, "m": 3, "N": 2}


def rows() -> list[tuple[str, str, str]]:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found = []
    for line in lines:
        reference, answer, verdict = (piece.strip() for piece in line.split(";"))
        found.append((reference, answer, verdict))
    return found


def verdict(reference: str, answer: str, *up_to: str) -> str:
    return same_formula(parse_author(reference), parse_author(answer), SYMBOLS, up_to).verdict


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@pytest.mark.parametrize(("reference", "answer", "expected"), rows())
def test_the_table(reference: str, answer: str, expected: str) -> None:
    found = same_formula(parse_author(reference), parse_author(answer), SYMBOLS)
    assert found.verdict == expected, found.reason
    assert found.reason.endswith(".")
    assert verdict(answer, reference) == expected


NUMBERS = [
    "1/10**10",
    "1/10**5",
    "1/50",
    "1/2",
    "2/3",
    "6",
    "7",
    "30",
    "88",
    "sqrt(50)",
    "exp(5)",
    "255",
    "65504",
    "10**7",
]
SCALARS = ["norm(x)", "norm(x - w)**2", "sum(relu(x))", "max(abs(x))", "norm(A @ x)", "Sum(entry(x, i)**2, i, 1, d)"]
ARRAYS = ["x", "A @ x", "x*w", "relu(x) + w", "a*x", "norm(w)*x", "x - mean(x)", "transpose(x)", "sigmoid(x)*w"]


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@pytest.mark.parametrize("seed", range(40))
def test_a_threshold_anywhere_is_found(seed: int) -> None:
    dice = Random(seed)
    whole, size, edge = dice.choice(ARRAYS), dice.choice(SCALARS), dice.choice(NUMBERS)
    shifted = dice.choice(["1.00001", "0.99", "3"])
    mutants = [
        (size, f"min({size}, {edge})"),
        (size, f"max({size}, {edge})"),
        (whole, f"({whole}) if {size} < {edge} else 2*({whole})"),
        (whole, f"({whole})*indicator(abs({size} - {edge}) > {edge}/10**4)"),
        (f"({whole})*indicator({size} > {edge})", f"({whole})*indicator({size} > {edge}*{shifted})"),
    ]
    accepted = [pair for pair in mutants if verdict(*pair) == "equal"]
    assert not accepted


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@pytest.mark.parametrize("length", [3, 6, 17, 64, 200])
def test_a_term_left_out_beyond_any_length_is_found(length: int) -> None:
    for condition in (f"i < {length}", f"i != {length}", f"2*i <= {length}"):
        assert verdict("sum(x)", f"Sum(entry(x, i)*indicator({condition}), i, 1, d)") == "different"
    assert verdict("sum(x)", f"sum(x) if d < {length} else 0") == "different"
    assert verdict("mean(x)", f"sum(x)/min(d, {length})") == "different"
    assert verdict("entry(x, i)", f"entry(x, i) if i < {length} else 0") == "different"


def test_what_no_length_reaches_is_undecided() -> None:
    assert verdict("sum(x)", "Sum(entry(x, i)*indicator(i < 10**5), i, 1, d)") == "undecided"
    assert verdict("sum(x)", "Sum(entry(x, i)*indicator(i <= d), i, 1, d)") == "equal"


def test_lengths_are_asked_for_by_conditions_on_indices_and_sizes_alone() -> None:
    def lengths(text: str) -> set[tuple[str, int]]:
        asked = lengths_asked([parse_author(text)], SYMBOLS, ["d"])
        return {one for lengths in asked.lengths for one in lengths}

    assert lengths("Sum(entry(x, i)*indicator(i < 9), i, 1, d)") == {("d", 11)}
    assert lengths("sum(x)/max(d, 2)") == {("d", 4), ("d", 1), ("d", 2)}
    assert lengths("Sum(min(entry(x, i), 900), i, 1, d)") == set()
    assert lengths("relu(x) + 7") == set()


@pytest.mark.parametrize(
    ("reference", "answer", "up_to", "expected"),
    [
        ("norm(x)**2", "3*norm(x)**2 + 7", ["positive factor", "constant"], "equal"),
        ("norm(x)**2", "3*min(norm(x)**2, 1000) + 7", ["positive factor", "constant"], "different"),
        ("norm(x - w)**2", "norm(x)**2 - 2*dot(x, w) + max(norm(w), 50)", ["constant in x"], "equal"),
        ("norm(x - w)**2", "norm(x)**2 - 2*dot(x, w) + max(norm(x), 50)", ["constant in x"], "different"),
        ("2*relu(x)", "min(relu(x), 60)", ["factor"], "different"),
        ("relu(x)", "transpose(relu(x))", ["transpose"], "equal"),
        ("relu(x)", "transpose(min(relu(x), 60))", ["transpose"], "different"),
        ("relu(x)", "min(transpose(relu(x)), 600)", ["layout"], "different"),
        ("sum(x)", "Sum(entry(x, i)*indicator(i < 9), i, 1, d)", ["factor"], "different"),
    ],
)
def test_thresholds_count_where_a_factor_or_a_constant_does_not(
    reference: str, answer: str, up_to: list[str], expected: str
) -> None:
    assert verdict(reference, answer, *up_to) == expected


def test_the_reason_names_the_size_and_the_entry() -> None:
    reason = same_formula(parse_author("relu(x)"), parse_author("min(relu(x), 7)"), SYMBOLS).reason
    assert reason.startswith("For d = 1: at x_1 = ")
    assert reason.endswith("yours is 7, but should be " + reason.split(" = ")[-1].split(" ")[0] + ".")


def test_entries_written_out_have_the_values_of_the_array() -> None:
    """Two evaluators, written apart from each other, agree on every formula of the table that both can read."""
    compared = 0
    for text in dict.fromkeys(one for reference, answer, _ in rows() for one in (reference, answer)):
        indices = {"i": 2, "j": 1, "h": 2}
        tree = parse_author(text)
        symbols = {**SYMBOLS, **{size: symbol("natural") for size in SIZES}}
        point = values_at(symbols, set(symbols), Place(0, 0, 3, tuple(SIZES.items())))
        point = {**point, **{name: np.array([[float(value)]]) for name, value in indices.items()}}
        written = Written(symbols, SIZES, indices)
        try:
            entries = written.entries(tree)
        except NotWrittenOut:
            continue
        floats = {name: float(array[0, 0]) for name, array in point.items() if array.size == 1}
        for name, array in point.items():
            for (row, column), value in np.ndenumerate(array):
                floats[f"{name}_{row + 1}"] = floats[f"{name}_{row + 1}{column + 1}"] = float(value)
        expected = Evaluation(point, symbols).value(tree)
        assert expected.shape == (len(entries), len(entries[0])), text
        for (row, column), value in np.ndenumerate(expected):
            assert compile_real(entries[row][column])(floats) == pytest.approx(value, rel=1e-9, abs=1e-9), text
        compared += 1
    assert compared > 120
