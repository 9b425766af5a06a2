"""LaTeX that students paste, as the plain spelling of formulas; every character keeps its place for the caret."""

from __future__ import annotations

import re
from typing import Final, NoReturn

from app.domain.language import latex_commands as commands
from app.domain.language.errors import LanguageError, quote
from app.domain.language.spelling import Spelled, Speller, spell

_COMMAND: Final = re.compile(r"\\(?:[A-Za-z]+\*?|.)", re.DOTALL)
_KEPT: Final = re.compile(r"[^\\{}_^$~&]+")
"""Signs that mean nothing special in TeX."""
_SIMPLE: Final = re.compile(r"\s*(?:[A-Za-z]+|[0-9]+)\s*")
_ONE_DIGIT: Final = re.compile(r"(?<=\^)[0-9](?=[A-Za-z(])")
_DIFFERENTIAL: Final = re.compile(r"\s*(?:∂|d)\s*[A-Za-z]*(?:_\{?[A-Za-z0-9]+\}?)?(?:\([^()]*\))?\s*")
_DEEPEST: Final = 30


def plain_text(text: str) -> Spelled:
    """What was typed in the plain spelling, LaTeX or not. Raises LanguageError with the place."""
    spelled = spell(text)
    if "\\" not in spelled.text and "$" not in spelled.text:
        return spelled
    try:
        translated = _Translator(spelled.text).whole()
    except LanguageError as error:
        start, end = spelled.typed((error.start, error.end))
        raise LanguageError(error.says, text, start, end) from None
    return Spelled(translated.text, tuple(spelled.place(place) for place in translated.places))


def plain_spelling(latex: str) -> str:
    """How a symbol's own spelling would be typed, its text as it is if it cannot be read."""
    try:
        return plain_text(latex).text
    except LanguageError:
        return latex


