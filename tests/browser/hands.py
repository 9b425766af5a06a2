"""Somebody at an editor, with a mouse or with a keyboard alone: the same journey for both."""

from __future__ import annotations

from typing import Protocol

from playwright.sync_api import Locator, Page, expect

FOCUSED = "element => element === document.activeElement"
BEFORE = (
    "element => Boolean(document.activeElement.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING)"
)


class Hands(Protocol):
    """What somebody does with controls."""

    page: Page

    def fill(self, control: Locator, text: str) -> None:
        """Write `text` over what is there."""

    def press(self, control: Locator) -> None:
        """Press a button, tick a box."""

    def choose(self, control: Locator, option: str) -> None:
        """Choose from a list."""

    def tab(self, name: str) -> None:
        """Open a tab."""


class Mouse:
    """Clicks where to write."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def fill(self, control: Locator, text: str) -> None:
        control.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def press(self, control: Locator) -> None:
        control.click()

    def choose(self, control: Locator, option: str) -> None:
        control.select_option(option)

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()


class Keys:
    """Has no mouse. `strokes` counts the presses that only led somewhere."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.strokes = 0

    def to(self, control: Locator, most: int = 250) -> None:
        """Press Tab, or Shift and Tab where the control stands before, until it has the focus."""
        control.wait_for()
        key = "Shift+Tab" if control.evaluate(BEFORE) else "Tab"
        for _ in range(most):
            if control.evaluate(FOCUSED):
                return
            self.stroke(key)
        raise AssertionError(f"Tab does not lead to {control}")

    def stroke(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.strokes += 1

    def fill(self, control: Locator, text: str) -> None:
        self.to(control)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def press(self, control: Locator) -> None:
        self.to(control)
        self.page.keyboard.press("Space" if control.get_attribute("type") in ("checkbox", "radio") else "Enter")

    def choose(self, control: Locator, option: str) -> None:
        self.to(control)
        self.page.keyboard.type(option)
        expect(control.locator("option:checked")).to_have_text(option)
        self.stroke("Tab")

    def tab(self, name: str) -> None:
        self.page.keyboard.press("Escape")
        self.to(self.page.get_by_role("tab", selected=True))
        for _ in range(12):
            if self.page.get_by_role("tab", name=name, selected=True).count():
                return
            self.stroke("ArrowRight")
        raise AssertionError(f"No tab {name}")
