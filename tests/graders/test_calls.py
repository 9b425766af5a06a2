"""The calls of the sandbox, end to end on JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from app.domain.documents import write
from app.domain.errors import GradusError, QuestionError
from app.domain.values import Value
from graders import calls
from graders.calls import CALLS
from graders.evaluation.fuel import Fuel
from graders.evaluation.registry import LANGUAGE_FUNCTIONS
from graders.marking.compiled import Compiled
from graders.marking.variants import world_of
from graders.marking.worlds import World
from graders.presenting.questions import VERDICTS
from graders.registry import GRADERS
from tests.graders.marking.questions import leaf, number, part, question

PACKAGE: dict[str, Any] = {
    "question": question(
        part(
            "first",
            item="i-1",
            fields={"fa": number("a")},
            criteria=[leaf("fa", 1, "fa.right")],
            mistakes={"doubled": {"set": {"a": "2*a"}, "says": {"en": "Once only.", "de": "Nur einmal."}}},
        ),
        part(
            "a",
            points=2,
            carry=["a"],
            fields={"y": number("third"), "boxes": {"grader": "choice", "pool": "claims"}},
            criteria=[leaf("y", 1, "y.right"), leaf("boxes", 1, "boxes.net and person")],
        ),
        variables={"a": {"printed": 4, "draw": "integer(5, 9)"}, "third": "a/3"},
        pools={
            "claims": [
                {"id": "s", "text": "The value is @{a}.", "truth": True, "why": "It is given."},
                {"id": "t", "text": "It is large.", "truth": "a > 100", "why": "It is @{a}."},
            ]
        },
    ),
    "prompt": {"": "Let a be @{a}.\n\n## first\n\nWhat is a?\n\n## a\n\nAnd a third?"},
    "solution": {"": "## first\n\nIt is @{a}.\n\n## a\n\n@{third}"},
    "cases": [{"case": "printed", "answers": {"fa": "4"}, "expect": {"first": 1, "a": 0}}],
}
ANSWERS = {"fa": "5", "y": "5/3", "boxes": "1,2"}


def call(name: str, **payload: Any) -> Any:
    """A call as the sandbox makes it: JSON in, JSON out."""
    result = CALLS[name](json.loads(json.dumps(payload)))
    return json.loads(json.dumps(result, allow_nan=False))


def broken(**changes: Any) -> dict[str, Any]:
    return PACKAGE | {"question": PACKAGE["question"] | changes}


def test_describe_names_graders_functions_and_the_software():
    told = call("describe")
    assert set(told["graders"]) == set(GRADERS)
    assert all(one["schema"]["properties"] for one in told["graders"].values())
    assert all(one["summary"] for one in told["graders"].values())
    assert told["functions"] == sorted(LANGUAGE_FUNCTIONS)
    assert "integers" in told["draws"]
    assert "table" in told["figures"]
    assert "numpy " in told["fingerprint"]
    assert "number 1" in told["fingerprint"]


def test_check_finds_nothing_or_problems_with_their_places():
    assert call("check", package=PACKAGE) == {"problems": []}
    text = PACKAGE | {"prompt": {"": "## first\n\n@{nope}\n\n## a\n\nAnd?"}}
    (problem,) = call("check", package=text)["problems"]
    assert problem == {"says": "There is no variable called `nope`.", "path": "", "file": "prompt.md", "line": 3}
    (wrong,) = call("check", package=broken(where=["nope > 1"]))["problems"]
    assert wrong["path"] == "where.0"
    (unread,) = call("check", package=broken(colour="red"))["problems"]
    assert (unread["path"], unread["says"]) == ("colour", "There is no such property.")


def test_hashes_are_three():
    assert set(call("hashes", package=PACKAGE)) == {"variant_hash", "observe_hash", "rubric_hash"}


def test_a_variant_holds_its_values_and_everything_shown():
    printed = call("variant", package=PACKAGE, seed=0)
    assert (printed["seed"], printed["values"], printed["tries"]) == (0, {"a": 4}, 1)
    assert "Let a be 4." in printed["shown"]["stem"]
    assert [one["id"] for one in printed["shown"]["parts"]] == ["first", "a"]
    assert "It is 4." in printed["solution"]["parts"]["first"]
    assert "It is given." in printed["solution"]["parts"]["a"]
    assert call("variant", package=PACKAGE, seed=7) == call("variant", package=PACKAGE, seed=7)
    assert call("variant", package=PACKAGE, seed=7)["values"]["a"] > 4


def bilingual() -> dict[str, Any]:
    prompt = PACKAGE["prompt"] | {"de": "Sei a gleich @{a}.\n\n## first\n\nWas ist a?\n\n## a\n\nUnd ein Drittel?"}
    solution = PACKAGE["solution"] | {"de": "## first\n\nEs ist @{a}.\n\n## a\n\n@{third}"}
    return PACKAGE | {"prompt": prompt, "solution": solution}


def test_a_variant_that_is_kept_holds_every_language_and_one_that_is_looked_at_its_own():
    kept = call("variant", package=bilingual(), seed=0)
    plain = call("variant", package=PACKAGE, seed=0)
    german = kept["shown"]["languages"]["de"]
    assert "Sei a gleich 4." in german["stem"]
    assert "Was ist a?" in german["parts"]["first"]["prompt"]
    assert "Es ist 4." in kept["solution"]["languages"]["de"]["parts"]["first"]
    without = {name: told for name, told in kept["shown"].items() if name != "languages"}
    assert (without, "languages" in plain["shown"]) == (plain["shown"], False)
    looked_at = call("variant", package=bilingual(), seed=0, language="de")
    assert "Sei a gleich 4." in looked_at["shown"]["stem"]
    assert "languages" not in looked_at["shown"]


def test_a_credit_that_is_kept_says_everything_in_every_language():
    credit = call("grade", package=bilingual(), seed=0, answers={"fa": "8", "boxes": "2"})["credit"]
    first, second = credit["parts"]
    assert first["mistakes"] == [{"id": "doubled", "says": "Once only.", "languages": {"de": "Nur einmal."}}]
    remark = second["feedback"][0]
    assert remark["says"] == "“The value is 4” is right. It is given."
    assert remark["languages"] == {"de": "„The value is 4“ ist richtig. It is given."}
    assert "languages" not in second["criteria"][0]


def test_grading_is_observing_then_crediting():
    graded = call("grade", package=PACKAGE, seed=0, answers=ANSWERS)
    observed = call("observe", package=PACKAGE, seed=0, answers=ANSWERS)
    assert graded["observation"] == observed["observation"]
    values = {"values": {"a": 4}}
    credited = call("credit", package=PACKAGE, observation=observed["observation"], **values)
    assert credited == graded["credit"]
    told = graded["credit"]
    assert (told["state"], told["points"], told["upto"], told["max"]) == ("graded", "1", "1", "3")
    assert told["parts"][1]["criteria"][0]["own"] is True


def test_a_stored_variant_gives_the_same_credit_as_its_seed():
    values = call("variant", package=PACKAGE, seed=3)["values"]
    by_seed = call("grade", package=PACKAGE, seed=3, answers=ANSWERS)
    assert call("grade", package=PACKAGE, values=values, answers=ANSWERS) == by_seed


def test_a_changed_rubric_is_applied_to_what_was_observed():
    observation = call("observe", package=PACKAGE, seed=0, answers={"fa": "4"})["observation"]
    parts = [
        PACKAGE["question"]["parts"][0] | {"criteria": [leaf("fa", "1/2", "fa.right")]},
        PACKAGE["question"]["parts"][1],
    ]
    changed = broken(parts=parts)
    assert call("hashes", package=changed)["observe_hash"] == call("hashes", package=PACKAGE)["observe_hash"]
    assert call("credit", package=changed, seed=0, observation=observation)["points"] == "1/2"


def test_decisions_parts_and_languages_are_taken_along():
    answers = {"fa": "8", "boxes": "1"}
    told = call("grade", package=PACKAGE, seed=0, answers=answers, decisions={"a.boxes": "1/2"}, part="a")["credit"]
    assert (told["state"], told["points"], told["max"]) == ("graded", "1/2", "2")
    german = call("grade", package=PACKAGE, seed=0, answers=answers, language="de")["credit"]
    assert german["parts"][0]["mistakes"] == [{"id": "doubled", "says": "Nur einmal."}]


def test_statements_judged_wrongly_are_explained():
    told = call("grade", package=PACKAGE, seed=0, answers={"boxes": "2"})["credit"]
    says = [one["says"] for one in told["parts"][1]["feedback"]]
    right, wrong = (word.lower() for word in VERDICTS["en"])
    assert says == [f"“The value is 4” is {right}. It is given.", f"“It is large” is {wrong}. It is 4."]
    right = call("grade", package=PACKAGE, seed=0, answers={"boxes": "1"})["credit"]
    assert right["parts"][1]["feedback"] == []


def test_statements_are_named_by_ids_only_where_authors_ask():
    told = call("grade", package=PACKAGE, seed=0, answers={"boxes": ["s"]}, by_id=True)["credit"]
    assert told["invalid"] == []
    told = call("grade", package=PACKAGE, seed=0, answers={"boxes": ["s"]})["credit"]
    assert [one["field"] for one in told["invalid"]] == ["boxes"]


def test_a_sweep_reports_seeds_and_cases():
    swept = call("sweep", package=PACKAGE, seeds=[0, 1])
    assert (swept["seeds"], swept["cases"]) == (2, 1)
    assert swept["shortfalls"] == [f"Seed {seed}, a: the key waits for a person." for seed in (0, 1)]
    assert call("sweep", package=PACKAGE, seeds=[], cases=False)["cases"] == 0


def test_equality_of_expressions_is_a_call():
    told = call("equal", reference="2*x", answer="x + x", variables={"x": "real"})
    assert told["verdict"] == "equal"
    assert call("equal", reference="1", answer="2")["verdict"] == "different"


def test_a_sweep_may_remark_on_ugly_numbers():
    swept = call("sweep", package=PACKAGE, seeds=[0, 1], remarks=True)
    assert swept["ugly"] == []
    assert "ugly" not in call("sweep", package=PACKAGE, seeds=[0, 1])


def test_a_draft_is_described_whatever_is_wrong_with_it():
    draft = {key: PACKAGE[key] for key in ("prompt", "solution")} | {"seeds": [0]}
    assert call("draft", question=PACKAGE["question"], **draft)["problems"] == []
    assert call("draft", question={"colour": "red"}, **draft)["problems"]


def test_a_rubric_is_tried_on_answers():
    field = {
        "grader": "text",
        "key": "It approximates the Hessian.",
        "concepts": {"estimate": ["approximat*"], "hessian": ["hessian"]},
        "claims": {"estimates": {"earn": ["[estimate hessian]"], "near": ["estimate"]}},
    }
    part = {
        "id": "f",
        "item": "i",
        "points": 1,
        "fields": {"essay": field},
        "criteria": [{"id": "c", "points": 1, "when": "essay.estimates"}],
    }
    package = {"question": {"id": "q", "title": "Q", "parts": [part]}, "prompt": {"": "## f\n\nWhat does BFGS do?\n"}}
    texts = ["It approximates the Hessian.", "It does not approximate the Hessian.", "It estimates approximately."]
    found = call("rubric", package=package, answers={"essay": texts}, mutate=True)["essay"]
    assert found["patterns"] == [
        {"claim": "estimates", "kind": "earn", "pattern": "[estimate hessian]"},
        {"claim": "estimates", "kind": "near", "pattern": "estimate"},
    ]
    assert [(row["lo"], row["hi"], row["claims"]["estimates"]) for row in found["rows"]] == [
        ("1", "1", "made"),
        ("0", "0", "not made"),
        ("0", "1", "unsure"),
    ]
    assert {one["kind"] for one in found["rows"][0]["mutations"]} >= {"denied", "injected"}
    assert all(one["lo"] == "0" for one in found["rows"][0]["mutations"])


def test_a_paper_is_graded_as_its_questions_are_and_what_cannot_be_graded_is_left_out():
    alone = [call("grade", package=PACKAGE, seed=seed, answers=ANSWERS) for seed in (0, 3)]
    one, other = ({"package": 0, "variant": place, "answers": ANSWERS} for place in (0, 1))
    seen = {"package": 0, "variant": 1, "observation": write(alone[1]["observation"]), "decisions": {}}
    asked = [one, one | {"variant": 2}, one | {"package": 1}, other, seen, one | {"package": 2}, one]
    packages, variants = [write(PACKAGE), write(broken(parts=[]))], [{"seed": 0}, {"seed": 3}, {"values": {}}]
    told = call("grade_all", packages=packages, variants=variants, questions=asked)["graded"]
    assert [one_told and json.loads(one_told["credit"]) for one_told in told] == [
        alone[0]["credit"],
        None,
        None,
        alone[1]["credit"],
        alone[1]["credit"],
        None,
        alone[0]["credit"],
    ]
    assert [json.loads(told[place]["observation"]) for place in (0, 3)] == [one["observation"] for one in alone]
    assert all(told[0][name] == alone[0]["credit"][name] for name in ("state", "points", "upto", "max"))
    assert "observation" not in told[4]


def test_an_answer_is_worth_the_same_however_much_those_before_it_took_to_compute(monkeypatch: pytest.MonkeyPatch):
    package = write(PACKAGE)
    given = [ANSWERS | {"y": f"{number}/3"} for number in range(12)]
    questions = [{"package": 0, "variant": 0, "answers": answers} for answers in given]
    payload = {"packages": [package], "variants": [{"seed": 3}], "questions": questions}
    usual = [one["credit"] for one in call("grade_all", **payload)["graded"]]
    worlds: list[World] = []

    def just_enough(compiled: Compiled, values: Mapping[str, Value]) -> World:
        worlds.append(world_of(compiled, values, Fuel(cost)))
        return worlds[-1]

    monkeypatch.setattr(calls, "world_of", just_enough)
    cost = 10_000
    call("grade_all", **payload | {"questions": questions[:1]})
    cost -= worlds.pop().fuel.left
    assert [one["credit"] for one in call("grade_all", **payload)["graded"]] == usual
    # What one answer takes is not enough for all of them together.
    assert len(worlds) > 1
    cost -= 1
    alone = [call("grade_all", **payload | {"questions": [one]})["graded"][0] for one in questions]
    assert None in alone
    assert [one is None for one in call("grade_all", **payload)["graded"]] == [one is None for one in alone]


def test_every_call_is_tested_here():
    tested = {
        "describe",
        "check",
        "hashes",
        "variant",
        "observe",
        "credit",
        "grade",
        "grade_all",
        "sweep",
        "draft",
        "equal",
        "rubric",
    }
    # Pages are tested where they are made.
    assert set(CALLS) == tested | {"rubric", "pages"}


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("variant", {"package": broken(colour="red"), "seed": 0}),
        ("variant", {"package": PACKAGE, "seed": -1}),
        ("variant", {"package": broken(where=["a > 100"]), "seed": 1}),
        ("variant", {"package": PACKAGE | {"prompt": {"": "@{1/0}\n## first\n## a"}}, "seed": 0}),
        ("observe", {"package": PACKAGE, "values": {}, "answers": {}}),
        ("grade", {"package": broken(variables={"a": 4, "third": "1/0"}), "seed": 0, "answers": ANSWERS}),
        ("sweep", {"package": broken(id="No"), "seeds": [1]}),
    ],
)
def test_an_error_is_one_sentence_for_people(name: str, payload: dict[str, Any]):
    with pytest.raises(GradusError) as caught:
        call(name, **payload)
    says = str(caught.value)
    assert says
    assert "Traceback" not in says
    if isinstance(caught.value, QuestionError):
        assert all(problem.says.endswith(".") or problem.says.endswith(")") for problem in caught.value.problems)
