"""Derivations: every line must follow from the one before; the first that does not is named."""

from __future__ import annotations

import pytest

from app.domain.language import parse_author
from app.domain.symbols import symbol, with_sizes
from app.domain.values import symbolic
from graders.derivation import Derivation, DerivationOptions

DERIVATION = Derivation()
SYMBOLS = with_sizes(
    {"lam": symbol("positive"), "mu": symbol("positive"), "w": symbol("positive"), "y": symbol("positive")}
)


def options(answer: str, given: str | None = None, **written: object):
    cells = {"answer": symbolic(parse_author(answer)), "symbols": SYMBOLS, "names": {}}
    if given is not None:
        cells["given"] = symbolic(parse_author(given))
    return DerivationOptions.model_validate({"answer": "x"} | written).model_copy(update=cells)


KL = options("log(lam/mu) + mu/lam - 1", "log(lam) - log(mu) - (lam - mu)/lam")


def test_every_line_that_follows_is_right(seen) -> None:
    facts = seen(DERIVATION, KL, "log(lam/mu) - (lam - mu)/lam\nlog(lam/mu) - 1 + mu/lam")
    assert (facts["right"], facts["reached"], facts["sound"], facts["steps"]) == (True, True, 2, [True, True])
    assert facts["remarks"] == []


def test_the_goal_alone_follows_in_one_step(seen) -> None:
    assert seen(DERIVATION, KL, "log(lam/mu) + mu/lam - 1")["right"] is True


def test_the_first_line_that_does_not_follow_is_named(seen) -> None:
    facts = seen(
        DERIVATION, KL, "log(lam/mu) - (lam - mu)/lam\nlog(lam/mu) - 1 - mu/lam\nlog(lam) - log(mu) - 1 - mu/lam"
    )
    assert (facts["right"], facts["reached"], facts["sound"], facts["continues"]) == (False, False, 1, True)
    assert facts["remarks"] == ["Line 2 does not follow from line 1."]
    assert facts["reason"].startswith("Line 2 does not follow from line 1. At ")
    assert "but should be" in facts["reason"]


def test_a_slip_that_is_undone_is_still_a_slip(seen) -> None:
    facts = seen(DERIVATION, KL, "log(lam*mu) - 1 + mu/lam\nlog(lam/mu) + mu/lam - 1")
    assert (facts["right"], facts["reached"], facts["sound"]) == (False, True, 0)


def test_a_chain_of_equations_on_one_line_is_several_steps(seen) -> None:
    assert seen(DERIVATION, KL, "log(lam/mu) - (lam - mu)/lam = log(lam/mu) - 1 + mu/lam")["lines"] == 2


def test_what_is_added_up_in_the_last_line_is_told_term_by_term(seen) -> None:
    facts = seen(DERIVATION, KL, "log(lam/mu) - (lam - mu)/lam\nlog(lam/mu) - mu/lam")
    assert facts["terms"] == [symbolic(parse_author(term)) for term in ("log(lam/mu)", "-(mu/lam)")]


@pytest.mark.parametrize(
    ("steps", "right"), [([], False), (["minus log"], False), (["minus log", "positive factor", "constant in w"], True)]
)
def test_a_step_may_do_only_what_the_question_allows(seen, steps: list[str], right: bool) -> None:
    likelihood = options("w*y - log(w)", "y*w*exp(-w*y)", steps=steps, up_to=["constant in w"])
    assert seen(DERIVATION, likelihood, "-log(y) - log(w) + w*y\n2*(w*y - log(w))\nw*y - log(w)")["right"] is right


def test_without_a_given_the_first_line_stands_for_itself(seen) -> None:
    assert seen(DERIVATION, options("w**2"), "w*w\nw^2")["steps"] == [True, True]


def test_a_right_first_line_is_known_even_where_a_later_one_is_wrong(seen) -> None:
    facts = seen(DERIVATION, KL, "mu/lam - 1 + log(lam/mu)\nmu/lam + log(lam/mu)")
    assert (facts["begins"], facts["right"], facts["sound"]) == (True, False, 1)
    assert seen(DERIVATION, KL, "log(lam)")["begins"] is False


