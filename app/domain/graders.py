"""The whole protocol of a grader plugin. One grader judges one kind of answer; it is pure.

widget   what to ask for
check    is a readable answer usable at all? (Invalid is not wrong: it costs nothing)
observe  named facts about a usable answer, in one world: the options arrive evaluated there
facts    the names of these facts, so that `when` is checked when a question is loaded
key      a right answer; wrong: typical wrong answers of this kind, for tests
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Protocol, TypeAlias, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from app.domain.answers import Invalid, Raw, Read
from app.domain.symbols import Symbol
from app.domain.texts import Text
from app.domain.values import Value
from app.domain.widgets import Widget

FactType: TypeAlias = Literal["truth", "value", "list"]
Facts: TypeAlias = dict[str, Value]


class IsExpression:
    """Marks a property that an author writes as an expression; the grader meets its value."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(core) | {"format": "expression"}


class IsPool:
    """Marks a property that names a pool; the grader meets its statements."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(core) | {"format": "pool"}


class IsSymbols:
    """Marks a property that holds the declared symbols of the question; no author sets it."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"format": "symbols", "readOnly": True}


class IsNames:
    """Marks a property that names cells (`[s, lam]`, or `{f: f_of_a}` under other names); the grader meets values."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"format": "names", "type": "array", "items": {"type": "string"}}


class IsPrompt:
    """Marks a property that holds the words of the question as a student reads them; no author sets it."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(core) | {"format": "prompt", "readOnly": True}


Cell: TypeAlias = Annotated[Any, IsExpression()]
PoolName: TypeAlias = Annotated[Any, IsPool()]
Symbols: TypeAlias = Annotated[Mapping[str, Symbol], IsSymbols()]
Names: TypeAlias = Annotated[Any, IsNames()]
Prompt: TypeAlias = Annotated[str, IsPrompt()]


class Options(BaseModel):
    """The options of a field. `answer` is the reference, `key` a sample answer where many are right."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    answer: Cell = Field(None, description="The right answer, where there is exactly one.")
    key: Cell = Field(None, description="A sample of a right answer, where many are right.")

    @classmethod
    def expressions(cls, raw: Mapping[str, Any]) -> frozenset[str]:
        """The properties that are expressions, given what the author wrote."""
        return frozenset(
            name
            for name, info in cls.model_fields.items()
            if any(isinstance(mark, IsExpression) for mark in info.metadata)
        )

    @property
    def reference(self) -> Value:
        """The reference, or the sample answer where there is no single reference."""
        value: Value = self.answer if self.answer is not None else self.key
        return value


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement of a pool in one world: its truth there, its text and its justification."""

    id: str
    text: Text
    truth: bool
    why: Text = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A readable answer: the trees as typed (`read.cells`) and what they evaluate to, cell by cell."""

    read: Read
    value: Value


@runtime_checkable
class Judging(Protocol):
    """A grader that finds out whether an answer is right with less work than for all its facts."""

    def right(self, options: Any, answer: Answer) -> Value:
        """The fact `right` alone, the same as that of `observe`."""
        ...


@runtime_checkable
class Naming(Protocol):
    """A grader whose answers choose among statements, which authors' programs may name by their ids."""

    def numbered(self, options: Any, raw: object) -> object:
        """The raw answer with the numbers of the statements shown instead of their ids."""
        ...


class Grader(Protocol):
    """See the module's docstring. Options are an instance of `Options` whose cells hold values."""

    name: ClassVar[str]
    version: ClassVar[int]
    Options: ClassVar[type[Options]]

    def widget(self, options: Any) -> Widget: ...

    def check(self, options: Any, answer: Answer) -> Invalid | None: ...

    def observe(self, options: Any, answer: Answer) -> Facts: ...

    def facts(self, options: Any) -> Mapping[str, FactType]: ...

    def key(self, options: Any) -> Raw: ...

    def wrong(self, options: Any) -> Mapping[str, Raw]: ...


def is_right(grader: Grader, options: Options, answer: Answer) -> Value:
    """The fact `right`, for which no grader need work out all others."""
    if isinstance(grader, Judging):
        return grader.right(options, answer)
    return grader.observe(options, answer).get("right")
