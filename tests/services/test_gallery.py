"""Drawings that were handed in: who may see them, what they are worth, and that they go with their person."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import pytest
from sqlalchemy import func, select

from app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from app.services.accounts import erasure
from app.services.accounts.people import Person, person_from
from app.services.accounts.personal_data import personal_data, pieces
from app.services.courses.membership import Membership
from app.services.marking import awarding, claims, desk, gallery
from app.services.marking.desk import Place
from app.services.marking.gallery import DrawingView
from app.services.marking.piles import Pile
from app.services.operating.transactions import Transaction
from app.services.sitting import submissions
from app.services.sitting.drawn_pages import Uploads
from app.storage import outcomes as stored
from app.storage import people
from app.storage.tables import Course, DrawnPage, Grading, Showing, SubmissionItem
from tests.drawn import DRAWING, DrawnSandbox
from tests.papers import grade_all
from tests.quiz_bank import instructor, standing
from tests.services.test_drawn_pages import save
from tests.services.test_left_the_course import leave
from tests.small_bank import Stage


@dataclass
class Show:
    """A course whose students draw, and its instructor."""

    stage: Stage
    ines: Membership

    def draw(self, student: int = 0, consent: str = "shown", content: bytes = b"a page") -> str:
        """The attempt in which a student handed in a drawing."""
        stage = self.stage
        attempt = stage.start(student)
        take = Uploads(stage.transactions, stage.sandbox).take
        (page,) = take(stage.students[student], attempt, 1, DRAWING, io.BytesIO(content))
        save(stage, attempt, [[page.sha256], f"Drawing {student}", consent])
        with stage.transactions.writing() as tx:
            submissions.hand_in(tx, stage.students[student], attempt, lambda: None)
        self.grade()
        return attempt

    def grade(self) -> None:
        grade_all(self.stage)

    def do(self, action: Callable[[Transaction], object]) -> None:
        with self.stage.transactions.writing() as tx:
            action(tx)

    def publish(self, attempt: str, *, shown: bool = True) -> None:
        stage = self.stage
        self.do(lambda tx: gallery.publish(tx, self.ines, stage.quiz, attempt, 1, DRAWING, shown=shown))

    def allow(self, attempt: str, consent: str, student: int = 0) -> None:
        self.do(lambda tx: gallery.allow(tx, self.stage.students[student], attempt, 1, DRAWING, consent))

    def award(self, attempt: str, points: str) -> None:
        given, quiz = {"award": points}, self.stage.quiz
        self.do(lambda tx: awarding.award(tx, self.ines, quiz, attempt, 1, DRAWING, given, lambda: None))

    @property
    def drawings(self) -> list[DrawingView]:
        with self.stage.transactions.reading() as tx:
            found = gallery.drawings(tx, self.stage.course, self.stage.quiz)
        return [view for question in found.questions for view in question.drawings]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Descriptions and names in the gallery."""
        with self.stage.transactions.reading() as tx:
            _, found = gallery.gallery(tx, self.stage.course, self.stage.quiz)
        return sorted((one.description, one.name) for one in found)


@pytest.fixture
def show(stage: Stage) -> Show:
    with stage.transactions.writing() as tx:
        person = instructor(tx, stage.course)
        return Show(replace(stage, sandbox=DrawnSandbox()), standing(tx, stage.course, person))


def test_a_drawing_is_shown_when_its_person_and_an_instructor_want_it(show: Show) -> None:
    attempt = show.draw()
    assert [(view.name, view.consent, view.published) for view in show.drawings] == [("Student 0", "shown", False)]
    assert show.shown == []
    show.publish(attempt)
    assert show.shown == [("Drawing 0", "")]
    show.publish(attempt, shown=False)
    assert show.shown == []


def test_without_consent_nothing_is_published(show: Show) -> None:
    attempt = show.draw(consent="")
    with pytest.raises(Conflict, match="has not allowed"):
        show.publish(attempt)
    assert show.shown == []


