"""What of a page can be measured: how large targets are, what is cut off, what moves, what the focus looks like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).with_suffix(".js")


def ask(page: Page, what: str) -> Any:
    """What a function of measures.js finds; evaluated by the debugger, so the policy of the page stays."""
    return page.evaluate(f"{SOURCE.read_text(encoding='utf-8').strip()}.{what}()")


def small_targets(page: Page) -> list[str]:
    """What can be pressed and is smaller than 24 × 24 CSS pixels."""
    found: list[str] = ask(page, "small")
    return found


def clipped(page: Page) -> list[str]:
    """Texts that are cut off with the distances of WCAG 1.4.12."""
    found: list[str] = ask(page, "clipped")
    return found


def moving(page: Page) -> list[str]:
    """What moves or fades although somebody has asked for no motion."""
    found: list[str] = ask(page, "moving")
    return found


def walk(page: Page, most: int = 400) -> list[str]:
    """Go backwards through the page with Shift and Tab, the way on which a bar at the top covers what it can.

    What is wrong with the focus on the way: out of sight, under the bar, or without an outline.
    """
    page.evaluate("() => { document.activeElement?.blur?.(); scrollTo(0, 0); }")
    wrong: list[str] = []
    for step in range(most):
        page.keyboard.press("Shift+Tab")
        here = ask(page, "focused")
        if here is None and step:
            return wrong
        wrong += [f"{here['who']}: {fault}" for fault in here["faults"]] if here else []
    raise AssertionError("Shift and Tab do not lead out of the page")
