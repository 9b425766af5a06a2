from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.language import STUDENT_FUNCTIONS, LanguageError, doubts, parse_number, parse_student
from app.domain.language.tree import Binary, Call, Name, Node, Number, Unary
from tests.domain.language.trees import bare

SYMBOLS = ["w", "x", "y", "w1", "x_1", "n", "N", "lambda", "sigma2", "mu", "s"]


def shown(node: Node) -> str:
    """The tree with every bracket written out, calls in square ones."""
    match node:
        case Number(text=text):
            return text
        case Name(id=name):
            return name
        case Unary(op=op, operand=operand):
            return f"({op}{shown(operand)})"
        case Binary(op=op, left=left, right=right):
            return f"({shown(left)}{op}{shown(right)})"
        case Call(function=function, args=args):
            return f"{function}[{','.join(map(shown, args))}]"
    raise AssertionError(node)


NUMBERS = [
    ("5", "5"), ("1/3", "(1/3)"), ("2^3", "(2**3)"), ("2**3", "(2**3)"), ("3*3*16", "((3*3)*16)"),
    ("50%", "(50/100)"), (".5", ".5"), ("5.", "5"), ("0.50", "0.50"), ("1e-3", "1e-3"), ("1E3", "1e3"),
    ("sqrt(2)", "sqrt[2]"), ("√2", "sqrt[2]"), ("√(2)/2", "(sqrt[2]/2)"), ("√2/2", "(sqrt[2]/2)"),
    ("-log(0.5)", "(-log[0.5])"), ("ln(2)", "log[2]"), ("ln 2", "log[2]"), ("exp(1)", "exp[1]"), ("e", "e"),
    ("2pi", "(2*pi)"), ("2π", "(2*pi)"), ("2²", "(2**2)"), ("2⁻¹", "(2**(-1))"), ("10⁻³", "(10**(-3))"),
    ("½", "(1/2)"), ("2^-1", "(2**(-1))"), ("2--3", "(2-(-3))"), ("+5", "(+5)"), ("= 5", "5"),
    ("2^3^2", "(2**(3**2))"), ("-2^2", "(-(2**2))"), ("(1+2)(3)", "((1+2)*3)"), ("2(3)", "(2*3)"),
    ("{[2]}", "2"), ("|-3|", "abs[(-3)]"), ("2|3|", "(2*abs[3])"), ("max(1,2)", "max[1,2]"),
    ("max(1; 2, 3)", "max[1,2,3]"), ("np.log(2)", "log[2]"), ("math.pi", "pi"), ("Abs(2)", "abs[2]"),
    ("Max(1, 2)", "max[1,2]"), ("log2(8)", "log2[8]"), ("log_2(8)", "log2[8]"), ("log₂(8)", "log2[8]"),
    ("log10(8)", "log10[8]"), ("arcsin(1)", "asin[1]"), ("ReLU(2)", "relu[2]"), ("σ(0)", "sigmoid[0]"),
    ("(50)%", "(50/100)"), ("(50%)²", "((50/100)**2)"), ("１２", "12"), ("5−3", "(5-3)"),
    ("5 × 3 ÷ 2", "((5*3)/2)"), ("5·3", "(5*3)"), ("5\u00a0+\u20093", "(5+3)"), ("sin 2 + 1", "(sin[2]+1)"),
    ("2 sin 2", "(2*sin[2])"), ("sin²(1)", "(sin[1]**2)"), ("sin^2(1)", "(sin[1]**2)"),
    ("log|2|", "log[abs[2]]"), ("√√16", "sqrt[sqrt[16]]"), ("√sin(1)", "sqrt[sin[1]]"),
    ("√½", "sqrt[(1/2)]"), ("10%*5", "((10/100)*5)"), ("sqrt 2)", ""), ("1/(2(3))", "(1/(2*3))"),
    ("𝟓", "5"), ("√(4)^2", "(sqrt[4]**2)"), ("5 % * 2", "((5/100)*2)"),
]  # fmt: skip

