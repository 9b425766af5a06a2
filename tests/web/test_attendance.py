"""Who is there: what is written down of coming and going, whatever happens while it is being written."""

from __future__ import annotations

from app.web.attendance import GONE_AFTER, SETTLED, Attendance


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_who_speaks_again_while_their_absence_is_written_down_is_said_to_have_come_back() -> None:
    clock = Clock()
    attendance = Attendance(clock)
    attendance.heard("ada")
    attendance.written(attendance.turnout(every=True), True, clock())
    clock.now += GONE_AFTER
    began, turnout = clock(), attendance.turnout(every=True)
    assert turnout.gone == {"ada"}
    clock.now += 0.01
    attendance.heard("ada")  # the database is still at it
    attendance.written(turnout, True, began)
    assert attendance.turnout(every=False).came == {"ada"}


def test_who_says_nothing_more_is_written_down_as_gone_once() -> None:
    clock = Clock()
    attendance = Attendance(clock)
    attendance.heard("ada")
    clock.now += GONE_AFTER
    turnout = attendance.turnout(every=True)
    assert turnout.gone == {"ada"}
    attendance.written(turnout, True, clock())
    assert not attendance.turnout(every=True)
    assert "ada" not in attendance


def test_a_visit_that_settles_after_its_attempt_could_be_looked_up_is_written_down_the_next_time() -> None:
    clock = Clock()
    attendance = Attendance(clock)
    attendance.visited("ada")
    clock.now += SETTLED
    assert attendance.settled == {"ada"}
    unknown, known = (attendance.turnout(every=True).known(numbers) for numbers in ((), ("ada",)))
    attendance.written(unknown, True, clock())
    assert attendance.turnout(every=True).visits == {"ada": SETTLED}
    attendance.written(known, True, clock())
    assert not attendance


def test_a_visit_of_a_page_that_spoke_since_is_no_visit_without_scripts() -> None:
    clock = Clock()
    attendance = Attendance(clock)
    attendance.visited("ada")
    attendance.heard("ada")
    clock.now += SETTLED
    turnout = attendance.turnout(every=True)
    assert turnout.visits == {}
    attendance.written(turnout, True, clock())
    clock.now += GONE_AFTER
    gone = attendance.turnout(every=True)
    assert gone.visits == {}
    attendance.written(gone, True, clock())
    assert not attendance
