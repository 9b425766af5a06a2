"""Documents as text: written once, and handed on as they are."""

import json

import pytest

from app.domain.documents import Written, write


def test_a_document_is_written_without_spaces_and_in_its_own_letters():
    assert write({"says": "größer", "points": ["1/2", None, 0.1]}) == '{"says":"größer","points":["1/2",null,0.1]}'


def test_what_is_written_is_handed_on_as_it_is():
    text = Written('{"a": 1}')
    assert write(text) is text
    assert json.loads(write("a text is a document too")) == "a text is a document too"


def test_numbers_that_json_does_not_know_are_refused():
    with pytest.raises(ValueError, match="JSON compliant"):
        write({"nan": float("nan")})
