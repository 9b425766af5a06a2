"""Functions applied to values: by name, as methods, declared ones and their derivatives, probabilities."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NoReturn

from app.domain.language import doubts, written_out
from app.domain.language.big_operators import BigOperators
from app.domain.language.conditions import true
from app.domain.language.errors import LanguageError, quote
from app.domain.language.formula_words import ARRAYS, NUMERIC, RAISED
from app.domain.language.functions import SEVERAL
from app.domain.language.kinds import is_condition, numeric
from app.domain.language.operands import POWER_SIGNS, whole
from app.domain.language.primes import PRIMED, derivative_of
from app.domain.language.ranges import Range
from app.domain.language.tokens import OPENERS, Token
from app.domain.language.tree import (
    Binary,
    Call,
    Choice,
    Compare,
    Constant,
    Logic,
    Name,
    Node,
    Number,
    Sequence,
    Span,
    Unary,
    free_names,
)

_COMPARISONS: Final = {"Eq": "==", "Ne": "!=", "Lt": "<", "Le": "<=", "Gt": ">", "Ge": ">="}
_ARITHMETIC: Final = {"multiply": "⊙", "matmul": "@", "divide": "/", "add": "+", "subtract": "-", "power": "**"}
_BARE: Final = frozenset(["trace", "det", "transpose", "diag"])
"""Functions of arrays that may stand before their argument without brackets."""
_PRIMES: Final = (("'",), ("^", "'"), ("^", "{", "'", "}"))
"""How the sign of a derivative may stand."""
_COUNTS: Final[dict[str, tuple[int, int]]] = {
    **ARRAYS,
    **dict.fromkeys(_COMPARISONS, (2, 2)),
    **dict.fromkeys(_ARITHMETIC, (2, 2)),
    **written_out.COUNTS,
    **dict.fromkeys(["indicator", "Not", "Matrix"], (1, 1)),
    "KroneckerDelta": (2, 2),
    "where": (3, 3),
    "Heaviside": (1, 2),
    "log": (1, 2),
    "norm": (1, 2),
}

_LOGARITHMS: Final = frozenset(["log", "log2", "log10"])


class Applications(BigOperators):
    """Reads what begins with the name of a function."""

    def applied(self, name: str, token: Token) -> Node:
        if self.token.kind == "power" or self.token.text in POWER_SIGNS:
            return self._with_prime(name, token) or self.raised_function(name, token)
        if self.token.text == "'":
            found = self._with_prime(name, token)
            if found is not None:
                return found
        if name in ("sum", "mean") and self._goes_on_behind():
            return self._unbracketed_sum(name, token)
        if self.token.text in OPENERS:
            opener = self.advance()
            node = self.of_values(name, token, opener)
            self.check_square(name, token, opener)
            if opener.gap and name in NUMERIC and (self.token.kind == "power" or self.token.text in POWER_SIGNS):
                if name in _LOGARITHMS and isinstance(node, Call) and len(node.args) == 1:  # `ln (x)^2` is ln(x^2)
                    inner = self._raised_or_turned(self.after(node.args[0], opener.start), opener.start)
                    return Call(name, (inner,), (), (token.start, self.end))
                self._doubtful_power(token, opener)
            return node
        if name in ("sum", "mean", "prod") or name in ("Sum", "Prod"):
            return self._unbracketed_sum(name, token)
        if (name in NUMERIC and name not in SEVERAL) or name in _BARE:
            return self._bare(name, token)
        return self.refuse(f"{quote(token.text)} needs its values in brackets, as in {token.text}(…).", token)

    def _with_prime(self, name: str, token: Token) -> Node | None:
        """`σ'(a)`, `tanh^{\\prime}(z)`: the derivative at the value; None where no prime and bracket follow."""
        ahead = [one.text for one in self.tokens[self.place : self.place + 4]]
        length = next((len(sign) for sign in _PRIMES if tuple(ahead[: len(sign)]) == sign), 0)
        if not length or name not in PRIMED or self.tokens[self.place + length].text not in OPENERS:
            return None
        for _ in range(length):
            self.advance()
        args = self._values(self.advance())
        span = (token.start, self.end)
        if len(args) != 1:
            self._refuse_count(token, len(args), 1, 1)
        return derivative_of(name, numeric(args[0]), span)

    def _doubtful_power(self, token: Token, opener: Token) -> NoReturn:
        """`log (x)^2`: with a gap before the bracket, the power may belong to the bracket or to the logarithm."""
        argument, value = self.written(opener.start, self.end), self.written(token.start, self.end)
        if self.token.kind == "power":
            power = self.written(self.token.start, self.token.end)
        else:
            behind = self.ahead()
            power = self.written(self.token.start, behind.end)
        ways = f"{token.text}({argument}{power})", f"({value}){power}"
        typed = f"{value}{power}"
        raise LanguageError(doubts.question(typed, ways), self.text, token.start, self.token.end)

    def _unbracketed_sum(self, name: str, token: Token) -> Node:
        """`sum x_i y_i`: everything up to the next + or − behind which its index is not mentioned."""
        if self.token.kind == "end":
            self.refuse(f"After {quote(token.text)} what is added up is missing.", token)
        cellwise, self.cellwise = self.cellwise, True
        body = numeric(self.product())
        self.cellwise = cellwise
        if name.lower() != "prod" and not self.array(body):
            body = self._rest_of_sum(body, token, self._only_index(body))
        return self.total(name.lower(), body, [], (token.start, self.end))

    def _bare(self, name: str, token: Token) -> Node:
        """`log x`: clear if nothing follows that could belong to the argument."""
        first = self.token
        if self.starts_sum():
            return self.built(name, [self.whole_operator(token)], token, (token.start, self.end))
        if first.kind == "name" and not self.scope.symbol(first.text) and self.scope.function(first.text):
            self.refuse(f"Put brackets: {token.text}({first.text}(…)).", first)
        if first.kind not in ("number", "name", "fraction", "symbol") and first.text not in ("|", "√", "‖"):
            self.refuse(f"{quote(token.text)} needs its value in brackets, as in {token.text}(2).", token)
        node = self.atom()
        if name in _LOGARITHMS and (self.token.kind == "power" or self.token.text in POWER_SIGNS):  # `log x^2`
            node = self._raised_or_turned(self.after(node, first.start), first.start)
        if self.goes_on(product=True) or self.token.text in ("'", "_"):
            argument = self.written(first.start, self.end)
            self.doubt(doubts.application(token.text, argument, self.rest()), token.start)
        return self.built(name, [node], token, (token.start, self.end))

    def of_values(self, name: str, token: Token, opener: Token) -> Node:
        """`name(…)` whose opening bracket was read."""
        if name in ("sum", "mean", "prod", "Sum", "Prod"):
            of_numpy = self.place > 2 and self.tokens[self.place - 3].text == "."
            body, ranges = self.summed(name, opener)
            self._skip_axis()
            self.close(opener)
            if of_numpy and not ranges and self._one_number(body):
                return body  # `np.sum(…)` of one number
            return self.total(name.lower(), body, ranges, (token.start, self.end))
        if name == "Piecewise":
            return self._piecewise(token, opener)
        if name in ("diag", "set", "concat"):
            return self._of_list(name, token, opener)
        if name in ("max", "min") and self.token.kind == "name" and self.ahead().text == "=":
            self.refuse("Write the values only.", self.token)
        closer = OPENERS[opener.text]
        if self.token.text != closer:
            first = self.value(separating=True)
            if self.token.text == closer:
                if _COUNTS.get(name) == (1, 2):
                    self.check_comma(token, opener)
                if name in NUMERIC and name not in SEVERAL:
                    self.advance()
                    return Call(name, (numeric(first),), (), (token.start, self.end))
            args = self._values(opener, [first])
        else:
            args = self._values(opener)
        return self.built(name, args, token, (token.start, self.end))

    def _values(self, opener: Token, begun: list[Node] | None = None) -> list[Node]:
        """The arguments up to and with the closing bracket; `begun` was read already."""
        if self.token.text == OPENERS[opener.text] and not begun:
            self.refuse("Between the brackets a value is missing.", self.token)
        args = begun or [self.value(separating=True)]
        while self.token.text in (",", ";"):
            self.advance()
            args.append(self._keyword() or self.value(separating=True))
        self.close(opener)
        return args

    def _keyword(self) -> Node | None:
        """`ord=1`: the value without its name."""
        if self.token.kind == "name" and self.token.text in ("ord", "p") and self.ahead().text == "=":
            self.advance()
            self.advance()
            return self.value(separating=True)
        if self.token.kind == "name" and self.token.text in ("axis", "dim", "keepdims") and self.ahead().text == "=":
            self.refuse("Write the formula without this option.", self.token)
        return None

    def _skip_axis(self) -> None:
        if self.token.text == "," and self.ahead().kind == "name" and self.ahead().text in ("axis", "dim"):
            self.refuse("Write the sum over an index, as in sum_i x_i, without an axis.", self.ahead())

    def total(self, name: str, body: Node, ranges: list[Range], span: Span) -> Node:
        """A sum, mean or product: over an index where there is one, else over the entries of an array."""
        if not ranges and self.array(body):
            free = [name for name in self.scope.base.indices if name not in self.scope.bound]
            if free and set(free) & free_names(body):
                self.refuse_kind("Say over which index the sum runs, as in sum_i x_i.", span)
            if self.kind(body).form == "family":
                self.refuse_kind("Write a sum of vectors over an index, as in sum_i x_i.", span)
            if name == "prod":
                self.refuse_kind("Write a product over an index, as in prod_{i=1}^{N} x_i.", span)
            return Call(name, (body,), (), span)
        if name == "mean" and not ranges and self._one_number(body):
            return body  # `mean(…)` of one number
        return self.bind({"sum": "Sum", "prod": "Prod", "mean": "Mean"}[name], body, ranges, span)

    def _one_number(self, body: Node) -> bool:
        """Whether there is nothing in it to be added up: no array, and no entry of a place still to be named."""
        return not self.array(body) and not set(self.scope.base.indices) & free_names(body)

    def refuse_kind(self, says: str, span: Span) -> NoReturn:
        """Raises LanguageError for a part."""
        raise LanguageError(says, self.text, *span)

    def _piecewise(self, token: Token, opener: Token) -> Node:
        """`Piecewise((w, y > 0), (0, True))`."""
        rows: list[list[Node]] = []
        while self.token.text != ")":
            if self.token.text not in ("(", "["):
                self.refuse("Write each case in brackets, as in Piecewise((w, y > 0), (0, True)).", self.token)
            found, _ = self.between(self.advance())
            if len(found) != 1 or len(found[0]) != 2:
                self.refuse("Write each case as (value, condition).", token)
            value, condition = found[0]
            rows.append([value, Constant(True, condition.span) if true(condition) else condition])
            if self.token.text != ",":
                break
            self.advance()
        self.close(opener)
        if not rows:
            self.refuse("Write the cases in brackets, as in Piecewise((w, y > 0), (0, True)).", token)
        return self.choice(rows, token.start)

    def _of_list(self, name: str, token: Token, opener: Token) -> Node:
        """`diag(1, 2, …, N)`, `diag([…])`, `diag(v)`."""
        cellwise, self.cellwise = self.cellwise, self.cellwise or name == "diag"  # a diagonal is no number
        rows, _ = self.between(opener)
        self.cellwise = cellwise
        span = (token.start, self.end)
        items = [item for row in rows for item in row]
        if not items:
            self.refuse(f"{quote(token.text)} needs values between its brackets.", token)
        if name == "set":
            if len(items) == 1 and isinstance(items[0], Sequence):
                items = list(items[0].items)
            return Call("set", tuple(map(numeric, items)), (), span)
        if len(items) > 1:
            self.arrays = True
            if name == "concat":
                return Call("concat", tuple(map(numeric, items)), (), span)
            return Call(name, (self.listed(items, span),), (), span)
        node = numeric(items[0])
        if name == "concat" and isinstance(node, Sequence):
            return Call("concat", node.items, (), span)
        if not self.array(node):
            self.refuse(f"{quote(token.text)} needs a vector or several values.", token)
        return Call(name, (node,), (), span)

    def raised_function(self, name: str, token: Token) -> Node:
        """`sin²(x)`: clear for the trigonometric functions and positive powers only."""
        if name not in NUMERIC:
            self.refuse(f"{quote(token.text)} needs its values in brackets, as in {token.text}(…).", token)
        sign = self.advance()
        power = sign if sign.kind == "power" else self.token
        wrapped = sign.kind != "power" and power.text == "{" and self.ahead().kind == "number"
        if wrapped:
            self.advance()
            power = self.token
        if sign.kind != "power" and power.kind == "number":
            self.advance()
        if wrapped:
            self.close(replace(sign, text="{"))
        positive = power.text.isdigit() and 0 < len(power.text) < 4
        if not positive or name not in RAISED or self.token.text not in OPENERS:
            shown = power.text if power.text.lstrip("-").isdigit() else "n"
            place = self.place if power.text != "-" else self.place - 1
            if self.tokens[place + 1].text == "-" and self.tokens[place + 2].text.isdigit():
                shown = f"-{self.tokens[place + 2].text}"
            raise LanguageError(doubts.raised(token.text, shown), self.text, token.start, self.end)
        node = self.of_values(name, token, self.advance())
        return Binary("**", node, whole(int(power.text), (power.start, power.end)), (token.start, self.end))

    def built(self, name: str, args: list[Node], token: Token, span: Span) -> Node:
        """The canonical tree of a function of values."""
        if name in NUMERIC and name not in SEVERAL and name != "log":
            fewest, most = 1, 1
        elif name in SEVERAL:
            fewest, most = (1 if self.array(args[0]) else 2), 40
        else:
            fewest, most = _COUNTS.get(name, (1, 40))
        if not fewest <= len(args) <= most:
            self._refuse_count(token, len(args), fewest, most)
        if name in ("And", "Or"):
            return Logic(name.lower(), tuple(map(self._conditional, args)), span)
        if name == "Not":
            return Unary("not", self._conditional(args[0]), span)
        if name in ("indicator", "where"):
            return self._by_condition(name, args, span)
        return self._numeric(name, [numeric(arg) for arg in args], token, span)

    def _refuse_count(self, token: Token, count: int, fewest: int, most: int) -> NoReturn:
        if fewest == most == 1:
            says = f"{quote(token.text)} takes one value."
        elif count < fewest:
            sign = "," if self.decimal == "." else ";"
            many = "two or more" if most > 2 else "two"
            says = f"{quote(token.text)} takes {many} values, as in {token.text}(1{sign} 2)."
        else:
            says = f"{quote(token.text)} takes at most {most} values."
        raise LanguageError(says, self.text, token.start, self.end)

    def _conditional(self, node: Node) -> Node:
        if not is_condition(node):
            raise LanguageError("A condition is missing here, as in y > 0.", self.text, *node.span)
        return node

    def _by_condition(self, name: str, args: list[Node], span: Span) -> Node:
        condition = self._conditional(_unset(args[0]))
        if name == "indicator":
            return Call("indicator", (condition,), (), span)
        return Choice(condition, numeric(args[1]), numeric(args[2]), span)

    def _numeric(self, name: str, args: list[Node], token: Token, span: Span) -> Node:
        """Functions of numbers and arrays."""
        first = args[0]
        match name:
            case "log" if len(args) == 2:
                return Binary("/", Call("log", (first,), (), span), Call("log", (args[1],), (), span), span)
            case _ if name in _COMPARISONS:
                return Compare(first, ((_COMPARISONS[name], args[1]),), span)
            case "KroneckerDelta":
                return Call("indicator", (Compare(first, (("==", args[1]),), span),), (), span)
            case "Heaviside":
                positive = Compare(first, ((">", whole(0, span)),), span)
                if len(args) == 2:  # numpy's second value is the one at 0
                    zero = Compare(first, (("==", whole(0, span)),), span)
                    below = Choice(zero, args[1], whole(0, span), span)
                    return Choice(positive, whole(1, span), below, span)
                return Call("indicator", (positive,), (), span)
            case _ if name in written_out.COUNTS:
                return written_out.written_out(name, args, span)
            case "matmul" | "multiply":
                return self.times(first, _ARITHMETIC[name], args[1], span)
            case _ if name in _ARITHMETIC:
                return Binary(_ARITHMETIC[name], first, args[1], span)
            case "Matrix":
                return first
        return self._of_arrays(name, args, token, span)

    def _of_arrays(self, name: str, args: list[Node], token: Token, span: Span) -> Node:
        first, kind = args[0], self.kind(args[0])
        match name:
            case "eye" | "ones" | "zeros" | "arange":
                self.arrays = True
                if name != "eye" and len(args) == 1 and isinstance(first, Sequence):
                    args = list(first.items)
                if name == "arange" and len(args) == 1:
                    args = [whole(0, span), first]
            case "dot" if kind.form == "matrix" or self.kind(args[1]).form == "matrix":
                return self.times(first, "@", args[1], span)
            case "det" | "inv" | "trace" if kind.form != "matrix":
                self.refuse(f"{quote(token.text)} needs a matrix.", token)
            case "norm" if not kind.array:
                self.refuse(f"{quote(token.text)} needs a vector; write |…| for the absolute value of a number.", token)
            case "norm" if len(args) == 2:
                return self.norm(first, args[1], span)
            case "dot" | "outer" | "cumsum" | "reverse" if not kind.array:
                self.refuse(f"{quote(token.text)} needs vectors.", token)
            case "reverse" if kind.form == "matrix" and token.text == "flip":  # along both axes
                turned = Call("transpose", (Call("reverse", (first,), (), span),), (), span)
                return Call("transpose", (Call("reverse", (turned,), (), span),), (), span)
            case "transpose" if not kind.array:
                return first
            case "kron":
                self.arrays = True
                return self.kron(first, args[1], span)
        return Call(name, tuple(args), (), span)

    def norm(self, node: Node, order: Node, span: Span) -> Node:
        """The norm of a vector; order 2 is the Euclidean one."""
        if isinstance(order, Number) and order.value == 2:
            return Call("norm", (node,), (), span)
        if isinstance(order, Name) and order.id == "F":
            return Call("norm", (node,), (), span)
        return Call("norm", (node, order), (), span)


def _unset(node: Node) -> Node:
    """A condition that stands alone in braces or brackets."""
    if isinstance(node, Call) and node.function in ("set", "indicator") and len(node.args) == 1:
        return node.args[0]
    return node
