"""Days on which work may come late are those of the calendar that hangs where the course is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.storage.tables import Attempt, Course
from tests.papers import change
from tests.services.test_deductions import card
from tests.small_bank import Stage


@pytest.mark.parametrize(("day", "hours"), [("2027-10-30", 25), ("2027-03-27", 23)], ids=["ends", "begins"])
def test_a_late_day_ends_by_the_clocks_of_the_course_also_when_summer_time_changes(
    stage: Stage, day: str, hours: int
) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    due = datetime.fromisoformat(f"{day}T23:59").replace(tzinfo=berlin).astimezone(UTC)
    with stage.transactions.writing() as tx:
        tx.session.get_one(Course, stage.course).time_zone = berlin.key
    stage.clock.pass_time(seconds=(due - timedelta(hours=1) - stage.clock()).total_seconds())
    change(stage, mode="homework", closes_at=due, late_days=1, late_percent=10)
    attempt = stage.start()
    with stage.transactions.reading() as tx:
        found = card(stage).policy
        over = tx.session.scalars(select(Attempt.deadline_at).where(Attempt.public_id == attempt)).one()
    assert found is not None
    assert (found.late_until, over) == (due + timedelta(hours=hours),) * 2
    assert f"{over.astimezone(berlin):%H:%M}" == "23:59"
