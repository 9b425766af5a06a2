"""Which page of a long list is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.paging import paged


@pytest.mark.parametrize(
    ("total", "wanted", "shown"), [(0, 1, (1, 1)), (50, 1, (1, 1)), (51, 2, (2, 2)), (51, 9, (2, 2)), (51, 0, (1, 2))]
)
def test_a_page_that_is_not_there_becomes_the_nearest(total: int, wanted: int, shown: tuple[int, int]) -> None:
    assert paged(total, 50, wanted) == shown


@given(st.integers(0, 500), st.integers(1, 60), st.integers(-5, 50))
def test_the_pages_hold_everything_and_only_an_empty_list_has_an_empty_page(total: int, size: int, wanted: int) -> None:
    page, pages = paged(total, size, wanted)
    assert 1 <= page <= pages
    assert pages * size >= total
    assert (pages - 1) * size < max(total, 1)
