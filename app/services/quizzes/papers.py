"""Papers: printed exams with numbers of their own for everybody. The same code is the same paper for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from app.domain.errors import InvalidInput, NotAllowed
from app.domain.texts import PREFERRED
from app.services.bank.translations import asked_in, solved_in
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course
from app.services.quizzes.drawing import FRESH_SEEDS, Drawn, draw, draw_questions, number_of
from app.services.quizzes.quiz_places import Source, sources
from app.services.quizzes.quiz_sections import Section, sections_of
from app.services.sitting.exam_pages import PartView, part_view
from app.services.sitting.starting import make_variants
from app.storage import accommodations, variants
from app.storage.tables import Quiz

if TYPE_CHECKING:
    from app.services.bank.trials import Runs

For: TypeAlias = Literal["blank", "roster"]

MOST_PAPERS = 200
SHEET = 25
"""So many papers are shown at once: browsers grow slow on more."""
STEP = 40
"""So many variants are made in one request."""
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """One question of a paper, with its solution, and the languages of both. Stem, prompts and solutions are HTML.

    `section`: the one that begins with this question, if one does.
    """

    position: int
    title: str
    stem: str
    points: Fraction
    parts: tuple[PartView, ...]
    solution_stem: str
    solutions: Mapping[str, str]
    language: str = PREFERRED
    solution_language: str = PREFERRED
    section: Section | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. `name` is empty where it is filled in by hand."""

    code: str
    name: str
    login: str
    points: Fraction
    questions: tuple[PaperQuestion, ...]


@dataclass(frozen=True, slots=True)
class PaperPlan:
    """What printing would take: how many papers, and how many of their variants are made already."""

    count: int
    ready: int
    needed: int
    students: int

    @property
    def sheets(self) -> tuple[tuple[int, int], ...]:
        """The papers from and to, in portions that a browser prints well."""
        return tuple((start, min(start + SHEET - 1, self.count)) for start in range(1, self.count + 1, SHEET))


@dataclass(frozen=True, slots=True)
class _Copy:
    """A paper before its questions: its number, and for whom."""

    number: int
    name: str = ""
    login: str = ""


def paper_plan(tx: Transaction, course_id: int, quiz_id: str, whose: For, count: int) -> PaperPlan:
    """How far the papers are.

    Raises:
        NotFound: there is no such quiz in this course.
        InvalidInput: a number of papers that cannot be; `place` is "count".
        NotAllowed: the quiz has no questions.
    """
    quiz, found = _quiz(tx, course_id, quiz_id)
    copies = _copies(tx, quiz, whose, count)
    keys = {(one.variant_hash, one.seed) for copy in copies for one in _drawn(quiz, found, copy.number)}
    ready = len(variants.variant_ids(tx, keys))
    return PaperPlan(len(copies), ready, len(keys), len(accommodations.students(tx, course_id)))


def prepare(
    reading: Transaction,
    writing: Transaction,
    sandbox: Runs,
    course_id: int,
    quiz_id: str,
    whose: For,
    count: int,
) -> int:
    """Make some of the variants that are missing and store them; how many are missing still.

    Raises:
        NotFound, InvalidInput, NotAllowed: as `paper_plan`.
        SandboxFailure, QuestionError: a variant could not be made.
    """
    quiz, found = _quiz(reading, course_id, quiz_id)
    wanted = {
        (one.variant_hash, one.seed): one
        for copy in _copies(reading, quiz, whose, count)
        for one in _drawn(quiz, found, copy.number)
    }
    known = variants.variant_ids(reading, wanted)
    missing = [wanted[key] for key in sorted(set(wanted) - set(known))]
    made = make_variants(reading, sandbox, missing[:STEP])
    for key in sorted(made):
        variants.keep_variant(writing, *key, made[key])
    return len(missing) - len(made)


