"""The examples of the documentation run as they are printed."""

from __future__ import annotations

import re
from pathlib import Path

from app.domain.answers import Read, read
from app.domain.graders import Answer
from app.interchange.bank import load_question
from graders.marking.answers import value_of
from graders.marking.checking import check_question
from graders.marking.sweep import Sweep, sweep_cases, sweep_seeds
from graders.packages import unpack
from graders.presenting.questions import text_problems

BLOCK = re.compile(r"^```(\w+) ([^\n]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[tuple[str, dict[str, str], str]]:
    """The marked code blocks of a page: language, what is said about it, text."""
    found = []
    for language, said, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        about = dict(word.partition("=")[::2] for word in said.split())
        found.append((language, about, text))
    return found


def test_the_first_question_of_the_guide_is_in_order(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "demo" / "demo-pooling"
    folder.mkdir(parents=True)
    for _, about, text in blocks(project / "docs/write-a-question.md"):
        file = folder / about["file"]
        if "insert-after" in about:
            lines = file.read_text().splitlines(keepends=True)
            place = next(i for i, line in enumerate(lines) if line.strip().startswith(f"{about['insert-after']}:"))
            text = "".join([*lines[: place + 1], text, *lines[place + 1 :]])
        file.write_text(text)
    loaded = load_question(folder)
    assert loaded.problems == []
    assert loaded.package is not None
    package = unpack(loaded.package)
    assert check_question(package.compiled) + text_problems(package) == []
    found = Sweep()
    sweep_cases(package.compiled, package.cases, found)
    sweep_seeds(package.compiled, range(25), found)
    assert found.shortfalls == []
    assert (found.cases, found.seeds) == (5, 25)


def test_the_grader_of_the_guide_keeps_its_promises(project: Path) -> None:
    (code,) = [text for _, about, text in blocks(project / "docs/write-a-grader.md") if "run" in about]
    module: dict[str, type] = {}
    # The guide's own example, checked in with this repository.
    exec(code, module)
    grader, options = module["Parity"](), module["ParityOptions"](odd=True)

    def observed(raw: str) -> dict[str, object]:
        found = read(grader.widget(options), raw)
        assert isinstance(found, Read)
        return grader.observe(options, Answer(found, value_of(found)))

    assert observed(grader.key(options))["right"] is True
    assert all(observed(raw)["right"] is False for raw in grader.wrong(options).values())
    assert set(grader.facts(options)) == set(observed("3"))
