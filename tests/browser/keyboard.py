"""Somebody who uses a page without a mouse."""

from __future__ import annotations

from playwright.sync_api import Error, Page


class Keyboard:
    """Somebody without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, selector: str, most: int = 160) -> None:
        """Press Tab until the focus is there."""
        for _ in range(most):
            if self._is_at(selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {selector}")

    def _is_at(self, selector: str) -> bool:
        try:
            return bool(self.page.evaluate("s => document.activeElement?.matches(s) ?? false", selector))
        except Error as error:
            # Another page has just come: a person sees that, and begins again at its top.
            if "context was destroyed" not in error.message:
                raise
            self.page.wait_for_load_state()
            return False

    def type(self, selector: str, text: str) -> None:
        self.to(selector)
        self.page.keyboard.type(text)

    def press(self, selector: str, key: str = "Enter") -> None:
        self.to(selector)
        self.page.keyboard.press(key)
