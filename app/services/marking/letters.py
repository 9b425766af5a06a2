"""Letters about marks: to those who may mark when somebody asks, to students when that is answered or marks change.

`site` is our address in letters; where it is empty none can be sent, and none is written. A letter holds no mark, no
answer and no name but its reader's: it says where to look.
"""

from __future__ import annotations

from datetime import timedelta

from app.services.operating import mails
from app.services.operating.transactions import Transaction
from app.services.quizzes.releases import releases_of
from app.storage import courses, people, quizzes, regrade_items
from app.storage.tables import Quiz, Regrade

ONE_AN_HOUR = timedelta(hours=1)
"""However much is asked about a quiz, nobody of its staff is written to more often."""
LONGEST_TITLE = 150


def tell_staff(tx: Transaction, quiz: Quiz, site: str) -> None:
    """Tell those who may mark that somebody waits for another look at a mark."""
    if not site:
        return
    course = quizzes.course(tx, quiz.course_id).public_id
    link = f"{site}/courses/{course}/quizzes/{quiz.public_id}/requests"
    for row in courses.staff(tx, quiz.course_id):
        if row.email:
            says = f"somebody asks for another look at a mark of “{_title(quiz)}”. What is open stands here:"
            subject = f"Asked about marks: {_title(quiz)}"
            mails.write_notice(tx, row.email, subject, row.name, says, link, at_most_every=ONE_AN_HOUR)


def tell_student(tx: Transaction, quiz: Quiz, person_id: int, attempt: str, site: str, *, answered: bool) -> None:
    """Tell a student that their request was `answered`, or that somebody asks back."""
    row = people.person(tx, person_id)
    if not site or row is None or not row.email or row.erased_at is not None:
        return
    what = (
        "your request about a mark of “{}” has been answered"
        if answered
        else "about your request for “{}” you are asked something"
    )
    subject = f"Your request: {_title(quiz)}"
    says = f"{what.format(_title(quiz))}. Read it here:"
    mails.write_notice(tx, row.email, subject, row.name, says, f"{site}/attempts/{attempt}/requests")


def tell_of_changed_marks(tx: Transaction, quiz: Quiz, regrade: Regrade, site: str) -> None:
    """Tell the students whose marks a regrade changes, or the undoing of one, once they know the marks at all."""
    seen = releases_of(tx, quiz)
    if not site or not seen.marks.shown:
        return
    why = f"\n\nThe reason: {regrade.reason}\n\n" if seen.feedback.shown else " "
    undone = "; a change from before was taken back" if regrade.state == "undone" else ""
    for name, address, attempt in regrade_items.readers(tx, regrade.id):
        says = f"marks of yours in “{_title(quiz)}” have changed{undone}.{why}What counts now stands here, in a minute:"
        subject = f"Marks have changed: {_title(quiz)}"
        mails.write_notice(tx, address, subject, name, says, f"{site}/attempts/{attempt}/result")


def _title(quiz: Quiz) -> str:
    return " ".join(quiz.title.split())[:LONGEST_TITLE]
