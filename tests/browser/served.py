"""A Gradus of its own for the browser tests: three real questions, the real sandbox, a free port on this machine."""

from __future__ import annotations

import json
import shutil
import socket
import sys
from pathlib import Path

QUESTIONS = ("tum-03", "tum-05", "tum-10b", "tum-01a", "tum-07")
LOGIN = "student{}"
PASSWORD = "a password for tests"
STUDENTS = 60
INSTRUCTOR = "instructor{}"
INSTRUCTORS = 120
ADMINISTRATOR = "administrator"


def main(folder: Path) -> None:
    """Fill the folder, say on one line where the server listens, and serve until killed."""
    import uvicorn

    from app.main import Parts, create_app
    from app.services.accounts import passwords
    from app.services.accounts.people import NewPerson, add_person, person_from
    from app.services.bank.bank import load_bank
    from app.services.courses import invitations
    from app.services.courses.membership import membership as membership_of
    from app.services.quizzes.quizzes import NewQuiz, NewQuizItem, create_course, create_quiz
    from app.services.sitting import attempts, submissions
    from app.settings import read_settings
    from app.storage import people
    from tests.browser import (
        desked,
        drawn,
        every_kind,
        formulated,
        graphed,
        guarded,
        ordered,
        pictured,
        practised,
        regrading,
        sketched,
        worded,
    )

    bank = folder / "bank"
    # Questions of our own, so that a change of the bank is not felt in every journey.
    shutil.copytree(Path(__file__).parent / "questions", bank / "tum-ws2021")
    for question in (*drawn.QUESTIONS, graphed.PRINTED):
        (found,) = read_settings().bank_path.glob(f"*/{question}")
        shutil.copytree(found, bank / found.parent.name / question)
    pictured.write_question(bank)
    formulated.write_question(bank)
    graphed.write_question(bank)
    ordered.write_question(bank)
    sketched.write_question(bank)
    worded.write_question(bank)
    regrading.write_question(bank)
    every_kind.write_question(bank)
    practised.write_question(bank)
    settings = read_settings(var_path=folder / "var", bank_path=bank, grading_workers=1)
    parts = Parts(settings)
    with parts.transactions.reading() as reading, parts.transactions.writing() as writing:
        report = load_bank(reading, writing, parts.sandbox, bank)
    if report.problems:
        sys.exit("; ".join(map(str, report.problems)))
    with parts.transactions.writing() as tx:
        course = create_course(tx, "Deep Learning")
        # One hash for all of them: hashing is slow on purpose.
        first = add_person(tx, parts.doorkeeper, NewPerson(LOGIN.format(0), "Student 0", PASSWORD))
        hashed = people.person_by_login(tx, first.login)
        people.enrol(tx, course, first.id, "student")
        for number in range(1, STUDENTS):
            row = people.add_person(
                tx, LOGIN.format(number), f"Student {number}", hashed and hashed.password_hash, False
            )
            people.enrol(tx, course, row.id, "student")
        for number in range(INSTRUCTORS):
            row = people.add_person(
                tx, INSTRUCTOR.format(number), f"Instructor {number}", hashed and hashed.password_hash, False
            )
            people.enrol(tx, course, row.id, "instructor")
        items = tuple(NewQuizItem(question) for question in QUESTIONS)
        quiz = create_quiz(tx, NewQuiz(course, "Winter exam", items, description="On paper.", seeds="printed_first"))
        row = people.add_person(tx, ADMINISTRATOR, "Administrator", hashed and hashed.password_hash, True)
        found_course = people.course_by_title(tx, "Deep Learning")
        assert found_course is not None
        membership = membership_of(tx, person_from(row), found_course.public_id, "instructor")
        invitation = invitations.invite(tx, parts.secret, membership, role="student", days=1, uses=None)
        reset = passwords.link_by_administrator(tx, membership.person, first.id)
        picture_course = create_course(tx, "Pictures")
        row = people.add_person(tx, pictured.STUDENT, "Pia Picture", hashed and hashed.password_hash, False)
        people.enrol(tx, picture_course, row.id, "student")
        picture_quiz = create_quiz(tx, NewQuiz(picture_course, "With a picture", (NewQuizItem(pictured.QUESTION),)))
        formula_course = create_course(tx, "Formulas")
        for number in range(formulated.STUDENTS):
            login = formulated.STUDENT.format(number)
            row = people.add_person(tx, login, f"Frida {number}", hashed and hashed.password_hash, False)
            people.enrol(tx, formula_course, row.id, "student")
        formula_quiz = create_quiz(tx, NewQuiz(formula_course, "Formulas", (NewQuizItem(formulated.QUESTION),)))
        graph_course = create_course(tx, "Graphs")
        for login in graphed.STUDENTS:
            row = people.add_person(tx, login, login.title(), hashed and hashed.password_hash, False)
            people.enrol(tx, graph_course, row.id, "student")
        create_quiz(tx, NewQuiz(graph_course, "With a graph", (NewQuizItem(graphed.QUESTION),)))
        printed_course = create_course(tx, "A printed graph")
        row = people.add_person(tx, graphed.VALUER, "Gitta", hashed and hashed.password_hash, False)
        people.enrol(tx, printed_course, row.id, "student")
        printed_items = (NewQuizItem(graphed.PRINTED),)
        create_quiz(tx, NewQuiz(printed_course, "Drawn and valued", printed_items, seeds="printed_first"))
        drawn_course = create_course(tx, drawn.COURSE)
        for login, role in ((drawn.INSTRUCTOR, "instructor"), *((login, "student") for login in drawn.STUDENTS)):
            row = people.add_person(tx, login, login.title(), hashed and hashed.password_hash, False)
            people.enrol(tx, drawn_course, row.id, role)
        create_quiz(tx, NewQuiz(drawn_course, drawn.QUIZ, tuple(NewQuizItem(one) for one in drawn.QUESTIONS)))
        proof_course = create_course(tx, "Proofs")
        for login in ordered.STUDENTS:
            row = people.add_person(tx, login, login.title(), hashed and hashed.password_hash, False)
            people.enrol(tx, proof_course, row.id, "student")
        create_quiz(tx, NewQuiz(proof_course, "With a proof", (NewQuizItem(ordered.QUESTION),)))
        sketch_course = create_course(tx, "Sketches")
        for login in sketched.STUDENTS:
            row = people.add_person(tx, login, login.title(), hashed and hashed.password_hash, False)
            people.enrol(tx, sketch_course, row.id, "student")
        create_quiz(tx, NewQuiz(sketch_course, "With sketches", (NewQuizItem(sketched.QUESTION),)))
        kinds_course = create_course(tx, every_kind.COURSE)
        for login in every_kind.STUDENTS:
            row = people.add_person(tx, login, login.title(), hashed and hashed.password_hash, False)
            people.enrol(tx, kinds_course, row.id, "student")
        kinds_items = tuple(NewQuizItem(one) for one in every_kind.QUIZ)
        kinds_quiz = create_quiz(tx, NewQuiz(kinds_course, "Every kind", kinds_items, seeds="printed_first"))
        text_course = create_course(tx, "Texts")
        for login in worded.STUDENTS:
            row = people.add_person(tx, login, login.title(), hashed and hashed.password_hash, False)
            people.enrol(tx, text_course, row.id, "student")
        create_quiz(tx, NewQuiz(text_course, "With a text", (NewQuizItem(worded.QUESTION),)))
        course_of_pictures = people.course_by_title(tx, "Pictures")
        assert course_of_pictures is not None
        pictures = f"/courses/{course_of_pictures.public_id}/quizzes/{picture_quiz}"
    # Somebody has sat the exam already, somebody is in the middle of it.
    sat: dict[str, str] = {}
    for number, name in ((STUDENTS - 1, "handed_in"), (STUDENTS - 2, "running")):
        with parts.transactions.reading() as reading, parts.transactions.writing() as writing:
            person = people.person_by_login(reading, LOGIN.format(number))
            assert person is not None
            sat[name] = attempts.start(reading, writing, parts.sandbox, person.id, quiz)
            if name == "handed_in":
                submissions.hand_in(writing, person.id, sat[name], lambda: None)
    sat |= desked.set_up(parts, hashed and hashed.password_hash)
    sat |= guarded.set_up(parts, hashed and hashed.password_hash)
    sat |= practised.set_up(parts, hashed and hashed.password_hash)
    sat |= regrading.set_up(parts, hashed and hashed.password_hash, bank)
    with parts.transactions.reading() as reading, parts.transactions.writing() as writing:
        person = people.person_by_login(reading, formulated.STUDENT.format(0))
        assert person is not None
        sat["formulas"] = attempts.start(reading, writing, parts.sandbox, person.id, formula_quiz)
        person = people.person_by_login(reading, every_kind.STUDENTS[0])
        assert person is not None
        sat["kinds"] = attempts.start(reading, writing, parts.sandbox, person.id, kinds_quiz)
    parts.close()
    listener = socket.create_server(("127.0.0.1", 0))
    told = {
        "port": listener.getsockname()[1],
        "database": settings.database_url,
        "course": membership.course,
        "quiz": quiz,
        "invitation": invitation.token,
        "reset": reset.path,
        "pictures": pictures,
        **sat,
    }
    print(json.dumps(told), flush=True)
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="warning"))
    server.run(sockets=[listener])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
