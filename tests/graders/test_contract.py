"""What every grader promises, asked of all that are registered."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from app.domain.answers import Invalid, read
from app.domain.graders import Answer, Shown, is_right
from app.domain.language import parse_author
from app.domain.symbols import Symbol
from app.domain.values import PERSON, from_json, symbolic, to_json
from graders.registry import GRADERS

POOL = [Shown("a", "One", True), Shown("b", "Two", False), Shown("c", "Three", True)]

MATRICES = {"W": Symbol(kind="matrix", sizes=("m", "n")), "x": Symbol(kind="vector", sizes=("n",))}

# What an author writes, and the cells of one world.
SAMPLES = [
    ("choice", {"pool": "p"}, {"pool": POOL}),
    ("choice", {"pool": "p", "shown": "s"}, {"pool": POOL, "shown": ["b"]}),
    ("choice", {"pool": "p", "shown": "s", "mode": "single"}, {"pool": POOL, "shown": ["b", "c"]}),
    ("order", {"pool": "p", "after": {"a": [], "b": "a"}}, {"pool": POOL}),
    (
        "order",
        {"pool": "p", "shown": "s", "after": {"a": [], "b": ["a"]}, "optional": ["b"], "one_of": [["a", "c"]]},
        {"pool": POOL, "shown": ["c", "b", "a"]},
    ),
    ("order", {"pool": "p", "after": {"a": [], "c": ["a"]}, "worth": {"a": "1/2"}, "extra": 2}, {"pool": POOL}),
    (
        "text",
        {
            "key": "BFGS does not compute the Hessian; it approximates the Hessian, which is cheaper for large models.",
            "concepts": {"hessian": ["hessian"], "estimate": ["approximat*"], "work_out": ["compute"]},
            "roles": {"bfgs": ["bfgs"], "newton": ["newton"]},
            "claims": {"estimates": {"earn": ["bfgs::[estimate hessian]"], "deny": ["newton::[estimate hessian]"]}},
            "counts": {"enough": {"of": ["estimates"], "need": 1}},
        },
        {},
    ),
    ("truth", {"pool": "p"}, {"pool": POOL}),
    ("number", {"answer": "x"}, {"answer": -3}),
    ("number", {"key": "x", "tolerance": "1%"}, {"key": Fraction(22, 7)}),
    ("number", {"answer": "x"}, {"answer": 1.4142135623730951e-07}),
    ("number", {"answer": "x", "tolerance": "exact"}, {"answer": 0}),
    ("vector", {"answer": "x"}, {"answer": [1, Fraction(1, 3), 0]}),
    ("vector", {"answer": "x", "any_order": True, "size": "free"}, {"answer": [3, 1, 2]}),
    ("matrix", {"answer": "x"}, {"answer": [[1, -2], [Fraction(1, 2), 0.1]]}),
    ("matrix", {"answer": "x", "size": "free"}, {"answer": 3}),
    ("shape", {"answer": "x"}, {"answer": [64, 64, 96]}),
    ("shape", {"answer": "x", "order": "any", "size": "given"}, {"answer": [3, 2]}),
    (
        "program",
        {"answer": "x", "inputs": ["v"], "multiplications": "N"},
        {
            "answer": symbolic(parse_author("v*arange(1, N + 1)")),
            "multiplications": symbolic(parse_author("N")),
            "symbols": {"v": Symbol(kind="vector", sizes=("N",)), "N": Symbol(domain="natural")},
        },
    ),
    (
        "program",
        {"program": "out = np.zeros(2*N)\nout[1::2] = p\nreturn out"},
        {"symbols": {"p": Symbol(kind="vector", sizes=("N",))}},
    ),
    (
        "graph",
        {"answer": "x", "operators": ["*", "+", "-", "log"]},
        {
            "answer": symbolic(parse_author("p*q - log(p)")),
            "symbols": {"p": Symbol(domain="positive"), "q": Symbol()},
        },
    ),
    (
        "graph",
        {"answer": "x", "inputs": "i", "at": "v", "ask": ["value", "gradient"], "steps": ["s"]},
        {
            "answer": symbolic(parse_author("dot(w, x)**2")),
            "inputs": [symbolic(parse_author("w")), symbolic(parse_author("x"))],
            "at": [[1, 2], [3, -1]],
            "steps": {"s": symbolic(parse_author("dot(w, x)"))},
            "symbols": {name: Symbol(kind="vector", sizes=("d",)) for name in "wx"},
        },
    ),
    (
        "sketch",
        {"lines": ["linear", "logistic"], "shapes": ["straight", "sigmoid"], "points": "p"},
        {"points": [[0, 0], [1, 0], [Fraction(5, 2), 1], [2, 0], [3, 1], [4, 1]]},
    ),
    ("sketch", {"lines": ["trend"], "points": "p"}, {"points": [[0, 3], [1, 1], [2, 0]]}),
    (
        "sketch",
        {"arrows": ["a", "b"], "answer": "v", "points": "p", "others": "o"},
        {"answer": [[2, -1], [0, 0]], "points": [[0, 0], [3, 1]], "others": [[[1, 2]], []]},
    ),
    (
        "expression",
        {"answer": "x", "names": ["s"]},
        {
            "answer": symbolic(parse_author("lam*y - log(lam)")),
            "names": {"s": symbolic(parse_author("lam**2"))},
            "symbols": {"lam": Symbol(domain="positive"), "y": Symbol()},
        },
    ),
    (
        "expression",
        {"answer": "x", "grid": True},
        {"answer": [symbolic(parse_author("y**2")), 0], "symbols": {"y": Symbol()}},
    ),
    (
        "expression",
        {"answer": "x", "up_to": ["layout"]},
        {"answer": symbolic(parse_author("W @ x")), "symbols": MATRICES},
    ),
    (
        "derivation",
        {"answer": "x", "given": "y"},
        {
            "answer": symbolic(parse_author("y**2 - 1")),
            "given": symbolic(parse_author("(y - 1)*(y + 1)")),
            "symbols": {"y": Symbol()},
        },
    ),
    ("select", {"words": ["yes", "no"], "key": "no"}, {}),
    (
        "select",
        {"words": ["low", "high"], "rows": "r", "answer": "x"},
        {"rows": ["a", "b"], "answer": ["low", ""]},
    ),
    (
        "table",
        {"answer": "x", "rows": "r", "columns": "c"},
        {"answer": [[1, 2]], "rows": ["a"], "columns": ["x", "y"]},
    ),
    (
        "table",
        {"answer": "x", "rows": "r", "columns": "c", "words": ["low", "high"]},
        {"answer": [["low"], ["high"]], "rows": ["a", "b"], "columns": ["x"]},
    ),
    ("drawing", {"gallery": True}, {}),
    ("note", {}, {}),
]

# Nothing that somebody draws or notes is wrong; what a drawing is worth, a person says.
NEVER_WRONG = {"drawing", "note"}


@pytest.fixture(params=SAMPLES, ids=[f"{name}-{number}" for number, (name, *_) in enumerate(SAMPLES)])
def sample(request, made):
    name, written, cells = request.param
    return GRADERS[name], made(GRADERS[name], written, **cells)


def test_every_grader_has_a_sample():
    assert {name for name, *_ in SAMPLES} == set(GRADERS)


def test_whether_an_answer_is_right_is_the_same_alone_as_among_all_facts(sample, asked):
    grader, options = sample
    for raw in [grader.key(options), *grader.wrong(options).values()]:
        answer = asked(grader, options, raw)
        if isinstance(answer, Answer) and not answer.read.blank:
            assert is_right(grader, options, answer) == grader.observe(options, answer).get("right")


def test_the_key_is_right(sample, seen):
    grader, options = sample
    right = seen(grader, options, grader.key(options))["right"]
    assert right == PERSON if grader.name == "drawing" else right is True


def test_typical_wrong_answers_are_readable_and_wrong(sample, seen):
    grader, options = sample
    wrong = grader.wrong(options)
    assert bool(wrong) == (grader.name not in NEVER_WRONG)
    # Of what somebody wrote in words, a person may have to say so.
    unpaid = (False, PERSON) if grader.name == "text" else (False,)
    for raw in wrong.values():
        assert seen(grader, options, raw)["right"] in unpaid


def test_the_facts_are_those_announced_and_of_their_kind(sample, seen):
    grader, options = sample
    announced = grader.facts(options)
    for raw in [grader.key(options), *grader.wrong(options).values()]:
        facts = seen(grader, options, raw)
        assert facts.keys() == announced.keys()
        for name, kind in announced.items():
            assert name not in ("blank", "mistake")
            assert isinstance(facts[name], list) == (kind == "list"), name
            if kind == "truth":
                assert facts[name] in (None, PERSON) or 0 <= facts[name] <= 1, name
            assert from_json(json.loads(json.dumps(to_json(facts[name])))) == facts[name]


def test_observing_twice_states_the_same(sample, seen):
    grader, options = sample
    key = grader.key(options)
    assert seen(grader, options, key) == seen(grader, options, key)


@pytest.mark.parametrize("raw", [None, "", "  "])
def test_nothing_typed_is_blank(sample, raw):
    grader, options = sample
    found = read(grader.widget(options), raw)
    assert not isinstance(found, Invalid)
    assert found.blank


@pytest.mark.parametrize("raw", ["1 +", "§", {"a": 1}, [[["1"]]], 9e999, "\u202e1"])
def test_what_cannot_be_read_is_said_in_a_sentence(sample, raw):
    grader, options = sample
    found = read(grader.widget(options), raw)
    if isinstance(found, Invalid):
        assert found.says.endswith((".", "?", "”"))


@pytest.mark.parametrize("grader", GRADERS.values(), ids=GRADERS.keys())
def test_every_option_and_fact_is_documented(grader, made):
    for name, field in grader.Options.model_fields.items():
        assert field.description, f"{grader.name}.{name} has no description"
    name, written, cells = next(sample for sample in SAMPLES if sample[0] == grader.name)
    # The claims and counts of a text are named by its author.
    named = {*written.get("claims", ()), *written.get("counts", ())}
    for fact in grader.facts(made(grader, written, **cells)).keys() - named:
        stem = fact.split("_")[0] + "_<id>" if fact.startswith(("is_", "picked_", "kept_", "placed_")) else fact
        assert stem in (grader.facts.__doc__ or ""), f"{grader.name}.{fact} is not documented"


@pytest.mark.parametrize("grader", GRADERS.values(), ids=GRADERS.keys())
def test_the_options_have_a_schema_for_the_form(grader):
    schema = json.loads(json.dumps(grader.Options.model_json_schema()))
    assert schema["additionalProperties"] is False
    assert all("description" in field for field in schema["properties"].values())
    assert schema["properties"]["answer"]["format"] == "expression"
    if "pool" in schema["properties"]:
        assert schema["properties"]["pool"]["format"] == "pool"


@pytest.mark.parametrize("grader", GRADERS.values(), ids=GRADERS.keys())
def test_an_unknown_option_is_refused(grader):
    with pytest.raises(ValueError, match="Extra inputs are not permitted"):
        grader.Options.model_validate({"anser": "x"})