def test_abbreviations_are_written_out_in_the_goal_and_in_what_is_given_too(seen) -> None:
    asked = options("w*s", "s*w + 0").model_copy(update={"names": {"s": symbolic(parse_author("lam/mu"))}})
    asked = asked.model_copy(update={"symbols": SYMBOLS | {"s": symbol("positive")}})
    assert seen(DERIVATION, asked, "w*s\nw*lam/mu")["right"] is True
    assert seen(DERIVATION, asked, "w*s\nw*mu/lam")["right"] is False


def test_a_name_that_is_to_be_put_in_may_be_used_on_the_way_and_not_be_left_at_the_end(seen) -> None:
    asked = options("2*y*w", put_in=["mu"]).model_copy(update={"names": {"mu": symbolic(parse_author("2*y"))}})
    assert [seen(DERIVATION, asked, text)["finished"] for text in ("mu*w\n2y*w", "mu*w")] == [True, False]
    assert seen(DERIVATION, asked, "mu*w")["right"] is True


CHAIN = options("(2*y)*w*(1 - w)").model_copy(
    update={"shown": [symbolic(parse_author(one)) for one in ("2*y", "w*(1 - w)")]}
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2*y*w*(1-w)", [True, True]),
        ("w*2*(1-w)*y\n2*y*w - 2*y*w^2", [True, True]),
        ("2*y*w - 2*y*w^2", [True, False]),
        # What stands behind the first line that does not follow shows nothing.
        ("w\n2*y*w*(1-w)", [False, False]),
    ],
)
def test_what_has_to_be_shown_stands_in_a_line_alone_or_as_a_piece_of_it(seen, text: str, shown: list[bool]) -> None:
    assert seen(DERIVATION, CHAIN, text)["shown"] == shown


def test_lines_that_only_rearrange_others_are_no_lines_of_their_own(seen) -> None:
    assert seen(DERIVATION, options("w - y"), "w - y\n-y + w\n-(y - w)")["different"] == 1
    assert seen(DERIVATION, options("w - y"), "(w^2 - w*y)/w\nw - y")["different"] == 2


def test_the_functions_of_the_lines_that_follow_are_known(seen) -> None:
    assert seen(DERIVATION, options("2*log(w)"), "log(w^2)\n2 log w")["functions"] == ["log"]
    assert seen(DERIVATION, options("2*log(w)"), "log(w^2)\nexp(w)")["functions"] == ["log"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("w*w\nw^2", ""),
        ("w*w\nw^3", "Line 2 does not follow from line 1. At w = 2 yours is 8, but should be 4."),
        ("w", "Line 1 is not what is asked for. At w = 2 yours is 2, but should be 4."),
        ("w\nw^2", "Line 1 is not what is asked for. At w = 2 yours is 2, but should be 4."),
    ],
)
def test_a_line_that_is_not_what_is_asked_for_is_told_with_a_point(seen, text: str, reason: str) -> None:
    assert seen(DERIVATION, options("w**2"), text)["reason"] == reason


def test_a_derivation_that_ends_elsewhere_than_at_the_goal_is_told_so(seen) -> None:
    likelihood = options("w*y - log(w)", "y*w*exp(-w*y)", steps=["minus log"])
    reason = seen(DERIVATION, likelihood, "-log(w*y) + w*y")["reason"]
    assert reason.startswith("Every line follows, but the last one is not what is asked for. At ")


def test_the_sample_of_a_derivation_can_be_typed_by_a_student(asked) -> None:
    vectors = with_sizes({"v": symbol("vector(n)"), "i": symbol("index(n)")})
    total = options("Sum(entry(v, i), i, 1, n)").model_copy(update={"symbols": vectors})
    assert getattr(asked(DERIVATION, total, DERIVATION.key(total)), "read", None) is not None


