"""A quiz with a door: a code and an honour statement are asked for, and one goes forward only, in two sections."""

from __future__ import annotations

from app.main import Parts
from app.services.accounts.people import person_from
from app.services.quizzes import quiz_building
from app.services.quizzes.quiz_building import NewPlace, QuizRules, Section
from app.services.quizzes.quizzes import create_course
from app.services.sitting import attempts
from app.storage import people

COURSE = "Doors"
STUDENTS = ("dagny", "dagmar")
CODE = "Blue whale"
HONOUR = "I work on my own, and use nothing but what is allowed."
RULES = QuizRules(
    "Behind a door",
    description="Forward only.",
    minutes=90,
    seeds="printed_first",
    navigation="forward",
    access_code=CODE,
    honour=HONOUR,
)
SECTIONS = (Section("Warm-up", "Two short questions."), Section("Data"))
PLACES = (
    NewPlace(question="tum-10b", section=1),
    NewPlace(question="tum-05", section=1),
    NewPlace(question="tum-03", section=2),
)


def set_up(parts: Parts, hashed: str | None) -> dict[str, str]:
    """The quiz, its two students, and the attempt that the second of them is in the middle of."""
    with parts.transactions.writing() as tx:
        course = create_course(tx, COURSE)
        for login in STUDENTS:
            people.enrol(tx, course, people.add_person(tx, login, login.title(), hashed, False).id, "student")
        teacher = people.add_person(tx, "warden", "Warden", hashed, False)
        people.enrol(tx, course, teacher.id, "instructor")
        by = person_from(teacher)
        quiz = quiz_building.create(tx, course, by, RULES, PLACES, SECTIONS)
        quiz_building.publish(tx, course, quiz, by)
    with parts.transactions.reading() as reading, parts.transactions.writing() as writing:
        person = people.person_by_login(reading, STUDENTS[1])
        assert person is not None
        return {"door": quiz, "forward": attempts.start(reading, writing, parts.sandbox, person.id, quiz, None)}
