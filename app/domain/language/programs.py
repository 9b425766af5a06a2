"""Reads small programs in the manner of numpy: a value, or a few lines with assignments, loops and `return`.

Nothing here is Python's own parser; what is not listed is refused with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, NoReturn

from app.domain.language.errors import LanguageError, quote
from app.domain.language.limits import Limits, check_length, check_tree
from app.domain.language.literals import WORDS
from app.domain.language.program_tree import (
    Append,
    Assign,
    Branch,
    Loop,
    Program,
    Return,
    Statement,
    appended,
    nodes_of,
    statements_of,
)
from app.domain.language.program_values import ProgramValues
from app.domain.language.program_words import CONSTANTS
from app.domain.language.tokens import tokenize
from app.domain.language.tree import Call, Comprehension, Index, Name, Node, walk

PROGRAM: Final = Limits(length=3000, nodes=400, digits=20, depth=25, height=60)
"""Nodes count per expression."""
MOST_LINES: Final = 60
DEEPEST: Final = 5
"""Loops and cases inside each other."""

_WORD: Final = re.compile(r"\s*([A-Za-z_]+)\b")
_IMPORT: Final = re.compile(r"(?:import|from)\s[A-Za-z0-9_., *]*$")
_HEADER: Final = re.compile(r"def\s+[A-Za-z]\w*\s*\(([^()]*)\)\s*(?:->\s*[\w.]+\s*)?:")
_SIGNS: Final = frozenset(["+", "-", "*", "/", "//", "%", "**", "@"])
_REFUSED: Final = {
    "while": "Write a loop with a known end, as in for k in range(N).",
    "print": "Nothing is printed here; delete this line.",
    "class": "Only assignments, loops, cases and a result can be used here.",
    "lambda": "Write the value only, without lambda.",
    "def": "Write the header in one line, as in def vjp(v): and its lines below, indented.",
    "break": "A loop runs to its end here; use a condition instead.",
    "continue": "A loop runs to its end here; use a condition instead.",
    "yield": "Write return instead of yield.",
    "with": "Only assignments, loops, cases and a result can be used here.",
    "try": "Only assignments, loops, cases and a result can be used here.",
    "global": "Only assignments, loops, cases and a result can be used here.",
    "assert": "Only assignments, loops, cases and a result can be used here.",
    "del": "Nothing needs to be deleted here.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A logical line: its indentation in columns, and the text with blanks before it, so that places stay."""

    indent: int
    padded: str

    @property
    def start(self) -> int:
        """Where its text begins."""
        return len(self.padded) - len(self.padded.lstrip())

    @property
    def word(self) -> str:
        """The word it begins with."""
        match = _WORD.match(self.padded)
        return match[1] if match else ""


def parse_program(text: str, names: Collection[str]) -> Program:
    """The program that a text is, in which the `names` are given.

    Raises:
        LanguageError: one sentence with its place.
    """
    try:
        check_length(text, PROGRAM)
        statements = _Reader(_logical_lines(text)).whole(names)
        program = Program(statements, _result(statements, text))
        _check_names(program, frozenset(names), text)
    except LanguageError as error:
        says = error.says.replace("the question language", "what can be read here")
        raise LanguageError(says, text, error.start, error.end) from None
    return program


def _logical_lines(text: str) -> list[Line]:
    """The lines of a text: comments left out, brackets and `;` respected, empty lines dropped."""
    letters = list(text)
    found: list[Line] = []
    depth, start, comment = 0, 0, False
    for place, letter in enumerate([*letters, "\n"]):
        if comment and letter != "\n":
            letters[place] = " "
            continue
        comment = False
        if letter == "#":
            letters[place], comment = " ", True
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif letter == "\\" and text[place + 1 : place + 2] in ("\n", "\r"):
            letters[place] = " "
            depth += 1
        elif letter in ("\n", ";"):
            if depth > 0 and letter == "\n" and place < len(letters):
                depth -= place > 0 and text[place - 1] == "\\"
                continue
            found += _line(letters, start, place, found if place and _after_semicolon(text, start) else [])
            start, depth = place + 1, 0
    if len(found) > MOST_LINES:
        raise LanguageError(f"This has more than {MOST_LINES} lines.", text, 0, len(text))
    return found


def _after_semicolon(text: str, start: int) -> bool:
    return start > 0 and text[start - 1] == ";"


def _line(letters: list[str], start: int, end: int, before: list[Line]) -> list[Line]:
    piece = "".join(letters[start:end])
    if not piece.strip():
        return []
    bare = piece.expandtabs(8)
    indent = before[-1].indent if before else len(bare) - len(bare.lstrip())
    return [Line(indent, " " * start + piece)]


