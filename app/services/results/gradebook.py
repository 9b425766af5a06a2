"""The gradebook of a course: its rules, everybody's total with how it came, and what still stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.domain.gradebooks import Grade, Line, QuizRule, Rules, grade
from app.domain.letter_grades import letter_of
from app.services.courses.membership import Membership
from app.services.operating.differences import differences
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import refuse_archived
from app.services.quizzes.releases import release_states
from app.services.results.gradebook_marks import Cell, Marks, State, marks
from app.storage import gradebooks as stored
from app.storage import quizzes
from app.storage.tables import Adjustment

__all__ = [
    "Cell",
    "Column",
    "Gradebook",
    "Row",
    "State",
    "change_rules",
    "gradebook",
    "own_gradebook",
    "rules_of_course",
    "student_gradebook",
]

UNFINISHED: tuple[State, ...] = ("not taken", "open", "being graded", "waits for a person")
NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Column:
    """A quiz in the gradebook. `states` counts students, `answers` what waits for a person, `requests` what is open."""

    id: str
    title: str
    max: Fraction
    group: str
    rule: QuizRule
    released: bool
    states: dict[State, int]
    answers: int
    requests: int


@dataclass(frozen=True, slots=True)
class Row:
    """A student: cells and lines in the order of the quizzes, the total, and the grade that it earns.

    `letters`: the grade of what is sure, and of what is possible where that is another one; none without a scheme.
    """

    person_id: int
    login: str
    name: str
    cells: tuple[Cell, ...]
    lines: tuple[Line, ...]
    grade: Grade
    letters: tuple[str, ...]

    @property
    def missing(self) -> int:
        """How many quizzes that are over were not taken, and count."""
        return sum(self._wanted(cell, line) and cell.state == "not taken" for cell, line in self._pairs())

    @property
    def waiting(self) -> int:
        """How many answers wait for a person."""
        return sum(cell.waiting for cell in self.cells)

    @property
    def requests(self) -> int:
        """How many requests are open."""
        return sum(cell.requests for cell in self.cells)

    @property
    def unfinished(self) -> bool:
        """Whether something that counts is being written or graded."""
        return any(cell.state in ("open", "being graded") for cell in self.cells)

    def _pairs(self) -> Sequence[tuple[Cell, Line]]:
        return list(zip(self.cells, self.lines, strict=True))

    @staticmethod
    def _wanted(cell: Cell, line: Line) -> bool:
        return cell.points is None and line.fate in ("counts", "dropped")


@dataclass(frozen=True, slots=True)
class Gradebook:
    """Everybody's marks and totals by the rules of that revision (0: nobody has changed them yet)."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    rules: Rules
    revision: int

    def count(self, state: State) -> int:
        """How many cells are in that state."""
        return sum(column.states.get(state, 0) for column in self.columns)

    @property
    def totals(self) -> tuple[Fraction, ...]:
        """Every total there is, as far as it is sure."""
        return tuple(row.grade.low for row in self.rows if row.grade.low is not None)


@dataclass(frozen=True, slots=True)
class QuizName:
    """A quiz of the course, drafts included, for the form of the rules."""

    id: str
    title: str
    draft: bool
    rule: QuizRule


def rules_of_course(tx: Transaction, course_id: int) -> tuple[Rules, int]:
    """The rules of a course and their revision; those that hold when nobody has said anything are revision 0."""
    found = stored.rules(tx, course_id)
    return (Rules(), 0) if found is None else (Rules.model_validate(found.rules), found.revision)


def quiz_names(tx: Transaction, course_id: int, rules: Rules) -> tuple[QuizName, ...]:
    """Every quiz of a course with its rule."""
    return tuple(
        QuizName(quiz.public_id, quiz.title, quiz.state == "draft", rules.of(quiz.public_id))
        for quiz in quizzes.of_course(tx, course_id)
        if quiz.mode != "practice"
    )


def change_rules(tx: Transaction, membership: Membership, rules: Rules, revision: int) -> None:
    """Give a course other rules, in place of those of that revision.

    Raises:
        NotAllowed: the course is archived.
        InvalidInput: no group weighs anything, or a rule is about a quiz of another course.
        Conflict: somebody else has changed them in the meantime.
    """
    refuse_archived(tx, membership.course_id)
    if not any(group.weight for group in rules.groups):
        raise InvalidInput("At least one group weighs something.", place="groups[0].weight")
    known = {quiz.public_id for quiz in quizzes.of_course(tx, membership.course_id)}
    gone = set(rules.quizzes) - known
    if gone - set(rules_of_course(tx, membership.course_id)[0].quizzes):
        raise InvalidInput("One of these quizzes is not in this course.", place="quizzes")
    if gone:  # deleted since
        kept = {quiz: rule for quiz, rule in rules.quizzes.items() if quiz in known}
        rules = rules.model_copy(update={"quizzes": kept})
    before = rules_of_course(tx, membership.course_id)[0]
    if not stored.keep_rules(tx, membership.course_id, rules.model_dump(mode="json"), revision):
        raise Conflict("Somebody else has changed these rules in the meantime. Nothing of yours has been stored.")
    titles = {quiz.public_id: quiz.title for quiz in quizzes.of_course(tx, membership.course_id)}
    changed = differences(_by_name(before, titles), _by_name(rules, titles))
    about = f"course {membership.course}"
    tx.record(membership.person.id, "changed the gradebook", about, revision=revision + 1, **changed)


