"""What a person would probably give: told beside what is open, never instead of it."""

from __future__ import annotations

from app.domain.values import PERSON
from graders.marking.credit import suggested_facts


def test_what_is_open_becomes_what_is_likely() -> None:
    facts = {"a": PERSON, "b": PERSON, "c": True, "d": False, "right": PERSON, "suggested": ["a", "d"]}
    assert suggested_facts(facts) == facts | {"a": True, "b": False}


def test_who_suggests_nothing_is_left_alone() -> None:
    facts = {"a": PERSON, "value": "x"}
    assert suggested_facts(facts) == facts
