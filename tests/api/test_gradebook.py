"""The gradebook for programs: the same totals as on the page, exact, page by page."""

from __future__ import annotations

from fractions import Fraction

from sqlalchemy import select, update

from app.storage import people
from app.storage.tables import Adjustment, Quiz
from tests.api.conftest import Programs
from tests.api.test_sitting import NUMBER, build, graded, start


def test_staff_get_every_total_with_what_it_is_made_of(programs: Programs) -> None:
    quiz = build(programs)
    attempt = start(programs, quiz)
    programs.ask("student0", "PUT", f"attempts/{attempt['id']}/answers", {"answers": [NUMBER]})
    programs.ask("student0", "POST", f"attempts/{attempt['id']}/hand-in")
    graded(programs, "student0", attempt["id"])
    (untaken, _) = programs.get("tom", "gradebook?limit=1")["items"][0]["marks"]
    assert (untaken["state"], untaken["fate"]) == ("not closed", "to come")
    with programs.house.transactions.writing() as tx:
        tx.session.execute(update(Quiz).values(closes_at=tx.now()))
    found = programs.get("tom", "gradebook?limit=1")
    assert (found["revision"], found["groups"]) == (0, [{"id": "g1", "name": "", "weight": "1", "drop": 0}])
    assert [one["quiz"] for one in found["quizzes"]] == [programs.quiz, quiz]
    (row,) = found["items"]
    assert (row["login"], row["complete"], row["grade"]) == ("student0", True, [])
    untaken, mark = row["marks"]
    assert (untaken["state"], untaken["fate"], untaken["points"], untaken["adds"]) == ("not taken", "counts", None, "0")
    assert (mark["state"], mark["points"], mark["weight"], mark["waiting"]) == ("waits for a person", "6", "1/2", 1)
    assert row["total"] == mark["adds"]
    (other,) = programs.get("tom", f"gradebook?limit=1&cursor={found['next']}")["items"]
    assert (other["login"], other["total"]) == ("student1", "0")


def test_an_adjusted_mark_comes_with_the_result_and_its_reasons(programs: Programs) -> None:
    quiz = build(programs)
    attempt = start(programs, quiz)
    programs.ask("student0", "PUT", f"attempts/{attempt['id']}/answers", {"answers": [NUMBER]})
    programs.ask("student0", "POST", f"attempts/{attempt['id']}/hand-in")
    graded(programs, "student0", attempt["id"])
    assert programs.get("student0", f"attempts/{attempt['id']}/result")["adjusted_mark"] is None
    with programs.house.transactions.writing() as tx:
        row = tx.session.scalars(select(Quiz).where(Quiz.public_id == quiz)).one()
        person, by = (people.person_by_login(tx, login) for login in ("student0", "ines"))
        assert person is not None
        assert by is not None
        given = {"course_id": row.course_id, "quiz_id": row.id, "person_id": person.id, "by_id": by.id}
        more = {"points": Fraction(-100), "points_real": -100.0, "reason": "Copied", "created_at": tx.now()}
        tx.session.add(Adjustment(**given, **more))
    found = programs.get("student0", f"attempts/{attempt['id']}/result")
    mark = found["adjusted_mark"]
    assert (found["points"], mark["points"], mark["upto"], mark["excused"]) == ("6", "0", "0", False)
    assert [(one["points"], one["reason"]) for one in mark["reasons"]] == [("-100", "Copied")]


def test_students_and_narrow_tokens_do_not_get_it(small_programs: Programs) -> None:
    assert small_programs.ask("student0", "GET", "gradebook").status_code == 403
    narrow = small_programs.token("ines", ("quizzes:read",))
    assert small_programs.ask_with(narrow, "GET", "gradebook").status_code == 403
    assert small_programs.ask("otto", "GET", "gradebook").status_code == 404
