from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.language import cells_to_latex, parse_author, parse_row, parse_rows, parse_student, to_latex
from app.domain.language.tree import Binary, Call, Name, Node, Number, Slice, Unary
from tests.domain.language.latex_reader import Reader, canonical
from tests.domain.language.trees import author_trees

SYMBOLS = ["x", "y", "z", "w_1", "lam", "lr", "W_hidden", "mu", "f"]


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("1/2", r"\frac{1}{2}"),
        ("2x", "2 x"),
        ("2*3", r"2 \cdot 3"),
        ("x*2", r"x \cdot 2"),
        ("xy²/3", r"\frac{x y^{2}}{3}"),
        ("f(x+1)", r"f \cdot \left(x + 1\right)"),
        ("2(x+1)(y-1)", r"2 \left(x + 1\right) \left(y - 1\right)"),
        ("x^2(y+1)", r"x^{2} \cdot \left(y + 1\right)"),
        ("x/2*y", r"\frac{x}{2} y"),
        ("x*(y*z)", r"x \cdot \left(y z\right)"),
        ("x - (y - z)", r"x - \left(y - z\right)"),
        ("x - y - z", "x - y - z"),
        ("x*-2", r"x \cdot \left(-2\right)"),
        ("x--2", r"x - \left(-2\right)"),
        ("-x^2", "-x^{2}"),
        ("(-x)^2", r"\left(-x\right)^{2}"),
        ("(x^2)^3", r"\left(x^{2}\right)^{3}"),
        ("x^2^3", "x^{2^{3}}"),
        ("-(x+y)", r"-\left(x + y\right)"),
        ("-(-x)", r"-\left(-x\right)"),
        ("+x", "+x"),
        ("sqrt(x)/2", r"\frac{\sqrt{x}}{2}"),
        ("√x²", None),
        ("sqrt(x)^2", r"\left(\sqrt{x}\right)^{2}"),
        ("log(x)^2", r"\left(\log\left(x\right)\right)^{2}"),
        ("log2(x) + log10(x)", r"\log_{2}\left(x\right) + \log_{10}\left(x\right)"),
        ("2sin(x)cos(x)", r"2 \sin\left(x\right) \cos\left(x\right)"),
        ("|x-1|^2", r"\left|x - 1\right|^{2}"),
        ("floor(x/2) + ceil(x)", r"\left\lfloor \frac{x}{2} \right\rfloor + \left\lceil x \right\rceil"),
        ("max(x, 2)", r"\max\left(x, 2\right)"),
        ("relu(x)", r"\operatorname{ReLU}\left(x\right)"),
        ("sigmoid(x)", r"\operatorname{sigmoid}\left(x\right)"),
        ("arcsin(x)", r"\arcsin\left(x\right)"),
        ("50%", r"\frac{50}{100}"),
        ("0.50", "0.50"),
        (".5", "0.5"),
        ("2e-3 x", r"2 \cdot 10^{-3} x"),
        ("e^(-x²/2)", r"e^{\frac{-x^{2}}{2}}"),
        ("w1 λ", r"w_{1} \lambda"),
        ("lr * W_hidden", r"\mathrm{lr} W_{\mathrm{hidden}}"),
        ("2½x", None),
    ],
)
def test_a_reading_is_shown_with_few_brackets_and_without_doubt(text: str, latex: str | None) -> None:
    if latex is not None:
        assert to_latex(parse_student(text, SYMBOLS)) == latex


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("a if b else c", r"\begin{cases} a & \text{if } b \\ c & \text{otherwise} \end{cases}"),
        ("[[1, 2], [3, 4]]", r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}"),
        ("[[1], [2, 3]]", r"\left[\left[1\right],\; \left[2,\; 3\right]\right]"),
        (
            "[[[1]], [[2]]]",
            r"\left[\begin{pmatrix} 1 \end{pmatrix},\; \begin{pmatrix} 2 \end{pmatrix}\right]",
        ),
        ("[1, 2]", r"\left[1,\; 2\right]"),
        ("[]", r"\left[\right]"),
        ("z[:, 0]", r"z\left[:, 0\right]"),
        ("z[1:n:2][0]", r"z\left[1:n:2\right]\left[0\right]"),
        ("(a + b)[0]", r"\left(a + b\right)\left[0\right]"),
        ("not a and b or c", r"\text{not } a \text{ and } b \text{ or } c"),
        ("not (a and b)", r"\text{not } \left(a \text{ and } b\right)"),
        ("a < b <= c != d", r"a < b \le c \neq d"),
        ("(a < b) + 1", r"\left(a < b\right) + 1"),
        ("a not in [b]", r"a \notin \left[b\right]"),
        ("mean(z, axis=0)", r"\operatorname{mean}\left(z, \mathrm{axis} = 0\right)"),
        ("sum_all(z)", r"\operatorname{sum\_all}\left(z\right)"),
        ("[x for a, x in y if x > 1]", r"\left[x \mid a, x \in y,\; x > 1\right]"),
        ("{'a': 1}", r"\left\{\text{a}: 1\right\}"),
        ("mu.right", r"\text{mu.right}"),
        (
            r"'50% \\ {a_b} ^~'",
            r"\text{“50\% \textbackslash{} \{a\_b\} \textasciicircum{}\textasciitilde{}”}",
        ),
        ("a % b * c", r"\left(a \bmod b\right) c"),
        ("a // b", r"\left\lfloor \frac{a}{b} \right\rfloor"),
        ("True", r"\mathrm{True}"),
        ("sigma_hat_1 + x12 + Omega", r"\sigma_{\mathrm{hat},1} + x_{12} + \Omega"),
        ("alpha_i + h_t1 + mu2", r"\alpha_{i} + h_{t_{1}} + \mu_{2}"),
    ],
)
def test_the_author_language_is_shown_too(text: str, latex: str) -> None:
    assert to_latex(parse_author(text)) == latex