FORMULAS = [
    ("2x", "(2*x)"), ("2 x", "(2*x)"), ("2(x+1)", "(2*(x+1))"), ("(x)(y)", "(x*y)"), ("2wx", "((2*w)*x)"),
    ("w1 x1", "(w1*x_1)"), ("w1x1", "(w1*x_1)"), ("w_1x_{1}", "(w1*x_1)"), ("x_1", "x_1"), ("x1", "x_1"),
    ("x₁", "x_1"), ("x²", "(x**2)"), ("xⁿ", "(x**n)"), ("x² y", "((x**2)*y)"), ("x²y", "((x**2)*y)"),
    ("xy²", "(x*(y**2))"), ("λ", "lambda"), ("lambda*x", "(lambda*x)"), ("λx", "(lambda*x)"),
    ("μλ", "(mu*lambda)"), ("σ2", "sigma2"), ("σ²", None), ("sigma(x)", "sigmoid[x]"), ("N(x)", "(N*x)"),
    ("Nx", "(N*x)"), ("xlog(x)", "(x*log[x])"), ("xsin(x)²", "(x*(sin[x]**2))"), ("sin x", "sin[x]"),
    ("-sin x", "(-sin[x])"), ("(sin x)/2", "(sin[x]/2)"), ("|abs(x)|", "abs[abs[x]]"),
    ("|sin x|", "abs[sin[x]]"),
    ("log |x|", "log[abs[x]]"), ("|x||y|", "(abs[x]*abs[y])"), ("||x|-1|", "abs[(abs[x]-1)]"),
    ("|(|x|)y|", "abs[(abs[x]*y)]"), ("x|y|", "(x*abs[y])"), ("|x|y", "(abs[x]*y)"), ("-x^2", "(-(x**2))"),
    ("x^-2", "(x**(-2))"), ("x^2/2", "((x**2)/2)"), ("x^(1/2)", "(x**(1/2))"),
    ("e^(-x/2)", "(e**((-x)/2))"), ("e^-x", "(e**(-x))"), ("e^-x + 1", "((e**(-x))+1)"),
    ("x^2(y+1)", "((x**2)*(y+1))"), ("x^2 y", "((x**2)*y)"), ("x^2*y", "((x**2)*y)"),
    ("10^-3*x", "((10**(-3))*x)"), ("2x/3", "((2*x)/3)"), ("x/2*y", "((x/2)*y)"), ("2pix", "((2*pi)*x)"),
    ("2πx", "((2*pi)*x)"), ("√x", "sqrt[x]"), ("2√x", "(2*sqrt[x])"), ("√x + y", "(sqrt[x]+y)"),
    ("𝑥 + 𝜆", "(x+lambda)"), ("2e-3x", "(2e-3*x)"), ("2 sin(x) cos(x)", "((2*sin[x])*cos[x])"),
    ("½x", "((1/2)*x)"), ("x·y", "(x*y)"), ("[x+1]{y}", "((x+1)*y)"), ("x*-y", "(x*(-y))"),
    ("50%*x", "((50/100)*x)"), ("xyx", "((x*y)*x)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meant"), NUMBERS)
def test_numbers_are_read_as_students_write_them(text: str, meant: str) -> None:
    if meant:
        assert shown(parse_number(text)) == meant
    else:
        with pytest.raises(LanguageError):
            parse_number(text)


@pytest.mark.parametrize(("text", "meant"), FORMULAS)
def test_formulas_are_read_as_students_write_them(text: str, meant: str | None) -> None:
    if meant is None:
        with pytest.raises(LanguageError, match=r"needs its value in brackets|could mean several things"):
            parse_student(text, SYMBOLS)
    else:
        assert shown(parse_student(text, SYMBOLS)) == meant


