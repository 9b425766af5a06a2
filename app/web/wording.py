"""The words of the interface: English in the source, other languages from the catalogues beside this file."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from threading import Lock

from babel.core import Locale, negotiate_locale

from app.web.told import SENTENCE, Told

SOURCE = "en"
CATALOGUES = Path(__file__).with_name("locale")

_one_reader = Lock()


@dataclass(frozen=True, slots=True)
class Speech:
    """The words of one language. What a catalogue has no words for stays English."""

    language: str
    words: NullTranslations
    told: Told


ENGLISH = Speech(SOURCE, NullTranslations(), Told(()))

_current: ContextVar[Speech] = ContextVar("speech", default=ENGLISH)


class Wording:
    """The languages that are there; each catalogue is read when somebody first asks for it. One object per process."""

    def __init__(self, catalogues: Path = CATALOGUES) -> None:
        self._files = {file.parent.parent.name: file for file in sorted(catalogues.glob("*/LC_MESSAGES/messages.po"))}

    @property
    def languages(self) -> tuple[str, ...]:
        """All languages, English first."""
        return (SOURCE, *self._files)

    def names(self) -> list[tuple[str, str]]:
        """Every language with the name it has in itself."""
        return [(code, (Locale.parse(code).display_name or code).capitalize()) for code in self.languages]

    def language_for(self, accept_language: str, chosen: str = "") -> str:
        """The language that somebody chose; else the one that suits an Accept-Language header best."""
        if chosen in self.languages:
            return chosen
        wanted: list[tuple[float, str]] = []
        for piece in accept_language[:500].split(","):
            name, _, weight = piece.partition(";q=")
            try:
                wanted.append((-float(weight or 1), name.strip().replace("-", "_")))
            except ValueError:
                continue
        wanted.sort(key=lambda pair: pair[0])
        return negotiate_locale([name for _, name in wanted], list(self.languages)) or SOURCE

    def speak(self, language: str) -> None:
        """Use this language for the rest of this request."""
        file = self._files.get(language)
        _current.set(ENGLISH if file is None else _speech(language, file))


@cache
def _read(language: str, file: Path) -> Speech:
    # Heavy, and needed only where somebody does not read English.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with file.open("rb") as source:
        catalogue = read_po(source, locale=language)
    for message in catalogue:
        if isinstance(message.string, (list, tuple)) and not all(message.string):
            message.string = ""
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    told = ((str(one.id), str(one.string)) for one in catalogue if one.context == SENTENCE and one.string)
    return Speech(language, GNUTranslations(compiled), Told(told))


def _speech(language: str, file: Path) -> Speech:
    with _one_reader:
        return _read(language, file)


def language_now() -> str:
    """The language of this request."""
    return _current.get().language


def gettext(message: str) -> str:
    """The sentence in the language of this request."""
    return _current.get().words.gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """The sentence for that number in the language of this request."""
    return _current.get().words.ngettext(one, many, number)


def told(sentence: str, wholly: bool = False) -> str:
    """A finished sentence of the rooms below in the language of this request; `wholly` where it may be an author's."""
    found = _current.get().told
    return (found.tell_wholly(sentence) if wholly else found.tell(sentence)) if sentence else sentence
