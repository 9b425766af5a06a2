"""Variants of a stored question, made to be looked at; nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.domain.errors import GradusError, Problem, QuestionError
from app.interchange.folder import Folder, load_folder
from app.services.bank.images import with_images
from app.services.bank.trials import Runs
from app.services.sitting.exam_pages import PartView, part_view

LONGEST_VALUE = 400


@dataclass(frozen=True, slots=True)
class Sample:
    """One variant as the student sees it, with its worked solution; or why it cannot be made."""

    seed: int
    title: str = ""
    stem: str = ""
    parts: tuple[PartView, ...] = ()
    solution_stem: str = ""
    solutions: Mapping[str, str] | None = None
    values: tuple[tuple[str, str], ...] = ()
    tries: int = 0
    problems: tuple[Problem, ...] = ()


def samples(
    sandbox: Runs, package: Mapping[str, Any], folder: Folder, seeds: Sequence[int], language: str
) -> tuple[Sample, ...]:
    """A variant for each seed. What goes wrong is told in its place, with file and line."""
    return tuple(_sample(sandbox, package, folder, seed, language) for seed in seeds)


def _sample(sandbox: Runs, package: Mapping[str, Any], folder: Folder, seed: int, language: str) -> Sample:
    try:
        made = sandbox.run("variant", {"package": package, "seed": seed, "language": language}, lane="interactive")
    except QuestionError as error:
        return Sample(seed, problems=tuple(_located(folder, package, error.problems)))
    except GradusError as error:
        return Sample(seed, problems=(Problem(str(error)),))
    made = with_images(made, package)
    shown, solution = made["shown"], made["solution"]
    return Sample(
        seed=seed,
        title=shown["title"],
        stem=shown["stem"],
        parts=tuple(part_view(part, Fraction(1), {}) for part in shown["parts"]),
        solution_stem=solution["stem"],
        solutions=solution["parts"],
        values=tuple((name, _short(_text(value))) for name, value in made["values"].items()),
        tries=made["tries"],
    )


def _located(folder: Folder, package: Mapping[str, Any], problems: list[Problem]) -> list[Problem]:
    name = str(package["question"]["id"])
    return load_folder(folder, name).locate(problems)


def _text(value: Any) -> str:
    """A stored value as people write it."""
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    if isinstance(value, dict):
        return ", ".join(_inner(value))
    if isinstance(value, bool) or value is None:
        return str(value)
    return str(value)


def _inner(value: dict[str, Any]) -> Iterator[str]:
    for tag, inner in value.items():
        if tag == "d" and isinstance(inner, dict):
            yield "{" + ", ".join(f"{key}: {_text(item)}" for key, item in inner.items()) + "}"
        elif tag == "s" and isinstance(inner, list):
            yield " to ".join(map(str, inner))
        else:
            yield str(inner)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
