"""The claims of a field, as an author writes them: concepts, roles, claims, counts, and what earns nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from graders.claims.concepts import Lexicon
from graders.claims.patterns import Pattern, PatternError, concepts_of, parse_pattern

Forms = tuple[str, ...]
Place = tuple[str | int, ...]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Claim(_Strict):
    """What a text may say. Patterns that earn it, that speak against it, and that are not enough by themselves."""

    earn: Forms = Field(
        default=(),
        description="Any of these makes the claim. In names of concepts: `a b` said together, `[a b]` close together, "
        "`who::a` said of the role `who`, `not a` denied, `any a` only named, `a + b` anywhere, `a | b` either.",
    )
    deny: Forms = Field(default=(), description="Any of these speaks against it, such as a known misconception.")
    near: Forms = Field(default=(), description="Related, but not sufficient: a person decides.")
    named: bool = Field(False, description="Naming is enough: a bare list of words makes this claim.")


class Count(_Strict):
    """How many of several claims are made, each on words of its own."""

    of: Forms = Field(min_length=1, description="The claims that are counted.")
    need: int = Field(ge=1, le=12, description="How many are asked for.")


class TextRubric(_Strict):
    """Everything that judging a text needs to know."""

    concepts: dict[str, Forms] = Field(default_factory=dict, description="Named ideas and the words used for them.")
    roles: dict[str, Forms] = Field(default_factory=dict, description="Who or what may be spoken of, with its names.")
    claims: dict[str, Claim] = Field(min_length=1, description="What may be said, by name.")
    counts: dict[str, Count] = Field(default_factory=dict, description="How many of several claims are made.")
    nocredit: Forms = Field(default=(), description="What is understood and earns nothing.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        try:
            compiled(self)  # Once read, the same rubric is not read again for every answer.
            found = [*_wrong_counts(self)]
        except ValueError as error:
            found = [*_wrong_ideas(self), *_wrong_patterns(self), *_wrong_counts(self)] or [((), str(error))]
        if found:
            raise ValidationError.from_exception_data("rubric", [_complaint(*one) for one in found])
        return self

    def counted_with(self, claims: frozenset[str]) -> frozenset[str]:
        """The claims that are counted together with some of these: any of them would do as well."""
        return frozenset(name for one in self.counts.values() if claims & set(one.of) for name in one.of)

    @cached_property
    def _digest(self) -> int:
        return hash(self.model_dump_json())

    def __hash__(self) -> int:
        return self._digest


def _complaint(place: Place, says: str) -> InitErrorDetails:
    return InitErrorDetails(type=PydanticCustomError("rubric", "{says}", {"says": says}), loc=place, input=None)


def _wrong_ideas(rubric: TextRubric) -> Iterator[tuple[Place, str]]:
    for noun, ideas in (("concepts", rubric.concepts), ("roles", rubric.roles)):
        for name, forms in ideas.items():
            if noun == "roles" and name in rubric.concepts:
                yield (noun, name), f"`{name}` is a concept and a role."
            elif not any(form.strip() for form in forms):
                yield (noun, name), f"The concept `{name}` has no words."
            else:
                try:
                    Lexicon({name: forms})
                except ValueError as error:
                    yield (noun, name), str(error)


def _wrong_patterns(rubric: TextRubric) -> Iterator[tuple[Place, str]]:
    concepts, roles = frozenset(rubric.concepts), frozenset(rubric.roles)
    lists: list[tuple[Place, Forms]] = [
        (("claims", name, kind), patterns)
        for name, claim in rubric.claims.items()
        for kind, patterns in (("earn", claim.earn), ("deny", claim.deny), ("near", claim.near))
    ]
    for place, patterns in [*lists, (("nocredit",), rubric.nocredit)]:
        for number, text in enumerate(patterns):
            try:
                parse_pattern(text, concepts, roles)
            except PatternError as error:
                yield (*place, number), str(error)


def _wrong_counts(rubric: TextRubric) -> Iterator[tuple[Place, str]]:
    for name, count in rubric.counts.items():
        if name in rubric.claims:
            yield ("counts", name), f"`{name}` is a claim and a count."
        for number, claim in enumerate(count.of):
            if claim not in rubric.claims:
                yield ("counts", name, "of", number), f"The count `{name}` names `{claim}`, which is no claim."


@dataclass(frozen=True)
class CompiledClaim:
    """The patterns of a claim, read; each with the text it was read from."""

    earn: Mapping[str, Pattern]
    deny: Mapping[str, Pattern]
    near: Mapping[str, Pattern]
    named: bool

    @cached_property
    def asked(self) -> frozenset[str]:
        """The ideas that earn it."""
        return frozenset(name for one in self.earn.values() for name in concepts_of(one))


@dataclass(frozen=True, slots=True)
class CompiledRubric:
    """A rubric ready to judge texts."""

    lexicon: Lexicon
    roles: frozenset[str]
    claims: Mapping[str, CompiledClaim]
    nocredit: Mapping[str, Pattern] = field(default_factory=dict)
    beside: frozenset[str] = frozenset()
    """The ideas that no claim asks for."""


@lru_cache(maxsize=256)
def compiled(rubric: TextRubric) -> CompiledRubric:
    """The rubric with its patterns read.

    Raises:
        ValueError: a pattern cannot be read, a concept has no form, or a name is used twice.
    """
    for name in rubric.roles:
        if name in rubric.concepts:
            raise ValueError(f"`{name}` is a concept and a role.")
    ideas: dict[str, Sequence[str]] = {**rubric.concepts, **rubric.roles}
    for name, forms in ideas.items():
        if not any(form.strip() for form in forms):
            raise ValueError(f"The concept `{name}` has no words.")
    concepts, roles = frozenset(rubric.concepts), frozenset(rubric.roles)

    def read(patterns: Forms) -> dict[str, Pattern]:
        return {text: parse_pattern(text, concepts, roles) for text in patterns}

    try:
        claims = {
            name: CompiledClaim(read(claim.earn), read(claim.deny), read(claim.near), claim.named)
            for name, claim in rubric.claims.items()
        }
        nocredit = read(rubric.nocredit)
    except PatternError as error:
        raise ValueError(str(error)) from None
    patterns = [
        one for claim in claims.values() for kind in (claim.earn, claim.deny, claim.near) for one in kind.values()
    ]
    asked = frozenset(name for one in patterns for name in concepts_of(one))
    return CompiledRubric(Lexicon(ideas), roles, claims, nocredit, concepts - asked)
