"""What a person can call, set, open or write in a question is written down, or the check fails."""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic_settings import BaseSettings

ROOT = Path(__file__).resolve().parents[2]


@functools.cache
def written(*patterns: str) -> str:
    """The text of the documentation files that match."""
    return "\n".join(path.read_text(encoding="utf-8") for one in patterns for path in sorted(ROOT.glob(one)))


def found(room: str, kind: type) -> list[Any]:
    """What a module defines of a kind, imported things excepted."""
    module = importlib.import_module(room)
    return [thing for thing in vars(module).values() if isinstance(thing, kind)]


def commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    below = getattr(command, "commands", None)
    if not below:
        yield path, command
        return
    for name, one in below.items():
        if not one.hidden:
            yield from commands(one, f"{path} {name}")


def every_command() -> list[tuple[str, Any]]:
    tools = found("app.cli", typer.Typer)
    roots = [typer.main.get_command(tool) for tool in tools]
    widest = max(roots, key=lambda root: len(list(commands(root, "gradus"))))
    return list(commands(widest, "gradus"))


def settings_class() -> type[BaseSettings]:
    classes: list[type[BaseSettings]] = [
        one for one in found("app.settings", type) if issubclass(one, BaseSettings) and one.__module__ == "app.settings"
    ]
    assert len(classes) == 1, "app.settings holds exactly one settings model"
    return classes[0]


def test_every_command_has_a_help_line_and_is_documented() -> None:
    told = written("README.md", "docs/*.md")
    silent = [path for path, command in every_command() if not (command.help or "").strip()]
    missing = [path for path, _ in every_command() if path not in told]
    assert (silent, missing) == ([], [])


def test_every_option_of_a_command_has_a_help_line() -> None:
    silent = [
        f"{path} {option.opts[0]}"
        for path, command in every_command()
        for option in command.params
        if not getattr(option, "help", "") and not getattr(option, "hidden", False)
    ]
    assert silent == []


def test_every_setting_has_a_default_a_help_line_and_a_place_in_the_operators_guide() -> None:
    model = settings_class()
    prefix = (model.model_config.get("env_prefix") or "").upper()
    told = written("docs/operate.md")
    faults = []
    for name, field in model.model_fields.items():
        if field.is_required():
            faults.append(f"{name}: no default")
        if not field.description:
            faults.append(f"{name}: no help line")
        if f"`{prefix}{name.upper()}`" not in told:
            faults.append(f"{name}: `{prefix}{name.upper()}` is not in docs/operate.md")
    assert faults == []


def test_settings_cannot_be_changed_once_read() -> None:
    assert settings_class().model_config.get("frozen") is True


def test_no_setting_is_documented_that_does_not_exist() -> None:
    model = settings_class()
    prefix = (model.model_config.get("env_prefix") or "").upper()
    known = {prefix + name.upper() for name in model.model_fields} | {"GRADUS_CHROMIUM"}
    told = set(re.findall(r"\bGRADUS_[A-Z_]+\b", written("README.md", "docs/*.md")))
    assert told - known == set()


@pytest.mark.parametrize("folder", ["docs/decisions"])
def test_every_decision_is_numbered_once(folder: str) -> None:
    numbers = [path.name[:4] for path in sorted((ROOT / folder).glob("*.md"))]
    assert all(number.isdigit() for number in numbers)
    assert len(numbers) == len(set(numbers))


def links(path: Path) -> list[str]:
    """The files that a page points to, without their anchors."""
    prose = re.sub(r"`[^`\n]*`", "", path.read_text(encoding="utf-8"))
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", prose)
    return [target for target in targets if "://" not in target and not target.startswith("mailto:")]


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    broken = [(page.name, link) for page in pages for link in links(page) if not (page.parent / link).exists()]
    assert broken == []


def test_every_function_of_the_question_language_is_documented() -> None:
    known = importlib.import_module("graders.evaluation.registry").LANGUAGE_FUNCTIONS
    told = written("docs/write-a-question.md")
    assert [name for name in known if not re.search(rf"`{name}[(`]", told)] == []


def test_every_grader_is_documented() -> None:
    graders = importlib.import_module("graders.registry").GRADERS
    own = [name for name, grader in graders.items() if type(grader).__module__.startswith("graders.")]
    told = written("docs/write-a-question.md")
    assert own
    assert [name for name in own if f"`{name}`" not in told] == []
