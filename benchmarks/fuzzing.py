"""Random near-formulas into reading and equality: what raises, what is slow, what changes its mind.

`python -m benchmarks.fuzzing --minutes 60 --seed 1`. Formulas of `pairs.tsv` and random ones are cut, spliced and
sprinkled with signs, commands and strange characters; each is read in every way that formulas and fields are read,
shown, and compared with a formula that fits. The seed fixes the texts; the minutes only how many of them come.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from random import Random
from types import FrameType

from app.domain.answers import Invalid, read
from app.domain.graph_lines import LineError, read_line
from app.domain.language import (
    LanguageError,
    parse_formula,
    parse_number,
    parse_rows,
    parse_steps,
    to_latex,
    to_source,
    to_typed,
)
from app.domain.language.programs import parse_program
from app.domain.sketch_frames import Side, SketchFrame
from app.domain.symbols import Symbol, symbol, with_sizes
from app.domain.widgets import Widget
from benchmarks.equality import read_pairs
from benchmarks.rewriting import DOMAINS, Maker
from benchmarks.timing import machine
from graders.equality.decisions import decide

LONGEST = 1.0
"""Seconds of processor time that one text may take in any one way."""
HANGING = 20.0
"""Seconds of processor time after which it is given up."""
SHOWN = 20
DECLARED = {
    "x": "vector(d)",
    "w": "vector(d)",
    "xs": "vectors(N, d)",
    "A": "matrix(d, d)",
    "y": "real",
    "p": "unit",
    "lam": "positive",
    "i": "index(N)",
    "l": "function",
    "e": "positive",
}
SYMBOLS: dict[str, Symbol] = with_sizes({name: symbol(kind) for name, kind in DECLARED.items()})
SKETCH = Widget(
    kind="sketch", frame=SketchFrame(draw="lines", names=("a", "b"), x=Side(low=0, high=1), y=Side(low=0, high=1))
)
TENSORS = [
    *("(2*y*w^T x - 2/(w^T x)) x", "sum_i (y - w^T x_i)^2", "A^T A x", "||x - w||^2", "l'(w^T x) x", "diag(x) A"),
    *("x^T A x + lam ||w||^2", "max(0, 1 - y w^T x)", "-log(sigmoid(y w^T x))", "1[y > 0] x", "softmax(A x)"),
]
WORD = re.compile(r"[A-Za-z]+|[0-9.]+")
WORDS: list[str] = [
    "x",
    "y",
    "p",
    "w",
    "2",
    "0",
    "-1",
    "0.5",
    "(1/3)",
    "exp(x)",
    "log(y)",
    "sqrt(p)",
    "x^2",
    "|x|",
    "max(0, x)",
]
PIECES: list[str] = [
    *"0123456789()[]{}|√²½%^*/+-.,;:=xywpAei \n'_!<>~&$\\@#?\"`",
    *("sin", "log ", "max(", "lambda", " and ", " if ", " else ", " for ", "**", "//", "1e", "np.", "×", "−"),
    *("α", "¹⁰"),
    *("x_1", "₁", "x_i", "sum_i ", "∑_{i=1}^N ", "prod_", "^T", "⊤", "⊙", "⊗", "‖", "∇_w ", "∂", "d/dx "),
    *("…", "...", "∞"),
    *(r"\frac{", r"\sqrt[3]{", r"\sum_{i=1}^{N}", r"\left(", r"\right)", r"\begin{cases}", r"\end{cases}"),
    *(r"\\", r"\hat y"),
    *(r"\mathbb{1}", r"\begin{pmatrix}", r"\end{pmatrix}", r"\cdot ", r"\text{if }", r"\partial", "}{"),
    *("P(y | x)", "E["),
    *("exp(", "exp(exp(", "9^9", "^(", "/0", "1/", "1e30", "0.1", "e^", "abs(", "min(", "floor(", "softmax("),
    *("norm(", "inv("),
    *("{x : ", "∈", "≤", "<=", "==", "!=", "∧", "→", "\u200b", "\u0302", "ŷ", "\ud800", "\x00", "😀", "ß", "а"),
    *("１", "𝑥"),
]  # fmt: skip


@dataclass(slots=True)
class Found:
    """What came out, and what should not have."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[dict[str, object]] = field(default_factory=list)
    slowest: tuple[float, str, str] = (0.0, "", "")

    def fault(self, kind: str, way: str, text: str, **more: object) -> None:
        """Notes a fault and prints it at once."""
        self.faults.append({"fault": kind, "way": way, "text": text} | more)
        print(json.dumps(self.faults[-1]), flush=True)


