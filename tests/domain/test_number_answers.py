"""Numbers as a tutor reads them; what could mean two things stays a question."""

from __future__ import annotations

import pytest

from app.domain.language import LanguageError, to_source
from app.domain.number_answers import read_cell, read_number, read_row, read_rows

GENEROUS = [
    ("363*96+96 = 34944", "363 * 96 + 96"),
    ("3*11 = 33 = 33", "3 * 11"),
    ("⌊(256+10−11)/4⌋+1 = 64", "floor((256 + 10 - 11) / 4) + 1"),
    ("h_2 = 37", "37"),
    ("h_2 = 3*11 + 4 = 37", "3 * 11 + 4"),
    ("x = 5", "5"),
    ("1/3 = 0.333", "1 / 3"),
    ("(256+2*5-11)//4 + 1", "floor((256 + 2 * 5 - 11) / 4) + 1"),
    ("y_2 = v h_2 = -37", "-37"),
    ("v*(h1 + u*h0) = -(11+9) = -20", "-(11 + 9)"),
    ("h_2 = ReLU(3*11+4) = 37", "relu(3 * 11 + 4)"),
    ("dy2/du = -20", "-20"),
    ("Var(w) = 1/2500", "1 / 2500"),
    ("1000 neurons", "1000"),
    ("19 px", "19"),
    ("408 bytes", "408"),
    ("2 zeros on every side", "2"),
    ("2 on each side", "2"),
    ("-log(2) = -0.693", "-log(2)"),
    ("-log(2) ≈ -0.693", "-log(2)"),
    ("pi/2 = 1.571", "pi / 2"),
    ("log(2) - 1 = -0.307", "log(2) - 1"),
    ("log(2)*e = 1.884", "log(2) * e"),
    ("400 bytes without bias", "400"),
    ("51*8 (with bias)", "51 * 8"),
    ("max(2, 1) = 2", "max(2, 1)"),
    ("34 944", "34944"),
    ("34'944", "34944"),
    ("(11x11x3+1)x96", "(11 * 11 * 3 + 1) * 96"),
    (r"(11 \cdot 11 \cdot 3 + 1) \cdot 96", "(11 * 11 * 3 + 1) * 96"),
    (r"$\frac{1}{2500}$", "1 / 2500"),
    (r"4 \cdot 10^{-4}", "4 * 10**-4"),
    ("h_1 = 11, h_2 = 37", "37"),
    ("h_1 = 3*3 + 2 = 11; h_2 = 3*11 + 4 = 37", "3 * 11 + 4"),
    ("(7-1)*2 + 5 - 13 = 4, p = 2", "2"),
    ("h_1 = 11 => h_2 = 37", "37"),
    ("64.75 -> 64", "64"),
    ("10 + 2p - 3 + 1 = 12, so p = 2", "2"),
    ("sqrt(2)**2 = 2", "sqrt(2)**2"),
    ("(5*5*2+1)*8 B = 408 B", "(5 * 5 * 2 + 1) * 8"),
    ("2*s = 2*1 = 2", "2 * 1"),
    (r"-\ln 2 \approx -0.6931", "-log(2)"),
    ("≈ 0.69", "0.69"),
    ("~0.5", "0.5"),
    ("The answer is 37", "37"),
    ("p=2, so 2", "2"),
    ("255/4 + 1 = 64.75, floor 64", "64"),
    ("64.75 rounded down to 64", "64"),
    ("3 (RGB channels)", "3"),
    ("408 (bytes)", "408"),
    ("2 pixels per side", "2"),
    ("1000 * 4 Einträge", "1000 * 4"),
    ("4000 entrées", "4000"),
    ("400 Bytes ohne Bias", "400"),
    ("|S|*|A| = 1000*4 = 4000", "1000 * 4"),
    ("|S| × |A| = 4000", "4000"),
    ("n_states * n_actions = 4000", "4000"),
    ("11*11*3 = 363, (363 + 1)*96 = 34944 Parameter", "(363 + 1) * 96"),
    ("11*11*3 = 363 weights, then (363 + 1)*96 = 34 944", "(363 + 1) * 96"),
    ("3 + (5-1)*2 = 11; 11 + (11-1)*4 = 51", "11 + (11 - 1) * 4"),
    ("3*3 = 9\n9 + 1 = 10", "9 + 1"),
    (r"\begin{aligned} 3 \cdot 3 &= 9 \\ 9 + 1 &= 10 \end{aligned}", "9 + 1"),
    ("max(2, 1) = 2, 2 + 1 = 3", "2 + 1"),
    ("63 + 1 = 64, where 63 = floor(255/4)", "63 + 1"),
    ("64, since 63 + 1 = 64", "64"),
    ("q + 1 = 64, where q = 63", "64"),
    ("63 + 1 = 64, wobei 63 = ⌊255/4⌋", "63 + 1"),
    ("1 + 1 = 2, 2 - 1 = 1", "2 - 1"),
    ("(5*5*2+1)*8 with bias = 408", "(5 * 5 * 2 + 1) * 8"),
]


