"""Pydantic's complaints become sentences for authors."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from app.domain.validation import problems_of


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = ""
    count: Annotated[int, Field(ge=1, lt=5)] = 1
    list: tuple[int, ...] = ()
    url: Annotated[bytes, Field(max_length=2)] = b""

    @field_validator("name")
    @classmethod
    def _not_empty(cls, name: str) -> str:
        if name == "x":
            raise ValueError("Not x (of all names)")
        return name


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"name": 5}, "name: A text belongs here."),
        ({"count": "1"}, "count: A whole number belongs here."),
        ({"count": 0}, "count: This is at least 1."),
        ({"count": 9}, "count: This is less than 5."),
        ({"other": 1}, "other: There is no such property."),
        ({"name": "x"}, "name: Not x (of all names)"),
        ({"url": b"abc"}, "url: Data should have at most 2 bytes."),
    ],
)
def test_a_complaint_is_one_sentence(data: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Model.model_validate(data)
    assert [str(problem) for problem in problems_of(caught.value)] == [says]
    assert [str(problem) for problem in problems_of(caught.value, "parts.0")] == [f"parts.0.{says}"]


def test_what_is_no_map_at_all_has_the_path_of_the_whole() -> None:
    with pytest.raises(ValidationError) as caught:
        Model.model_validate(5)
    assert [str(problem) for problem in problems_of(caught.value)] == ["A map (`name: value`) belongs here."]
    assert [str(problem) for problem in problems_of(caught.value, "x")] == ["x: A map (`name: value`) belongs here."]


class Several(BaseModel):
    rows: Annotated[tuple[Model, ...], Field(min_length=1)]


@pytest.mark.parametrize(
    ("rows", "says"),
    [([], ["rows: At least 1 belongs here."]), ([{"name": 5}], ["rows.0.name: A text belongs here."])],
)
def test_a_list_whose_only_entry_is_wrong_is_not_called_empty(rows: list[object], says: list[str]) -> None:
    with pytest.raises(ValidationError) as found:
        Several.model_validate({"rows": rows})
    assert [str(problem) for problem in problems_of(found.value)] == says
