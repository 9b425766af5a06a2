from __future__ import annotations

from collections.abc import Callable

import pytest

from app.domain.language import LanguageError, parse_author, parse_student, to_source

FOREIGN = "cannot be used here; use Latin or Greek letters."


@pytest.mark.parametrize(
    ("letter", "says"),
    [
        ("\x00", "Character 3 cannot be seen or used (U+0000, control character); delete it."),
        ("\x07", "Character 3 cannot be seen or used (U+0007, control character); delete it."),
        ("\u200b", "Character 3 cannot be seen or used (U+200B, zero width space); delete it."),
        ("\u202e", "Character 3 cannot be seen or used (U+202E, right-to-left override); delete it."),
        ("\u2066", "Character 3 cannot be seen or used (U+2066, left-to-right isolate); delete it."),
        ("\ufeff", "Character 3 cannot be seen or used (U+FEFF, zero width no-break space); delete it."),
        ("\u2062", "Character 3 cannot be seen or used (U+2062, invisible times); delete it."),
        ("\x85", "Character 3 cannot be seen or used (U+0085, control character); delete it."),
        ("\ud800", "Character 3 is half of a character (U+D800), a copying accident; delete it."),
        ("\ue000", "Character 3 cannot be seen or used (U+E000, control character); delete it."),
    ],
)
def test_what_cannot_be_seen_is_refused_by_name_in_every_grammar(letter: str, says: str) -> None:
    readers: list[Callable[[str], object]] = [
        parse_student,
        parse_author,
        lambda text: parse_author(f"'{text}'"),
    ]
    for read in readers:
        with pytest.raises(LanguageError) as caught:
            read(f"12{letter}3")
        assert caught.value.says.replace("Character 4", "Character 3") == says
        assert caught.value.text[caught.value.start : caught.value.end] == letter


def test_an_invisible_character_is_found_beside_visible_foreign_ones() -> None:
    with pytest.raises(LanguageError, match="Character 4 cannot"):
        parse_student("1−2\x00")


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("5 − 3", "5 - 3"), ("5 – 3", "5 - 3"), ("5 × 3", "5 * 3"), ("5·3", "5*3"), ("5⋅3", "5*3"),
        ("6 ÷ 3", "6 / 3"), ("6 ⁄ 3", "6 / 3"), ("１＋（２）", "1+(2)"), ("1\u00a0+\u202f2", "1 + 2"),
        ("𝑥²", "x^2"), ("ϕ", "phi"), ("µ", "mu"), ("ℓ", "l"), ("ϵ", "epsilon"), ("Σ", "Sigma"),
        ("ς", "sigma"), ("𝛼", "alpha"), ("ℒ", "L"), ("∣x∣", "|x|"),
    ],
)  # fmt: skip
def test_look_alikes_are_read_as_what_they_look_like(typed: str, plain: str) -> None:
    names = ["x", "phi", "mu", "l", "epsilon", "Sigma", "sigma", "alpha", "L"]
    assert to_source(parse_student(typed, names)) == to_source(parse_student(plain, names))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2х", 'The letter "х" is Cyrillic (cyrillic small letter ha); type the Latin letter x instead.'),
        ("жук", f'The letter "ж" (cyrillic small letter zhe) {FOREIGN}'),
        ("é", f'The letter "é" (latin small letter e with acute) {FOREIGN}'),
        ("x\u0302", f'The letter "\u0302" (combining circumflex accent) {FOREIGN}'),
        ("∑x", 'The sign "∑" cannot be used here; write the terms out.'),
        ("☃", 'The sign "☃" (snowman) cannot be used here.'),
        ("5 ℃", 'The sign "℃" (degree celsius) cannot be used here.'),
        ("①", 'The sign "①" (circled digit one) cannot be used here.'),
        ("٣", 'The sign "٣" (arabic-indic digit three) cannot be used here.'),
        ("\\frac", 'The sign "\\" cannot be used here; write formulas in plain text, such as sqrt(2)/3.'),
    ],
)  # fmt: skip
def test_unknown_letters_and_signs_are_named(text: str, says: str) -> None:
    with pytest.raises(LanguageError) as caught:
        parse_student(text, ["x"])
    assert caught.value.says == says
