"""What is wrong with a typed text, in one sentence, with its place."""

from __future__ import annotations


class LanguageError(ValueError):
    """A text that cannot be read.

    `says` is one clear sentence for people, `text` is what was typed; `start` (inclusive) and `end`
    (exclusive) are the place in it, in characters.
    """

    def __init__(self, says: str, text: str = "", start: int = 0, end: int | None = None) -> None:
        stop = start + 1 if end is None else end
        super().__init__(says, text, start, stop)  # all four, so that the error survives pickling between processes
        self.says = says
        self.text = text
        self.start = start
        self.end = stop

    def __str__(self) -> str:
        return self.says

    def caret(self, width: int = 72) -> str:
        """Two lines: the text around the place (about `width` characters at most), and marks below it."""
        first = self.text.rfind("\n", 0, self.start) + 1
        last = self.text.find("\n", first)
        line_end = len(self.text) if last < 0 else last
        start = min(self.start, line_end)
        left = max(first, start - width // 2)
        right = min(line_end, left + width)
        marks = max(1, min(self.end, right) - start)
        lead = "…" if left > first else ""
        shown = "".join(letter if letter.isprintable() else " " for letter in self.text[left:right])
        tail = "…" if right < line_end else ""
        return f"{lead}{shown}{tail}\n{' ' * (len(lead) + start - left)}{'^' * marks}"


def quote(piece: str, most: int = 40) -> str:
    """A piece of typed text between quotation marks, shortened and made printable."""
    flat = "".join(letter if letter.isprintable() else " " for letter in piece.strip())
    return f'"{flat}"' if len(flat) <= most else f'"{flat[: most - 1]}…"'
