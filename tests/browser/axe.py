"""axe-core on a page: what it finds, as sentences."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

SOURCE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RUN = """async (rules) => {
  const only = rules ? { runOnly: { type: "rule", values: rules } } : {};
  const found = await axe.run(document, { resultTypes: ["violations"], ...only });
  const told = (one, node) => `${one.id}: ${one.help}: ${node.html.slice(0, 160)}`;
  return found.violations.flatMap((one) => one.nodes.map((node) => told(one, node)));
}"""
# What depends on the theme.
COLOURS = ["color-contrast", "link-in-text-block"]


def complaints(page: Page) -> list[str]:
    """Everything that axe finds wrong with the page as it stands, best practices included."""
    # Evaluated by the browser's own debugger, so the page's content security policy stays as it is.
    page.evaluate(SOURCE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN, None)
    return found


def complaints_in_the_dark(page: Page) -> list[str]:
    """What axe finds wrong with the colours of the dark theme, on a page that it has looked at already."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found: list[str] = page.evaluate(RUN, COLOURS)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return [f"in the dark: {one}" for one in found]
