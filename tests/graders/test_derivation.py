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
    assert facts["remarks"][0].startswith("Line 2 does not follow from line 1.")
    assert "but should be" in facts["remarks"][0]


def test_a_slip_that_is_undone_is_still_a_slip(seen) -> None:
    facts = seen(DERIVATION, KL, "log(lam*mu) - 1 + mu/lam\nlog(lam/mu) + mu/lam - 1")
    assert (facts["right"], facts["reached"], facts["sound"]) == (False, True, 0)


def test_a_chain_of_equations_on_one_line_is_several_steps(seen) -> None:
    assert seen(DERIVATION, KL, "log(lam/mu) - (lam - mu)/lam = log(lam/mu) - 1 + mu/lam")["lines"] == 2


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
