"""Variants made ahead: what enrolled students will get first is there before they all start at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.services.bank.images import with_images
from app.services.operating.transactions import Transaction
from app.services.quizzes.drawing import draw
from app.services.quizzes.quiz_places import sources
from app.storage import accommodations, attempts, pools, questions, quizzes, variants

if TYPE_CHECKING:
    from app.services.bank.trials import Runs


@dataclass(frozen=True, slots=True)
class Coming:
    """A quiz that students may start now or later; as long as its `mark` is the same, so are their variants."""

    quiz_id: int
    mark: tuple[object, ...]


def coming(tx: Transaction) -> list[Coming]:
    """The published quizzes that have not closed, those that open first in front."""
    return [
        Coming(quiz_id, (revision, students, since))
        for quiz_id, revision, students, since in quizzes.coming(tx, tx.now())
    ]


def missing(tx: Transaction, quiz_id: int) -> list[str]:
    """What the first attempts of students who have not started would need and nobody has made: "version:seed"."""
    quiz = quizzes.by_number(tx, quiz_id)
    if quiz is None or quiz.state != "published":
        return []
    started = attempts.who_started(tx, quiz.id)
    people = [person.id for person in accommodations.students(tx, quiz.course_id) if person.id not in started]
    found = sources(tx, quiz)
    hashes = {one.variant_hash for source in found for one in source.candidates}
    met = attempts.used_seeds(tx, people, hashes)
    wanted = {
        (one.variant_hash, one.seed): f"{one.version_id}:{one.seed}"
        for person_id in people
        for one in draw(quiz, found, person_id, 1, met)
    }
    known = variants.variant_ids(tx, wanted)
    return [wanted[key] for key in sorted(set(wanted) - set(known))]


def make(reading: Transaction, sandbox: Runs, key: str) -> Mapping[tuple[str, int], Any]:
    """That variant, not stored yet; nothing when it is there, or its question is gone.

    Raises:
        SandboxFailure, QuestionError: it could not be made.
    """
    version_id, seed = (int(piece) for piece in key.split(":"))
    version = pools.versions(reading, [version_id]).get(version_id)
    if version is None or variants.variant_id(reading, version.variant_hash, seed) is not None:
        return {}
    package = questions.package(reading, version_id)
    made = sandbox.run("variant", {"package": package, "seed": seed}, lane="grading")
    return {(version.variant_hash, seed): with_images(made, package)}


def keep(tx: Transaction, made: Mapping[tuple[str, int], Any]) -> None:
    """Store what was made."""
    for key, variant in made.items():
        variants.keep_variant(tx, *key, variant)
