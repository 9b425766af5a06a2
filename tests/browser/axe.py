"""axe-core on a page: what it finds, as sentences."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

SOURCE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RUN = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  const told = (one, node) => `${one.id}: ${one.help}: ${node.html.slice(0, 160)}`;
  return found.violations.flatMap((one) => one.nodes.map((node) => told(one, node)));
}"""


def complaints(page: Page) -> list[str]:
    """Everything that axe finds wrong with the page as it stands, best practices included."""
    # Evaluated by the browser's own debugger, so the page's content security policy stays as it is.
    page.evaluate(SOURCE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN)
    return found