AMBIGUOUS = [
    ("(log x/2) + 1", "log(x/2)", "log(x)/2"), ("|log x/2| + 1", "log(x/2)", "log(x)/2"),
    ("1/2x", "1/(2x)", "(1/2)x"), ("1/2(x+1)", "1/(2(x+1))", "(1/2)(x+1)"), ("x/wy", "x/(wy)", "(x/w)y"),
    ("1/2 sin(x) + 1", "1/(2 sin(x))", "(1/2) sin(x)"), ("x/2 y", "x/(2 y)", "(x/2) y"),
    ("1/2√x", "1/(2√x)", "(1/2)√x"), ("1/2|x|", "1/(2|x|)", "(1/2)|x|"),
    ("sin x cos x", "sin(x*cos(x))", "sin(x)*cos(x)"), ("log x/2", "log(x/2)", "log(x)/2"),
    ("log x^2", "log(x^2)", "log(x)^2"), ("log x²", "log(x²)", "log(x)²"),
    ("sin 2x", "sin(2*x)", "sin(2)*x"), ("log x*y", "log(x*y)", "log(x)*y"),
    ("sin wx", "sin(w*x)", "sin(w)*x"), ("x^2y", "x^(2y)", "(x^2)y"), ("e^2x", "e^(2x)", "(e^2)x"),
    ("e^-x/2", "e^(-x/2)", "(e^-x)/2"), ("x^1/2", "x^(1/2)", "(x^1)/2"),
    ("e^-x*2 - 1", "e^(-x*2)", "(e^-x)*2"), ("x^wx", "x^(wx)", "(x^w)x"), ("√2x", "√(2x)", "(√2)x"),
    ("√x²", "√(x²)", "(√x)²"), ("√x^2", "√(x^2)", "(√x)^2"), ("√xy", "√(xy)", "(√x)y"),
    ("√2 (x)", "√(2 (x))", "(√2) (x)"), ("sqrt 2 √x", "sqrt(2√x)", "sqrt(2)√x"),
    ("log |x| y", "log(|x|*y)", "log(|x|)*y"), ("1/x^2y", "x^(2y)", "(x^2)y"),
    ("log x (y+2)", "log(x(y+2))", "log(x)(y+2)"), ("1/2x^-2y", "1/(2x^-2y)", "(1/2)x^-2y"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "one", "other"), AMBIGUOUS)
def test_what_can_be_read_in_two_ways_is_asked_back_with_both(text: str, one: str, other: str) -> None:
    with pytest.raises(LanguageError) as caught:
        parse_student(text, SYMBOLS)
    assert caught.value.says.endswith(f"can be read in two ways. Write {one} or {other}.")


@pytest.mark.parametrize(("one", "other"), [case[1:] for case in AMBIGUOUS[:-1]])
def test_both_ways_that_are_offered_can_be_read_and_differ(one: str, other: str) -> None:
    assert bare(parse_student(one, SYMBOLS)) != bare(parse_student(other, SYMBOLS))


