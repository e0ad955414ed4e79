"""The newsroom in a real browser: the policy is not broken, the data block is readable and runs nothing."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from service import db
from service.app import create_app
from service.settings import read
from tests.committed import committed
from tests.factories import make_newsroom
from tests.service.newsroom import stories

HOSTILE = "</script><script>document.title='broken'</script><img src=x onerror=alert(1)>"


@pytest.fixture
def site(worker_id: str) -> Iterator[tuple[str, str, str]]:
    """A running newsroom: its address, and those of a release on it and of its press kit's picture."""
    with committed(f"newsroom_seen_{worker_id}"):
        with db.transaction() as session:
            room = make_newsroom(session)
            newsroom = room.sender.slug
            others = [("ar", "انخفاض منسوب الأنهار")]
            release = stories.write(session, room, HOSTILE, body=f"{HOSTILE}\n\n**Bold**", others=others)
            stories.attach(session, room, release)
            slug = stories.approve(session, room, release).slug
        server = make_server("127.0.0.1", 0, create_app(read(base_url="http://127.0.0.1")), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = f"http://127.0.0.1:{server.server_port}/newsroom/{newsroom}/"
        yield here, f"{here}releases/{slug}", f"{here}releases/{slug}/ar"
        server.shutdown()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_the_policy(chromium: Browser, site: tuple[str, str, str], scheme: Any) -> None:
    front, release, arabic = site
    with chromium.new_context(color_scheme=scheme, viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda fault: said.append(str(fault)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        for address in (
            front,
            f"{front}?lang=kk",
            release,
            arabic,
            f"{front}search?q=script",
            f"{front}archive?lang=ru",
        ):
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
        page.goto(release)
        block = page.locator('script[type="application/ld+json"]').text_content()
        assert json.loads(block or "")["headline"] == HOSTILE
        assert page.evaluate("document.querySelector('figure img').naturalWidth") == 720
        assert page.title() != "broken"
        assert context.cookies() == []
        page.goto(arabic)
        assert page.evaluate("getComputedStyle(document.querySelector('article')).direction") == "rtl"
    assert said == []
