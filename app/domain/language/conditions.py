"""Conditions, case distinctions, and what stands between brackets: groups, lists, matrices, sets."""

from __future__ import annotations

from collections.abc import Sequence as Row
from typing import Final

from app.domain.language import doubts, pairs
from app.domain.language.ellipsis import Gap, continued
from app.domain.language.errors import LanguageError, quote
from app.domain.language.formula_words import RELATIONS
from app.domain.language.kinds import is_condition, matrix_of, numeric
from app.domain.language.operands import whole
from app.domain.language.products import Products
from app.domain.language.tokens import OPENERS, Token
from app.domain.language.tree import Binary, Call, Choice, Compare, Constant, Logic, Node, Number, Sequence, Span, Unary

_MOST_ITEMS: Final = 200
_AFTER_FORMULA: Final = frozenset([")", "", ",", "]", "}", ";"])
"""Signs that end a formula without a doubt."""


class Conditions(Products):
    """Everything that binds less than a sum, and brackets."""

    bracketed = False
    """Whether "=" compares here, as it does within brackets and conditions."""
    for_stops = False
    """Whether "for" begins a range here, not a condition."""
    square = False
    """Whether the entries of a list or matrix stand here."""
    angles = 0
    """Angle brackets that are open: there "<" and ">" compare nothing."""

    def formula(self) -> Node:
        """A value, perhaps with conditions: `w if y > 0 else 0`."""
        begin, first = self.token.start, self.token
        if first.kind == "word" or first.text == "¬":
            node = self.disjunction()
        else:
            node = self.sum()
            if self.token.text in _AFTER_FORMULA:
                return node
            node = self.disjunction(node)
        if not self._word("if") or (self.for_stops and self.text.startswith("for", self.token.start)):
            return node
        if self.ahead().kind == "name" and self.ahead(2).kind == "word" and self.ahead(2).text == "in":
            self.refuse("Write a sum as sum(a_i for i in 1..N) or sum_{i=1}^{N} a_i.", self.token)
        self.advance()
        condition = self.condition()
        otherwise: Node = Constant(None, (self.end, self.end))
        if self.token.text in (",", ";") and self.ahead().kind == "word" and self.ahead().text == "else":
            self.advance()
        if self._word("else"):
            self.advance()
            self.enter()
            otherwise = numeric(self.formula())
            self.leave()
        return Choice(condition, numeric(node), otherwise, (begin, self.end))

    def condition(self) -> Node:
        """What must hold, after "if" or between brackets of an indicator."""
        outer, self.bracketed = self.bracketed, True
        first = self.token
        node = self.disjunction()
        self.bracketed = outer
        if not is_condition(node):
            says = f"{quote(self.written(first.start, self.end))} is no condition; write a comparison, as in y > 0."
            raise LanguageError(says, self.text, first.start, max(self.end, first.end))
        return node

    def disjunction(self, begun: Node | None = None) -> Node:
        """Conditions joined by "or"; `begun` is a sum that was read already."""
        return self._joined("or", "∨", begun)

    def starts_factor(self) -> bool:
        if self.square and self.token.kind in ("number", "fraction"):
            self.refuse(doubts.entries(self.decimal), self.token)
        return super().starts_factor()

    def _conjunction(self, begun: Node | None = None) -> Node:
        return self._joined("and", "∧", begun)

    def _joined(self, op: str, sign: str, begun: Node | None) -> Node:
        begin = begun.span[0] if begun is not None else self.token.start
        part = self._conjunction if op == "or" else self._negation
        node = part(begun)
        if not self._word(op) and self.token.text != sign:
            return node
        found = [node]
        while self._word(op) or self.token.text == sign:
            joint = self.advance()
            found.append(part())
            if not is_condition(found[-1]) or not is_condition(found[0]):
                self.refuse(f"{quote(joint.text)} joins conditions only, as in x > 0 and y > 0.", joint)
        return Logic(op, tuple(found), (begin, self.end))

    def _negation(self, begun: Node | None = None) -> Node:
        begin = self.token.start
        if begun is not None or (not self._word("not") and self.token.text != "¬"):
            return self._comparison(begun)
        self.enter()
        self.advance()
        node = self._negation()
        self.leave()
        if not is_condition(node):
            raise LanguageError('After "not" a condition is missing, as in x > 0.', self.text, begin, self.end)
        return Unary("not", node, (begin, self.end))

    def _comparison(self, begun: Node | None) -> Node:
        begin = begun.span[0] if begun is not None else self.token.start
        ahead = begun is None and (self._word("even") or self._word("odd"))  # `for even j`
        parity = self.advance().text if ahead else ""
        first = begun if begun is not None else self.sum()
        if parity or self._word("even") or self._word("odd"):
            parity = parity or self.advance().text
            if self._word("=="):  # `falls j gerade ist`
                self.advance()
            return _of_parity(numeric(first), parity, (begin, self.end))
        rest: list[tuple[str, Node]] = []
        while True:
            op = self.token.text
            if self._word("=="):
                op = "=="
            elif self.token.kind != "op" or (self.angles and op in "<>"):
                break
            if op == "=" and self.bracketed:
                op = "=="
            if op == "∈" and self.bracketed:
                op = "in"
            if op not in RELATIONS and op != "in":
                break
            self.advance()
            rest.append((op, numeric(self.sum())))
        return Compare(numeric(first), tuple(rest), (begin, self.end)) if rest else first

    def _word(self, meaning: str) -> bool:
        return self.token.kind == "word" and self.token.text == meaning

    def items(self, closers: Row[str]) -> tuple[list[list[Node]], bool]:
        """What stands between commas, in rows between semicolons, up to a closer; and whether there are cases."""
        first = self.token
        if first.kind != "word" and first.kind != "end" and first.text != "…" and first.text not in closers:
            node = self.formula()
            if self.token.text in closers and not isinstance(node, Choice):
                return [[node]], False  # the common case, in short
            return self._more_items(closers, node)
        return self._more_items(closers, None)

    def _more_items(self, closers: Row[str], begun: Node | None) -> tuple[list[list[Node]], bool]:
        rows: list[list[Node]] = [[]]
        cases = False
        colon: Token | None = None
        count = 0
        while begun is not None or (self.token.text not in closers and self.token.kind != "end"):
            count += 1
            if count > _MOST_ITEMS:
                self.refuse(f"At most {_MOST_ITEMS} entries can be read.", self.token)
            if begun is None and self._special_item(rows[-1], closers):
                cases = cases or not isinstance(rows[-1][-1], Gap)
                if self._word("else"):
                    continue
            else:
                node, begun = (begun if begun is not None else self.formula()), None
                if colon is not None and not is_condition(node):  # `1:N`
                    if closers not in ((")",), ("]",)):
                        self.refuse("Write a range with dots, as in 1..N.", colon)
                    rows[-1].append(Gap((colon.start, colon.end)))
                colon = None
                rows[-1].append(node)
                row = rows[-1]
                cases = cases or (isinstance(node, Choice) and node.otherwise == Constant(None, node.otherwise.span))
                cases = cases or (is_condition(node) and len(row) > 1 and not is_condition(row[-2]))
                if self._word("else"):
                    continue
                if self.token.text == ":" and self.bracketed:
                    colon = self.advance()
                    continue
            while self.token.text in (",", ".") and self.ahead().text in (";", *closers):
                self.advance()  # `…, ;` and `otherwise.` of a text
            if self.token.text == ",":
                self.advance()
            elif self.token.text == ";" and (self.separates() or cases):
                self.advance()
                rows.append([])
            elif self.token.text == "…" or (rows[-1] and isinstance(rows[-1][-1], Gap)):
                continue  # `1..N`
            else:
                break
        if not rows[-1] and len(rows) > 1:
            rows.pop()
        return rows, cases

    def _special_item(self, row: list[Node], closers: Row[str]) -> bool:
        """Reads dots, "otherwise", or a condition behind "if"; whether there was one."""
        token = self.token
        if token.text == "…":
            self.advance()
            row.append(Gap((token.start, token.end)))
        elif self._word("else") or self._word("True"):
            self.advance()
            if token.text == "else" and self.token.kind != "end" and self.token.text not in (",", ";", ".", *closers):
                row.append(self.formula())  # `else 0`
            row.append(Constant(True, (token.start, token.end)))
        elif self._word("if"):
            self.advance()
            condition = self.condition() if not self._word("else") else self._otherwise()
            if self._word("then"):
                self.advance()
                row.append(self.formula())
            row.append(condition)
        else:
            return False
        return True

    def _otherwise(self) -> Node:
        token = self.advance()
        return Constant(True, (token.start, token.end))

    def separates(self) -> bool:
        """Whether a semicolon separates here (outside brackets it does not)."""
        return True

    def choice(self, rows: list[list[Node]], start: int) -> Node:
        """A case distinction from its values and conditions in turn."""
        flat = [node for row in rows for node in row]
        parts: list[tuple[Node | None, Node]] = []
        place = 0
        while place < len(flat):
            node = flat[place]
            following = flat[place + 1] if place + 1 < len(flat) else None
            if isinstance(node, Choice) and isinstance(node.otherwise, Constant):
                parts.append((node.condition, node.then))
                place += 1
            elif is_condition(node) or isinstance(node, Constant | Gap):
                says = "Before this condition a value is missing, as in {w, y > 0; 0, otherwise}."
                raise LanguageError(says, self.text, *node.span)
            elif following is not None and is_condition(following):
                parts.append((following, node))
                place += 2
            elif place >= len(flat) - 2 and (following is None or isinstance(following, Constant)):
                parts.append((None, node))
                place = len(flat)
            else:
                says = "After this value its condition is missing, as in {w, y > 0; 0, otherwise}."
                raise LanguageError(says, self.text, *node.span)
        last = parts[-1]
        found: Node = Constant(None, (self.end, self.end)) if last[0] is not None else numeric(last[1])
        for condition, value in reversed(parts if last[0] is not None else parts[:-1]):
            if condition is None:
                says = 'Only the last case can be without a condition ("otherwise").'
                raise LanguageError(says, self.text, *value.span)
            found = Choice(condition, numeric(value), found, (start, self.end))
        if not isinstance(found, Choice):
            raise LanguageError("Write at least one condition, as in {w, y > 0; 0, otherwise}.", self.text, start)
        return found

    def bracket(self) -> Node:
        """What stands in brackets: one formula, or a list, a matrix, a set, a case distinction, a condition."""
        opener = self.advance()
        rows, cases = self.between(opener, separating=opener.text != "(" or self._lists_numbers(opener))
        first = rows[0]
        if not cases and len(rows) == 1 and len(first) == 1 and not isinstance(first[0], Gap):
            return self._single(opener, first[0])
        span = (opener.start, self.end)
        if cases or (opener.text == "{" and len(rows) + len(first) > 2 and _mixed(rows)):
            return self.choice(rows, opener.start)
        if not rows[0]:
            return self._empty(opener)
        if opener.text == "{":
            return self._set(rows, span)
        self.arrays = True
        if len(rows) == 1:
            if opener.text == "[":
                self._check_nested(rows[0], span)
            return self.listed(rows[0], span)
        self._check_rows(opener, rows)
        lines = (Sequence(tuple(map(numeric, row)), (row[0].span[0], row[-1].span[1])) for row in rows)
        return Sequence(tuple(lines), span)

    def between(self, opener: Token, bars: int = 0, separating: bool = True) -> tuple[list[list[Node]], bool]:
        """The rows within brackets whose opener was just read, up to and with the closer."""
        self.enter()
        kept = (self.open_bars, self.open_norms, self.angles, self.bracketed, self._separating)
        self.open_bars, self.open_norms, self.angles, self.bracketed, self._separating = bars, 0, 0, True, separating
        square, self.square = self.square, opener.text == "["
        found = self.items((OPENERS[opener.text], "|") if bars else (OPENERS[opener.text],))
        self.square = square
        self.open_bars, self.open_norms, self.angles, self.bracketed, self._separating = kept
        self.leave()
        if not bars or self.token.text != "|":
            self.close(opener)
        return found

    def _empty(self, opener: Token) -> Node:
        span = (opener.start, self.end)
        if opener.text == "{":
            return Call("set", (), (), span)
        says = f"Between the brackets {quote(opener.text + OPENERS[opener.text])} something is missing."
        raise LanguageError(says, self.text, *span)

    def _single(self, opener: Token, node: Node) -> Node:
        if self.decimal != "." and isinstance(node.operand if isinstance(node, Unary) else node, Number):
            typed = self.written(opener.end, self.tokens[self.place - 1].start)
            if says := pairs.asked(self.tokens, self.place, typed, opener):
                raise LanguageError(says, self.text, opener.start, self.end)
        if opener.text == "[":
            span = (opener.start, self.end)
            if is_condition(node):
                return Call("indicator", (node,), (), span)
            if isinstance(node, Sequence) and not matrix_of(node):
                return Sequence((node,), span)
        return node

    def _lists_numbers(self, opener: Token) -> bool:
        """Whether the commas between digits behind a round bracket separate; asks where they could be decimal signs."""
        end = pairs.within(self.tokens, self.place) if self.decimal == "." and self.arrays else 0
        typed = self.written(opener.end, self.tokens[end].start) if end else ""
        if says := pairs.doubted(self.tokens, self.place, end, typed):
            raise LanguageError(says, self.text, opener.start, self.tokens[end].end)
        return bool(end)

    def _set(self, rows: list[list[Node]], span: tuple[int, int]) -> Node:
        if len(rows) > 1:
            rows = [[node for row in rows for node in row]]
        if any(isinstance(node, Gap) for node in rows[0]):
            raise LanguageError("Write out all members of the set.", self.text, *span)
        members = rows[0] if all(map(is_condition, rows[0])) else map(numeric, rows[0])
        return Call("set", tuple(members), (), span)

    def listed(self, items: list[Node], span: tuple[int, int]) -> Node:
        """A list; with an ellipsis, what its pattern goes on as."""
        if not any(isinstance(item, Gap) for item in items):
            return Sequence(tuple(map(numeric, items)), span)
        node = continued(items, self.kind)
        if isinstance(node, str):
            raise LanguageError(node, self.text, *span)
        return node

    def _check_rows(self, opener: Token, rows: list[list[Node]]) -> None:
        width = len(rows[0])
        for number, row in enumerate(rows, 1):
            if len(row) != width:
                says = f"Row {number} has {len(row)} entries, row 1 has {width}; all rows are equally long."
                raise LanguageError(says, self.text, opener.start, self.end)
            if any(isinstance(node, Gap) for node in row):
                says = "A matrix with dots cannot be read; write it with diag, eye or kron, or entry by entry."
                raise LanguageError(says, self.text, opener.start, self.end)
        if width == 1 and any(self._spaced(row[0]) for row in rows):
            says = "Write commas between the entries of a row, as in [1, 2; 3, 4]."
            raise LanguageError(says, self.text, opener.start, self.end)

    def _check_nested(self, items: list[Node], span: tuple[int, int]) -> None:
        """Rows in brackets of their own are equally long."""
        widths = [len(item.items) if isinstance(item, Sequence) else 1 for item in items if not isinstance(item, Gap)]
        for number, width in enumerate(widths, 1):
            if width != widths[0]:
                says = f"Row {number} has {width} entries, row 1 has {widths[0]}; all rows are equally long."
                raise LanguageError(says, self.text, *span)

    def _spaced(self, node: Node) -> bool:
        """Whether an entry is a product only by a space (`a b`)."""
        text = self.written(*node.span)
        return " " in text and not any(sign in text for sign in "+-*/·()")

    def value(self, separating: bool = False) -> Node:
        """One argument of a function."""
        self.enter()
        kept = (self.open_bars, self.open_norms, self.angles, self.bracketed, self._separating)
        self.open_bars, self.open_norms, self.angles, self.bracketed, self._separating = 0, 0, 0, True, separating
        node = self.formula()
        self.open_bars, self.open_norms, self.angles, self.bracketed, self._separating = kept
        self.leave()
        return node

    def _inside(self, separating: bool) -> Node:
        return numeric(self.value(separating))


def _of_parity(node: Node, parity: str, span: Span) -> Node:
    """Whether a whole number is even or odd: twice its rounded half is the number, or is not."""
    half = Call("floor", (Binary("/", node, whole(2, span), span),), (), span)
    doubled = Binary("*", whole(2, span), half, span)
    return Compare(doubled, (("==" if parity == "even" else "!=", node),), span)


def _mixed(rows: list[list[Node]]) -> bool:
    """Whether there are conditions among other things."""
    found = [is_condition(node) for row in rows for node in row]
    return any(found) and not all(found)


def true(node: Node) -> bool:
    """Whether a condition always holds: `True`, or a number that is not zero."""
    return (isinstance(node, Constant) and node.value is True) or (isinstance(node, Number) and node.value != 0)