REFUSED = [
    ("", (), "Nothing is written here."),
    (" = ", (), "Nothing is written here."),
    ("five", (), '"five" is not a number. Write a number, such as 0.25 or 1/4.'),
    ("x = 5", (), 'Write the value only, without "x =".'),
    ("x = 5", SYMBOLS, 'Write the value only, without "=".'),
    ("5 MB", (), 'Write the number only, without "MB".'),
    ("2^3 px", (), 'Write the number only, without "px".'),
    ("1/2 m", (), 'Write the number only, without "m".'),
    ("sqrt 2 cm", (), 'Write the number only, without "cm".'),
    ("5 €", (), 'The sign "€" cannot be used here; write the number only.'),
    ("1:2", (), 'Write "/" for a division.'),
    ("5!", (), 'The sign "!" cannot be used; write the factors out.'),
    ("7//2(3)", (), "Put brackets around the divisor."),
    ("~5", (), "Write the value only."),
    ("x < 5", ["x"], "Write one value, not a comparison."),
    ("x ≤ 5", ["x"], "Write one value, not a comparison."),
    ("1 000", (), 'Between "1" and "000" a sign is missing; write + or *, or one number.'),
    ("1½", (), 'Between "1" and "½" a sign is missing; write + or *, or one number.'),
    ("(2)3", (), 'Between ")" and "3" a sign is missing; write + or *, or one number.'),
    ("1, 2", (), "One value is asked for here; a comma cannot stand in it."),
    ("1; 2", (), "One value is asked for here; a semicolon cannot stand in it."),
    ("5 % 3", (), 'Is "%" a percent sign? Then write "*" after it; for a remainder, calculate it.'),
    ("x%", ["x"], "A percent sign can only follow a number or a bracket."),
    ("1 +", (), 'A number or name is missing at the end, after "+".'),
    ("(1 + )", (), 'A number or name is missing before ")", after "+".'),
    ("()", (), 'A number or name is missing before ")", after "(".'),
    ("*2", (), 'A number or name is missing before "*".'),
    ("== 2", (), 'Write the value only, without "==".'),
    (", 5", (), 'A number or name is missing before ",".'),
    ("(1", (), 'The bracket "(" is never closed.'),
    ("(1]", (), '"]" closes a "("; write ")".'),
    ("(1, 2)", (), "One value is asked for here; a comma cannot stand in it."),
    ("1)", (), '")" closes nothing.'),
    ("|1", (), 'The bar "|" is never closed.'),
    ("|1, 2|", (), "One value is asked for here; a comma cannot stand in it."),
    ("(1 |", (), 'A number or name is missing at the end, after "|".'),
    ("|(1|)", (), 'A number or name is missing before ")", after "|".'),
    ("||x||", ["x"], 'Write one bar on each side, "|…|", for an absolute value.'),
    ("|x|y|x|", ["x", "y"], doubts.bars("|x|y|x|")),
    ("²", (), "This raised number has nothing below it."),
    ("x²^3", ["x"], 'Put brackets around "x²" before another power.'),
    ("2" + "⁹" * 50, (), "This exponent is too large."),
    ("√-2", (), "Put brackets after √, as in √(2)."),
    ("log -2", (), '"log" needs its value in brackets, as in log(2).'),
    ("log", (), '"log" needs its value in brackets, as in log(2).'),
    ("max 2", (), '"max" needs its values in brackets, as in max(…).'),
    ("sin log 2", (), 'Put brackets: sin(log(…)).'),
    ("max(3)", (), '"max" takes two or more values, as in max(1, 2).'),
    ("log(8, 2)", (), '"log" takes one value. Write log(x)/log(b) for another base.'),
    ("sin(1; 2)", (), '"sin" takes one value.'),
    ("sin^-1(1)", (), '"sin^n" could mean several things. Write sin(x)^(n) for a power of the value.'),
    ("log²(2)", (), '"log^2" could mean several things. Write log(x)^2 for a power of the value.'),
    ("sin⁻¹(2)", (), '"sin^-1" could mean several things. Write sin(x)^(-1) for a power of the value.'),
    ("sin² 2", (), '"sin^2" could mean several things. Write sin(x)^2 for a power of the value.'),
    ("np.(2)", (), "After the dot a name is missing."),
    ("z", ["x", "y"], '"z" is not known here. You can use: x, y.'),
    ("z", list("abcdefghij"), '"z" is not known here. You can use: a, b, c, d, e, f, g, h, ….'),
    ("X", ["x"], '"X" is not known here. Did you mean x?'),
    ("x2", ["x"], '"x2" is not known here. Write x*2 for a product or x^2 for a power.'),
    ("sinx", ["x"], '"sinx" is not known here. Write sin(x).'),
    ("log2x", ["x"], '"log2x" is not known here. Write log2(x) or log(2*x).'),
    ("xe", ["x"], '"xe" is not known here. Did you mean x*e?'),
    ("sqr(x)", ["x"], '"sqr" is not known here. Did you mean sqrt?'),
    ("xⁿ", ["x"], '"n" is not known here. You can use: x.'),
    ("q" * 100, ["x"], '"' + "q" * 39 + '…" is not known here. You can use: x.'),
    ("2e3", ["e"], '"2e3" can be read in two ways. Write 2*10^3 or 2*e*3.'),
    ("2e-3", ["e"], '"2e-3" can be read in two ways. Write 2*10^-3 or 2*e-3.'),
    ("x'", ["x"], "The quotation mark ' cannot be used here."),
    ("х", ["x"], 'The letter "х" is Cyrillic (cyrillic small letter ha); type the Latin letter x instead.'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "names", "says"), REFUSED)
