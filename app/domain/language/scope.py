"""Which words mean something in a formula: declared symbols, bound indices, entries (`x_i`), and their spellings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from app.domain.language import greek
from app.domain.language.formula_words import FORMULA_FUNCTIONS, OTHER_NAMES
from app.domain.language.functions import STUDENT_CONSTANTS
from app.domain.language.kinds import SCALAR, Declaration, Declarations, Kind, declared
from app.domain.language.latex_input import plain_spelling
from app.domain.language.vocabulary import Vocabulary

_SIMPLE: Final = re.compile(r"[A-Za-zΑ-Ωα-ω][A-Za-z0-9]*(?:_(?:[A-Za-z0-9]+|\{[A-Za-z0-9]+\}))*")
_PIECE: Final = re.compile(r"[A-Za-z0-9]+|\S")
_MARKED: Final = re.compile(r"([A-Za-zα-ω])_?(hat|bar|tilde|dot|star)")
_INDEXED: Final = re.compile(r"([0-9]+)?([A-Za-z]\w*)?")
BARE_STEP: Final = re.compile(
    r"(?<![A-Za-z0-9_])(?P<stem>[A-Za-z]+)_?(?P<below>(?P<step>[A-Za-z])(?P<sign>[-+])(?P<rest>[0-9]+))(?![0-9.])"
)
"""`x_t-1` or `xt-1`, without a gap."""
_GRADIENTS: Final = ("grad", "gradient", "nabla")
_SAME: Final = {
    "∂": r"(?:∂|d|\bpartial\s+)",
    "'": "'",
    "ell": "(?:ell|l)",
}


class Names(Vocabulary):
    """The vocabulary of a field with declared symbols of all kinds."""

    def __init__(self, symbols: Declarations) -> None:
        sizes = [size for symbol in symbols.values() for size in symbol.sizes if not size[:1].isdigit()]
        names = list(dict.fromkeys([*symbols, *sizes]))
        super().__init__(names, FORMULA_FUNCTIONS)
        written = {name: plain_spelling(symbol.write).strip() for name, symbol in symbols.items() if symbol.write}
        self.shown = tuple(dict.fromkeys(written.get(name) or name for name in names))
        self.symbols = dict(symbols)
        self.kinds = {name: declared(symbol) for name, symbol in symbols.items()}
        self.arrays = any(kind.array for kind in self.kinds.values())
        spellings = self._own_spellings(symbols)
        self.written = OwnSpellings(spellings) if spellings else None
        self.indices = {name: symbol.sizes[0] for name, symbol in symbols.items() if symbol.kind == "index"}
        self._families(symbols)
        functions = {name for name, kind in self.kinds.items() if kind.form == "function"}
        self.plain = {
            word: name
            for word, name in self._spelled.items()
            if name not in functions and not (functions and word in ("d", "grad", "nabla"))
        }
        """Words that are a symbol wherever they stand."""
        self.numbers = {word: name for word, name in self.plain.items() if not self.kinds.get(name, SCALAR).array}
        """Those of them that are numbers."""
        scope = Scope(self)
        self.constants = frozenset(word for word in STUDENT_CONSTANTS if scope.entry(word) is None)
        """The constants that are no entry of a vector."""

    def spelled_out(self, text: str) -> bool:
        """Whether a symbol may stand in a text by a spelling that is more than a word, or by what is left of it
        without braces (`x_t-1`).
        """
        if self.written is None:
            return False
        return self.written.next(text, 0) < len(text) or BARE_STEP.search(text) is not None

    def function(self, word: str) -> str | None:
        """The name, in the tables of functions, of the function that a word calls."""
        name = OTHER_NAMES.get(word, word)
        return name if name in FORMULA_FUNCTIONS else None

    def _own_spellings(self, symbols: Declarations) -> dict[str, str]:
        """Spellings that are more than a word, as patterns; plain words are learnt."""
        spellings: dict[str, str] = {}
        for name, symbol in symbols.items():
            for word in _accented(name):
                self._learn(word, name)
            if not symbol.write:
                continue
            plain = plain_spelling(symbol.write).strip()
            if _SIMPLE.fullmatch(plain):
                for word in (plain.replace("{", "").replace("}", ""), *_accented(plain)):
                    self._learn(word, name)
            elif plain:
                spellings[plain] = name
        if not spellings:
            return {}
        # A word that is itself declared stands for itself (`grad` beside a symbol written ∇), unless more follows.
        words = [rf"\b{word}" for word in _GRADIENTS]
        bare = [word for word in words if word[2:] not in symbols]
        same = _SAME | {"∇": f"(?:{'|'.join(['∇', *words])})"}
        alone = same | {"∇": f"(?:{'|'.join(['∇', *bare])})"}
        # One such symbol may stand directly behind another (`J_g^LJ_w^g`).
        another = "|".join(pattern_of(plain, "", same) for plain in spellings)
        end = f"(?:(?![A-Za-z0-9])|(?={another}))"
        longest = sorted(spellings.items(), key=lambda spelled: len(spelled[0]), reverse=True)
        return {pattern_of(plain, end, alone if plain == "∇" else same): name for plain, name in longest}

    def _families(self, symbols: Declarations) -> None:
        """`x_i` of vectors that are declared as `xs`, where `x` alone means nothing else or a vector."""
        for name, symbol in symbols.items():
            stem = name.removesuffix("s")
            if symbol.kind == "vectors" and stem and stem != name and stem not in self._spelled:
                self._learn(stem, name)

    def _learn(self, word: str, name: str) -> None:
        if word not in self._spelled:
            self._spelled[word] = name
            self._pieces.setdefault(word[0], []).append(word)
            self._pieces[word[0]].sort(key=len, reverse=True)


def _accented(name: str) -> list[str]:
    """`yhat` for `y_hat` and the other way round."""
    match = _MARKED.fullmatch(name)
    return [match.group(1) + match.group(2), f"{match.group(1)}_{match.group(2)}"] if match else []


def pattern_of(plain: str, end: str, same: Mapping[str, str]) -> str:
    """A pattern for all the ways to type a spelling: spaces anywhere, `_{…}`, `_(…)` or bare, scripts in any order,
    Greek letters by name or letter; `end` is what must follow a letter or digit, `same` are other signs for pieces.
    """
    pieces = _PIECE.findall(plain)
    out: list[str] = []
    place = 0
    while place < len(pieces):
        scripts: list[str] = []
        while place + 1 < len(pieces) and pieces[place] in "_^":
            content, after = _script(pieces, place + 1)
            line = "_?" if "(" in pieces[:place] else "_"  # `g(xt)` too: a product is not meant there
            scripts.append(rf"\{pieces[place]}\s*{content}" if pieces[place] == "^" else rf"{line}\s*{content}")
            place = after
        if scripts:
            orders = [scripts] if len(scripts) == 1 else [scripts, scripts[::-1]]
            out.append("(?:" + "|".join(r"\s*".join(order) for order in orders) + ")")
            continue
        piece = pieces[place]
        marked = _MARKED.fullmatch(piece)
        if marked:
            letter, mark = marked.groups()
            out.append(rf"(?:{letter}_?{mark}|{mark}\s*\(\s*{letter}\s*\))")
        else:
            out.append(same.get(piece) or _greek(piece))
        place += 1
    return r"\s*".join(out) + (end if pieces and pieces[-1][-1].isalnum() else "")


def _greek(piece: str) -> str:
    letters = [letter for letter, name in greek.NAMES.items() if name == piece]
    return f"(?:{'|'.join([re.escape(piece), *letters])})" if letters else re.escape(piece)


def _script(pieces: list[str], place: int) -> tuple[str, int]:
    """The pattern of what stands below or above the line, and where it ends."""
    if pieces[place] not in ("{", "("):
        inner, place = [pieces[place]], place + 1
    else:
        closer, depth, inner = {"{": "}", "(": ")"}[pieces[place]], 1, []
        place += 1
        while place < len(pieces):
            depth += (pieces[place] in "{(") - (pieces[place] in "})")
            if depth == 0 and pieces[place] == closer:
                break
            inner.append(pieces[place])
            place += 1
        place += 1
    body = r"\s*".join(map(_greek, inner))
    ways = [rf"\{{\s*{body}\s*\}}", rf"\(\s*{body}\s*\)"]
    if len(inner) == 1:
        ways.append(body)
    return "(?:" + "|".join(ways) + ")", place


class OwnSpellings:
    """The symbols of a field that are typed as more than a word (`x_{t+1}`, `f(x, w)`), by their patterns."""

    def __init__(self, patterns: Mapping[str, str]) -> None:
        self._names = [*patterns.values()]
        self._pattern = re.compile("|".join(f"({pattern})" for pattern in patterns))

    def match(self, text: str, place: int) -> tuple[str, int] | None:
        """The symbol whose spelling begins at a place, and where it ends."""
        found = self._pattern.match(text, place)
        return (self._names[(found.lastindex or 1) - 1], found.end()) if found else None

    def next(self, text: str, place: int) -> int:
        """Where the next spelling begins, at a place or behind it; behind the text if there is none."""
        found = self._pattern.search(text, place)
        return found.start() if found else len(text)


class Scope:
    """The names of one formula while it is read: a field's vocabulary, and the indices that sums bind."""

    def __init__(self, names: Names) -> None:
        self.base = names
        self.names = names.names
        self.bound: list[str] = []

    def symbol(self, word: str) -> str | None:
        """The bound index or declared symbol that a word spells."""
        if word in self.bound:
            return word
        return self.base.symbol(word) or (self.base.symbol(greek.SHORT[word]) if word in greek.SHORT else None)

    def function(self, word: str) -> str | None:
        """The function that a word calls."""
        return self.base.function(word)

    def unknown(self, word: str) -> str:
        """The sentence for a word that means nothing here."""
        return self.base.unknown(word)

    def kind(self, name: str) -> Kind:
        """The kind of a symbol."""
        return SCALAR if name in self.bound else self.base.kinds.get(name, SCALAR)

    def declaration(self, name: str) -> Declaration | None:
        """What was declared, unless a sum binds the name."""
        return None if name in self.bound else self.base.symbols.get(name)

    def entry(self, word: str) -> tuple[str, list[str]] | None:
        """`x_i`, `A_ij`, `x1` or `A12` as the array and its indices (each a word of digits and a name, `2i`)."""
        stem, line, below = word.rpartition("_")
        if not line:
            stem = word.rstrip("0123456789")
            below = word[len(stem) :]
        if not stem or not below:
            return self._last_entry(word) if not line else None
        name = self.symbol(stem)
        if name is None:
            return None
        kind = self.kind(name)
        pair = kind.form == "matrix" and len(below) == 2  # A12
        if not kind.array or (not line and not kind.flat and not pair):
            return None
        found = self.indices(below, 2 if kind.form == "matrix" else 1)
        if found is None and (kind.form == "family" or self.family(name)):
            found = self.indices(below, 2)
            name = self.family(name) or name
        return (name, found) if found else None

    def _last_entry(self, word: str) -> tuple[str, list[str]] | None:
        """`wN` as the last entry of a vector of N entries, as in `w1, w2, …, wN`."""
        for cut in range(1, len(word)):
            name = self.symbol(word[:cut])
            kind = self.kind(name) if name else SCALAR
            if name and kind.flat and kind.rows == word[cut:]:
                return name, [word[cut:]]
        return None

    def family(self, name: str) -> str | None:
        """The vectors `xs` of which `x` is one, where both are declared."""
        symbol = self.declaration(f"{name}s")
        return f"{name}s" if symbol is not None and symbol.kind == "vectors" else None

    def indices(self, below: str, count: int) -> list[str] | None:
        """A subscript as so many indices, None if it is not."""
        if count == 1:
            return [below] if self._index(below) else None
        for cut in range(1, len(below)):
            if self._index(below[:cut]) and self._index(below[cut:]) and below[cut] != "0":
                return [below[:cut], below[cut:]]
        return None

    def _index(self, word: str) -> bool:
        match = _INDEXED.fullmatch(word)
        if match is None or len(match.group(1) or "") > 6:
            return False
        name = match.group(2)
        if name is None:
            return match.group(1) is not None
        known = self.symbol(name)
        return known is not None and not self.kind(known).array and self.kind(known).form == "scalar"

    def means(self, word: str) -> bool:
        """Whether a word is a symbol, an entry, or several of them."""
        return bool(self.symbol(word) or self.entry(word) or self.split(word))

    def split(self, word: str, called: bool = False) -> list[str] | None:
        """A word as symbols and entries side by side (`x_iy_i` → x_i, y_i), a function last if `called`."""
        stem, line, _ = word.partition("_")
        if len(word) > _LONGEST or stem in _WHOLE or not (self.names or self.bound):
            return None
        known = self.symbol(stem) if line else None
        if known is not None and not self.kind(known).array:
            return None  # `lambda_i` is no product
        dead: set[int] = set()
        found: list[str] = []

        def from_(place: int) -> bool:
            if place == len(word):
                return True
            if place in dead:
                return False
            rest = word[place:]
            if called and found and (self.function(rest) or self.symbol(rest)):
                found.append(rest)
                return True
            for piece in self._beginnings(rest):
                found.append(piece)
                if from_(place + len(piece)):
                    return True
                found.pop()
            dead.add(place)
            return False

        return found if from_(0) and len(found) > 1 else None

    def _beginnings(self, rest: str) -> Iterator[str]:
        """What a word can begin with, longest first: entries, symbols, bound indices."""
        for spelled in self.base._pieces.get(rest[0], ()):
            if not rest.startswith(spelled):
                continue
            after = rest[len(spelled) :]
            if after.startswith("_"):
                run = re.match(r"_[A-Za-z0-9]+", after)
                for end in range(run.end() if run else 0, 1, -1):
                    if self.entry(spelled + after[:end]):
                        yield spelled + after[:end]
            yield spelled
        for index in self.bound:
            if rest.startswith(index):
                yield index


