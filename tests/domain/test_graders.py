"""What a grader declares about its options."""

from __future__ import annotations

from pydantic import Field

from app.domain.answers import BLANK
from app.domain.graders import Answer, Cell, Options, PoolName


class Sample(Options):
    size: Cell = Field(None)
    pool: PoolName = Field(None)
    word: str = ""


def test_the_schema_tells_forms_what_is_an_expression_and_what_a_pool():
    properties = Sample.model_json_schema()["properties"]
    formats = {name: one.get("format") for name, one in properties.items()}
    assert formats == {"answer": "expression", "key": "expression", "size": "expression", "pool": "pool", "word": None}


def test_expressions_are_the_cells_of_the_options():
    assert Sample.expressions({}) == {"answer", "key", "size"}


def test_the_sample_answer_stands_in_where_there_is_no_single_reference():
    assert Sample(answer=1, key=2).reference == 1
    assert Sample(key=2).reference == 2
    assert Sample().reference is None


def test_an_answer_is_what_was_read_and_its_value():
    assert Answer(BLANK, None).read.blank