def test_what_cannot_be_read_is_said_and_what_to_write(text: str, names: list[str], says: str) -> None:
    with pytest.raises(LanguageError) as caught:
        parse_student(text, names)
    assert caught.value.says == says


DECIMALS = [
    # typed, with ".", with ",", with either
    ("1,5", "1.5?", "1.5", "1.5"),
    ("1.5", "1.5", "1,5?", "1.5"),
    ("2.75", "2.75", "2,75?", "2.75"),
    ("1,001", "1001 or 1.001?", "1.001", "1001 or 1.0010?"),
    ("85.000", "85.000", "85000 or 85,000?", "85000 or 85.0000?"),
    ("34,944", "34944 or 34.944?", "34.944", "34944 or 34.9440?"),
    ("0,125", "0.125?", "0.125", "0.125"),
    ("0.125", "0.125", "0,125?", "0.125"),
    ("1234,567", "1234.567?", "1234.567", "1234.567"),
    (",5", None, ".5", ".5"),
    (".5", ".5", "0,5?", ".5"),
    ("1,5e-3", "1.5?", "1.5e-3", "1.5e-3"),
    ("1e3", "1e3", "1e3", "1e3"),
    ("7.", "7", "7", "7"),
    ("1.234.567", "1234567?", "1234567?", "1234567?"),
    ("1,234,567", "1234567?", "1234567?", "1234567?"),
    ("1,234.5", "1234.5?", "1234,5?", "1234.5?"),
    ("1.234,5", "1234.5?", "1234,5?", "1234.5?"),
    ("1.2.3", "one decimal sign?", "one decimal sign?", "one decimal sign?"),
    ("1e5.3", "one number?", "one number?", "one number?"),
    ("max(1,5)", "max[1,5]", "max(1; 2)?", "max(1; 2)?"),
    ("max(1,5; 2)", "max[1,5,2]", "max[1.5,2]", "max[1.5,2]"),
    ("max(1, 5)", "max[1,5]", "max[1,5]", "max[1,5]"),
    ("max((1,5), 2)", "1.5?", "max[1.5,2]", "max[1.5,2]"),
    ("sqrt(1,5)", "1.5?", "sqrt[1.5]", "sqrt[1.5]"),
    ("log(8,2)", "8.2?", "ln(8,2) or log(8)/log(2)?", "ln(8,2) or log(8)/log(2)?"),
    ("log(0,25)", "0.25?", "log[0.25]", "log[0.25]"),
]


@pytest.mark.parametrize("case", DECIMALS)
@pytest.mark.parametrize("place", [1, 2, 3])
def test_decimal_and_thousands_signs_are_never_guessed(case: tuple[str, ...], place: int) -> None:
    typed, meant = case[0], case[place]
    decimal = (".", ",", "ask")[place - 1]
    if meant is not None and not meant.endswith("?"):
        assert shown(parse_number(typed, decimal)) == meant  # type: ignore[arg-type]
    else:
        with pytest.raises(LanguageError) as caught:
            parse_number(typed, decimal)  # type: ignore[arg-type]
        assert (meant or "missing").rstrip("?") in caught.value.says


