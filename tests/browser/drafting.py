"""Drafts for browser tests: begun through the form, written through the source, looked at by name."""

from __future__ import annotations

import base64
import itertools
import re

from playwright.sync_api import Locator, Page, expect

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
QUESTION = """\
id: {id}
title: Halving
variables:
  n: {{printed: 8, draw: "2*integer(3, 8)"}}  # even, so that halves are whole
  half: n/2
parts:
  - id: half
    points: 1
    fields:
      half: {{grader: number, answer: half}}
    criteria:
      - {{id: half, points: 1, when: half.right, says: Half of it}}
"""
PROMPT = "Take $@{n}$.\n\n## half\n\nWhat is half of it?\n"
SOLUTION = "## half\n\n$@{n} / 2 = @{half}$\n"
_numbers = itertools.count()


def new(page: Page, start: str = "A number") -> str:
    """A fresh draft through the form; answers the question's short name."""
    name = f"Trial {next(_numbers)} of {re.sub(r'[^a-z0-9]', '', start.lower())}"
    page.goto("/bank/new")
    page.get_by_label("Title").fill(name)
    short = name.lower().replace(" ", "-")
    expect(page.get_by_label("Short name")).to_have_value(short)
    page.get_by_label(start).check()
    page.get_by_role("button", name="Start the draft").click()
    page.wait_for_url(f"**/bank/{short}/edit")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return short


def halving(page: Page) -> str:
    """A draft of the question above."""
    short = new(page)
    tab(page, "Source")
    for file, text in (("question.yaml", QUESTION.format(id=short)), ("prompt.md", PROMPT), ("solution.md", SOLUTION)):
        # By its label, which is what one sees; clicked once it stands still, as counts of problems come and go in it.
        page.locator("#panel-source .files label", has_text=file).click()
        page.get_by_label(f"Source of {file}").fill(text)
    saved(page)
    return short


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=re.compile(f"^{name}")).click()


def saved(page: Page) -> None:
    expect(page.locator("[data-status]")).to_have_text("Saved")


def row(page: Page, name: str) -> Locator:
    return page.locator("#panel-variables").get_by_role("group", name=name, exact=True)


def names(page: Page) -> list[str | None]:
    rows = page.locator("#panel-variables .sheet").first.locator("> *").all()
    return [one.get_attribute("aria-label") for one in rows]


def source(page: Page, file: str = "question.yaml") -> str:
    tab(page, "Source")
    page.locator("#panel-source .files label", has_text=file).click()
    return page.get_by_label(f"Source of {file}").input_value()
