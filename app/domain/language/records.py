"""Records that are made by the dozen for every formula: frozen to the type checker, plain to the interpreter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

__all__ = ["record"]

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:

    def record(*, frozen, slots):
        """A dataclass that is compared and hashed by its values.

        Freezing it at run time as well makes a record six times as slow to build, and reading a formula builds little
        else; that nobody assigns to its fields is what mypy sees to.
        """
        return dataclass(unsafe_hash=frozen, slots=slots)