def test_names_are_hidden_unless_they_may_be_shown(show: Show) -> None:
    for student, consent in enumerate(("shown", "named")):
        show.publish(show.draw(student, consent))
    assert show.shown == [("Drawing 0", ""), ("Drawing 1", "Student 1")]


def test_consent_is_given_and_taken_back_after_handing_in(show: Show) -> None:
    attempt = show.draw(consent="")
    show.allow(attempt, "named")
    show.publish(attempt)
    assert show.shown == [("Drawing 0", "Student 0")]
    show.allow(attempt, "shown")
    assert show.shown == [("Drawing 0", "")]
    show.allow(attempt, "")
    assert show.shown == []
    assert [view.published for view in show.drawings] == [False]
    show.allow(attempt, "shown")
    assert show.shown == []  # it has to be published again
    with show.stage.transactions.reading() as tx:
        assert gallery.consents(tx, show.stage.students[0], attempt) == {(1, DRAWING): "shown"}
    with pytest.raises(InvalidInput):
        show.allow(attempt, "everywhere")
    with pytest.raises(NotFound):
        show.allow(attempt, "shown", student=1)


def test_pages_of_the_gallery_are_there_only_while_they_are_shown(show: Show) -> None:
    attempt, hidden = show.draw(content=b"one"), show.draw(1, content=b"two")
    show.publish(attempt)
    (view,) = [one for one in show.drawings if one.attempt == attempt]
    (other,) = [one for one in show.drawings if one.attempt == hidden]

    def page(handle: str, sha256: str) -> bytes:
        with show.stage.transactions.reading() as tx:
            return gallery.page_for_everybody(tx, show.stage.course, show.stage.quiz, handle, sha256)

    assert page(view.handle, view.pages[0]) == b"one"
    for handle, sha256 in ((view.handle, other.pages[0]), (other.handle, other.pages[0]), ("x", view.pages[0])):
        with pytest.raises(NotFound):
            page(handle, sha256)
    show.allow(attempt, "")
    with pytest.raises(NotFound):
        page(view.handle, view.pages[0])


def test_a_drawing_of_who_has_left_the_course_is_shown_to_nobody_until_they_are_back(show: Show) -> None:
    stays, gone = show.draw(0), show.draw(1)
    for attempt in (stays, gone):
        show.publish(attempt)
    (view,) = [one for one in show.drawings if one.attempt == gone]
    person = leave(show.stage, gone)
    assert [one.attempt for one in show.drawings] == [stays]
    assert show.shown == [("Drawing 0", "")]
    with show.stage.transactions.reading() as tx:
        with pytest.raises(NotFound):
            gallery.page_for_everybody(tx, show.stage.course, show.stage.quiz, view.handle, view.pages[0])
        # Their own page goes on asking them.
        assert gallery.consents(tx, person, gone) == {(1, DRAWING): "shown"}
    with show.stage.transactions.writing() as tx:
        people.enrol(tx, show.stage.course, person, "student")
    assert show.shown == [("Drawing 0", ""), ("Drawing 1", "")]


def test_points_are_awarded_on_top_and_can_be_changed(show: Show) -> None:
    attempt = show.draw()
    (view,) = show.drawings
    assert [(award.criterion, award.most, award.points) for award in view.awards] == [("award", 3, None)]
    for points, exact in (("2,5", Fraction(5, 2)), ("1/3", Fraction(1, 3)), ("0", Fraction(0))):
        show.award(attempt, points)
        assert show.drawings[0].awards == ()  # it is being credited
        show.grade()
        assert [award.points for award in show.drawings[0].awards] == [exact]
    with show.stage.transactions.reading() as tx:
        (item,) = [one for one in tx.session.scalars(select(SubmissionItem)) if DRAWING in one.answers_frozen]
        grading_now = tx.session.get_one(Grading, item.current_grading_id)
        assert (grading_now.state, grading_now.points, grading_now.max) == ("graded", 0, 0)
        assert len(stored.gradings(tx, [item.id])) == 4  # every decision is kept
    assert [name for name, _ in show.stage.sandbox.calls].count("grade") == 2  # one for each question, no more


