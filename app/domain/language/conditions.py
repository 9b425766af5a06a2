"""Conditions, case distinctions, and what stands between brackets: groups, lists, matrices, sets."""

from __future__ import annotations

from collections.abc import Sequence as Row
from typing import Final

from app.domain.language.ellipsis import Gap, continued
from app.domain.language.errors import LanguageError, quote
from app.domain.language.formula_words import RELATIONS
from app.domain.language.products import Products, is_condition, matrix_of, numeric
from app.domain.language.tokens import OPENERS, Token
from app.domain.language.tree import Call, Choice, Compare, Constant, Logic, Node, Number, Sequence, Unary

_MOST_ITEMS: Final = 200


class Conditions(Products):
    """Everything that binds less than a sum, and brackets."""

    bracketed = False
    """Whether "=" compares here, as it does within brackets and conditions."""
    for_stops = False
    """Whether "for" begins a range here, not a condition."""
    angles = 0
    """Angle brackets that are open: there "<" and ">" compare nothing."""

    def formula(self) -> Node:
        """A value, perhaps with conditions: `w if y > 0 else 0`."""
        begin = self.token.start
        node = self.disjunction()
        if not self._word("if") or (self.for_stops and self.text.startswith("for", self.token.start)):
            return node
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

    def disjunction(self) -> Node:
        return self._joined("or", "∨")

    def _conjunction(self) -> Node:
        return self._joined("and", "∧")

    def _joined(self, op: str, sign: str) -> Node:
        begin = self.token.start
        part = self._conjunction if op == "or" else self._negation
        node = part()
        if not self._word(op) and self.token.text != sign:
            return node
        found = [node]
        while self._word(op) or self.token.text == sign:
            joint = self.advance()
            found.append(part())
            if not is_condition(found[-1]) or not is_condition(found[0]):
                self.refuse(f"{quote(joint.text)} joins conditions only, as in x > 0 and y > 0.", joint)
        return Logic(op, tuple(found), (begin, self.end))

    def _negation(self) -> Node:
        begin = self.token.start
        if not self._word("not") and self.token.text != "¬":
            return self._comparison()
        self.enter()
        self.advance()
        node = self._negation()
        self.leave()
        if not is_condition(node):
            raise LanguageError('After "not" a condition is missing, as in x > 0.', self.text, begin, self.end)
        return Unary("not", node, (begin, self.end))

    def _comparison(self) -> Node:
        begin = self.token.start
        first = self.sum()
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
        rows: list[list[Node]] = [[]]
        cases = False
        count = 0
        while self.token.text not in closers and self.token.kind != "end":
            count += 1
            if count > _MOST_ITEMS:
                self.refuse(f"At most {_MOST_ITEMS} entries can be read.", self.token)
            if self.token.text == "…":
                token = self.advance()
                rows[-1].append(Gap((token.start, token.end)))
            elif self._word("else") or self._word("True"):
                token = self.advance()
                rows[-1].append(Constant(True, (token.start, token.end)))
                cases = True
            elif self._word("if"):
                self.advance()
                rows[-1].append(self.condition() if not self._word("else") else self._otherwise())
                cases = True
            else:
                node = self.formula()
                rows[-1].append(node)
                cases = cases or (isinstance(node, Choice) and node.otherwise == Constant(None, node.otherwise.span))
                if self._word("else"):
                    continue
                if self.token.text == ":" and self.bracketed:
                    self.advance()
                    continue
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
        rows, cases = self.between(opener)
        span = (opener.start, self.end)
        if cases or (opener.text == "{" and any(is_condition(node) for row in rows for node in row) and _many(rows)):
            return self.choice(rows, opener.start)
        if not rows[0]:
            return self._empty(opener)
        if not _many(rows) and not isinstance(rows[0][0], Gap):
            return self._single(opener, rows[0][0])
        if opener.text == "{":
            return self._set(rows, span)
        self.arrays = True
        if len(rows) == 1:
            return self.listed(rows[0], span)
        self._check_rows(opener, rows)
        lines = (Sequence(tuple(map(numeric, row)), (row[0].span[0], row[-1].span[1])) for row in rows)
        return Sequence(tuple(lines), span)

    def between(self, opener: Token, bars: int = 0) -> tuple[list[list[Node]], bool]:
        """The rows within brackets whose opener was just read, up to and with the closer."""
        self.enter()
        kept = (self.open_bars, self.open_norms, self.angles, self.bracketed, self._separating)
        self.open_bars, self.open_norms, self.angles, self.bracketed, self._separating = bars, 0, 0, True, True
        found = self.items((OPENERS[opener.text], "|") if bars else (OPENERS[opener.text],))
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
        span = (opener.start, self.end)
        if opener.text == "[":
            if is_condition(node):
                return Call("indicator", (node,), (), span)
            if isinstance(node, Sequence) and not matrix_of(node):
                return Sequence((node,), span)
        return node

    def _set(self, rows: list[list[Node]], span: tuple[int, int]) -> Node:
        if len(rows) > 1:
            rows = [[node for row in rows for node in row]]
        if any(isinstance(node, Gap) for node in rows[0]):
            raise LanguageError("Write out all members of the set.", self.text, *span)
        return Call("set", tuple(map(numeric, rows[0])), (), span)

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


def _many(rows: list[list[Node]]) -> bool:
    return len(rows) > 1 or len(rows[0]) > 1


def true(node: Node) -> bool:
    """Whether a condition always holds: `True`, or a number that is not zero."""
    return (isinstance(node, Constant) and node.value is True) or (isinstance(node, Number) and node.value != 0)