def test_numbers_are_exact_and_keep_their_spelling() -> None:
    assert bare(parse_number("0.10")) == Number(Fraction(1, 10), "0.10")
    assert bare(parse_number("1.5e-2")) == Number(Fraction(3, 200), "1.5e-2")
    assert bare(parse_number("1,50", ",")) == Number(Fraction(3, 2), "1.50")


@pytest.mark.parametrize("name", ["lambda", "e", "pi", "N", "S", "sin", "max", "np", "in", "I", "E", "sigma"])
def test_a_declared_symbol_beats_every_function_and_constant(name: str) -> None:
    assert bare(parse_student(f"2{name}(x)", [name, "x"])) == bare(parse_student(f"2*{name}*x", [name, "x"]))
    assert shown(parse_student(f"{name} + 1", [name])) == f"({name}+1)"


@pytest.mark.parametrize(
    ("declared", "typed"),
    [
        *[("lam", "λ"), ("lam", "lambda"), ("eps", "ε"), ("eps", "epsilon"), ("σ", "σ"), ("σ", "sigma")],
        *[("x1", "x_1"), ("x_1", "x1"), ("β_1", "beta1")],
    ],
)
def test_a_symbol_may_be_spelled_in_any_of_its_ways(declared: str, typed: str) -> None:
    assert bare(parse_student(typed, [declared])) == Name(declared)


def test_symbols_that_differ_only_in_spelling_stay_apart() -> None:
    assert shown(parse_student("x1 + x_1", ["x1", "x_1"])) == "(x1+x_1)"


def test_a_run_of_letters_takes_the_longest_symbols_first_and_turns_back_if_need_be() -> None:
    assert shown(parse_student("abc", ["a", "ab", "b", "c"])) == "(ab*c)"
    assert shown(parse_student("abc", ["a", "ab", "bc"])) == "(a*bc)"
    with pytest.raises(LanguageError):
        parse_student("aaaaac", ["a", "aa", "b"])
    with pytest.raises(LanguageError):
        parse_student("ab" * 40, ["a", "b"])


def test_further_functions_can_be_allowed_and_others_forbidden() -> None:
    assert shown(parse_student("dot(w, x)", ["w", "x"], {"dot"})) == "dot[w,x]"
    assert shown(parse_student("ln(2)", (), {"ln"})) == "log[2]"
    with pytest.raises(LanguageError):
        parse_student("sin(2)", (), STUDENT_FUNCTIONS - {"sin"})


def test_places_are_counted_in_the_text_as_typed() -> None:
    node = parse_student(" 2wx² ", ["w", "x"])
    assert isinstance(node, Binary)
    assert isinstance(node.left, Binary)
    assert (node.span, node.left.span, node.right.span) == ((1, 5), (1, 3), (3, 5))
    assert parse_student("x_{1}y", ["x_1", "y"]).span == (0, 6)
    with pytest.raises(LanguageError) as caught:
        parse_student("1 + (2 * foo)")
    assert (caught.value.start, caught.value.end) == (9, 12)


@given(st.text(st.sampled_from("0123456789.,eE+-*/^()| xyπ√½²%sin;=")))
def test_reading_is_stable_under_outer_space(text: str) -> None:
    def result(typed: str) -> object:
        try:
            return bare(parse_student(typed, ["x", "y"]))
        except LanguageError as error:
            return re.sub(r"Character \d+", "", error.says)

    assert result(text) == result(f"  {text} ")


def test_a_size_without_symbols_is_a_product():
    for typed in ("19x19", "19 x 19", "19X19", " 3x4x5 "):
        assert bare(parse_number(typed)) == bare(parse_number(typed.lower().replace("x", "*")))
    with pytest.raises(LanguageError, match="for a product"):
        parse_number("19x19+1")
