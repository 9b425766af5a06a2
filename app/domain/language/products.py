"""What a product, a sum or a power means when its sides are vectors, matrices or conditions."""

from __future__ import annotations

from typing import Final, NoReturn

from app.domain.language import doubts, kinds
from app.domain.language.errors import LanguageError, quote
from app.domain.language.kinds import SCALAR, Kind, Known, beside_matrix, columnwise, is_condition, kind_of, numeric
from app.domain.language.limits import Limits
from app.domain.language.numerals import SMALL, Decimal
from app.domain.language.operands import AFTER_PLAIN, POWER_SIGNS
from app.domain.language.scope import Scope
from app.domain.language.student import Student
from app.domain.language.tokens import OPENERS, Token
from app.domain.language.tree import Binary, Call, Name, Node, Number, Span, Unary

_FACTORS: Final = {"*": "*", "·": "·", ".": "·", "⊙": "⊙", "@": "@", "⊗": "⊗"}
_BIG: Final = frozenset(["∑", "∏"])
_STARTS: Final = frozenset(["∑", "∏", "∇", "∂", "∛", "⟨"])
_LARGEST_POWER: Final = 8
_JOINTS: Final = str.maketrans("", "", "_^'")  # what may stand within one name
_AFTER_PRODUCT: Final = frozenset(["+", "-", ")", "", ",", "=", "]", "}", ";"])
"""Signs that end a product without a doubt."""
_CLOSERS: Final = frozenset(OPENERS.values())
_BRACKETS: Final = frozenset(["(", "[", "|", "‖"])
_SIGNS: Final = frozenset(["+", "-"])
_COMPARISONS: Final = frozenset(["=", "==", "!=", "≠", "<", "<=", "≤", ">", ">=", "≥"])


