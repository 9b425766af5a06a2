"""Words chosen from a list, once or for every row."""

from __future__ import annotations

from itertools import product

import pytest

from app.domain.answers import Invalid
from app.domain.graders import Options
from graders.select import Select, SelectOptions

SELECT = Select()
ROWS = ["training", "bridge", "test"]


def one(key, words=("low", "high")):
    return SelectOptions(words=words, key=key)


def rows(reference):
    return SelectOptions(words=["low", "high"], rows="…", answer="…").model_copy(
        update={"rows": ROWS, "answer": reference}
    )


def test_one_word_is_right_or_not(seen):
    assert seen(SELECT, one("low"), "Low") == {"right": True}
    assert seen(SELECT, one("low"), "high") == {"right": False}


@pytest.mark.parametrize("reference", list(product(["low", "high", ""], repeat=3)))
def test_every_row_is_judged_on_its_own(reference, seen):
    for words in product(["low", "high", ""], repeat=3):
        if not any(words):
            continue
        facts = seen(SELECT, rows(list(reference)), list(words))
        expected = [
            (not word) if not wanted else None if not word else word == wanted
            for word, wanted in zip(words, reference, strict=True)
        ]
        assert facts["cells"] == expected
        assert facts["right"] is (False if False in expected else None if None in expected else True)
        assert facts["value"] == list(words)
        assert facts["filled"] == sum(map(bool, words))


def test_without_rows_the_key_is_a_word_and_the_answer_an_expression():
    assert SelectOptions.expressions({"words": ["no"], "key": "no"}) == {"answer", "rows"}
    assert SelectOptions.expressions({"words": ["no"], "key": "x", "rows": "r"}) == {"answer", "rows", "key"}
    assert Options.expressions({}) == {"answer", "key"}


def test_an_unknown_word_cannot_be_read(asked):
    found = asked(SELECT, one("low"), "medium")
    assert isinstance(found, Invalid)
    assert found.says == "“medium” is not one of “low”, “high”."


def test_numbers_may_be_words(seen):
    options = SelectOptions.model_validate({"words": [1, 2.5, "more"], "key": 1})
    assert options.words == ("1", "2.5", "more")
    assert seen(SELECT, options, "1")["right"] is True


def test_the_key_and_typical_wrong_answers_are_words_of_the_list():
    assert SELECT.key(one("low")) == "low"
    assert SELECT.wrong(one("low")) == {"all high": "high"}
    options = rows(["low", "high", ""])
    assert SELECT.key(options) == ["low", "high", ""]
    assert SELECT.wrong(options) == {
        "all low": ["low", "low", "low"],
        "all high": ["high", "high", "high"],
        "row 1": ["high", "high", ""],
        "row 2": ["low", "low", ""],
        "row 3": ["low", "high", "low"],
    }
    assert SELECT.wrong(one("low", words=["low"])) == {}
    only = SelectOptions(words=["low"], rows="…", answer="…").model_copy(update={"rows": ["a"], "answer": "low"})
    assert SELECT.wrong(only) == {}
    assert SELECT.widget(only).rows == ("a",)


def test_a_world_with_another_number_of_rows_calls_nothing_right(seen):
    facts = seen(SELECT, rows(["low", "high"]), ["low", "high", ""])
    assert facts["cells"] == [False, False]
    assert seen(SELECT, rows("low"), ["low", "", ""])["right"] is False


def test_a_world_without_a_word_leaves_it_blank(seen):
    options = SelectOptions(words=["low", "high"], answer="…").model_copy(update={"answer": None})
    assert seen(SELECT, options, "low")["right"] is None
    assert SELECT.key(options) == ""
    assert seen(SELECT, rows([None, "low", ""]), ["low", "low", ""])["cells"] == [None, True, True]


def test_there_must_be_words_to_choose_from():
    with pytest.raises(ValueError, match="at least 1 item"):
        SelectOptions(words=[], key="a")
    with pytest.raises(ValueError, match="valid tuple"):
        SelectOptions.model_validate({"words": 3, "key": "a"})
