"""Packages: a question as JSON, unpacked once, and what its three hashes depend on."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import QuestionError
from graders import packages
from graders.packages import digest, hashes, unpack
from tests.graders.marking.questions import leaf, number, part, question


def package(**changes: Any) -> dict[str, Any]:
    data = question(
        part(
            facts={"f": "x.right"},
            mistakes={"m": {"set": {"n": "n + 1"}, "says": "No."}},
            fields={"x": number("n")},
        ),
        part("b", carry=["n"], fields={"y": number("2*n")}, criteria=[leaf("d", 1, "y.right")]),
        variables={"n": {"printed": 3, "draw": "integer(1, 9)"}, "wide": "n > 3"},
        where=["n != 4"],
        readings={"r": {"if": "x.value > 3", "set": {"wide": "True"}}},
        pools={"p": [{"id": "s", "text": "S", "truth": True}]},
        figures={"f": {"draw": "table", "of": "[[n]]", "alt": "A table."}},
    )
    return {"question": data, "prompt": {"": "## a\n## b"}, "solution": {"": "## a\n## b"}, "cases": []} | changes


def test_a_package_is_unpacked_once_and_remembered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(packages, "_remembered", packages.OrderedDict())
    monkeypatch.setattr(packages, "MOST_REMEMBERED", 2)
    one = unpack(package())
    assert unpack(package()) is one
    assert (one.prompt, one.cases, one.files) == ({"": "## a\n## b"}, [], {})
    unpack(package(cases=[{"case": "1"}]))
    assert unpack(package()) is one, "used lately, so kept"
    unpack(package(cases=[{"case": "2"}]))
    assert unpack(package()) is one
    assert len(packages._remembered) == 2


def test_a_package_of_a_question_alone_is_enough():
    bare = unpack({"question": package()["question"]})
    assert (bare.prompt, bare.solution, bare.cases, bare.files) == ({}, {}, [], {})


@pytest.mark.parametrize(
    ("changes", "path", "says"),
    [
        ({"titel": "x"}, "titel", "There is no such property."),
        ({"id": None}, "id", ""),
        ({"variables": {"n": "1 +"}}, "variables.n", ""),
        ({"variables": {"n": {"printed": 1}}}, "variables.n", "A variable is an expression"),
        ({"parts": [{"id": "a"}]}, "parts.0.points", "This is missing."),
    ],
)
def test_what_is_wrong_has_its_path_and_a_plain_sentence(changes: dict[str, Any], path: str, says: str):
    data = package()
    data["question"] |= changes
    with pytest.raises(QuestionError) as caught:
        unpack(data)
    found = {problem.path: problem.says for problem in caught.value.problems}
    assert path in found
    assert found[path].startswith(says)
    assert "Value error" not in found[path]


def test_a_package_that_was_refused_is_not_remembered():
    broken = package()
    broken["question"]["id"] = "No"
    for _ in range(2):
        with pytest.raises(QuestionError):
            unpack(broken)


json_data: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def refusals(data: dict[str, Any]) -> list[str]:
    try:
        unpack(data)
    except QuestionError as error:
        return [problem.says for problem in error.problems] or [""]
    return []


@given(st.data())
def test_whatever_stands_in_a_question_it_is_taken_or_refused_in_sentences(data: st.DataObject):
    changed = copy.deepcopy(package()["question"])
    place: Any = changed
    while isinstance(place, (dict, list)) and place:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], (dict, list)) or data.draw(st.integers(0, 2)) == 0:
            place[key] = data.draw(json_data)
            break
        place = place[key]
    assert all(refusals({"question": changed}))


def test_the_digest_does_not_depend_on_the_order_of_keys():
    assert digest({"a": 1, "b": [1.5, "é\ud800"]}) == digest({"b": [1.5, "é\ud800"], "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})
    assert len(digest(None)) == 64


RUBRIC, VARIANT, OBSERVED = {"rubric_hash"}, {"variant_hash"}, {"variant_hash", "observe_hash"}


@pytest.mark.parametrize(
    ("path", "value", "changed"),
    [
        ("parts.0.criteria.0.when", "x.exact", RUBRIC),
        ("parts.0.criteria.0.says", "Right", RUBRIC),
        ("parts.0.facts.f", "x.exact", RUBRIC),
        ("parts.0.points", 2, RUBRIC | VARIANT),
        ("parts.0.bonus", True, RUBRIC | VARIANT),
        ("parts.0.score", "none", RUBRIC | VARIANT),
        ("title", "Other", VARIANT),
        ("where.0", "n != 5", VARIANT),
        ("figures.f.alt", "Other", VARIANT),
        ("variables.n.printed", 4, OBSERVED),
        ("readings.r.if", "True", OBSERVED),
        ("parts.0.fields.x.answer", "n + 1", OBSERVED),
        ("parts.0.mistakes.m.set.n", "n + 2", OBSERVED),
        ("parts.1.carry", [], OBSERVED),
        ("pools.p.0.truth", False, OBSERVED),
        ("id", "other", OBSERVED),
    ],
)
def test_an_edit_changes_the_hashes_of_what_depends_on_it(path: str, value: object, changed: set[str]):
    before = hashes(package())
    data = package()
    place: Any = data["question"]
    *way, last = path.split(".")
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    place[int(last) if isinstance(place, list) else last] = value
    after = hashes(data)
    assert {name for name in before if before[name] != after[name]} == changed


@pytest.mark.parametrize("key", ["prompt", "solution", "files"])
def test_a_text_or_file_belongs_to_the_variant_and_a_case_to_nothing(key: str):
    before, after = hashes(package()), hashes(package(**{key: {"": "Other"}}))
    assert {name for name in before if before[name] != after[name]} == VARIANT
    assert hashes(package(cases=[{"case": "new"}])) == before


def test_hashing_leaves_the_package_as_it_was():
    data = package()
    kept = copy.deepcopy(data)
    hashes(data)
    assert data == kept
    assert set(hashes({"question": {}})) == {"variant_hash", "observe_hash", "rubric_hash"}