@pytest.mark.parametrize(("text", "meant"), GENEROUS)
def test_a_number_is_read_as_a_tutor_would(text: str, meant: str) -> None:
    assert to_source(read_number(text, ".")) == meant


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("3*11+2*2 = 35", "The sides of this equation differ; write the value only."),
        ("1/3 = 0.34", "The sides of this equation differ; write the value only."),
        ("0.333 = 0.334", "The sides of this equation differ; write the value only."),
        ("u h = 3*4 = 11", "The sides of this equation differ; write the value only."),
        ("3 = 3/0", "The sides of this equation differ; write the value only."),
        ("log(2)/0 = 3", "The sides of this equation differ; write the value only."),
        ("max(log(2), 1/0) = 1", "The sides of this equation differ; write the value only."),
        ("(-sqrt(2))**0.5 = 2", "The sides of this equation differ; write the value only."),
        ("0^-1 = 0", "The sides of this equation differ; write the value only."),
        ("1/3 = 0.333 = log(-1)", "The sides of this equation differ; write the value only."),
        ("f(2 = 3", '"f" is not a number. Write a number, such as 0.25 or 1/4.'),
        ("1" * 1001, "This is 1001 characters long; at most 1000 can be read."),
        ("2^99999 = 2^99999", "This exponent is too large; at most 1000 can be used."),
        ("2x = 3", 'Write the number only, without "x".'),
        ("about 25", '"about" is not a number. Write a number, such as 0.25 or 1/4.'),
        ("4 (two on each side)", '"two" is not a number. Write a number, such as 0.25 or 1/4.'),
        ("5 (thousand)", '"thousand" is not a number. Write a number, such as 0.25 or 1/4.'),
        ("x = 3 or x = 4", 'Write the number only, without "or".'),
        ("11*11*3 = 361, (363 + 1)*96 = 34944", "The sides of this equation differ; write the value only."),
        ("63 + 1 = 64, where 63 = 4*4", "The sides of this equation differ; write the value only."),
        ("|S|*|A| = 1000*4 = 4001", "The sides of this equation differ; write the value only."),
        # The last of these explains the one before it: which of them is the value?
        ("(363 + 1)*96 = 34944, 363 = 11*11*3", "One value is asked for here; a comma cannot stand in it."),
        ("(5*5*2)*8, with bias = 408", "One value is asked for here; a comma cannot stand in it."),
        ("(5*5*2)*8 with bias = 408", "The sides of this equation differ; write the value only."),
        ("3*3 = 9, 10", "One value is asked for here; a comma cannot stand in it."),
        ("2x = 3, 3/2 = 1.5", 'Write the number only, without "x".'),
        ("4 Millionen", 'Write the number only, without "Millionen".'),
        ("11, 37", "One value is asked for here; a comma cannot stand in it."),
        ("96*363+96 = 34,944", 'Is "34,944" the whole number 34944 or 34.944? Write the one you mean.'),
        ("5 MB", 'Write the number only, without "MB".'),
        ("5 cm", 'Write the number only, without "cm".'),
        ("85k", 'Write the number only, without "k".'),
        ("1,000", 'Is "1,000" the whole number 1000 or 1.000? Write the one you mean.'),
        ("2 3", 'Between "2" and "3" a sign is missing; write + or *, or one number.'),
        ("", "Nothing is written here."),
    ],
)
def test_what_it_could_only_guess_is_told_as_before(text: str, says: str) -> None:
    with pytest.raises(LanguageError) as caught:
        read_number(text, ".")
    assert caught.value.says == says


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        (r"\begin{pmatrix}13 & 5 & 0\end{pmatrix}", ["13", "5", "0"]),
        (r"\begin{bmatrix}1\\5\\5\end{bmatrix}", ["1", "5", "5"]),
        ("(13, 5, 0)^T", ["13", "5", "0"]),
        ("mu = [13, 5, 0]", ["13", "5", "0"]),
        ("np.array([1, 2, 3])", ["1", "2", "3"]),
        (r"64 \times 64 \times 96", ["64", "64", "96"]),
        ("[sin(pi/2), sin(pi)] = [1, 0]", ["1", "0"]),
        ("x^T = (2, 1)", ["2", "1"]),
        ("-1/2 * [0, -1]", ["-1 / 2 * 0", "-1 / 2 * -1"]),
        ("80/10/10", ["80", "10", "10"]),
        ("70 % / 15 % / 15 %", ["70 / 100", "15 / 100", "15 / 100"]),
        ("[1,0] - 0.5*[2,1]", ["1 - 0.5 * 2", "0 - 0.5 * 1"]),
        ("[1, 0] - 0.5*[2, 1] = [0, -0.5]", ["0", "-0.5"]),
        ("[1,0]^T - 1/2 [2,1]^T", ["1 - 1 / 2 * 2", "0 - 1 / 2 * 1"]),
        ("-[1, 1]", ["-1", "-1"]),
        ("[1, 2]/2", ["1 / 2", "2 / 2"]),
        ("⟨1, 2⟩", ["1", "2"]),
        ("w_1 = 0, w_2 = -1/2", ["0", "-1 / 2"]),
        ("w1 = pi/2, w2 = pi - 1/4", ["pi / 2", "pi - 1 / 4"]),
        ("w_1: 0, w_2: 0.5", ["0", "0.5"]),
        ("5 by 5", ["5", "5"]),
        ("25 values", ["25"]),
        ("1*1 - 1*2 + 0*0 + 2*2 = 3", ["1 * 1 - 1 * 2 + 0 * 0 + 2 * 2"]),
    ],
)
def test_a_row_may_be_pasted_or_turned(text: str, cells: list[str]) -> None:
    assert [to_source(cell) for cell in read_row(text, ".") if cell is not None] == cells


