"""Gathers every sentence of the interface into the catalogues: `make words`, and the tests that nothing is missing.

Three kinds: what templates and pages say (`_()`), what the editor's scripts say (`say("…")`), and, under the context
`sentence`, the finished sentences that the rooms below raise or return. Those know no language, so they are gathered
from their source: a literal that ends like a sentence is one, and what an f-string fills in becomes `{0}`, `{1}` …
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from app.web.assets import SAID
from app.web.told import SENTENCE
from app.web.wording import CATALOGUES

ROOT = Path(__file__).parents[2]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
# Scripts whose full sentences templates/words.html looks up; those of the others stand in that template.
SCRIPTS = "app/web/static/js/editor"
# What people read of the rooms below. Not here: what only a command line or a program says, or an author reads.
TOLD = (
    "app/domain/*answers.py",
    "app/domain/graph_*.py",
    "app/domain/language/*.py",
    "app/domain/letter_grades.py",
    "app/services/*/*.py",
    "app/storage/engine.py",
    "app/storage/save*.py",
    "app/storage/transaction.py",
    "app/web/*.py",
    "app/web/pages/*.py",
    "graders/*.py",
    "graders/equality/*.py",
    "graders/evaluation/*.py",
    "graders/graphs/remarks.py",
    "graders/marking/answers.py",
    "graders/marking/explaining.py",
    "graders/rasterising/*.py",
)
UNTOLD = {
    "app/domain/language/author.py",
    "app/domain/language/literals.py",
    *(
        f"app/services/{name}.py"
        for name in (
            *("accounts/personal_data", "bank/catalogue", "bank/checks", "bank/lines", "bank/trials"),
            *("drafts/rubric_trials", "operating/backups", "operating/demo", "operating/idempotency"),
            *("operating/mails", "operating/measures", "operating/postman", "sitting/sitting"),
        )
    ),
    "app/web/gathering.py",
    "app/web/pages/operating.py",
    # Of questions, not of answers.
    *(
        f"graders/{name}.py"
        for name in ("calls", "hints", "note", "packages", "registry", "sections", "statements", "tolerance")
    ),
    "graders/equality/decisions.py",
    # What only authors can write, and formulas that a person then compares.
    *(
        f"graders/evaluation/{name}.py"
        for name in (
            *("arrays", "calculus", "comparing", "evaluator", "formula_functions", "formulas", "reductions"),
            *("registry", "scope", "shapes", "tensor_duals", "tensors", "truth"),
        )
    ),
}
# In these folders, what is raised tells an author what is wrong with a question; what is returned is said of an answer.
GRADERS = ("graders", "graders/equality")
# In these, what ends in a value is told, too: where something stands, and lead-ins of other sentences.
LEADING = ("app/domain", "app/domain/language", *GRADERS, "graders/evaluation", "graders/marking")
# Pieces of such sentences that are no sentences themselves, and sentences that are put together of pieces.
PIECES = (
    *("blocks", "none of them", "options", "one input", "{0} inputs", "{0} or 2 inputs", "{0} or more inputs"),
    *("not {0}", "and none is given", " or {0}", "Points", "A weight", "are", "is"),
    *("the given names are {0}", "no names are given"),
    *("second", "seconds", "Met.", "Met in part.", "Deducted.", "deducted.", "With your own earlier answers: {0}"),
    *("met.", "met in part.", "met; this counts instead.", "met in part; this counts instead."),
    *("Met; this counts instead.", "Met in part; this counts instead."),
    *("{0}: {1}", "“{0}”", "“{0}”, {1}", "Row {0}, column {1}: {2}", "1 page", "{0} pages"),
    # Where and what an answer is that is not the solution.
    *("line {0}", "what is given", "a point tried", "{0}, a point tried", "not defined", "1 cell", "{0} cells"),
    *("one point tried", "another one"),
    *("cell {0}", "row {0}, column {1}", "an equation", "an inequality", "a condition", "a formula", "a set"),
    # Of programs and formulas that cannot be calculated.
    *("a number", "A number", "an array of {0}", "An array of {0}", "a list", "nothing"),
    *(f"{a} {shape}" for a in "aA" for shape in ("column of {0} entries", "row of {0} entries", "{0} × {1} matrix")),
    *("place", "size", "axis", "end", "index", "first value", "last value"),
)
CALLED = ("_", "gettext", "ngettext")
# What ends like a sentence and is none: what follows on one, and names of parameters of which some may be left out.
TAIL_OR_PARAMETERS = re.compile(r"^;|^[a-z].*\?$|\? [a-z]")


def gather() -> Catalog:
    """All sentences of the source, untranslated, in the order of their files."""
    found = Catalog(charset="utf-8", fuzzy=False)
    for file in _files("app/web/templates/**/*.html"):
        _add_called(found, "jinja2.ext:babel_extract", file, {"trimmed": "true", "silent": "false"})
    for file in _files("app/web/**/*.py"):
        _add_called(found, "python", file, {})
    for file in _files(f"{SCRIPTS}/*.js"):
        for said in SAID.findall(file.read_text(encoding="utf-8")):
            found.add(json.loads(f'"{said}"'), locations=[(_name(file), 1)])
    for pattern in TOLD:
        for file in _files(pattern):
            if _name(file) not in UNTOLD:
                leading, grader = _name(file.parent) in LEADING, _name(file.parent) in GRADERS
                for sentence, filled in _sentences(file.read_text(encoding="utf-8"), leading, grader):
                    comments = [f"{{{i}}} is {code}" for i, code in enumerate(filled)]
                    found.add(sentence, locations=[(_name(file), 1)], auto_comments=comments, context=SENTENCE)
    for piece in PIECES:
        found.add(piece, locations=[("app/web/gathering.py", 1)], context=SENTENCE)
    for message in found:
        message.locations = sorted(set(message.locations))
    return found


def update(catalogue: Path, language: str) -> Catalog:
    """A catalogue with the sentences of the source as they are now: new ones untranslated, gone ones left out."""
    fresh = gather()
    fresh.locale, fresh.fuzzy = language, False
    fresh.project, fresh.version, fresh.copyright_holder = "Gradus", "1", "the authors of Gradus"
    fresh.header_comment = f"# {fresh.locale.english_name if fresh.locale else language} words of Gradus."
    if catalogue.exists():
        with catalogue.open("rb") as file:
            old = read_po(file, locale=language)
        fresh.mime_headers = old.mime_headers
        for message in fresh:
            known = old.get(message.id, message.context) if message.id else None
            if known is not None and not known.fuzzy and known.pluralizable == message.pluralizable:
                message.string = known.string
    return fresh


def write(catalog: Catalog, file: Path) -> None:
    """Store a catalogue. Without line numbers: they would change with every edit."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        write_po(out, catalog, width=118, sort_by_file=True, include_lineno=False, ignore_obsolete=True)


