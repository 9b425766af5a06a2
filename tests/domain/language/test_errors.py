from __future__ import annotations

import pickle

import pytest

from app.domain.language import LanguageError, parse_author, parse_student


def error_of(text: str) -> LanguageError:
    with pytest.raises(LanguageError) as caught:
        parse_student(text)
    return caught.value


def test_the_caret_stands_below_the_place() -> None:
    assert error_of("1 + foo * 2").caret() == "1 + foo * 2\n    ^^^"
    assert error_of("1 +").caret() == "1 +\n   ^"
    assert error_of("").caret() == "\n^"


def test_the_caret_shows_the_line_of_the_place_only() -> None:
    with pytest.raises(LanguageError) as caught:
        parse_author("a +\n\tb c\n+ d")
    assert caught.value.caret() == " b c\n   ^"


def test_a_long_text_is_shown_around_the_place() -> None:
    shown, marks = error_of("1+" * 200 + "foo" + "+1" * 200).caret().split("\n")
    assert (shown[0], shown[-1]) == ("…", "…")
    assert len(shown) <= 75
    assert shown[marks.index("^") : len(marks)] == "foo"


def test_an_error_is_its_sentence_and_survives_a_journey_between_processes() -> None:
    error = pickle.loads(pickle.dumps(error_of("1 + foo")))
    assert isinstance(error, LanguageError)
    assert issubclass(LanguageError, ValueError)
    assert str(error) == error.says == '"foo" is not a number. Write a number, such as 0.25 or 1/4.'
    assert (error.text, error.start, error.end) == ("1 + foo", 4, 7)
    assert LanguageError("No.").end == 1
