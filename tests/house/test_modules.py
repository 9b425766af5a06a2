"""The habits of the house: short modules, telling names, rooms that say what lives in them, a pure core."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = ("app", "graders", "migrations", "benchmarks", "tests")
LONGEST = 400
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def named(paths: Iterator[Path] | list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    long = [path for path in modules(*CODE) if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST]
    assert named(long) == []


def test_no_script_of_the_browser_is_longer_than_four_hundred_lines() -> None:
    static = ROOT / "app/web/static"
    own = [path for path in sorted(static.rglob("*.js")) if "vendor" not in path.parts]
    assert named([path for path in own if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST]) == []


def test_no_module_or_package_has_a_name_that_says_nothing() -> None:
    empty = [
        path
        for path in modules(*CODE)
        if EMPTY_NAMES & {*path.relative_to(ROOT).with_suffix("").parts, *path.stem.split("_")}
    ]
    assert named(empty) == []


@pytest.mark.parametrize("room", ["app", "graders"])
def test_every_package_says_in_one_sentence_what_lives_there(room: str) -> None:
    silent = []
    for path in modules(room):
        if path.name != "__init__.py" or path == ROOT / "app/__init__.py":
            continue
        words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if not words.rstrip().endswith("."):
            silent.append(path)
    assert named(silent) == []


def test_every_folder_with_modules_is_a_package() -> None:
    homeless = {path.parent for path in modules("app", "graders") if not (path.parent / "__init__.py").exists()}
    assert named(sorted(homeless)) == []


def test_the_package_app_itself_is_empty() -> None:
    assert (ROOT / "app/__init__.py").read_text(encoding="utf-8").strip() == ""


def imported(path: Path) -> set[str]:
    """The dotted names that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.relative_to(ROOT)}: relative import"
            names.add(node.module or "")
    return names


def foreign(path: Path, *allowed: str) -> set[str]:
    return {
        name
        for name in imported(path)
        if name.split(".")[0] not in sys.stdlib_module_names
        and not any(name == home or name.startswith(home + ".") for home in allowed)
    }


def test_the_domain_needs_only_the_standard_library_and_pydantic() -> None:
    needs = {
        str(path.relative_to(ROOT)): foreign(path, "app.domain", "pydantic", "pydantic_core")
        for path in modules("app/domain")
    }
    assert {path: names for path, names in needs.items() if names} == {}


def test_the_language_needs_only_the_standard_library() -> None:
    needs = {
        str(path.relative_to(ROOT)): foreign(path, "app.domain.language") for path in modules("app/domain/language")
    }
    assert {path: names for path, names in needs.items() if names} == {}


def calls(path: Path) -> set[str]:
    """The names that a module calls as plain functions."""
    return {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def test_nothing_is_ever_executed_as_python() -> None:
    hostile = {"eval", "exec", "compile", "sympify", "parse_expr", "lambdify"}
    found = {str(path.relative_to(ROOT)): calls(path) & hostile for path in modules("app", "graders")}
    assert {path: names for path, names in found.items() if names} == {}


def test_graders_have_no_clock_and_no_global_randomness() -> None:
    impure = {"random", "secrets", "time", "datetime", "socket", "subprocess", "urllib", "http", "sqlite3"}
    found = {
        str(path.relative_to(ROOT)): {name.split(".")[0] for name in imported(path) if name != "urllib.parse"} & impure
        for path in modules("graders")
    }
    assert {path: names for path, names in found.items() if names} == {}
