"""Sets up the demo course with more students than the demo has; prints their names and the quizzes as JSON.

A process of its own (`python -m benchmarks.course NUMBER`), so that whoever measures has loaded nothing of Gradus.
"""

from __future__ import annotations

import json
import secrets
import sys
from contextlib import closing

from app.main import Parts, set_up_demo
from app.services.operating.demo import COURSE
from app.services.quizzes.quizzes import quizzes_of
from app.settings import read_settings
from app.storage.people import add_person, course_by_title, enrol


def set_up(students: int) -> dict[str, object]:
    """The demo, with that many students who share a password of this run."""
    settings = read_settings()
    _, loaded = set_up_demo(settings)
    if loaded.problems:
        raise SystemExit(f"The bank has problems: {loaded.problems[0]}")
    password = secrets.token_urlsafe(12)
    with closing(Parts(settings)) as parts, parts.transactions.writing() as tx:
        course = course_by_title(tx, COURSE)
        assert course is not None
        logins = [f"student{number}" for number in range(students)]
        # One password for all, and so one hash: thousands of them would take minutes.
        hashed = parts.doorkeeper.hash(password)
        people = [add_person(tx, login, login, hashed, False).id for login in logins]
        for person in people:
            enrol(tx, course.id, person, "student")
        quizzes = [{"id": card.id, "title": card.title} for card in quizzes_of(tx, people[0])]
    return {"password": password, "logins": logins, "quizzes": quizzes}


if __name__ == "__main__":
    print(json.dumps(set_up(int(sys.argv[1]))))
