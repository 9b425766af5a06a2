"""Recorded cases of a draft: an answer, and the points that it should earn."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from app.domain.decisions import read_marked
from app.domain.errors import InvalidInput, QuestionError
from app.interchange.folder import from_json
from app.interchange.rewriting import rewrite
from app.interchange.yaml import read_yaml
from app.services.accounts.people import Person
from app.services.drafts.draft_files import CASES, checked, problems_of_folder, texts_of, with_texts
from app.services.drafts.drafts import LONGEST_TITLE, Saved, files_at, stand_of, store
from app.services.operating.transactions import Transaction
from app.storage import drafts, questions

MOST_CASES = 500


def add_case(
    reading: Transaction,
    writing: Transaction,
    person: Person,
    question: str,
    revision: int | None,
    case: Mapping[str, Any],
) -> Saved:
    """Add a recorded case to cases.yaml.

    Raises:
        NotFound, Conflict: as `save`.
        InvalidInput: the case, or the file as it is, cannot be used, or there is a case with this very answer.
    """
    revision = stand_of(reading, question).revision if revision is None else revision
    folder = files_at(reading, question, revision)
    text = texts_of(folder).get(CASES, "")
    try:
        cases = read_yaml(text, CASES)[0] or []
    except QuestionError as error:
        raise InvalidInput(f"The recorded cases cannot be read: {error}", CASES) from None
    if not isinstance(cases, list) or len(cases) >= MOST_CASES:
        raise InvalidInput(f"Cases are a list of at most {MOST_CASES} maps.", CASES)
    new = _case(case)
    _refuse_double(cases, new)
    text = rewrite(text, checked([*cases, new]), CASES)
    folder = with_texts(folder, {CASES: text})
    saved = store(reading, writing, person, question, revision, folder, None)
    return Saved(saved, {CASES: text}, None, problems_of_folder(folder, question))


def recorded_cases(tx: Transaction, question: str) -> list[Mapping[str, Any]]:
    """The cases of the draft, as far as they can be read, and then those of the newest version."""
    found: list[Any] = []
    stored = drafts.folder(tx, question)
    if stored:
        try:
            found += read_yaml(texts_of(from_json(stored)).get(CASES, ""), CASES)[0] or []
        except QuestionError:
            pass  # The editor says what is wrong with them.
    newest = questions.newest(tx, question)
    found += (newest.package.get("cases") or ()) if newest is not None else ()
    return [one for one in found if isinstance(one, Mapping)]


def _case(case: Mapping[str, Any]) -> dict[str, Any]:
    title, seed, answers = (case.get(name) for name in ("title", "seed", "answers"))
    # A person's marks, or what the machine is expected to say.
    noun = "marked" if "marked" in case else "expect"
    given = case.get(noun)
    if not isinstance(title, str) or not title.strip() or len(title) > LONGEST_TITLE:
        raise InvalidInput(f"Say in at most {LONGEST_TITLE} characters what the case is about.", "title")
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63):
        raise InvalidInput("The variant is a whole number from 0.", "seed")
    if not isinstance(answers, dict):
        raise InvalidInput("The answers are missing.", "answers")
    if not isinstance(given, dict) or not given:
        says = "Say which points are expected." if noun == "expect" else "Say which points a person gives."
        raise InvalidInput(says, noun)
    if not all(isinstance(points, (str, int)) and len(str(points)) <= LONGEST_TITLE for points in given.values()):
        raise InvalidInput("Points are written as 1, 1/2 or 0..1.", noun)
    if noun == "marked":
        for points in given.values():
            _mark(points)
    named = {"case": " ".join(title.split())}
    # 2, not "2": as one would write it.
    points = {part: int(text) if str(text).isdecimal() else text for part, text in given.items()}
    return named | ({"seed": seed} if seed else {}) | {"answers": answers, noun: points}


def _refuse_double(cases: list[Any], new: Mapping[str, Any]) -> None:
    """Two cases with one answer say the same twice, or contradict each other: neither helps whoever reads them."""
    for number, one in enumerate(cases, 1):
        if not isinstance(one, dict) or one.get("seed", 0) != new.get("seed", 0):
            continue
        given, asked = _points(one), _points(new)
        if _answers(one) != _answers(new) or not _parts(given) & _parts(asked):
            continue
        name = f"Case {number}, “{one.get('case', '')}”,"
        if not given.keys() & asked.keys():
            raise InvalidInput(f"{name} has this answer already. Change its points there.", "answers")
        if all(given[part] == asked[part] for part in given.keys() & asked.keys()):
            raise InvalidInput(f"{name} has this answer with these points already.", "answers")
        raise InvalidInput(f"{name} gives other points for this answer. Decide there which are right.", "answers")


def _answers(case: Mapping[str, Any]) -> Any:
    answers = case.get("answers")
    if not isinstance(answers, dict):
        return None
    return {name: " ".join(one.split()).casefold() if isinstance(one, str) else one for name, one in answers.items()}


def _points(case: Mapping[str, Any]) -> dict[str, Fraction | str]:
    given = case.get("marked", case.get("expect"))
    return {part: _worth(points) for part, points in given.items()} if isinstance(given, dict) else {}


def _parts(given: Mapping[str, object]) -> set[str]:
    return {str(place).partition(".")[0] for place in given}


def _worth(points: Any) -> Fraction | str:
    """The number, however it is written; a range stays as it is."""
    try:
        return read_marked(points).points
    except ValueError:
        return str(points)


def _mark(given: Any) -> None:
    try:
        read_marked(given)
    except ValueError:
        raise InvalidInput("A person gives points such as 1, 1/2 or 2.5.", "marked") from None