def _by_name(rules: Rules, titles: Mapping[str, str]) -> dict[str, Any]:
    """Rules as people read about them, with the names of groups and quizzes."""
    plain = rules.model_dump(mode="json")
    groups = {
        one["name"] or one["id"].replace("g", "group "): {"weight": one["weight"], "drop": one["drop"]}
        for one in plain["groups"]
    }
    named = {title: rules.of(quiz).model_dump(mode="json") for quiz, title in titles.items()}
    return plain | {"groups": groups, "quizzes": named}


def copy_rules(tx: Transaction, source_id: int, course_id: int, quizzes: Mapping[str, str]) -> None:
    """Give a new course the rules of another; `quizzes`: its own quiz for each of the other's, by public ids.

    Whether students see letters is decided anew.
    """
    if stored.rules(tx, source_id) is None:
        return
    rules, _ = rules_of_course(tx, source_id)
    mine = {quizzes[quiz]: rule for quiz, rule in rules.quizzes.items() if quiz in quizzes}
    copied = rules.model_copy(update={"quizzes": mine, "letters_shown": False})
    stored.keep_rules(tx, course_id, copied.model_dump(mode="json"), 0)


def gradebook(
    tx: Transaction, course_id: int, rules: Rules | None = None, held: frozenset[str] = frozenset()
) -> Gradebook:
    """The whole gradebook of a course, for its staff; by other rules than the stored ones when given.

    Of attempts that are `held` back from whoever looks nothing is told.
    """
    own, revision = rules_of_course(tx, course_id)
    used = rules if rules is not None else own
    students = stored.students(tx, course_id)
    adjusted = [row[0] for row in stored.adjustments(tx, course_id, withdrawn=False)]
    found = marks(tx, course_id, [one[0] for one in students], adjusted, held=held)
    rows = tuple(_row(one, found, used, adjusted) for one in students)
    return Gradebook(_columns(tx, found, used), rows, used, revision)


def student_gradebook(tx: Transaction, course_id: int, person_id: int, held: frozenset[str] = frozenset()) -> Gradebook:
    """One student's row, for the staff of the course; without attempts that are `held` back from whoever looks.

    Raises:
        NotFound: there is no such student in this course.
    """
    return _of_one(tx, course_id, person_id, held=held)


def own_gradebook(tx: Transaction, membership: Membership) -> Gradebook:
    """A student's own row: marks that are not released stay out of the total, as if they were still to come.

    Raises:
        NotFound: this person is no student of the course.
    """
    rows = [quiz for quiz in quizzes.of_course(tx, membership.course_id) if quiz.state == "published"]
    released = release_states(tx, rows)
    hidden = frozenset(quiz.id for quiz in rows if not released[quiz.id].shown)
    return _of_one(tx, membership.course_id, membership.person.id, hidden=hidden)


def _of_one(
    tx: Transaction,
    course_id: int,
    person_id: int,
    *,
    hidden: frozenset[int] = frozenset(),
    held: frozenset[str] = frozenset(),
) -> Gradebook:
    students = stored.students(tx, course_id, person_id)
    if not students:
        raise NotFound("There is no such student in this course.")
    rules, revision = rules_of_course(tx, course_id)
    adjusted = [row[0] for row in stored.adjustments(tx, course_id, person_id, withdrawn=False)]
    found = marks(tx, course_id, [person_id], adjusted, person_id, hidden, held)
    return Gradebook(_columns(tx, found, rules), (_row(students[0], found, rules, adjusted),), rules, revision)


def _row(student: tuple[int, str, str], found: Marks, rules: Rules, adjusted: Sequence[Adjustment]) -> Row:
    person, login, name = student
    cells = found.cells[person]
    marked = [cell.mark(quiz.public_id) for quiz, cell in zip(found.quizzes, cells, strict=True)]
    of_course = [one.points for one in adjusted if one.person_id == person and one.quiz_id is None]
    total = grade(rules, marked, sum(of_course, NOTHING) / 100)
    by_quiz = {line.quiz: line for line in total.lines}
    lines = tuple(by_quiz[quiz.public_id] for quiz in found.quizzes)
    letters: tuple[str, ...] = ()
    if rules.letters is not None and total.low is not None and total.high is not None:
        letters = tuple(dict.fromkeys(letter_of(rules.letters, one) for one in (total.low, total.high)))
    return Row(person, login, name, cells, lines, total, letters)


def _columns(tx: Transaction, found: Marks, rules: Rules) -> tuple[Column, ...]:
    released = release_states(tx, found.quizzes)
    names = {group.id: group.name for group in rules.groups}
    columns = []
    for index, quiz in enumerate(found.quizzes):
        cells = [row[index] for row in found.cells.values()]
        states: dict[State, int] = {}
        for cell in cells:
            states[cell.state] = states.get(cell.state, 0) + 1
        rule = rules.of(quiz.public_id)
        columns.append(
            Column(
                id=quiz.public_id,
                title=quiz.title,
                max=found.worth[quiz.id],
                group=names[rule.group],
                rule=rule,
                released=released[quiz.id].shown,
                states=states,
                answers=sum(cell.waiting for cell in cells),
                requests=sum(cell.requests for cell in cells),
            )
        )
    return tuple(columns)
