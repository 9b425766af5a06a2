"""A database that an older release filled is brought up to date, and everything in it goes on counting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, func, select, text

from app.services.marking import replay
from app.services.operating.transactions import Transactions
from app.storage.engine import Database, open_database
from app.storage.schema import upgrade
from tests.databases import ENGINES
from tests.marked import Marking, set_up

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
# What the first release had, each table after those that it refers to.
FIRST = (
    *("people", "courses", "question_versions", "variants", "enrolments", "quizzes", "quiz_items"),
    *("attempts", "attempt_items", "submissions", "submission_items", "observations", "gradings", "judgements"),
)


def filled_by_the_first_release(filled: Database, empty: Database) -> None:
    """Fill a database as its first release would have: today's rows, without the columns that came later."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with empty.writing.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    now, then = MetaData(), MetaData()
    now.reflect(filled.reading)
    then.reflect(empty.writing)
    with filled.reading.connect() as source, empty.writing.begin() as target:
        for name in FIRST:
            columns = [now.tables[name].c[column.name] for column in then.tables[name].columns]
            for row in source.execute(select(*columns)).mappings():
                held_back = {"current_grading_id": None} if name == "submission_items" else {}
                target.execute(then.tables[name].insert().values({**row, **held_back}))
        counting = now.tables["submission_items"]
        for number, grading in source.execute(select(counting.c.id, counting.c.current_grading_id)).all():
            target.execute(counting.update().where(counting.c.id == number).values(current_grading_id=grading))
        if not empty.is_sqlite:
            for name in FIRST:
                if "id" in then.tables[name].columns:
                    last = select(func.max(then.tables[name].c.id)).scalar_subquery()
                    target.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), last)))


@pytest.fixture(params=ENGINES)
def marking(request: pytest.FixtureRequest, new_database: Callable[[str, bool], str]) -> Iterator[Marking]:
    """Three answers, one of which waits for a person and one of which a person has decided about."""
    opened = (open_database(new_database(request.param, migrated)) for migrated in (True, False))
    with closing(next(opened)) as database, closing(next(opened)) as old:
        marking = set_up(database)
        places = marking.hand_in("cause and effect", "odd", "oddly maybe")
        marking.decide(marking.open(places[1]), {"cause": "1"})
        marking.grade()
        worth = [marking.points(place) for place in places]
        filled_by_the_first_release(database, old)
        upgrade(old, MIGRATIONS)
        after = replace(marking, transactions=Transactions(old, marking.clock))
        assert [after.points(place) for place in places] == worth
        yield after


def test_marks_and_decisions_of_the_first_release_are_found_by_a_replay(marking: Marking) -> None:
    report = replay.replay(marking.transactions, marking.sandbox)
    assert (report.same, report.different) == (3, [])


def test_of_how_many_points_people_decided_is_found_out(marking: Marking) -> None:
    (decided,) = marking.judgements()
    assert (decided.criterion, decided.verdict, decided.worth) == ("cause", 1, 1)


def test_what_waited_is_marked_and_new_attempts_begin_after_the_upgrade(marking: Marking) -> None:
    waiting = marking.next()
    assert waiting is not None
    marking.decide(marking.open(waiting), {"cause": "1/2"})
    marking.grade()
    assert marking.next() is None
    (place,) = marking.hand_in("cause and effect")
    assert marking.points(place) == (3, 3)


def test_quizzes_of_the_first_release_are_open_as_they_were(marking: Marking) -> None:
    with marking.transactions.reading() as tx:
        published = tx.session.execute(text("SELECT published_at = created_at FROM quizzes")).scalars().all()
    assert published == [True]