class Hanging(BaseException):
    """A text that took far too long."""


class Fuzzer:
    """Makes texts from a seed, with a formula to compare each with."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.maker = Maker(seed)
        self.texts: list[tuple[str, Mapping[str, str]]] = []
        for pair in read_pairs(1000):
            self.texts += [(pair.reference, pair.variables), (pair.answer, pair.variables)]
        self.texts += [(text, DECLARED) for text in TENSORS]

    def next(self) -> tuple[str, str, Mapping[str, str]]:
        """A text, a formula that fits, and the declarations of both."""
        dice = self.random
        if dice.random() < 0.4:
            reference = to_source(self.maker.real(dice.randrange(1, 5)))
            variables: Mapping[str, str] = DOMAINS
        else:
            reference, variables = dice.choice(self.texts)
        text = reference
        for _ in range(dice.choice([0, 1, 1, 1, 2, 2, 3, 5, 9])):
            text = self.changed(text)
        return text[:1200], reference, variables

    def changed(self, text: str) -> str:
        """One change: something put in, left out, doubled, exchanged, or spliced in from another formula."""
        dice = self.random
        start = dice.randrange(len(text) + 1)
        end = min(len(text), start + dice.choice([0, 1, 1, 2, 4, 9]))
        words = list(WORD.finditer(text))
        if words and dice.random() < 0.4:
            word = dice.choice(words)
            return text[: word.start()] + dice.choice(WORDS) + text[word.end() :]
        match dice.randrange(7):
            case 0 | 1:
                return text[:start] + dice.choice(PIECES) + text[start:]
            case 2:
                return text[:start] + dice.choice(PIECES) + text[end:]
            case 3:
                return text[:start] + text[end:]
            case 4:
                return text[:start] + text[start:end] * dice.choice([2, 2, 3, 40, 400]) + text[end:]
            case 5:
                other = dice.choice(self.texts)[0]
                cut = dice.randrange(len(other))
                return text[:start] + other[cut : cut + dice.randrange(1, 30)] + text[end:]
            case _:
                opener, closer = dice.choice([("(", ")"), ("|", "|"), ("[", "]"), ("{", "}")])
                return text[:start] + opener + text[start:end] + closer + text[end:]


def readers(variables: Mapping[str, str]) -> dict[str, Callable[[str], object]]:
    """Every way in which a typed text is read."""
    symbols = with_sizes({name: symbol(kind) for name, kind in variables.items()})

    def graph(text: str) -> object:
        try:
            return read_line(f"s = {text}", ("+", "*", "max", "exp", "log"))
        except LineError as error:
            raise LanguageError(f"Line 1: {error}", text) from None

    def formula(text: str) -> object:
        node = parse_formula(text, symbols, relation=True)
        return to_source(node), to_latex(node, symbols), to_typed(node, symbols)

    def answer(widget: Widget) -> Callable[[str], object]:
        def as_answer(text: str) -> object:
            found = read(widget, text)
            if isinstance(found, Invalid):
                raise LanguageError(found.says, text, found.start or 0, found.end)
            return found.cells

        return as_answer

    fields = {
        "number": Widget(kind="number"),
        "vector": Widget(kind="vector"),
        "matrix": Widget(kind="matrix"),
        "table": Widget(kind="table", rows=("a", "b"), columns=("u", "v")),
        "expression": Widget(kind="expression", symbols=symbols),
        "equation": Widget(kind="expression", symbols=symbols, relation=True),
        "derivation": Widget(kind="derivation", symbols=symbols),
        "graph": Widget(kind="graph", inputs=("x", "y"), words=("+", "*", "exp", "log"), asks=("value",)),
        "sketch": SKETCH,
    }
    return {f"field: {name}": answer(widget) for name, widget in fields.items()} | {
        "formula": formula,
        "formula, decimal comma": lambda text: parse_formula(text, SYMBOLS, decimal=","),
        "formula of tensors": lambda text: to_latex(parse_formula(text, SYMBOLS, decimal="ask"), SYMBOLS),
        "derivation": lambda text: parse_steps(text, symbols),
        "number": parse_number,
        "rows": lambda text: parse_rows(text, "ask", list(symbols)),
        "program": lambda text: parse_program(text, list(symbols)),
        "graph": graph,
    }


@contextmanager
def given_up_in_time() -> Iterator[None]:
    """Raises Hanging where the block takes far too long."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Hanging

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, HANGING)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def tried(found: Found, way: str, text: str, call: Callable[[], object], **more: object) -> object:
    """What a call returns, or the sentence it refuses the text with; anything else is a fault."""
    began = time.process_time()
    result: object = None
    try:
        with given_up_in_time():
            result = call()
        found.outcomes[f"{way}: read"] += 1
    except LanguageError as error:
        result = error.says
        found.outcomes[f"{way}: refused"] += 1
        if not error.says.endswith((".", "?")) or not 0 <= error.start <= error.end:
            found.fault("no sentence with a place", way, text, says=error.says)
    except Hanging:
        found.fault("hangs", way, text, **more)
    except Exception as error:  # this is what is looked for
        found.fault("raises", way, text, error=f"{type(error).__name__}: {error}"[:300], **more)
    seconds = time.process_time() - began
    if seconds > LONGEST:
        found.fault("slow", way, text, seconds=round(seconds, 2), **more)
    if seconds > found.slowest[0]:
        found.slowest = (seconds, way, text)
    return result


