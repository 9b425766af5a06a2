"""The pages on which papers are prepared and printed."""

from __future__ import annotations

import re

from tests.web.building import open_desk
from tests.web.conftest import House


def test_papers_with_every_kind_of_field_and_their_key(house: House) -> None:
    desk = open_desk(house)
    address = desk.create("conv1", "loss")
    desk.publish(address)
    assert "Papers to print" in desk.get(f"{address}/papers")
    assert "0 of 6 variants are made." in desk.get(f"{address}/papers?whose=blank&count=3")
    done = desk.post(f"{address}/papers/prepare", {"whose": "blank", "count": "3"}).headers["location"]
    assert "Papers 1 to 3" in desk.get(done)
    sheets = desk.get(f"{address}/papers/sheets?whose=blank&count=3&first=1&last=3")
    codes = re.findall(r'data-paper="([^"]+)"', sheets)
    assert len(set(codes)) == 3
    for kind in ("number", "vector", "matrix", "choice", "truth", "select", "table", "text"):
        assert f'data-kind="{kind}"' in sheets
    assert "None of them" in sheets
    assert "Because of" not in sheets
    key = desk.get(f"{address}/papers/sheets?whose=blank&count=3&first=1&last=3&key=true")
    assert re.findall(r'data-paper="([^"]+)"', key) == codes
    seeds = set(re.findall(r"Because of p-number, seed (\d+)", key))
    assert len(seeds) >= 3
    assert "0" not in seeds


def test_named_papers_for_the_students_of_the_course(small_house: House) -> None:
    desk = open_desk(small_house)
    address = desk.create("conv1")
    assert "follows the bank" in desk.get(f"{address}/papers")
    done = desk.post(f"{address}/papers/prepare", {"whose": "roster"}).headers["location"]
    assert "2 papers" in desk.get(done)
    sheets = desk.get(f"{address}/papers/sheets?whose=roster")
    assert "<b>Student 0</b>" in sheets
    assert "<b>student1</b>" in sheets


def test_what_cannot_be_printed_is_said(small_house: House) -> None:
    desk = open_desk(small_house)
    address = desk.create("conv1")
    for count in ("0", "201"):
        assert "1 to 200" in desk.get(f"{address}/papers?whose=blank&count={count}", 422)
    assert "A whole number." in desk.get(f"{address}/papers?whose=blank&count=many", 422)
    assert "Prepare the papers first" in desk.get(f"{address}/papers/sheets?whose=blank&count=2", 403)
    empty = desk.create()
    assert "no questions yet" in desk.get(f"{empty}/papers?whose=blank&count=2", 422)
