"""Trying text rubrics on marked answers: what the machine decides, how often it is right, and what it leaves open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from app.domain.decisions import read_marked
from app.domain.errors import InvalidInput, NotFound, QuestionError
from app.domain.expressions import points
from app.interchange.bank import LoadedQuestion, load_bank
from app.interchange.yaml import read_yaml
from app.services.bank.trials import Runs

SECONDS = 600.0
UNPAID = ("negated", "denied", "dismissed", "withdrawn", "swapped", "injected", "keywords", "shuffled")


@dataclass(frozen=True, slots=True)
class Marked:
    """An answer, the points that a person gave, and what was answered beside it (None: the keys of its part)."""

    text: str
    points: Fraction
    others: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """A marked answer as the machine sees it."""

    marked: Marked
    lo: Fraction
    hi: Fraction
    claims: Mapping[str, str]
    evidence: tuple[Mapping[str, Any], ...]
    unread: tuple[str, ...]
    doubts: tuple[str, ...]
    mutations: tuple[Mapping[str, Any], ...]

    @property
    def decided(self) -> bool:
        return self.lo == self.hi

    @property
    def right(self) -> bool:
        return self.lo == self.marked.points


@dataclass(slots=True)
class RubricTrial:
    """One part that is answered by a short text, alone or beside other fields."""

    question: str
    part: str
    item: str
    most: Fraction
    patterns: list[tuple[str, str, str]] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)

    @property
    def unused(self) -> list[tuple[str, str, str]]:
        """The patterns (claim, kind, pattern) that none of the answers uses."""
        used = {(one["claim"], one["pattern"]) for tried in self.tried for one in tried.evidence}
        return [(claim, kind, pattern) for claim, kind, pattern in self.patterns if (claim, pattern) not in used]

    def counts(self) -> Counter[str]:
        """How many answers were decided, rightly; worthless ones paid, full ones denied; mutations tried and paid."""
        found: Counter[str] = Counter(answers=len(self.tried))
        for one in self.tried:
            worthless, full = one.marked.points == 0, one.marked.points == self.most
            found.update(
                decided=one.decided,
                exact=one.decided and one.right,
                worthless=worthless,
                full=full,
                paid=worthless and one.lo > 0,
                overpaid=one.marked.points < self.most and one.lo == self.most,
                denied=full and one.hi < self.most,
            )
            for mutation in one.mutations if full else ():
                found[f"{mutation['kind']} tried"] += 1
                found[f"{mutation['kind']} paid"] += Fraction(str(mutation["lo"])) == self.most
        return found


def try_rubrics(
    bank: Path, sandbox: Runs, refs: Iterable[str] = (), answers: Path | None = None, *, mutate: bool = True
) -> list[RubricTrial]:
    """Try the text rubrics of the named questions or items (of all if none is named).

    The answers are the recorded cases of a question, or those of `answers`: a folder with a file for each item, or
    one file for the only item named.

    Raises:
        NotFound: a name, or there is no short text to try.
        InvalidInput: a file of answers cannot be used.
    """
    names = list(refs)
    trials = [
        trial for one in _chosen(load_bank(bank), names) for trial in _tried(one, sandbox, names, answers, mutate)
    ]
    if not trials:
        raise NotFound("There is no part with a short text here.")
    return trials


def _chosen(loaded: Iterable[LoadedQuestion], names: list[str]) -> Iterator[LoadedQuestion]:
    known = [one for one in loaded if one.package is not None]
    for name in names:
        if not any(name == one.id or name in one.items for one in known):
            raise NotFound(f"There is no question and no item called “{name}”.")
    for one in known:
        if not names or one.id in names or any(name in one.items for name in names):
            yield one


def _tried(
    one: LoadedQuestion, sandbox: Runs, names: list[str], answers: Path | None, mutate: bool
) -> Iterator[RubricTrial]:
    package = one.package or {}
    parts = package["question"]["parts"]
    if one.id not in names and names:
        parts = [part for part in parts if part.get("item") in names]
    marked = {name: list(_marked(package, part, name, answers)) for part in parts for name in _texts(part)}
    marked = {name: given for name, given in marked.items() if given}
    if not marked:
        return
    texts = {name: [_payload(one) for one in given] for name, given in marked.items()}
    payload = {"package": package, "answers": texts, "mutate": mutate}
    found = sandbox.run("rubric", payload, lane="grading", seconds=SECONDS)
    for name, given in marked.items():
        shown = found[name]
        yield RubricTrial(
            one.id,
            shown["part"],
            shown["item"],
            Fraction(shown["points"]),
            [(row["claim"], row["kind"], row["pattern"]) for row in shown["patterns"]],
            [_judged(answer, row) for answer, row in zip(given, shown["rows"], strict=True)],
        )


def _texts(part: Mapping[str, Any]) -> list[str]:
    return [name for name, one in (part.get("fields") or {}).items() if one.get("grader") == "text"]


def _payload(answer: Marked) -> Any:
    return answer.text if answer.others is None else {"text": answer.text, "others": answer.others}


def _judged(answer: Marked, row: Mapping[str, Any]) -> Tried:
    return Tried(
        answer,
        Fraction(row["lo"]),
        Fraction(row["hi"]),
        row["claims"],
        tuple(row["evidence"]),
        tuple(row["unread"]),
        tuple(row["doubts"]),
        tuple(row.get("mutations", ())),
    )


def _marked(package: Mapping[str, Any], part: Mapping[str, Any], name: str, answers: Path | None) -> Iterator[Marked]:
    if answers is None:
        yield from _recorded(package, part, name)
        return
    path = answers / f"{part.get('item')}.yaml" if answers.is_dir() else answers
    if not path.exists():
        return
    try:
        data = read_yaml(path.read_text(encoding="utf-8"), path.name)[0]
        for one in data["answers"]:
            if not one.get("variant"):
                yield Marked(str(one["text"]), points(one["points"]))
    except (OSError, QuestionError, KeyError, TypeError, ValueError, AttributeError) as error:
        says = f"{path.name}: answers are a list of {{text, points}} under `answers` ({error})."
        raise InvalidInput(says, "--answers") from None


def _recorded(package: Mapping[str, Any], part: Mapping[str, Any], name: str) -> Iterator[Marked]:
    """The recorded cases of the printed variant that answer this field in words and give its part points."""
    for case in package.get("cases") or ():
        answers = case.get("answers") or {}
        text = answers.get(name)
        if isinstance(text, str) and text.strip() and not case.get("seed"):
            try:
                given = _given(case, part)
            except ValueError:
                continue  # A span such as 0..1 is no mark.
            if given is not None:
                yield Marked(text, given, {field: raw for field, raw in answers.items() if field != name})


def _given(case: Mapping[str, Any], part: Mapping[str, Any]) -> Fraction | None:
    """What a case gives a part: at once, or criterion by criterion where these simply add up.

    Raises:
        ValueError: these are no points.
    """
    marked, name = case.get("marked") or {}, str(part["id"])
    given = marked.get(name, (case.get("expect") or {}).get(name))
    worth = points(part.get("points", 0))
    if given is not None:
        return read_marked(given).share_of(worth)
    found = Fraction(0)
    for node in part.get("criteria") or ():
        if "when" not in node or "unless" in node or f"{name}.{node.get('id')}" not in marked:
            return None
        share = read_marked(marked[f"{name}.{node['id']}"]).share_of(points(node.get("points", 0)))
        if share is None:
            return None
        found += share
    return max(Fraction(0), min(worth, found))