class _Translator:
    """Walks through the text once; `place` is the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.grouping = "\\" in text
        """Whether braces are TeX's own; without any command they are a person's."""
        self.depth = 0
        self.stop = ""
        """What ends the group that is being translated, as `run` takes it."""
        self.rows: list[str] = []
        """The kinds of environments that are open: `matrix`, `cases` or ``."""
        self.delimiters: list[str] = []

    def whole(self) -> Spelled:
        out = Speller()
        self.run(out, "")
        return out.done(len(self.text))

    def run(self, out: Speller, stop: str) -> None:
        """Translates up to a closing brace (`}`), the end of an environment (`end`), or the end of the text."""
        self.depth += 1
        if self.depth > _DEEPEST:
            self.refuse(f"This is nested too deeply; at most {_DEEPEST} levels can be read.", self.place)
        text = self.text
        outer, self.stop = self.stop, stop
        while self.place < len(text):
            kept = _KEPT.match(text, self.place)
            if kept is not None:
                out.keep(kept[0], self.place)
                self.place = kept.end()
                if self.place == len(text):
                    break
            letter = text[self.place]
            if letter == "\\":
                if stop == "end" and text.startswith("\\end", self.place):
                    break
                self.command(out)
            elif letter == "{" and self.grouping:
                self.group(out)
            elif letter == "}" and self.grouping:
                if stop != "}":
                    self.refuse('"}" closes nothing.', self.place)
                break
            elif letter in "_^":
                out.put(letter, self.place)
                self.place += 1
                self.script(out)
            elif letter == "$" or (letter == "~" and self.grouping):
                out.put(" ", self.place)
                self.place += 1
            elif letter == "&" and self.grouping:
                kind = self.rows[-1] if self.rows else ""
                parted = "".join(out.pieces).rstrip()[-1:] == ","  # `w, & x > 0`
                out.put("," if kind and not parted else " ", self.place)
                self.place += 1
            else:
                out.put(letter, self.place)
                self.place += 1
        self.depth -= 1
        self.stop = outer

    def refuse(self, says: str, start: int, end: int | None = None) -> NoReturn:
        raise LanguageError(says, self.text, start, min(len(self.text), start + 1) if end is None else end)

    def skip(self) -> None:
        while self.place < len(self.text) and self.text[self.place].isspace():
            self.place += 1

    def group(self, out: Speller) -> None:
        """`{…}` that only holds together: as it is if it is one thing, in round brackets otherwise."""
        start = self.place
        inner = self.argument()
        text = "".join(inner.pieces)
        if _SIMPLE.fullmatch(text) or not text.strip() or text.strip() in ("⊤", "T", "'", "-", "+"):
            _join(out, inner)
            return
        out.put("(", start)
        _join(out, inner)
        out.put(")", self.place - 1)

    def script(self, out: Speller) -> None:
        """What stands below or above the line, in braces if it was."""
        self.skip()
        if self.place < len(self.text) and self.text[self.place] == "{" and self.grouping:
            start = self.place
            inner = self.argument()
            if set("".join(inner.pieces).strip()) == {"'"}:
                out.pop()
                _join(out, inner)
                return
            out.put("{", start)
            _join(out, inner)
            out.put("}", self.place - 1)
        elif self.place < len(self.text) and self.text[self.place] == "\\":
            self.command(out, script=True)
        elif _ONE_DIGIT.match(self.text, self.place) and "\\" in self.text:  # `x^2y` is x²y in LaTeX
            for sign in ("{", self.text[self.place], "}"):
                out.put(sign, self.place)
            self.place += 1

    def argument(self) -> Speller:
        """The next group, command or character, on its own."""
        self.skip()
        inner = Speller()
        if self.place >= len(self.text):
            self.refuse("Here the formula breaks off; a part in braces is missing.", max(0, len(self.text) - 1))
        letter = self.text[self.place]
        if letter == "{":
            start = self.place
            self.place += 1
            self.run(inner, "}")
            if self.place >= len(self.text):
                self.refuse('The brace "{" is never closed.', start)
            self.place += 1
        elif letter == "\\":
            self.command(inner)
        else:
            inner.put(letter, self.place)
            self.place += 1
        return inner

    def command(self, out: Speller, script: bool = False) -> None:
        start = self.place
        match = _COMMAND.match(self.text, start)
        if match is None:
            self.refuse('After the sign "\\" a command is missing.', start)
        name = match.group()[1:].rstrip("*")
        self.place = match.end()
        if name in commands.SIZES:
            self.delimiter(out, name, start)
        elif name == "\\":
            self.newline(out, start)
        elif name in commands.WORDS:
            self.word(out, commands.WORDS[name], start)
        elif name in commands.SIGNS:
            out.put(commands.SIGNS[name], start)
        elif name in commands.FRACTIONS:
            self.fraction(out, start)
        elif name == "over" and self.stop != "end":
            self.over(out, start)
        elif name == "sqrt":
            self.root(out, start)
        elif name in commands.FONTS or name in commands.DOUBLE:
            self.font(out, name, start)
        elif name in commands.ACCENTS:
            self.accent(out, commands.ACCENTS[name], start)
        elif name == "begin":
            self.environment(out, start)
        elif name == "underset":
            self.below(out, start)
        else:
            self.refuse(f"{quote(match.group())} cannot be read; write this part in plain text.", start, match.end())
        if script and not out.last().strip():
            self.skip()

    def word(self, out: Speller, word: str, start: int) -> None:
        """A word apart from letters and digits beside it."""
        if out.last().isalnum():
            out.put(" ", start)
        out.put(word, start)
        here = self.place
        self.skip()
        after = self.text[self.place : self.place + 1]
        if after == "(" and here != self.place and word in ("log", "ln"):
            out.put(" ", start)  # `\\log (x)^2` is asked back, as in plain text
        elif after and after not in "_^([{'|" and (after.isalnum() or here != self.place or after == "\\"):
            out.put(" ", start)

    def newline(self, out: Speller, start: int) -> None:
        kind = self.rows[-1] if self.rows else ""
        if self.text.startswith("[", self.place):  # `\\[2pt]`
            close = self.text.find("]", self.place)
            if 0 < close - self.place < 9:
                self.place = close + 1
        self.skip()
        if not self.text.startswith("\\end", self.place):
            out.put({"matrix": "],[", "cases": "; "}.get(kind, "\n"), start)

    def delimiter(self, out: Speller, name: str, start: int) -> None:
        """`\\left(`, `\\right.`, `\\Big|`."""
        self.skip()
        inner = Speller()
        if self.text.startswith(".", self.place):
            self.place += 1
        elif self.place < len(self.text):
            if self.text[self.place] == "\\":
                self.command(inner)
            else:
                inner.put(self.text[self.place], self.place)
                self.place += 1
        sign = "".join(inner.pieces)
        if name == "left":
            self.delimiters.append(sign)
        elif name == "right" and self.delimiters:
            opened = self.delimiters.pop()
            if not sign and opened == "{":
                sign = "}"
        out.put(sign, start)

    def over(self, out: Speller, start: int) -> None:
        """`{x \\over y}`: the group so far over its rest."""
        top, bottom = Speller(), Speller()
        _join(top, out)
        out.pieces, out.places = [], []
        self.run(bottom, self.stop)
        self.fraction(out, start, (top, bottom))

    def fraction(self, out: Speller, start: int, parts: tuple[Speller, Speller] | None = None) -> None:
        top, bottom = parts or (self.argument(), self.argument())
        above, below = "".join(top.pieces), "".join(bottom.pieces)
        derivative = _DIFFERENTIAL.fullmatch(above) and _DIFFERENTIAL.fullmatch(below)
        if derivative and above.strip() not in ("d", "∂"):
            _join(out, top)
            out.put("/", start)
            _join(out, bottom)
            out.put(" ", start)
            return
        out.put("(", start)
        for part, text in ((top, above), (bottom, below)):
            bare = _SIMPLE.fullmatch(text)
            out.put("" if bare else "(", start)
            _join(out, part)
            out.put("" if bare else ")", max(start, self.place - 1))
            out.put("/" if part is top else ")", start if part is top else max(start, self.place - 1))

    def below(self, out: Speller, start: int) -> None:
        """`\\underset{w}{\\arg\\min}` as `\\arg\\min_{w}`."""
        lower, word = self.argument(), self.argument()
        _join(out, word)
        out.put("_{", start)
        _join(out, lower)
        out.put("} ", start)

    def root(self, out: Speller, start: int) -> None:
        self.skip()
        order = None
        if self.text.startswith("[", self.place):
            close = self.text.find("]", self.place)
            if close < 0:
                self.refuse('The bracket "[" is never closed.', self.place)
            order = (self.text[self.place + 1 : close], self.place + 1)
            self.place = close + 1
        inner = self.argument()
        if out.last().isalnum():
            out.put(" ", start)
        out.put("root(" if order else "sqrt(", start)
        _join(out, inner)
        if order:
            out.put(",", order[1])
            for offset, letter in enumerate(order[0]):
                out.put(letter, order[1] + offset)
        out.put(")", max(start, self.place - 1))

    def font(self, out: Speller, name: str, start: int) -> None:
        inner = self.argument()
        text = "".join(inner.pieces).strip()
        if name in commands.DOUBLE and text == "I":
            self.word(out, "indicator", start)
        elif name in commands.DOUBLE and text in ("E", "R", "N"):
            self.word(out, text, start)
        elif text[:1].isalpha() and text.replace(" ", "").isalnum():
            if out.last().isalnum() or text != "".join(inner.pieces):
                out.put(" ", start)
            _join(out, inner)
            after = self.text[self.place : self.place + 1]
            if after.isalnum() or (len(text) > 1 and after == "\\"):
                out.put(" ", start)
        else:
            _join(out, inner)

    def accent(self, out: Speller, mark: str, start: int) -> None:
        """`\\hat{y}_i` → `yhat_i`; `\\hat{y_i}` is the same."""
        inner = self.argument()
        stem, line, below = "".join(inner.pieces).strip().partition("_")
        if not stem.isalnum():
            self.refuse("Only a letter can carry an accent; write this part in plain text.", start, self.place)
        self.word(out, stem + mark + line + below, start)

    def environment(self, out: Speller, start: int) -> None:
        match = re.compile(r"\s*\{([A-Za-z]{1,20}\*?)\}").match(self.text, self.place)
        name = match.group(1) if match else ""
        if match is None or name not in commands.MATRICES | commands.CASES | commands.PLAIN | {"vmatrix"}:
            self.refuse("This environment cannot be read; write this part in plain text.", start, start + 6)
        self.place = match.end()
        if name == "array":
            self.skip()
            if self.text.startswith("{", self.place):
                self.argument()
        braced = bool(self.delimiters) and self.delimiters[-1] == "{"
        kind = "cases" if name in commands.CASES or (name == "array" and braced) else "matrix"
        opening, closing = ("[[", "]]") if kind == "matrix" else ("{", "}")
        if name == "vmatrix":
            opening, closing = "det([[", "]])"
        if name == "array" and braced:
            opening, closing = " ", " "
        if name in commands.PLAIN:
            kind, opening, closing = "", " ", " "
        self.rows.append(kind)
        out.put(opening, start)
        self.run(out, "end")
        self.rows.pop()
        ending = re.compile(r"\\end\s*\{([A-Za-z]{1,20}\*?)\}").match(self.text, self.place)
        if ending is None or ending.group(1) != name:
            self.refuse(f"{quote(f'begin{{{name}}}')} has no end.", start, start + 6)
        out.put(closing, self.place)
        self.place = ending.end()


def _join(out: Speller, inner: Speller) -> None:
    out.pieces.extend(piece for piece in inner.pieces)
    out.places.extend(inner.places)