def papers(
    tx: Transaction,
    course_id: int,
    quiz_id: str,
    whose: For,
    count: int,
    first: int,
    last: int,
    language: str = PREFERRED,
) -> tuple[str, tuple[Paper, ...]]:
    """The title of the quiz, and the papers from `first` to `last` (counted from 1), in the order they are printed.

    Questions are in that language where they have it.

    Raises:
        NotFound, InvalidInput, NotAllowed: as `paper_plan`; NotAllowed also while a variant is missing.
    """
    quiz, found = _quiz(tx, course_id, quiz_id)
    chosen = _copies(tx, quiz, whose, count)[max(first, 1) - 1 : min(last, max(first, 1) + SHEET - 1)]
    drawn = {copy.number: _drawn(quiz, found, copy.number) for copy in chosen}
    keys = {(one.variant_hash, one.seed) for listed in drawn.values() for one in listed}
    shown = variants.contents(tx, keys)
    if len(shown) < len(keys):
        raise NotAllowed("Some variants of these papers have not been made yet. Prepare the papers first.")
    sections = sections_of(tx, quiz.id)
    return quiz.title, tuple(_paper(quiz, copy, drawn[copy.number], shown, language, sections) for copy in chosen)


def paper_code(quiz: Quiz, number: int) -> str:
    """What is printed on a paper: its number, and letters that only this quiz gives it."""
    mark = number_of(quiz, "paper code", number)
    return f"{number:03d}-{LETTERS[mark % 24]}{LETTERS[mark // 24 % 24]}{LETTERS[mark // 576 % 24]}"


def _quiz(tx: Transaction, course_id: int, quiz_id: str) -> tuple[Quiz, tuple[Source, ...]]:
    quiz = quiz_of_course(tx, course_id, quiz_id)
    found = sources(tx, quiz)
    if not any(one.candidates for one in found):
        raise NotAllowed("This quiz has no questions yet.")
    return quiz, found


def _copies(tx: Transaction, quiz: Quiz, whose: For, count: int) -> list[_Copy]:
    if whose == "blank":
        if not 1 <= count <= MOST_PAPERS:
            raise InvalidInput(f"So many papers are printed at once: 1 to {MOST_PAPERS}.", place="count")
        return [_Copy(number) for number in range(1, count + 1)]
    people = accommodations.students(tx, quiz.course_id)
    if not people:
        raise InvalidInput("This course has no students yet.", place="whose")
    if len(people) > MOST_PAPERS:
        raise InvalidInput(f"At most {MOST_PAPERS} people get papers with their names.", place="whose")
    numbers: dict[int, int] = {}
    taken: set[int] = set()
    # By person, not by place in the list: the paper of a person stays the same when others come or go.
    for person in sorted(people, key=lambda one: one.id):
        number = number_of(quiz, "paper of", person.id) % MOST_PAPERS
        while number in taken:
            number = (number + 1) % MOST_PAPERS
        taken.add(number)
        numbers[person.id] = number + 1
    return [_Copy(numbers[person.id], person.name, person.login) for person in people]


def _drawn(quiz: Quiz, found: Sequence[Source], number: int) -> list[Drawn]:
    if quiz.same_for_all:
        return draw(quiz, found, 0, 1, {})  # on paper as on the screen
    return [
        Drawn(
            position,
            one.question,
            one.version_id,
            one.variant_hash,
            # The papers of a quiz go through the seeds of each question in an order of its own, none twice.
            (number_of(quiz, "paper seeds", one.question) + number) % FRESH_SEEDS + 1,
            source.weight_of(one),
            source.section,
        )
        for position, (source, one) in enumerate(draw_questions(quiz, found, "paper", number), 1)
    ]


def _paper(
    quiz: Quiz,
    copy: _Copy,
    drawn: Sequence[Drawn],
    shown: Mapping[tuple[str, int], tuple[Any, Any]],
    language: str,
    sections: Sequence[Section],
) -> Paper:
    questions = []
    for before, one in zip([0, *(each.section for each in drawn)], drawn, strict=False):
        stored, worked = shown[one.variant_hash, one.seed]
        rendered, spoken = asked_in(stored, language)
        solution, solved = solved_in(worked, language)
        parts = tuple(part_view(part, one.weight, {}) for part in rendered["parts"])
        counted = (part.points for part in parts if part.score == "points")
        questions.append(
            PaperQuestion(
                position=one.position,
                title=rendered["title"],
                stem=rendered["stem"],
                points=sum(counted, Fraction(0)),
                parts=parts,
                solution_stem=solution.get("stem", ""),
                solutions=solution.get("parts", {}),
                language=spoken,
                solution_language=solved,
                section=sections[one.section - 1] if one.section not in (0, before) else None,
            )
        )
    points = sum((question.points for question in questions), Fraction(0))
    return Paper(paper_code(quiz, copy.number), copy.name, copy.login, points, tuple(questions))