def test_numbered_values_count_in_their_order_only() -> None:
    with pytest.raises(LanguageError):
        read_row("w_2 = 0, w_1 = 1", ".")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("-[[1, 2], [3, 4]]", [["-1", "-2"], ["-3", "-4"]]),
        ("1/2 [[1, 2], [3, 4]]", [["1 / 2 * 1", "1 / 2 * 2"], ["1 / 2 * 3", "1 / 2 * 4"]]),
        ("[[1, 2], [3, 4]]/2", [["1 / 2", "2 / 2"], ["3 / 2", "4 / 2"]]),
        ("Matrix([[1, 2], [3, 4]])", [["1", "2"], ["3", "4"]]),
        (r"\left(\begin{array}{cc} 1 & 2 \\ 3 & 4 \end{array}\right)", [["1", "2"], ["3", "4"]]),
    ],
)
def test_a_matrix_may_stand_behind_a_factor(text: str, rows: list[list[str]]) -> None:
    assert [[to_source(cell) for cell in row if cell is not None] for row in read_rows(text, ".")] == rows


def test_a_shape_may_be_written_as_the_space_of_its_tensors() -> None:
    for text in (r"\mathbb{R}^{N \times M}", "ℝ^{N×M}", "N Zeilen, M Spalten"):
        assert [to_source(side) for side in read_row(text, ".", ("N", "M")) if side is not None] == ["N", "M"]


def test_the_only_number_of_a_matrix_may_be_a_chain_whose_sides_agree() -> None:
    rows = read_rows("1*1 - 1*2 + 0*0 + 2*2 = 3", ".")
    assert [[to_source(cell) for cell in row if cell is not None] for row in rows] == [
        ["1 * 1 - 1 * 2 + 0 * 0 + 2 * 2"]
    ]
    for unclear in ("1 - 1 = 1", "1 - 1 = 0, 2 - 1 = 1", "1 - 1", "the size = 3"):
        with pytest.raises(LanguageError):
            read_rows(unclear, ".")


@pytest.mark.parametrize("piece", ["[1]  ", " ", "\n", "(1, 2)  ", "- "])
def test_what_is_no_row_is_refused_at_once_however_many_gaps_it_has(piece: str) -> None:
    for read in (read_row, read_rows):
        with pytest.raises(LanguageError):
            read(f"-[{piece * (900 // len(piece))}x", ".")
        with pytest.raises(LanguageError):
            read(f"{piece * (900 // len(piece))}!", ".")


def test_a_matrix_may_be_pasted() -> None:
    rows = read_rows(r"\begin{pmatrix}-1&-1\\1&1\end{pmatrix}", ".")
    assert [[to_source(cell) for cell in row if cell is not None] for row in rows] == [["-1", "-1"], ["1", "1"]]


@pytest.mark.parametrize(
    "text", ["diag(0, -1)", "np.diag([0, -1])", "diag(cos w) = diag(0, -1)", "D = [[0, 0], [0, -1]]"]
)
def test_a_diagonal_matrix_may_be_named(text: str) -> None:
    rows = read_rows(text, ".")
    assert [[to_source(cell) for cell in row if cell is not None] for row in rows] == [["0", "0"], ["0", "-1"]]


def test_a_cell_may_be_blank_or_mention_names() -> None:
    assert read_cell("  ", ".") is None
    cell = read_cell("2N", ".", ["N"])
    assert cell is not None
    assert to_source(cell) == "2 * N"


def test_steps_are_told_from_decimal_commas() -> None:
    assert to_source(read_number("0,5*3 = 1,5; 1,5 + 1 = 2,5", ",")) == "1.5 + 1"
    assert to_source(read_number("0,5*3 = 1,5, 1,5 + 1 = 2,5", ",")) == "1.5 + 1"