_LONGEST: Final = 60
_WHOLE: Final = frozenset([*greek.NAMES.values(), *greek.SHORT])
"""Words that are never several symbols side by side."""


@lru_cache(maxsize=256)
def _names(key: tuple[tuple[str, str, tuple[str, ...], str], ...]) -> Names:
    return Names({name: _Plain(kind, sizes, write) for name, kind, sizes, write in key})


class _Plain:
    """A declaration that can be kept."""

    __slots__ = ("kind", "sizes", "write")

    def __init__(self, kind: str, sizes: tuple[str, ...], write: str) -> None:
        self.kind = kind
        self.sizes = sizes
        self.write = write


_MOST_KEPT: Final = 256
_kept: dict[int, tuple[Declarations, dict[str, Declaration], Names]] = {}
"""Vocabularies by the identity of their declarations, which are kept alive with them, and a copy that shows whether
they have changed: quicker than to look at every declaration.
"""


def names_of(symbols: Declarations) -> Names:
    """The vocabulary of a field, kept between the answers to it."""
    found = _kept.get(id(symbols))
    if found is not None and found[1] == symbols:
        return found[2]
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    names = _names(tuple((name, one.kind, one.sizes, one.write) for name, one in symbols.items()))
    _kept[id(symbols)] = symbols, dict(symbols), names
    return names
