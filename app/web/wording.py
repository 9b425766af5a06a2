"""The words of the interface: English in the source, other languages from compiled catalogues beside this file."""

from __future__ import annotations

from contextvars import ContextVar
from gettext import NullTranslations
from pathlib import Path

from babel.core import negotiate_locale
from babel.support import Translations

SOURCE = "en"
CATALOGUES = Path(__file__).with_name("locale")

_current: ContextVar[NullTranslations] = ContextVar("translations")


class Wording:
    """The languages that are there. One object per process."""

    def __init__(self, catalogues: Path = CATALOGUES) -> None:
        found = sorted(file.parent.parent.name for file in catalogues.glob("*/LC_MESSAGES/messages.mo"))
        self._translations: dict[str, NullTranslations] = {SOURCE: NullTranslations()}
        for language in found:
            self._translations[language] = Translations.load(catalogues, [language])

    @property
    def languages(self) -> tuple[str, ...]:
        """All languages, English first."""
        return tuple(self._translations)

    def language_for(self, accept_language: str) -> str:
        """The language that suits an Accept-Language header best."""
        wanted: list[tuple[float, str]] = []
        for piece in accept_language[:500].split(","):
            name, _, weight = piece.partition(";q=")
            try:
                wanted.append((-float(weight or 1), name.strip().replace("-", "_")))
            except ValueError:
                continue
        wanted.sort(key=lambda pair: pair[0])
        return negotiate_locale([name for _, name in wanted], list(self._translations)) or SOURCE

    def speak(self, language: str) -> None:
        """Use this language for the rest of this request."""
        _current.set(self._translations.get(language, self._translations[SOURCE]))


def gettext(message: str) -> str:
    """The sentence in the language of this request."""
    return _now().gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """The sentence for that number in the language of this request."""
    return _now().ngettext(one, many, number)


def _now() -> NullTranslations:
    return _current.get(NullTranslations())
