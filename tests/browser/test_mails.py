"""Mails as Chromium shows them: readable in light and dark, on a phone, from right to left; and they fetch nothing."""

from email import message_from_bytes, policy

import pytest
from playwright.sync_api import Browser

from service import links
from service.mail.compose import Letter
from service.releases.letters import context, identity
from service.templates import sample
from service.templates.checking import LARGEST, SAMPLES
from tests.browser import axe

NARROW = 320
"""Pixels: WCAG's own measure (1.4.10)."""
OF_PAGES = ("landmark", "region", "page-has")
"""Rules about what is around a page; a mail has a mail program around it."""


def pages(language: str) -> list[str]:
    """The HTML of each sample in this language."""
    found = []
    for template, frozen_in in SAMPLES:
        frozen = frozen_in(language)
        letter = Letter(template, context(frozen, frozen.editions[0]), identity(frozen, bytes(8)), links.personal())
        message = message_from_bytes(letter.message(sample.CLEO, sample.DELIVERY, sample.AT), policy=policy.default)
        part = message.get_body(("html",))
        assert part is not None
        found.append(part.get_content())
    return found


@pytest.mark.parametrize("language", sample.LANGUAGES)
def test_a_mail_is_readable_everywhere_and_fetches_nothing(chromium: Browser, language: str) -> None:
    asked: list[str] = []
    with chromium.new_context(viewport={"width": NARROW, "height": 740}, reduced_motion="reduce") as there:
        page = there.new_page()
        page.on("request", lambda request: asked.append(request.url))
        for html in pages(language):
            assert len(html.encode()) < LARGEST
            page.set_content(html)
            faults = []
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                faults += [fault for fault in axe.faults(page) if not fault.startswith(OF_PAGES)]
            assert faults == []
            assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    assert asked == []
