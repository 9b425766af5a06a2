"""The benchmarks of formulas and texts run, with the smallest sizes, and know a fault when they see one."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from app.domain.language import LanguageError, parse_formula, to_source
from benchmarks import equality, fuzzing, parsing, rewrites, texts


def test_both_judges_of_formulas_see_the_same_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    found = equality.measure(equality.Sizes(pairs=3, rounds=1))
    equality.print_found(found)
    assert [len(one.first) for one in found.values()] == [3, 3]
    assert "| gradus equal" in capsys.readouterr().out


def test_all_readers_of_formulas_see_the_same_texts(capsys: pytest.CaptureFixture[str]) -> None:
    found = parsing.measure(parsing.Sizes(formulas=3, rounds=1))
    parsing.print_found(found)
    assert {pair: len(one) for pair, one in found.items()} == dict.fromkeys(found, 3)
    assert len(found) == 6
    assert "| as typed, parse_formula" in capsys.readouterr().out


def test_a_formula_as_typed_means_what_it_meant() -> None:
    assert parsing.as_typed("2*x**2*(y+1)*exp(z)") == "2 x^2 (y+1) exp(z)"
    assert parsing.as_typed("x / y*z") == "x / y*z"
    for text in parsing.texts(equality.read_pairs(1000), parsing.WAYS["in sympy's syntax"], Random(1), set()):
        typed = parse_formula(parsing.as_typed(text), parsing.SYMBOLS)
        assert to_source(typed) == to_source(parse_formula(text, parsing.SYMBOLS))


def test_texts_are_judged_on_marked_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tum-04f.yaml").write_text(
        "answers:\n- {text: BFGS approximates the Hessian., points: 1}\n"
        "- {text: Newton approximates the Hessian., points: 0}\n"
    )
    found = texts.measure(tmp_path)
    texts.print_found(found, worst=1)
    assert found["tum-04f"].counts["exact"] == 2
    assert texts.bag_of_words(tmp_path, tmp_path).counts["exact"] == 2
    assert "| tum-04f | 2 | 2 | 2 | 0/1 | 0/1 |" in capsys.readouterr().out
    low, high = texts.wilson(5, 10)
    assert (round(low, 3), round(high, 3)) == (0.237, 0.763)


def test_the_rewrites_are_judged_and_counted() -> None:
    found = rewrites.measure(count=5, seed=3)
    assert found.rewrites == {"equal": 5}
    assert found.mutants == {"different": 5}
    assert not found.wrong


def test_gradus_decides_every_pair_of_the_table_as_the_table_does() -> None:
    wrong = [pair for pair in equality.read_pairs(1000) if equality.by_gradus(pair) != pair.verdict]
    assert wrong == []


def test_fuzzing_finds_no_fault_in_a_few_texts_and_makes_the_same_ones_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = fuzzing.measure(seconds=600, seed=3, most=40)
    assert found.faults == []
    assert found.outcomes["texts"] == 40
    fuzzing.print_found(found)
    assert "Faults: 0" in capsys.readouterr().out
    one, other = fuzzing.Fuzzer(7), fuzzing.Fuzzer(7)
    assert [one.next() for _ in range(20)] == [other.next() for _ in range(20)]


def test_whatever_is_raised_or_refused_without_a_sentence_is_a_fault() -> None:
    found = fuzzing.Found()

    def refuses() -> None:
        raise LanguageError("no sentence", "x")

    def fails() -> None:
        raise ValueError("broken")

    fuzzing.tried(found, "a way", "x", refuses)
    fuzzing.tried(found, "a way", "x", fails)
    fuzzing.tried(found, "a way", "x", lambda: 1)
    assert [one["fault"] for one in found.faults] == ["no sentence with a place", "raises"]
