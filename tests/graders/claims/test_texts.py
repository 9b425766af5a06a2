"""The table of texts: what is said, claim by claim."""

from __future__ import annotations

from pathlib import Path

import pytest

from graders.claims.judging import judge
from graders.claims.rubric import TextRubric

RUBRIC = TextRubric.model_validate(
    {
        "concepts": {
            "approx": ["approximat*", "estimat*", "approximation"],
            "compute": ["compute", "calculate"],
            "hessian": ["hessian", "curvature matrix"],
            "gradient": ["gradient"],
            "agree": ["agree"],
            "disagree": ["disagree", "friend is wrong", "friend wrong"],
            "grid": ["grid search"],
            "random": ["random search"],
            "transposed_convolution": ["transposed convolution"],
            "normalise": ["normalise", "normalisation"],
            "data": ["data"],
            "exploding": ["exploding", "explode"],
            "crop": ["crop"],
        },
        "roles": {"quasi": ["quasi-newton", "bfgs", "l-bfgs"], "newton": ["newton"]},
        "claims": {
            "approximates": {
                "earn": ["quasi::[approx hessian]"],
                "deny": ["newton::[approx hessian]"],
                "near": ["approx"],
            },
            "avoids": {"earn": ["quasi::[not compute hessian]"]},
            "disagrees": {"earn": ["NO", "disagree", "not agree"], "deny": ["YES"]},
            "random_first": {"earn": ["random > grid"]},
            "transposed": {"earn": ["transposed_convolution"]},
            "normalises": {"earn": ["normalise data"]},
            "explodes": {"earn": ["gradient exploding"]},
            "crops": {"earn": ["crop"], "named": True},
        },
    }
)
GIVEN = "Why do many people say that BFGS approximates the Hessian in its own way?"


def _rows() -> list[tuple[str, str, str]]:
    lines = (Path(__file__).parent / "texts.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|", 2) for line in lines if line and not line.startswith("#")]
    return [(expected.strip(), claim.strip(), text.strip()) for expected, claim, text in rows]


@pytest.mark.parametrize(("expected", "claim", "text"), _rows())
def test_a_text_says_what_the_table_says(expected: str, claim: str, text: str) -> None:
    assert judge(text, RUBRIC, GIVEN).decisions[claim] == expected
