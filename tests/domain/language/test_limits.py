from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.language import AUTHOR, STUDENT, LanguageError, check_tree, parse_author, parse_student
from app.domain.language.tree import Binary, Name, Node, Number

MANY = "This has too many pieces; at most 400 numbers, names and signs can be read."
HUGE = 'The exponent of "1e9999999999999999999999999999999999999…" is too large; at most 1000 can be used.'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1" * 1001, "This is 1001 characters long; at most 1000 can be read."),
        ("(" * 95 + "1" + ")" * 95, "This is nested too deeply; at most 40 levels can be read."),
        ("-" * 95 + "1", "This is nested too deeply; at most 40 levels can be read."),
        ("|" * 95, "This is nested too deeply; at most 40 levels can be read."),
        ("√" * 95 + "1", "This is nested too deeply; at most 40 levels can be read."),
        ("1^" * 95 + "1", "This is nested too deeply; at most 40 levels can be read."),
        ("sin(" * 95 + "1" + ")" * 95, "This is nested too deeply; at most 40 levels can be read."),
        ("1+" * 200 + "1", "This is too long a chain; at most 120 steps can follow each other."),
        ("(" + "+".join(["(1*1*1*1*1)"] * 80) + ")", MANY),
        ("1" * 41, "This number has too many digits; at most 40 can be read."),
        ("1e1001", 'The exponent of "1e1001" is too large; at most 1000 can be used.'),
        ("1e" + "9" * 900, HUGE),
        ("x^1001", "This exponent is too large; at most 1000 can be used."),
        ("x^-1001", "This exponent is too large; at most 1000 can be used."),
        ("9**9**9**9", "This exponent is too large; at most 1000 can be used."),
        ("x^(10^400)", "This exponent is too large; at most 1000 can be used."),
        ("2^(1000+1)", "This exponent is too large; at most 1000 can be used."),
        ("2^(1001-0)", "This exponent is too large; at most 1000 can be used."),
        ("2^(2*501)", "This exponent is too large; at most 1000 can be used."),
        ("2^1e400", "This exponent is too large; at most 1000 can be used."),
        ("(10^1000)^1000", "This number is too large to calculate with."),
        ("((1/2+3)*10^500)^1000", "This number is too large to calculate with."),
    ],
)  # fmt: skip
def test_what_is_too_large_is_refused_before_it_is_calculated(text: str, says: str) -> None:
    with pytest.raises(LanguageError) as caught:
        parse_student(text, ["x"])
    assert caught.value.says == says


@pytest.mark.parametrize(
    "text",
    [
        "x^1000", "10^1000", "(x^1000)^1000", "2^(1/0)", "2^(0^-1)", "(-8)^((-8)^(1/3))", "2^x", "2^(x+1)",
        "2^sqrt(2)",
        "1e1000", "(" * 38 + "1" + ")" * 38, "+".join(["1"] * 100), "((-2)^3)^4",
        "(x*2)^3", "(2^x)^2", "(+2)^(+2)",
        "(sqrt(2)*2)^2",
    ],
)  # fmt: skip
def test_what_is_large_but_harmless_is_read(text: str) -> None:
    assert parse_student(text, ["x"])


def test_authors_have_more_room_and_the_same_safety() -> None:
    assert parse_author("[" + ", ".join(["1"] * 1000) + "]")
    assert parse_author("2**(1000 // 3) + 2**(7 % 3)")
    for text in [
        "[" * 3000,
        "(" * 3000,
        "{'a':" * 700,
        "f(" * 1900,
        "a[" * 1900,
        "-" * 3000,
        "not " * 900,
        "2**" * 1300,
        "a if a else " * 300,
        "[" + "x for x in [" * 300,
        "a" + "[0]" * 1300,
        "1 + " * 900 + "1",
        "a or a and not a == a + a * -a ** (" * 100,
        "[x for x in y if x or x and not x < x - x / (" * 80,
        "9**9**9**9",
        "'" + "a" * 5000,
        "1e999999",
    ]:
        with pytest.raises(LanguageError):
            parse_author(text)


def test_a_tree_from_elsewhere_is_held_to_the_same_limits() -> None:
    tree: Node = Name("x")
    for _ in range(5000):
        tree = Binary("+", tree, Name("x"))
    with pytest.raises(LanguageError, match="too long a chain"):
        check_tree(tree, AUTHOR)
    check_tree(Binary("**", Name("x"), Number(Fraction(1000), "1000")), STUDENT)