def judged(found: Found, text: str, reference: str, variables: Mapping[str, str]) -> None:
    """Compares, twice and the other way round in between; the verdict must stay."""
    more = {"reference": reference, "variables": dict(variables)}
    first = tried(found, "equality", text, lambda: decide(reference, text, variables), **more)
    tried(found, "equality the other way round", text, lambda: decide(text, reference, variables), **more)
    second = tried(found, "equality", text, lambda: decide(reference, text, variables), **more)
    if first != second:
        found.fault("changes its mind", "equality", text, first=first, second=second, **more)
    if isinstance(first, dict):
        found.outcomes[f"equality: {first['verdict']}"] += 1


def measure(seconds: float, seed: int, most: int = 10**9) -> Found:
    """Tries texts for so long, or so many."""
    found, fuzzer = Found(), Fuzzer(seed)
    until = time.monotonic() + seconds
    while found.outcomes["texts"] < most and time.monotonic() < until:
        text, reference, variables = fuzzer.next()
        found.outcomes["texts"] += 1
        for way, reader in readers(variables).items():
            tried(found, way, text, partial(reader, text))
        judged(found, text, reference, variables)
    return found


def print_found(found: Found) -> None:
    """What came out, how often, and the first faults."""
    for name, count in sorted(found.outcomes.items()):
        print(f"{name:40} {count:>9}")
    seconds, way, text = found.slowest
    print(f"The slowest: {seconds:.2f} s ({way}): {text[:200]!r}")
    print(f"Faults: {len(found.faults)}")
    for one in found.faults[:SHOWN]:
        print(json.dumps(one)[:400])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"Machine: {machine()}. Seed {options.seed}, {options.minutes:g} minutes.", flush=True)
    print_found(measure(60 * options.minutes, options.seed))


if __name__ == "__main__":
    main()