@pytest.mark.parametrize("points", ["", "a", "-1", "4", "1e9", "1/0", "nan", "9" * 30])
def test_what_are_no_points_is_refused(show: Show, points: str) -> None:
    attempt = show.draw()
    with pytest.raises(InvalidInput):
        show.award(attempt, points)
    assert [award.points for award in show.drawings[0].awards] == [None]


def test_nothing_is_awarded_or_published_that_is_not_there(show: Show) -> None:
    attempt = show.draw()
    for one, position, field in ((attempt, 2, DRAWING), (attempt, 1, "qa_y"), ("nothing", 1, DRAWING)):
        with pytest.raises(NotFound), show.stage.transactions.writing() as tx:
            gallery.publish(tx, show.ines, show.stage.quiz, one, position, field, shown=True)
    given = {"something": "1"}
    with pytest.raises(NotFound), show.stage.transactions.writing() as tx:
        awarding.award(tx, show.ines, show.stage.quiz, attempt, 1, DRAWING, given, lambda: None)
    with show.stage.transactions.writing() as tx:
        tx.session.get_one(Course, show.stage.course).archived_at = tx.now()
    with pytest.raises(NotAllowed):
        show.publish(attempt)
    with pytest.raises(NotAllowed):
        show.award(attempt, "1")


def test_nobody_awards_points_for_what_somebody_else_is_marking(show: Show) -> None:
    attempt = show.draw()
    with show.stage.transactions.writing() as tx:
        ben = standing(tx, show.stage.course, instructor(tx, show.stage.course, "ben", "assistant"))
    pile = Pile(ben, show.stage.quiz, "qa", "p")
    show.do(lambda tx: desk.open_answer(tx, pile, Place(attempt, 1)))
    with pytest.raises(Conflict, match="Somebody else is marking"):
        show.award(attempt, "1")
    show.do(lambda tx: claims.let_go(tx, ben.person.id))
    show.award(attempt, "1")
    # Awarding keeps nothing from others.
    show.do(lambda tx: desk.open_answer(tx, pile, Place(attempt, 1)))
    with show.stage.transactions.reading() as tx:
        assert [one.person_id for one in claims.held_by(tx, ben.person.id, "p")] == [ben.person.id]


def test_an_open_attempt_shows_nothing_yet(show: Show) -> None:
    attempt = show.stage.start()
    assert show.drawings == []
    with pytest.raises(NotFound):
        show.allow(attempt, "shown")
    with show.stage.transactions.reading() as tx:
        assert gallery.gallery_of(tx, show.stage.students[0], attempt) is None
        asked = gallery.asks(tx, show.stage.course, show.stage.quiz)
    assert (asked.drawings, asked.opinions) == (True, True)


def boss(show: Show) -> Person:
    with show.stage.transactions.writing() as tx:
        return person_from(people.add_person(tx, "boss", "Boss", None, True))


def test_with_a_person_their_drawings_go(show: Show) -> None:
    attempt, other = show.draw(consent="named"), show.draw(1, "named")
    show.publish(attempt)
    show.publish(other)
    by = boss(show)
    with show.stage.transactions.writing() as tx:
        erasure.erase(tx, show.stage.students[0], by)
    assert show.shown == [("Drawing 1", "Student 1")]
    with show.stage.transactions.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(DrawnPage)) == 1
        assert tx.session.scalar(select(func.count()).select_from(Showing)) == 1
    (gone,) = [view for view in show.drawings if view.attempt == attempt]
    assert gone.pages == ()  # the answer is there with the marks, its pages are not


def test_a_person_gets_their_pages_with_their_data(show: Show) -> None:
    attempt = show.draw()
    show.draw(1, content=b"of somebody else")
    (view,) = [one for one in show.drawings if one.attempt == attempt]
    with show.stage.transactions.reading() as tx:
        data = b"".join(pieces(personal_data(tx, show.stage.students[0], unreleased=False)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        pictures = {name: archive.read(name) for name in archive.namelist() if name.endswith(".png")}
    assert pictures == {f"attempts/0001-{attempt}-{view.pages[0]}.png": b"a page"}