@pytest.mark.parametrize(("steps", "right"), [([], False), (["single points"], True)])
def test_a_value_at_a_single_point_does_not_come_from_nowhere(seen, steps: list[str], right: bool) -> None:
    squares = options("y**2", "y*y", steps=steps)
    facts = seen(DERIVATION, squares, "y*y + 1[y = 3]\ny^2")
    assert (facts["right"], facts["reached"]) == (right, True)
    if not right:
        assert facts["reason"] == "Line 1 does not follow from what is given. At y = 3 yours is 10, but should be 9."


def test_a_line_on_the_side_need_not_follow_but_shows_what_it_says(seen) -> None:
    asked = options("lam*mu", lead=r"\frac{\partial L}{\partial w} =")
    factors = [symbolic(parse_author("lam")), symbolic(parse_author("mu"))]
    asked = asked.model_copy(update={"shown": factors})
    facts = seen(DERIVATION, asked, "dL/dy = lam\ndy/dw = mu\ndL/dw = lam*mu")
    assert (facts["right"], facts["lines"], facts["shown"]) == (True, 1, [True, True])
    assert seen(DERIVATION, asked, "dL/dy = y\ndy/dw = 2\ndL/dw = 3*mu")["shown"] == [False, True]


def test_a_line_times_one_or_with_its_abbreviations_written_out_is_no_other_line(seen) -> None:
    assert seen(DERIVATION, options("w - y"), "(w - y)*1\n(2w - 2y)/2\nw - y")["different"] == 1
    asked = options("w*s").model_copy(update={"names": {"s": symbolic(parse_author("lam/mu"))}})
    asked = asked.model_copy(update={"symbols": SYMBOLS | {"s": symbol("positive")}})
    assert seen(DERIVATION, asked, "w*s\nw*lam/mu")["different"] == 1


RECURRENT = options("y*dh", lead=r"\frac{dL}{dx} =").model_copy(
    update={
        "symbols": SYMBOLS | {"dc": symbol("real"), "dh": symbol("real")},
        "names": {"dc": symbolic(parse_author("2*w")), "dh": symbolic(parse_author("w*dc + y"))},
        "put_in": ("dc", "dh"),
    }
)


@pytest.mark.parametrize(
    ("lines", "right", "sides", "finished"),
    [
        ("dc = 2w\ndh = w*dc + y\ndL = y*dh", True, [True, True], True),
        ("dL/dx = y*dh\ndh/dx = w*dc + y\ndc/dx = 2w", True, [True, True], True),
        ("y*dh\n2w", True, [True, False], False),
        ("y*dh\ny*(w*dc + y)\ndc = 2w", True, [True, False], True),
        ("dc = 3w\ndh = w*dc + y\ny*dh", True, [False, True], False),
        # Nothing is said where a name stands for itself, or leans on a later one.
        ("dc = dc\ndh = dh\ny*dh", True, [False, False], False),
        ("dc = (dh - y)/w\ndh = w*dc + y\ny*dh", True, [False, True], False),
        ("dc = 2w\ndh = w*dc + y", False, [True, True], True),
    ],
)
def test_what_is_to_be_put_in_may_stand_on_lines_of_its_own(seen, lines, right, sides, finished) -> None:
    facts = seen(DERIVATION, RECURRENT, lines)
    assert (facts["right"], facts["sides"], facts["finished"]) == (right, sides, finished)


def test_every_line_of_the_chain_tells_how_many_names_are_left_to_be_put_in(seen) -> None:
    assert seen(DERIVATION, RECURRENT, "y*dh\ny*(w*dc + y)\ny*dh\ny*(2*w*w + y)\ndc = 2w")["left"] == [1, 1, 1, 0]
    assert seen(DERIVATION, RECURRENT, "y*dh + dc - dc")["left"] == [2]


def test_a_wrong_line_on_the_side_is_named(seen) -> None:
    remarks = seen(DERIVATION, RECURRENT, "dc = 3w\ny*dh")["remarks"]
    assert remarks == ["The line on dc is wrong. At w = 2 yours is 6, but should be 4."]