def _at_colon(line: Line) -> tuple[str, str]:
    """A line up to the colon outside of brackets, and its rest with blanks before it."""
    depth = 0
    for place, letter in enumerate(line.padded):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == ":" and depth == 0:
            return line.padded[: place + 1], " " * (place + 1) + line.padded[place + 1 :]
    return line.padded, ""


class _Reader:
    """Reads lines into statements, block by block."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.place = 0

    def whole(self, names: Collection[str]) -> tuple[Statement, ...]:
        lines = [line for line in self.lines if not _IMPORT.match(line.padded.strip())]
        imported, self.lines = [line for line in self.lines if line not in lines], lines
        if lines and lines[0].word == "def" and (header := _HEADER.match(lines[0].padded.strip())):
            self._check_header(lines[0], header[1], names)
            rest = lines[0].padded.strip()[header.end() :]
            inline = Line(lines[0].indent + 1, " " * (len(lines[0].padded) - len(rest)) + rest)
            self.lines = [inline, *lines[1:]] if rest.strip() else lines[1:]
            for line in self.lines:
                if line.indent <= lines[0].indent:
                    self._refuse(line, "Only the lines of the function are needed; delete this one.")
        if imported and not lines:
            self._refuse(imported[0], "An import gives no value; write the calculation as well.")
        if not self.lines:
            raise LanguageError("A value or some lines are missing here.")
        found = self._block(self.lines[0].indent, 0)
        if self.place < len(self.lines):
            self._refuse(self.lines[self.place], "This line is indented differently from the first one.")
        return found

    @staticmethod
    def _check_header(line: Line, parameters: str, names: Collection[str]) -> None:
        for parameter in parameters.split(","):
            name = parameter.split(":")[0].strip()
            if name and name not in names:
                says = f"{quote(name)} is not given here; the given names are {', '.join(names)}."
                raise LanguageError(says, line.padded, line.start, len(line.padded))

    @staticmethod
    def _refuse(line: Line, says: str) -> NoReturn:
        raise LanguageError(says, line.padded, line.start, len(line.padded.rstrip()))

    def _block(self, indent: int, depth: int) -> tuple[Statement, ...]:
        """The lines that are indented like this one."""
        if depth > DEEPEST:
            self._refuse(self.lines[self.place], f"At most {DEEPEST} loops and cases can stand inside each other.")
        found: list[Statement] = []
        while self.place < len(self.lines) and self.lines[self.place].indent == indent:
            found += self._statement(self.lines[self.place], depth)
        if self.place < len(self.lines) and self.lines[self.place].indent > indent:
            self._refuse(self.lines[self.place], "This line is indented without a reason.")
        return tuple(found)

    def _body(self, line: Line, rest: str, depth: int) -> tuple[Statement, ...]:
        """What follows a colon: on the same line, or indented below."""
        if rest.strip():
            inline = Line(line.indent + 1, rest)
            return tuple(self._simple(inline))
        if self.place >= len(self.lines) or self.lines[self.place].indent <= line.indent:
            self._refuse(line, "Below this line, indented, its body is missing.")
        return self._block(self.lines[self.place].indent, depth + 1)

    def _statement(self, line: Line, depth: int) -> list[Statement]:
        self.place += 1
        match line.word:
            case "for":
                head, rest = _at_colon(line)
                reader = _Expressions(head)
                reader.advance()
                targets = reader.targets()
                source = reader.after("in")
                reader.colon()
                return [Loop(targets, source, self._body(line, rest, depth), (line.start, reader.end))]
            case "if" | "elif":
                # The same length, so that places stay.
                head, rest = _at_colon(line)
                reader = _Expressions(head.replace(line.word, " " * (len(line.word) - 2) + "if", 1))
                condition = reader.after("if")
                reader.colon()
                body = self._body(line, rest, depth)
                return [Branch(condition, body, self._otherwise(line, depth), (line.start, reader.end))]
            case "else":
                return self._refuse(line, 'There is no "if" to which this "else" belongs.')
            case _:
                return self._simple(line)

    def _otherwise(self, line: Line, depth: int) -> tuple[Statement, ...]:
        if self.place >= len(self.lines) or self.lines[self.place].indent != line.indent:
            return ()
        following = self.lines[self.place]
        if following.word == "elif":
            if depth > DEEPEST:
                self._refuse(following, f"At most {DEEPEST} cases can follow each other.")
            return tuple(self._statement(following, depth + 1))
        if following.word == "else":
            self.place += 1
            head, rest = _at_colon(following)
            reader = _Expressions(head)
            reader.advance()
            reader.colon()
            return self._body(following, rest, depth)
        return ()

    def _simple(self, line: Line) -> list[Statement]:
        """A line without a body."""
        word = line.word
        if word == "return":
            # Blanks in place of the word, so that places stay.
            rest = line.padded.replace("return", "      ", 1)
            if not rest.strip():
                self._refuse(line, 'After "return" a value is missing.')
            value = _Expressions(rest).whole()
            return [Return(value, (line.start, len(line.padded)))]
        if word == "pass" and line.padded.strip() == "pass":
            return []
        if word in _REFUSED:
            self._refuse(line, _REFUSED[word])
        return [_Expressions(line.padded).simple()]


class _Expressions(ProgramValues):
    """Reads one line."""

    def __init__(self, text: str) -> None:
        super().__init__(text, tokenize(text, "author", PROGRAM), PROGRAM)

    def after(self, word: str) -> Node:
        """The expression after a word."""
        if self.token.text != word:
            self.refuse(f"The word {quote(word)} is missing here.", self.token)
        self.advance()
        return self.checked(self.expression())

    def colon(self) -> None:
        """Reads the colon that ends this line."""
        if self.token.text != ":":
            self.refuse('A colon ":" is missing here.', self.token)
        self.advance()

    def whole(self) -> Node:
        return self.checked(super().whole())

    def checked(self, node: Node) -> Node:
        """The node, if it is not too large."""
        check_tree(node, self.limits, self.text)
        return node

    def simple(self) -> Statement:
        """An assignment, an append, or a value."""
        start = self.token.start
        target = self.power() if self.token.kind == "name" and self.token.text not in WORDS else None
        op = self._assigning()
        if target is None or op is None:
            self._again()
            value = self.whole()
            return appended(value) or Return(value, (start, self.end))
        if not isinstance(target, (Name, Index)) or (isinstance(target, Index) and not isinstance(target.target, Name)):
            says = "Only a name, or places of it as in out[1::2], can be set."
            raise LanguageError(says, self.text, start, self.end)
        if self.token.kind == "end":
            self.refuse("After the equals sign a value is missing.", self.token)
        value = self.whole()
        return Assign(target, op, value, (start, self.end))

    def _assigning(self) -> str | None:
        """The operation of an assignment that stands here, after which the value follows."""
        if self.token.text == "=":
            self.advance()
            return ""
        if self.token.text in _SIGNS and self.ahead().text == "=" and not self.ahead().gap:
            op = self.advance().text
            self.advance()
            return op
        return None

    def _again(self) -> None:
        self.place, self.token, self.end = 0, self.tokens[0], self.tokens[0].start


def _result(statements: tuple[Statement, ...], text: str) -> str:
    """The name that counts where nothing is returned: the one that was set last."""
    found = list(statements_of(statements))
    returns = [one for one in found if isinstance(one, Return)]
    if returns:
        values = [one for one in returns if text[one.span[0] : one.span[0] + 6] != "return"]
        for one in values:
            if one is not found[-1]:
                says = "This value is not used; set a name with it, or return it in the last line."
                raise LanguageError(says, text, *one.span)
        return ""
    names = [_set_name(one) for one in found]
    known = [name for name in names if name]
    if not known:
        raise LanguageError("There is no result; write return and its value.", text, 0, len(text))
    return known[-1]


def _set_name(statement: Statement) -> str:
    match statement:
        case Assign(target=Name(id=name)) | Assign(target=Index(target=Name(id=name))) | Append(name=name):
            return name
        case _:
            return ""


def _check_names(program: Program, given: frozenset[str], text: str) -> None:
    """Raises LanguageError for a name that is neither given nor set anywhere."""
    known = set(given) | CONSTANTS
    for statement in statements_of(program.statements):
        known |= {_set_name(statement)}
        if isinstance(statement, Loop):
            known |= set(statement.targets)
    for statement in statements_of(program.statements):
        for node in nodes_of(statement):
            bound = {name for part in walk(node) for name in _bound(part)}
            for part in walk(node):
                if isinstance(part, Name) and part.id not in known | bound:
                    names = f"the given names are {', '.join(sorted(given))}" if given else "no names are given"
                    raise LanguageError(f"{quote(part.id)} is not known here; {names}.", text, *part.span)


def _bound(node: Node) -> tuple[str, ...]:
    match node:
        case Comprehension(generators=generators):
            return tuple(name for one in generators for name in one.targets)
        case Call(function="Sum" | "Prod", args=(_, Name(id=name), *_)):
            return (name,)
        case _:
            return ()
