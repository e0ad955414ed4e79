"""axe-core's judgement of a page. It is handed over by the browser's protocol, so the page's own policy stays whole."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

VENDOR = Path(__file__).parent / "vendor"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def faults(page: Page) -> list[str]:
    """What axe finds wrong: the rule, what it means, and where. Nothing is left out of the page."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source())
    found: dict[str, Any] = page.evaluate(
        "standard => axe.run(document, {runOnly: standard, resultTypes: ['violations']})", STANDARD
    )
    return [_words(violation) for violation in found["violations"]]


def _words(violation: dict[str, Any]) -> str:
    places = "; ".join(f"{node['target']} {node['failureSummary']}" for node in violation["nodes"][:3])
    return f"{violation['id']}: {violation['help']} – {places}"


@cache
def _source() -> str:
    return (VENDOR / "axe.min.js").read_text()
