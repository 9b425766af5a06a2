"""Who is there: what is written down of coming and going, whatever happens while it is being written."""

from __future__ import annotations

from app.web.attendance import GONE_AFTER, Attendance


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
