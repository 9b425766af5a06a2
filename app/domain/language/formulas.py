"""The grammar of mathematics: formulas in declared numbers, vectors, matrices and functions, as people type them."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Final, NoReturn, TypeAlias

from app.domain.language import doubts
from app.domain.language.calculations import read_calculation
from app.domain.language.dotted import LONE_DOTS, Dotted
from app.domain.language.dotted_matrices import with_diagonals
from app.domain.language.ellipsis import Gap
from app.domain.language.errors import LanguageError, quote
from app.domain.language.formula_tokens import AHEAD, DOTS, PARTS, formula_tokens
from app.domain.language.formula_words import OPTIMA
from app.domain.language.kinds import Declarations, is_condition, numeric
from app.domain.language.latex_input import plain_text
from app.domain.language.limits import STUDENT, Limits, check_length, check_tree
from app.domain.language.notation import Notation
from app.domain.language.numerals import Decimal
from app.domain.language.optima import with_names_below
from app.domain.language.scope import BARE_STEP, Names, Scope, names_of
from app.domain.language.source import to_source
from app.domain.language.spelling import Spelled
from app.domain.language.tokens import OPENERS, Token
from app.domain.language.tree import Binary, Call, Compare, Logic, Name, Node, Number, Unary, map_tree, walk

_FEW: Final = 60
"""So few tokens make a tree within all limits, powers aside."""
_CLOSERS: Final = frozenset(OPENERS.values())
_REMARK: Final = re.compile(
    r"\s+\((by|since|because|using|see|from|chain|product|quotient|definition)\s+[A-Za-z][^()]*\)\s*$", re.IGNORECASE
)
"""Words in brackets behind a formula that say why it follows."""
_Steps: TypeAlias = tuple[list[Node], bool]
"""Formulas between the signs "=", and whether a left side that only names something was left out."""
_NUMBERS: Final = {
    sign: re.compile(rf"\[\s*[-+]?[0-9{sign}]+(?:[\s;]+[-+]?[0-9{sign}]+)+\s*\]") for sign in (".", ".,")
}
"""Numbers and semicolons in square brackets, with spaces between, by their decimal signs."""
_ROWS: Final = re.compile(r"\s*(?:[-+]?[0-9.]+\s+)+[-+]?[0-9.]+(?:\s*;\s*(?:[-+]?[0-9.]+\s+)+[-+]?[0-9.]+)+\s*")
"""The rows of a matrix of numbers without its brackets: `1 0; 0 2`."""
_ONE: Final = re.compile(r"1\s+\(")
"""The number one before a condition in brackets, as a value of its own."""
_BESIDE: Final = re.compile(r"(?<=[0-9.])\s+(?=[-+]?[0-9.,])")
_CHAINED: Final = frozenset(["/", "*", "·"])
"""Signs between the derivatives of `dL/df · df/da =`."""
_OPPOSITES: Final = ({"==", "!="}, {">", "<="}, {"<", ">="})
_LEFT_SIGNS: Final = frozenset(["/", "∂", "∇", "_", "^", "'", ".", "{", "}", ",", "(", ")", "[", "]", ":", "⊤"])


def parse_formula(
    text: str,
    symbols: Declarations,
    decimal: Decimal = ".",
    relation: bool = False,
    limits: Limits = STUDENT,
) -> Node:
    """The canonical tree of a formula as a student typed it, in plain text or LaTeX; of an equation or inequality as
    well if `relation`.

    A left side that only names what was asked for (`L(w) =`, `dL/dw =`) is left out; of work that is shown
    (`prod_k c = c^t`) the last formula is the answer. Raises LanguageError with the
    place, and with the ways to write it where it could be read in several ways.
    """
    nodes, named = _steps(text, symbols, decimal, relation, limits)
    if len(nodes) > 1 and not named and not _shows_work(nodes):
        start, end = nodes[1].span
        says = "Write one formula only; this is an equation."
        raise LanguageError(says, text, start, end)
    return nodes[-1]


def _shows_work(nodes: list[Node]) -> bool:
    """Whether `a = b = c` goes from formula to formula, unlike an equation such as `x + 1 = y` or `x + 1 = 2`."""
    return all(isinstance(node, Binary | Call | Unary) for node in nodes)


def parse_steps(
    text: str, symbols: Declarations, decimal: Decimal = ".", relation: bool = False, limits: Limits = STUDENT
) -> list[Node]:
    """The formulas of one line of a derivation, `a = b = c`; a left side that only names something is left out.

    With `relation` a line is one equation or inequality. Raises LanguageError with the place.
    """
    return _steps(text, symbols, decimal, relation, limits)[0]


def _steps(text: str, symbols: Declarations, decimal: Decimal, relation: bool, limits: Limits) -> _Steps:
    check_length(text, limits)
    names = names_of(symbols)
    short = read_calculation(text, names, decimal, limits)
    if short is not None:
        return [short], False
    spelled = plain_text(text)
    spelled = spelled._replace(text=with_names_below(spelled.text))
    if _ROWS.fullmatch(text):
        end = len(text)
        spelled = Spelled(f"[{text}]", (0, *range(end), end, end))
    try:
        return _parse(spelled, names, decimal, relation, limits)
    except LanguageError as error:
        remark = _REMARK.search(text)
        if remark is not None and not Scope(names).means(remark[1]):
            try:
                return _steps(text[: remark.start()], symbols, decimal, relation, limits)
            except LanguageError as inner:
                raise LanguageError(inner.says, text, inner.start, inner.end) from None
        start, end = spelled.typed((error.start, error.end))
        raise LanguageError(error.says, text, start, end) from None


def _parse(spelled: Spelled, names: Names, decimal: Decimal, relation: bool, limits: Limits) -> _Steps:
    plain = _with_commas(spelled.text, decimal) if " " in spelled.text and "[" in spelled.text else spelled.text
    if len(plain) > 4 * limits.length:
        raise LanguageError("This formula is too long to be read.", plain, 0, len(plain))
    scope = Scope(names)
    _check_steps(plain, names)
    tokens = formula_tokens(plain, scope.symbol, scope.base.written)
    dotted = DOTS.search(plain) is not None
    tokens = with_diagonals(tokens) if dotted else tokens
    parser = (_DottedFormula if dotted else _Formula)(plain, tokens, scope, decimal, limits)
    nodes = parser.steps(relation)
    if isinstance(parser, _DottedFormula) and parser.dotted:
        for part in (part for node in nodes for part in walk(node) if isinstance(part, Gap)):
            raise LanguageError(LONE_DOTS, plain, *part.span)
    if len(tokens) > _FEW or "^" in plain or "**" in plain:
        for node in nodes:
            check_tree(node, limits, plain)
    if spelled.places:
        nodes = [_moved(node, spelled) for node in nodes]
    return nodes, parser.left_side


def _with_commas(plain: str, decimal: Decimal) -> str:
    """`[0 1; 1 0]` with commas: numbers side by side in square brackets are entries. Places stay as they are.

    Where a comma may be a decimal sign, one of another kind is put in; it never makes one number of two.
    """

    def parted(gap: re.Match[str]) -> str:
        return ("," if decimal == "." else PARTS) + " " * (len(gap[0]) - 1)

    def rewritten(found: re.Match[str]) -> str:
        return _BESIDE.sub(parted, found[0])

    return _NUMBERS[".," if decimal == "," else "."].sub(rewritten, plain)


def _check_steps(plain: str, names: Names) -> None:
    """Asks what `x_t-1` means where `x_{t-1}` is declared."""
    if names.written is None:
        return
    for found in BARE_STEP.finditer(plain):
        word = f"{found['stem']}_{{{found['below']}}}"
        match = names.written.match(word, 0)
        if match is not None and match[1] == len(word):
            head, sign, rest = found["stem"] + "_" + found["step"], found["sign"], found["rest"]
            says = doubts.question(found[0], (word, f"{head} {sign} {rest}"))
            raise LanguageError(says, plain, found.start(), found.end())


def _moved(node: Node, spelled: Spelled) -> Node:
    """The tree with places in what was typed."""

    def moved(one: Node) -> Node:
        span = spelled.typed(one.span)
        match one:
            case Name(id=name):
                return Name(name, span)
            case Number(value=value, text=text):
                return Number(value, text, span)
            case Binary(op=op, left=left, right=right):
                return Binary(op, left, right, span)
            case _:
                return replace(one, span=span)

    return map_tree(node, moved)


def _opposite(conditions: list[Node]) -> bool:
    """Whether two comparisons exclude each other and leave nothing out: `i = j` and `i ≠ j`."""
    if len(conditions) != 2 or not all(isinstance(one, Compare) and len(one.rest) == 1 for one in conditions):
        return False
    first, second = (one for one in conditions if isinstance(one, Compare))
    (sign, right), (other, behind) = first.rest[0], second.rest[0]
    same = to_source(first.first) == to_source(second.first) and to_source(right) == to_source(behind)
    return same and {sign, other} in _OPPOSITES


class _Formula(Notation):
    left_side = False
    """Whether a left side was left out."""

    def steps(self, relation: bool) -> list[Node]:
        """All formulas between the signs "=" of the whole text."""
        last = len(self.tokens) - AHEAD
        if last > 1 and self.tokens[last - 1].text in (".", ",", ";"):
            del self.tokens[last - 1]  # the end of a sentence
        while self.token.text in ("=", "→"):
            sign = self.advance()
            if sign.text == "=" and self.token.text == ">" and not self.token.gap:  # `=> w x`
                self.advance()
        if not relation:
            self._skip_left_side()
        if self.token.kind == "end":
            self.refuse("Nothing is written here.", self.token)
        found = [self.objective(relation)]
        while self.token.text == "=" and not relation:
            self.advance()
            found.append(self.objective(relation))
        if self.token.kind != "end":
            self.refuse_rest()
        return found

    def objective(self, relation: bool) -> Node:
        """One formula, perhaps behind `argmin_w`."""
        sign = self._optimum()
        begin = self.token.start
        self.bracketed = relation
        rows, cases = self.items(("=",))
        if not rows[0]:
            self.refuse_start()
        if cases:
            node = self.choice(rows, begin)
        elif relation and len(rows[0]) > 1 and all(map(is_condition, rows[0])):
            node = Logic("and", tuple(rows[0]), (begin, self.end))
        elif len(rows[0]) > 1 and (pieces := self._in_brackets(rows[0])):
            node = self.choice([pieces], begin)
        elif len(rows[0]) > 1 or isinstance(rows[0][0], Gap):
            self.arrays = True
            node = self.listed(rows[0], (begin, self.end))
        else:
            node = rows[0][0]
        self.bracketed = False
        if is_condition(node) and not relation:
            says = "Write a value, not a comparison."
            raise LanguageError(says, self.text, *node.span)
        if isinstance(node, Compare) and sign:
            self.refuse("An objective has no comparison.", self.token)
        if sign != "-":
            return node
        negative = isinstance(node, Unary) and node.op == "-"
        return node.operand if negative and isinstance(node, Unary) else Unary("-", numeric(node), (begin, self.end))

    def _in_brackets(self, items: list[Node]) -> list[Node]:
        """Values and conditions in turn of `w (y > 0), 0 (y <= 0)`; nothing where one of them has no condition."""
        found: list[Node] = []
        for item in items:
            if isinstance(item, Call) and item.function == "indicator" and _ONE.match(self.text, item.span[0]):
                start = item.span[0]
                found += [Number(Fraction(1), "1", (start, start + 1)), item.args[0]]
                continue
            outer = item if isinstance(item, Binary) and item.op in ("+", "-") else None
            last = outer.right if outer is not None else item
            right = last.right if isinstance(last, Binary) and last.op == "*" else None
            if isinstance(last, Call) and last.function == "indicator" and _ONE.match(self.text, last.span[0]):
                right = last
                value: Node = Number(Fraction(1), "1", (last.span[0], last.span[0] + 1))
            elif isinstance(last, Binary) and self.written(last.left.span[1], self.end).lstrip().startswith("("):
                value = last.left
            else:
                return []
            if not isinstance(right, Call) or right.function != "indicator":
                return []
            found += [value if outer is None else replace(outer, right=value), right.args[0]]
        sums = any(isinstance(item, Binary) and item.op in ("+", "-") for item in items)
        return found if _opposite(found[1::2]) or not (self.arrays or sums) else []

    def separates(self) -> bool:
        return bool(self._depth)

    def _optimum(self) -> str:
        """Skips `argmin_w`, `min_{w,b}`, `arg max_w`; the sign that makes the rest something to be minimised."""
        token = self.token
        stem, line, _ = token.text.partition("_")
        place = self.place
        if token.kind != "name" or (stem not in OPTIMA and stem != "arg") or self.scope.symbol(token.text):
            return ""
        if stem == "arg" and self.ahead().kind == "name":
            place += 1
            stem, line, _ = self.tokens[place].text.partition("_")
            stem = "arg" + stem
        following = self.tokens[min(place + 1, len(self.tokens) - 1)]
        if stem not in OPTIMA or not (line or following.text == "_" or stem[:3] == "arg" or stem[3:4] == "i"):
            return ""
        below = token.text.partition("_")[2]
        if stem in ("max", "min") and not line and following.text != "_":
            return ""
        if line and below in self.scope.base.indices:
            self.refuse("A maximum over an index cannot be read; write max(…) with all values.", token)
        while self.place <= place:
            self.advance()
        if self.token.text == "_":
            self.advance()
            opener = self.advance()
            while opener.text in OPENERS and self.token.text != OPENERS[opener.text]:
                if self.token.kind == "end":
                    self.refuse(f'The bracket "{opener.text}" is never closed.', opener)
                self.advance()
            if opener.text in OPENERS:
                self.advance()
        else:
            while line and self.token.text == "," and self.ahead().kind == "name":
                self.advance()
                self.advance()
        return OPTIMA[stem]

    def _skip_left_side(self) -> None:
        """Leaves out `y =`, `L(w) =`, `dL/dw =`, `J_{ij} =`."""
        depth = 0
        if "=" not in self.text:
            return
        for place in range(self.place, len(self.tokens)):
            token = self.tokens[place]
            depth += (token.text in OPENERS) - (token.text in _CLOSERS)
            if token.text == "=" and depth == 0:
                break
        else:
            return
        side = self.tokens[self.place : place]
        if len(side) > 1 and side[-1].text == "*":  # `w* =`
            side = side[:-1]
        if len(side) > 2 and all(self._is_ratio(one, place) for place, one in enumerate(side)):  # `M_1/M_2 =`
            side = side[:1]
        chained = len(side) > 3 and all(one.text in _CHAINED or one.text[:1] in ("d", "∂") for one in side)
        if side and not self.big(side[0]) and (chained or _names_something(side)):
            while self.place <= place:
                self.advance()
            self.left_side = True

    def _is_ratio(self, token: Token, place: int) -> bool:
        """Whether a token belongs to a quotient of names that mean nothing here."""
        if place % 2:
            return token.text == "/"
        return token.kind == "name" and not self.scope.means(token.text)

    def refuse_rest(self) -> NoReturn:
        token = self.token
        if token.text == "=":
            self.refuse('The sign "=" cannot stand here; write the formula only.', token)
        if token.text == ",":
            self.refuse("A comma cannot stand here; put brackets around several values, as in [1, 2].", token)
        if token.kind == "word":
            self.refuse(f"{quote(self.written(token.start, token.end))} cannot stand here.", token)
        if token.text in ("∈", "∧", "∨", "¬", "→", "⟩", "…", "‖", "_", "'", ":", "@"):
            self.refuse(f"{quote(token.text)} cannot stand here.", token)
        super().refuse_rest()


class _DottedFormula(Dotted, _Formula):
    """A formula in which there may be dots."""


def _names_something(side: list[Token]) -> bool:
    """Whether a left side is a plain name, `name(args)`, an entry or a derivative, not a calculation."""
    first = side[0]
    if first.kind not in ("name", "symbol") and first.text not in ("∂", "∇"):
        return False
    if any(token.kind not in ("name", "symbol", "number", "op") for token in side):
        return False
    depth = 0
    previous = ""
    for token in side:
        if token.text in _CLOSERS:
            depth -= 1
        if depth == 0:
            if token.kind == "op" and token.text not in _LEFT_SIGNS:
                return False
            if token.text == "/" and not (first.text in ("∂", "∇") or first.text[:1] == "d"):
                return False
            if token.kind == "number" and previous not in ("_", "^"):
                return False
        if token.text in OPENERS:
            depth += 1
        previous = token.text
    words = [token for token in side if token.kind in ("name", "symbol")]
    bare = [token for token in side if token.text in ("(", "[")]
    differential = first.text in ("∂", "∇", "d") or first.text[:1] == "d" or first.text[:4] in ("grad", "nabl")
    outside = _outside(side)
    return differential or (len(outside) == 1 and len(bare) <= 1) or len(words) == 1


def _outside(side: list[Token]) -> list[Token]:
    """The names outside brackets, scripts left out."""
    found = []
    depth, previous = 0, ""
    for token in side:
        depth += (token.text in OPENERS) - (token.text in _CLOSERS)
        if depth == 0 and token.kind in ("name", "symbol") and previous not in ("_", "^"):
            found.append(token)
        previous = token.text
    return found