def _add_called(found: Catalog, method: str, file: Path, options: dict[str, str]) -> None:
    for _, message, comments, context in extract_from_file(
        method, file, KEYWORDS, options=options, strip_comment_tags=True
    ):
        found.add(message, None, [(_name(file), 1)], auto_comments=comments, context=context)


def _sentences(source: str, leading: bool, grader: bool) -> Iterator[tuple[str, list[str]]]:
    """The finished sentences of a module, each with the code of what is filled in."""
    tree = ast.parse(source)
    passed = _not_told(tree) | (_of_authors(tree) if grader else set())
    for node in ast.walk(tree):
        if node not in passed:
            sentence, filled = _read(node)
            sentence = sentence.strip()
            if _is_sentence(sentence) or (leading and filled and _leads(sentence)):
                yield sentence, filled


def _not_told(tree: ast.Module) -> set[ast.AST]:
    """Docstrings, the insides of f-strings, what is translated where it stands, and defaults of a log."""
    passed: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            passed.update(
                inner for value in node.values for inner in ast.walk(value) if isinstance(value, ast.Constant)
            )
        elif isinstance(node, ast.Call) and _called(node) in (*CALLED, "info", "warning", "error", "exception"):
            passed.update(ast.walk(node))
    return passed


def _of_authors(tree: ast.Module) -> set[ast.AST]:
    """What only authors read of a grader: what it raises, its options, its samples; and why an answer is right or
    a person's to decide, which students are not told.
    """
    passed: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and _is_of_authors(node)):
            passed.update(ast.walk(node))
        elif isinstance(node, ast.Dict):
            passed.update(value for key, value in zip(node.keys, node.values, strict=True) if _is_key(key))
    return passed


def _is_of_authors(call: ast.Call) -> bool:
    called = _called(call)
    return called == "Field" or (called == "Verdict" and _read(call.args[0])[0] in ("equal", "undecided"))


def _is_key(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value == "key"


def _called(node: ast.Call) -> str:
    return str(getattr(node.func, "id", getattr(node.func, "attr", "")))


def _read(node: ast.AST) -> tuple[str, list[str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value, []
    filled: list[str] = []
    pieces: list[str] = []
    if isinstance(node, ast.JoinedStr):
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                pieces.append(f"{{{len(filled)}}}")
                filled.append(ast.unparse(value.value))
            elif isinstance(value, ast.Constant):
                pieces.append(str(value.value))
    return "".join(pieces), filled


def _is_sentence(text: str) -> bool:
    words = [word for word in text.split() if any(letter.isalnum() for letter in word)]
    said = len(words) > 1 and any(letter.isalpha() for letter in text)
    return said and text.endswith((".", "?")) and "\n" not in text and not TAIL_OR_PARAMETERS.search(text)


def _leads(text: str) -> bool:
    word = text.removeprefix("“{0}” ").removeprefix("A ").split(" ", 1)[0]
    return text.endswith("}") and word.isalpha() and len(word) > 1 and text[0] in "“ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _files(pattern: str) -> Iterable[Path]:
    return sorted(ROOT.glob(pattern))


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    for folder in sorted(file for file in CATALOGUES.iterdir() if file.is_dir()):
        target = folder / "LC_MESSAGES" / "messages.po"
        write(update(target, folder.name), target)
