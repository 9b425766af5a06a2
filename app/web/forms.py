"""Short forms: what was typed comes back as it was typed, with one sentence beside the field it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from starlette.datastructures import FormData

from app.domain.errors import Conflict, GradusError, InvalidInput
from app.web.wording import gettext as _
from app.web.wording import told

LONGEST = 5000
SECRET = ("password", "old", "again")


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form by name. `place`: the field that `says` is about; none of them, when it is empty."""

    values: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    says: str = ""

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def wrong(self, error: GradusError) -> Typed:
        """The same form with what is wrong in it. A conflict in these forms is always about the login."""
        place = error.place if isinstance(error, InvalidInput) else "login" if isinstance(error, Conflict) else ""
        return replace(self, place=place, says=told(str(error)))

    def shown(self) -> Typed:
        """The form as it may be sent back: without passwords."""
        return replace(self, values={name: text for name, text in self.values.items() if name not in SECRET})


def typed(form: FormData, *names: str) -> Typed:
    """These fields of a posted form."""
    return Typed({name: text_of(form, name) for name in names})


def text_of(form: FormData, name: str, longest: int = LONGEST) -> str:
    """One field of a posted form; nothing where it is missing."""
    value = form.get(name)
    return value[:longest] if isinstance(value, str) else ""


def whole_number(text: str, place: str) -> int:
    """A number as people type it.

    Raises:
        InvalidInput: it is none.
    """
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) < 10):
        raise InvalidInput(_("This is a whole number."), place=place)
    return int(plain)


def new_password(fields: Typed) -> str:
    """The password that was typed twice.

    Raises:
        InvalidInput: the two differ.
    """
    if fields["password"] != fields["again"]:
        raise InvalidInput(_("The two passwords differ."), place="again")
    return fields["password"]
