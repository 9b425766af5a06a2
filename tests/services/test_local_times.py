"""Times typed on the clock of a course: stored in UTC, and honest about the nights on which clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InvalidInput
from app.services.courses.local_times import moment_from, typed, zone_of

START = datetime(1985, 1, 1, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia")


def test_summer_and_winter_have_their_own_offsets() -> None:
    assert moment_from("2026-07-01T10:00", "Europe/Berlin", "at") == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert moment_from("2026-12-01 10:00", "Europe/Berlin", "at") == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert moment_from("  ", "Europe/Berlin", "at") is None


def test_a_time_that_clocks_skip_is_refused_with_the_time_they_show() -> None:
    with pytest.raises(InvalidInput, match="skip 02:30; they show 03:30 then") as refusal:
        moment_from("2026-03-29T02:30", "Europe/Berlin", "opens_at")
    assert refusal.value.place == "opens_at"


def test_a_time_that_clocks_show_twice_is_refused_unless_it_is_the_stored_one() -> None:
    with pytest.raises(InvalidInput, match="On 25 October 2026 the clocks of Europe/Berlin show 02:30 twice"):
        moment_from("2026-10-25T02:30", "Europe/Berlin", "at")
    second = datetime(2026, 10, 25, 1, 30, 17, tzinfo=UTC)
    assert moment_from(typed(second, "Europe/Berlin"), "Europe/Berlin", "at", second) == second


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2026-02-30T10:00",
        "10:00",
        "2026-13-01T10:00",
        "9999-01-01T00:00",
        "1900-01-01T00:00",
        "٢٠٢٦-01-01T10:00",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        moment_from(text, "Europe/Berlin", "at")


def test_an_unknown_zone_is_read_as_utc() -> None:
    assert str(zone_of("Nowhere/At_All")) == "UTC"
    assert str(zone_of("../../etc/passwd")) == "UTC"


MINUTES = st.integers(0, 50 * 365 * 24 * 60)


@given(MINUTES.map(lambda minutes: START + timedelta(minutes=minutes)), st.sampled_from(ZONES))
def test_what_is_shown_is_read_back_unless_clocks_show_it_twice(moment: datetime, zone: str) -> None:
    text = typed(moment, zone)
    others = {typed(moment + timedelta(minutes=shift), zone) for shift in (-60, -30, 30, 60)}
    if text not in others:
        assert moment_from(text, zone, "at") == moment
    assert moment_from(text, zone, "at", moment) == moment
