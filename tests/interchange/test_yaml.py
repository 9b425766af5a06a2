"""Reading YAML: plain data with the line of every place, and a sentence with a line for every mistake."""

from __future__ import annotations

import pytest

from app.domain.errors import QuestionError
from app.interchange.yaml import LARGEST_FILE, MOST_NODES, line_of, read_yaml


def complaint(text: str) -> str:
    with pytest.raises(QuestionError) as caught:
        read_yaml(text, "question.yaml")
    assert len(caught.value.problems) == 1
    return str(caught.value)


def test_data_comes_as_plain_python_with_the_line_of_every_place() -> None:
    data, lines = read_yaml("a: 1\nb:\n  - x: 0.5\n  - [yes, true, null]\nc: >\n  two\n  lines\n", "question.yaml")
    assert data == {"a": 1, "b": [{"x": 0.5}, ["yes", True, None]], "c": "two lines\n"}
    assert [type(value) for value in (data["a"], data["b"][0]["x"], data["b"][1][1], data["c"])] == [
        int,
        float,
        bool,
        str,
    ]
    assert (lines["a"], lines["b"], lines["b.0.x"], lines["b.1.2"], lines["c"]) == (1, 2, 3, 4, 5)


def test_words_of_older_yaml_are_words_and_dates_are_texts() -> None:
    data, _ = read_yaml("[yes, no, on, off, 1:30, 2026-01-31, 017]", "question.yaml")
    assert data == ["yes", "no", "on", "off", "1:30", "2026-01-31", 17]


def test_a_key_is_always_a_text() -> None:
    assert read_yaml("{2: a, true: b, 0.5: c}", "question.yaml")[0] == {"2": "a", "true": "b", "0.5": "c"}


def test_an_empty_file_is_nothing() -> None:
    assert read_yaml("", "question.yaml")[0] is None
    assert read_yaml("# a remark\n", "question.yaml")[0] is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", "question.yaml:3: This is no YAML: expected ',' or ']', but got ':'."),
        ("a:\n\tb: 1\n", "question.yaml:2: This is no YAML: found character '\\t' that cannot start any token."),
        ("a: b: c", "question.yaml:1: This is no YAML: mapping values are not allowed here."),
        ("a: 1\n---\nb: 2", "question.yaml:2: This is no YAML: expected a single document in the stream, but found"),
        ("a: *x", "question.yaml:1: This is no YAML: found undefined alias 'x'."),
        ("a: 1\nb: 2\na: 3\n", "question.yaml:3: The key `a` is given twice."),
        ("m:\n  1: a\n  '1': b\n", "question.yaml:3, m: The key `1` is given twice."),
        ("a: 1\nb: \0", "question.yaml:2: The character 0x0000 is not allowed here."),
        ("a: 1\nb: \ud800", "question.yaml:2: The character 0xd800 is not allowed here."),
        ('a: 1\nb: "\\0"', "question.yaml:2, b: This text holds a character that no text may hold"),
        ('a: 1\n"\\ud800": 1', "question.yaml:2: This text holds a character that no text may hold"),
        ("a:\n  - .nan", "question.yaml:2, a.0: A number is finite;"),
        ("a: -.inf", "question.yaml:1, a: A number is finite;"),
        ("\na: " + "9" * 5000, "question.yaml:2: This number has too many digits."),
        ("\na: 0x" + "f" * 5000, "question.yaml:2, a: This number has too many digits."),
        ("a: !!set {x, y}", "question.yaml:1, a: Tags such as `!!set` have no place here."),
        ("a: !own 1", "question.yaml:1, a: Tags such as `!!set` have no place here."),
        ("a: !!binary aGVsbG8=", "question.yaml:1, a: Tags such as `!!set` have no place here."),
        ("x: 1\n? [a, b]\n: c", "question.yaml:2: A key is a text, not a list, a map or nothing."),
        ("~: c", "question.yaml:1: A key is a text, not a list, a map or nothing."),
        ("a: " + "[" * 100 + "]" * 100, "question.yaml:1: More than 50000 values or 40 levels are too much"),
        ("a: " + "{a: " * 3000, "question.yaml:1: More than 50000 values or 40 levels are too much"),
        ("a: " + "x" * LARGEST_FILE, "question.yaml: This file is larger than 500 kB."),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, says: str) -> None:
    assert complaint(text).startswith(says)


def test_an_alias_bomb_is_stopped_by_counting_what_it_would_become() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    assert f"More than {MOST_NODES} values" in complaint("\n".join(lines))


def test_python_objects_are_never_made() -> None:
    assert read_yaml("a: !!python/object/apply:os.system [ls]", "question.yaml")[0] == {"a": ["ls"]}


def test_an_anchor_used_twice_is_no_warning() -> None:
    assert read_yaml("a: &x 1\nb: &x 2\nc: *x", "question.yaml")[0] == {"a": 1, "b": 2, "c": 2}


def test_merged_keys_have_the_line_of_the_map_they_are_merged_into() -> None:
    data, lines = read_yaml("a: &a {x: 1}\nb:\n  <<: *a\n  y: 2\n", "question.yaml")
    assert data["b"] == {"x": 1, "y": 2}
    assert lines["b.x"] == 2


def test_a_place_without_a_line_has_the_line_of_what_is_around_it() -> None:
    _, lines = read_yaml("a:\n  b:\n    c: 1\n", "question.yaml")
    assert line_of(lines, "a.b.missing.deeper") == 2
    assert line_of(lines, "elsewhere") == 1
    assert line_of({}, "a") is None
