"""A question whose answer is a proof made of blocks."""

from __future__ import annotations

from pathlib import Path

QUESTION = "ordered"
STUDENTS = ("olga", "oscar", "otto", "odile", "ossi", "oda")
# The numbers of the blocks on the page, in a valid order; 2 and 5 are wrong.
PROOF = "4,6,1,7,3"
_TEXT = r"""
id: ordered
title: A proof to put in order
pools:
  blocks:
    - {id: both, truth: true, text: "So $p(y \\mid x) = \\sigma(y f)$ for both labels."}
    - {id: even, truth: false, text: "$\\sigma$ is even.", why: "It is not."}
    - {id: loss, truth: true,
       text: "Put together: $\\mathcal L(w) = \\sum_i \\log\\bigl(1 + e^{-y_i f(x_i, w)}\\bigr)$."}
    - {id: flip, truth: true,
       text: "$1 - \\sigma(t) = \\dfrac{e^{-t}}{1 + e^{-t}} = \\dfrac{1}{1 + e^{t}} = \\sigma(-t)$."}
    - {id: sum, truth: false, text: "The likelihood is $\\sum_i p(y_i \\mid x_i)$.", why: "It is a product."}
    - {id: cases, truth: true, text: "Let $y = -1$. Then $p = 1 - \\sigma(f) = \\sigma(-f) = \\sigma(y f)$."}
    - {id: nll, truth: true,
       text: "The samples are independent: the loss is $-\\sum_i \\log p(y_i \\mid x_i, w)$, the sum over all samples."}
parts:
  - id: proof
    points: 4
    fields:
      proof:
        grader: order
        pool: blocks
        after: {flip: [], cases: [flip], both: [cases], nll: [], loss: [both, nll]}
        label: The proof
    criteria:
      - {id: share, points: 4, when: proof.share, says: As near as it is to a valid order}
"""


def write_question(bank: Path) -> None:
    """Put it into a bank folder."""
    folder = bank / "proofs" / QUESTION
    folder.mkdir(parents=True)
    (folder / "question.yaml").write_text(_TEXT, encoding="utf-8")
    prompt = "## proof\nShow that the negative log-likelihood is the logistic loss.\n"
    (folder / "prompt.md").write_text(prompt, encoding="utf-8")
    (folder / "solution.md").write_text("## proof\nFirst the symmetry, then both cases.\n", encoding="utf-8")