class Products(Student):
    """Operators of mathematics: the declared kinds decide which product stands between two factors."""

    def __init__(self, text: str, tokens: list[Token], scope: Scope, decimal: Decimal, limits: Limits) -> None:
        super().__init__(text, tokens, scope, decimal, limits)
        self.scope = scope
        self.arrays = scope.base.arrays
        """Whether there can be anything but numbers."""
        self.cellwise = False
        """Whether a product of two vectors is taken cell by cell, as inside `sum(…)`."""
        self.open_norms = 0
        self._kinds: Known = {}

    def kind(self, node: Node) -> Kind:
        """What kind of thing a part is."""
        if not self.arrays:
            return SCALAR
        found = self._kinds.get(id(node))
        if found is not None:
            return found[1]
        if type(node) is Name:
            self._kinds[id(node)] = found = node, self.scope.base.kinds.get(node.id, SCALAR)
            return found[1]
        return kind_of(node, self.scope.base.symbols, self._kinds)

    def array(self, node: Node) -> bool:
        """Whether a part has cells."""
        return self.arrays and self.kind(node).array

    def doubtful(self, start: int, end: int, *ways: str) -> NoReturn:
        """Raises LanguageError for a text with several readings."""
        says = f"{quote(self.written(start, end))} could mean several things. Write {_listed(ways)}."
        raise LanguageError(says, self.text, start, end)

    def sum(self) -> Node:
        begin, steps = self.token.start, 0
        left = self.product()
        while self.token.text in _SIGNS and self.token.kind == "op":
            steps = self.step(steps)
            sign = self.advance()
            right = self.product()
            left, right = numeric(left), numeric(right)
            span = (begin, self.end)
            if self.arrays and {self.kind(left).form, self.kind(right).form} == {"row", "column"}:
                says = "A row and a column cannot be added; write ^T after one of them."
                raise LanguageError(says, self.text, sign.start, sign.end)
            left = Binary(sign.text, left, right, span)
        return left

    def product(self) -> Node:
        first, steps = self.token, 0
        left = self.signed() if first.text in _SIGNS else self.power()
        while True:
            sign = self.token
            if sign.text in _AFTER_PRODUCT:
                return left
            steps = self.step(steps)
            factor = _FACTORS.get(sign.text) if sign.kind == "op" else None
            if factor and not (sign.text == "." and self.ahead().kind == "end"):
                if sign.text == "*" and self.text[sign.start] in "·⋅":
                    factor = "·"
                self.advance()
                left = self.times(left, factor, self.signed(), (first.start, self.end))
            elif sign.text == "/" and sign.kind == "op":
                left = self.quotient(left, first)
            elif self.starts_factor():
                before = self.before()
                if sign.text == "|" and first.text == "|" and before is not None and before.text != "|":
                    says = doubts.bars(self.written(first.start, self.tokens[-1].start))
                    raise LanguageError(says, self.text, sign.start, sign.end)
                left = self.times(left, "", self.power(), (first.start, self.end))
            else:
                return left

    def step(self, steps: int) -> int:
        """One more step of a chain; bounded, so that no tree grows too high to be walked."""
        if steps >= self.limits.height:
            self.refuse(f"This is too long a chain; at most {steps} steps can follow each other.", self.token)
        return steps + 1

    def quotient(self, left: Node, first: Token) -> Node:
        """`left / …`; what follows its divisor without a sign is asked back, but for a sum (`1/N ∑ …`)."""
        dividend = self.written(first.start, self.end)
        sign = self.advance()
        begin = self.token.start
        right = self.signed()
        if self.starts_factor() and not self.starts_sum() and not self._behind_fraction(left, right, sign, begin):
            ways = doubts.division(dividend, self.written(begin, self.end), self.rest())
            self.doubt(ways, first.start)
        left, right = numeric(left), numeric(right)
        cellwise = self.cellwise or self.text[sign.start] == "." or not self.array(right)
        if not cellwise and not kinds.is_counted(right, self.scope.base.symbols):
            raise LanguageError(doubts.NO_DIVISOR, self.text, sign.start, self.end)
        return Binary("/", left, right, (first.start, self.end))

    def _behind_fraction(self, dividend: Node, divisor: Node, sign: Token, begin: int) -> bool:
        """Whether what comes next stands apart after a fraction, as in `1/2 (x - y)^2`: there the fraction is a factor.

        So it is where only the factors have gaps between them (`2/s x`), behind a divisor in brackets (`1/(x + y) z`),
        and a fraction of two numbers before a bracket (`1/2(x - y)^2`).
        """
        above = dividend.operand if isinstance(dividend, Unary) else dividend
        numbers = isinstance(above, Number) and isinstance(divisor, Number)
        if numbers and self.token.text in _BRACKETS:
            return True
        if not self.token.gap:
            return False
        below = divisor.left if isinstance(divisor, Binary) and divisor.op == "**" else divisor  # `y/s^2 z`
        if not isinstance(below, Number | Name) and not (isinstance(below, Call) and below.function == "entry"):
            return self.text[begin] == "("
        one = isinstance(above, Call) or self.text[max(sign.start - 1, 0)] != ")"  # `log(u)/s z`
        bracket = isinstance(above, Number) and self.token.text == "("  # `1 / n (x - y)^2`
        tight = one and not sign.gap and " " not in self.written(begin, self.end)
        return numbers or bracket or tight or self.token.text == "‖"

    def starts_sum(self) -> bool:
        """Whether a sum over an index follows."""
        return self.token.text in _BIG

    def starts_factor(self) -> bool:
        token = self.token
        if token.text in _STARTS or token.kind == "symbol":
            return True
        if token.text == "‖":
            return not self.open_norms
        if token.text == "1" and self._before_condition():  # `i 1[i = j]`
            return True
        if token.kind == "number" and token.gap and (self._behind_transpose() or self._coefficient()):
            return True
        return super().starts_factor()

    def _coefficient(self) -> bool:
        """Whether the number that comes next, apart from a bracket, has a factor of its own: `(y - 1) 2 s`."""
        return self.tokens[self.place - 1].text == ")" and self.ahead().kind in ("name", "symbol")

    def _behind_transpose(self) -> bool:
        """Whether the sign of a transpose was just read, behind which no number can be an index or a power."""
        place = self.place - 1
        place -= self.tokens[place].text == "}"
        mark = self.tokens[place]
        sign = self.tokens[place - 1 - (self.tokens[place - 1].text == "{")]
        plain = mark.text in ("T", "top") and not self.scope.symbol(mark.text)
        return mark.text == "⊤" or (plain and sign.text in POWER_SIGNS)

    def _before_condition(self) -> bool:
        """Whether the 1 that comes next stands before a condition in brackets."""
        depth = 0
        for token in self.tokens[self.place + 1 :]:
            depth += (token.text in OPENERS) - (token.text in _CLOSERS)
            if depth < 1:
                return False
            if depth == 1 and token.text in _COMPARISONS:
                return True
        return False

    def goes_on(self, product: bool) -> bool:
        token = self.token
        if token.text in _STARTS or token.kind == "symbol" or (token.text == "‖" and not self.open_norms):
            return True
        return super().goes_on(product) or (product and token.text in ("·", "⊙", "@"))

    def signed(self) -> Node:
        if self.token.text not in _SIGNS:
            return self.power()
        node = super().signed()
        if isinstance(node, Unary) and is_condition(node.operand):
            return Unary(node.op, numeric(node.operand), node.span)
        return node

    def times(self, left: Node, sign: str, right: Node, span: Span) -> Node:
        """The product that a sign (none if empty) between two factors means."""
        if not sign and isinstance(left, Number) and left.value == 1:  # `1[y > 0]`
            if is_condition(right):
                return Call("indicator", (right,), (), span)
            if isinstance(right, Call) and right.function == "indicator" and self.text[right.span[0]] == "[":
                return Call("indicator", right.args, (), span)
        left, right = numeric(left), numeric(right)
        if sign == "⊗":
            return self.kron(left, right, span)
        if not self.arrays:
            return Binary("*", left, right, span)
        one, other = self.kind(left), self.kind(right)
        if not one.array or not other.array or sign == "⊙":
            return Binary("*", left, right, span)
        if one.flat and other.flat:
            return self._of_vectors(left, sign, right, span)
        if sign == "*" and one.flat != other.flat and "eye(" in self.written(*span):
            return columnwise(right, left, span) if one.flat else columnwise(left, right, span)
        if sign == "@" and one.form in ("column", "list"):
            left = Call("transpose", (left,), (), left.span)  # numpy's v @ A
        elif one.form in ("column", "list") and other.form == "matrix":
            if other.rows != "1" and not (self.cellwise and sign == "*"):
                text, rest = self.factor_text(left), self.factor_text(right)
                self.doubtful(*span, f"{text}^T {rest}", f"{rest}^T {text}")
        if self.cellwise and sign == "*" and one.form == other.form == "matrix":
            return Binary("*", left, right, span)
        return Binary("@", left, right, span)

    def kron(self, left: Node, right: Node, span: Span) -> Node:
        """The Kronecker product; a list beside a matrix is a row there, as in numpy."""
        one, other = self.kind(left).form, self.kind(right).form
        if one == "list" and other == "matrix":
            left = beside_matrix(left, self.written(*left.span))
        elif one == "matrix" and other == "list":
            right = beside_matrix(right, self.written(*right.span))
        return Call("kron", (left, right), (), span)

    def _of_vectors(self, left: Node, sign: str, right: Node, span: Span) -> Node:
        one, other = self.kind(left).form, self.kind(right).form
        if (one == "row") != (other == "row") and (one == "row" or sign != "·"):
            return Binary("@", left, right, span)
        if sign in ("·", "@"):
            return Call("dot", (left, right), (), span)
        if self.cellwise:
            return Binary("*", left, right, span)
        a, b = self.factor_text(left), self.factor_text(right)
        if one == "row":
            self.doubtful(*span, f"{a} ⊙ {b}", f"dot({a}, {b})")
        return self.doubtful(*span, f"{a}^T {b}", f"{a} ⊙ {b}")

    def factor_text(self, node: Node) -> str:
        """A factor as typed, in brackets unless it is one word."""
        text = self.written(*node.span)
        return text if text.translate(_JOINTS).isalnum() else f"({text})"

    def power(self) -> Node:
        begin = self.token.start
        node = self._plain() or self.postfix()
        return self._raised_or_turned(node, begin) if self.token.text in POWER_SIGNS else node

    def _plain(self) -> Node | None:
        """A symbol or whole number with nothing that clings to it: the common case, in short."""
        token, following = self.token, self.tokens[self.place + 1]
        if following.text not in AFTER_PLAIN and following.kind not in ("name", "symbol"):
            return None
        if token.kind == "name":
            name = self.scope.base.plain.get(token.text)
            if name is None or (self.scope.bound and token.text in self.scope.bound):
                return None
            self.place += 1
            self.token, self.end = following, token.end
            return Name(name, (token.start, token.end))
        if token.kind == "number" and following.text != "," and token.text in SMALL:
            self.place += 1
            self.token, self.end = following, token.end
            return Number(SMALL[token.text], token.text, (token.start, token.end))
        return None

    def _raised_or_turned(self, node: Node, begin: int) -> Node:
        """An operand with its powers and transposes."""
        steps = 0
        while self.token.text in POWER_SIGNS:
            steps = self.step(steps)
            raised = self._plainly_raised(node, begin)
            turned = None if raised else self._cellwise_power(node, begin) or self.turned(node, begin)
            if turned is None:
                node = raised or self.raised(node, begin)
                return self.of_norm(self.of_array(node)) if self.arrays else self.of_array(node)
            node = self.after(turned, begin)
        return node

    def _plainly_raised(self, base: Node, begin: int) -> Node | None:
        """`x^2` where nothing else could belong to the exponent: the common case, in short."""
        power, following = self.tokens[self.place + 1], self.tokens[self.place + 2]
        before = self.before()
        if power.text not in SMALL or (following.text not in _AFTER_PRODUCT and following.text != "*"):
            return None
        decimals = following.text == "," and self.decimal != "."  # `x^2,5`
        if power.kind != "number" or before is None or before.kind == "power" or decimals:
            return None
        self.place += 2
        self.token, self.end = following, power.end
        return Binary("**", base, Number(SMALL[power.text], power.text, (power.start, power.end)), (begin, power.end))

    def of_norm(self, node: Node) -> Node:
        """`‖x‖^2_2`: the kind of norm behind the power; elsewhere the node as it is."""
        return node

    def after(self, node: Node, begin: int) -> Node:
        """What can follow a transpose, such as a place (`(x^T)_i`)."""
        return node

    def turned(self, node: Node, begin: int) -> Node | None:
        """`A^T`, `A^{-1}` or `A^{-T}`; None where the next signs are no such power."""
        sign, place = self.token, self.place + 1
        if self.tokens[place].kind == "number":
            return None
        opened = self.tokens[place].text if self.tokens[place].text in OPENERS else ""
        place += bool(opened)
        minus = self.tokens[place].text == "-"
        place += minus
        token = self.tokens[place]
        mark = token.text
        following = self.tokens[min(place + 1, len(self.tokens) - 1)]
        if opened and following.text != OPENERS[opened]:
            return None
        if not opened and mark[:1] == "T" and len(mark) > 1 and token.kind == "name" and not self.scope.symbol(mark):
            if self.array(node) and self.scope.means(mark[1:]):
                self._cut(place, 1)
                mark = "T"
        transposing = mark == "⊤" or (mark == "'" and opened) or (token.kind == "name" and mark in ("T", "t", "top"))
        if transposing and mark != "⊤" and self.scope.symbol(mark) and not self.array(node):
            return None
        inverse = minus and token.kind == "number" and mark == "1" and self.array(node)
        if not transposing and not inverse:
            return None
        if transposing and mark != "⊤" and not self.array(node) and not isinstance(node, Call | Binary):
            says = f"{quote(self.written(begin, self.end))} is a number; only vectors and matrices have a transpose."
            raise LanguageError(says, self.text, sign.start, token.end)
        while self.place <= place:
            self.advance()
        if opened:
            self.advance()
        span = (begin, self.end)
        if minus:
            node = Call("inv", (node,), (), span)
        return Call("transpose", (node,), (), span) if transposing else node

    def _cellwise_power(self, node: Node, begin: int) -> Node | None:
        """`x^{⊙2}`, the power of every entry."""
        opened = self.tokens[self.place + 1].text == "{"
        if self.tokens[self.place + 1 + opened].text != "⊙":
            return None
        self.advance()
        opener = self.advance() if opened else self.token
        self.advance()
        exponent = self.signed()
        if opened:
            self.close(opener)
        return Binary("**", node, exponent, (begin, self.end))

    def _cut(self, place: int, length: int) -> None:
        """Makes two names of one."""
        token = self.tokens[place]
        middle = token.start + length
        self.tokens[place : place + 1] = [
            Token("name", token.text[:length], token.start, middle, token.gap),
            Token("name", token.text[length:], middle, token.end, False),
        ]

    def of_array(self, node: Node) -> Node:
        """A power of a vector or matrix: a product of matrices, cell by cell inside `sum(…)`, otherwise a question."""
        if not isinstance(node, Binary) or node.op != "**":
            return node
        if is_condition(node.left):
            return Binary("**", numeric(node.left), node.right, node.span)
        if not self.array(node.left) or self.cellwise:
            return node
        kind, exponent = self.kind(node.left), node.right
        if named(node.left) == "e" and not isinstance(exponent, Number):  # `e^{e_ij}` with scores e
            return Call("exp", (numeric(exponent),), (), node.span)
        text = self.written(*node.left.span)
        if kind.form == "matrix" and isinstance(exponent, Number) and 1 < exponent.value <= _LARGEST_POWER:
            found = node.left
            for _ in range(int(exponent.value) - 1):
                found = Binary("@", found, node.left, node.span)
            return found
        if isinstance(exponent, Number) and exponent.value == 2:
            self.doubtful(*node.span, f"||{text}||^2", f"{text} ⊙ {text}")
        shown = self.written(*exponent.span)
        return self.doubtful(*node.span, f"power({text}, {shown}) for the power of every entry")


def named(node: Node) -> str:
    """The name that a part is, or an empty text."""
    return node.id if isinstance(node, Name) else ""


def _listed(ways: tuple[str, ...]) -> str:
    return " or ".join(quote(way, 60)[1:-1] for way in ways)
