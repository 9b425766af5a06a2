"""From draft to published and back, and letting students see their marks, the reasons, and the solutions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import Conflict, GradusError, InvalidInput, NotAllowed
from app.services.accounts.people import Person
from app.services.operating.transactions import Transaction
from app.services.operating.webhooks import announce
from app.services.quizzes import quiz_places
from app.services.quizzes.course_quizzes import quiz_of_course, refuse_archived
from app.services.quizzes.quiz_sections import section_troubles, sections_of
from app.services.quizzes.releases import Releases, Shown, releases_of
from app.storage import questions, quizzes
from app.storage.tables import Quiz

if TYPE_CHECKING:
    from app.services.bank.trials import Runs


def examine(reading: Transaction, sandbox: Runs, course_id: int, quiz_id: str) -> None:
    """Let a draft pass whose questions all work with the software of today.

    Raises:
        NotFound: there is no such quiz in this course.
        InvalidInput: a question is broken; the sentence names it.
    """
    quiz = quiz_of_course(reading, course_id, quiz_id)
    for source in quiz_places.sources(reading, quiz):
        for candidate in source.candidates:
            package = questions.package(reading, candidate.version_id)
            try:
                problems = sandbox.run("check", {"package": package})["problems"]
            except GradusError as failure:
                problems = [{"says": str(failure)}]
            if problems:
                says = str(problems[0]["says"])
                raise InvalidInput(f"“{candidate.title}” cannot be used as it is: {says}", place="places")


def publish(tx: Transaction, course_id: int, quiz_id: str, by: Person, revision: int | None = None) -> None:
    """Open a draft to students (from its opening time on) and freeze its question versions.

    Raises:
        NotFound: there is no such quiz in this course.
        NotAllowed: it is published already, or the course is archived.
        Conflict: somebody changed it after `revision`.
        InvalidInput: what keeps it from being published, in words.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id, lock=True)
    refuse_archived(tx, course_id)
    if quiz.state != "draft":
        raise NotAllowed("This quiz is published already.")
    if revision is not None and quiz.revision != revision:
        raise Conflict("Somebody else has changed this quiz in the meantime. Look at it again before you publish it.")
    found = quiz_places.sources(tx, quiz)
    troubles = quiz_places.troubles(found)
    troubles += section_troubles(sections_of(tx, quiz.id), [one.section for one in found])
    if troubles:
        raise InvalidInput(" ".join(troubles), place="places")
    if quiz.release == "after closing" and quiz.closes_at is None:
        raise InvalidInput("Marks are to appear after closing, so the quiz needs a closing time.", place="closes_at")
    if quiz.late_days and quiz.closes_at is None:
        raise InvalidInput("Late days follow the closing time, so the quiz needs one.", place="closes_at")
    if quiz.closes_at is not None and quiz.closes_at <= tx.now():
        raise InvalidInput("The closing time has passed, so nobody could start.", place="closes_at")
    if quiz.released_at is not None and quiz.released_at <= tx.now():
        raise InvalidInput("The date on which marks are to appear has passed.", place="marks_at")
    quiz_places.freeze(tx, quiz, found)
    _enter(tx, quiz, "published")
    quiz.published_at = tx.now()
    tx.record(by.id, "published a quiz", f"quiz {quiz_id}")
    announce(tx, course_id, "quiz.published", {"quiz": quiz_id, "quiz_title": quiz.title})


def back_to_draft(tx: Transaction, course_id: int, quiz_id: str, by: Person) -> None:
    """Take a quiz away from students; its questions follow the bank again.

    Raises:
        NotFound: there is no such quiz in this course.
        NotAllowed: it is a draft already, or a student has started an attempt.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id, lock=True)
    refuse_archived(tx, course_id)
    if quiz.state == "draft":
        raise NotAllowed("This quiz is a draft already.")
    if quizzes.student_attempts(tx, [quiz.id]):
        raise NotAllowed("Students have started attempts at this quiz, so it stays published.")
    _enter(tx, quiz, "draft")
    quiz.published_at = None
    if quiz.released_at is not None and quiz.released_at <= tx.now():
        quiz.released_at = None
    tx.record(by.id, "took a quiz back to draft", f"quiz {quiz_id}")


def release(tx: Transaction, course_id: int, quiz_id: str, by: Person, what: Shown = "marks") -> Releases:
    """Let students see marks (or feedback, or solutions) from now on, whatever the rule was waiting for; what they see.

    Raises:
        NotFound: there is no such quiz in this course.
        NotAllowed: the quiz is a draft, or that is shown anyway, or it is feedback whose marks are not shown.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id, lock=True)
    if quiz.state == "draft":
        raise NotAllowed("A draft has no marks to release.")
    seen = releases_of(tx, quiz)
    if what == "marks":
        if quiz.release == "at once" or (quiz.released_at is not None and quiz.released_at <= tx.now()):
            raise NotAllowed("The marks of this quiz are shown already.")
        quiz.released_at = tx.now()
    elif seen.of(what).shown:
        raise NotAllowed("Students see this already.")
    elif what == "feedback":
        if not seen.marks.shown:
            raise NotAllowed("Comments explain marks, so release the marks first.")
        quiz.feedback_at = tx.now()
    else:
        quiz.solutions, quiz.solutions_at = "apart", tx.now()
    tx.session.flush()
    tx.record(by.id, f"released {what}", f"quiz {quiz_id}")
    if what == "marks":
        announce(tx, course_id, "results.released", {"quiz": quiz_id, "quiz_title": quiz.title})
    return releases_of(tx, quiz)


def _enter(tx: Transaction, quiz: Quiz, state: str) -> None:
    quiz.state = state
    quiz.revision += 1
    tx.session.flush()