def test_cells_are_shown_as_a_matrix_with_boxes_for_blanks() -> None:
    assert cells_to_latex(parse_rows("1,,2\n3,4,1/2")) == (
        r"\begin{pmatrix} 1 & \square & 2 \\ 3 & 4 & \frac{1}{2} \end{pmatrix}"
    )
    assert cells_to_latex([parse_row("1 2")]) == r"\begin{pmatrix} 1 & 2 \end{pmatrix}"


@pytest.mark.parametrize(
    ("value", "latex"),
    [(3, "3"), (-3, "-3"), (Fraction(1, 3), r"\frac{1}{3}"), (Fraction(-1, 3), r"-\frac{1}{3}")],
)
def test_calculated_numbers_have_no_spelling_and_are_shown_by_value(value: Fraction, latex: str) -> None:
    assert to_latex(Number(Fraction(value), "")) == latex


def test_a_slice_alone_is_shown_and_anything_else_is_no_tree() -> None:
    assert to_latex(Slice(None, Name("n"), None)) == ":n"
    with pytest.raises(TypeError, match="not a node"):
        to_latex("x")  # type: ignore[arg-type]


numbers = [Number(Fraction(text), text) for text in ("2", "0.5", "10", "2e-3", "1.5e7")]
leaves = st.sampled_from([Name("x"), Name("w_1"), Name("lambda"), Name("lr"), *numbers])


def grow(below: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    one = st.sampled_from(["sqrt", "abs", "log", "log2", "exp", "sin", "sigmoid", "floor", "ceil", "relu"])
    return st.one_of(
        st.builds(Unary, st.sampled_from("-+"), below),
        st.builds(Binary, st.sampled_from(["+", "-", "*", "*", "/", "**"]), below, below),
        st.builds(Call, one, st.tuples(below)),
        st.builds(Call, st.sampled_from(["max", "min"]), st.tuples(below, below)),
    )


@given(st.recursive(leaves, grow, max_leaves=10))
def test_a_strict_reader_finds_the_same_tree_in_the_latex(tree: Node) -> None:
    assert Reader(to_latex(tree)).whole() == canonical(tree)


@given(author_trees)
def test_every_tree_can_be_shown_with_its_braces_in_balance(tree: Node) -> None:
    latex = to_latex(tree)
    plain = latex.replace("\\{", "").replace("\\}", "")
    assert plain.count("{") == plain.count("}")
    assert latex.count(r"\left") - latex.count(r"\lef\t") == latex.count(r"\right")
