"""The letter of those who agreed: its web links lead through us and back, its own links stay, and a dot ends it."""

import re
from html import unescape
from uuid import uuid4

import pytest

from service.links import KEY_BYTES
from service.mail.compose import Person
from service.mail.tracked import TrackedLetter
from service.signing import Forged, Purpose, Signer
from tests.letters import AT, CLEO, DELIVERY, LINKS, letter, tracked_letter
from tests.service.mail.test_compose import part, read

WRITTEN = "See [one](https://a.example/x?y=1&z=2), [two](https://b.example/), [one again](https://a.example/x?y=1&z=2)."
TARGETS = {"https://a.example/x?y=1&z=2", "https://b.example/"}


def tracked(markdown: str = WRITTEN) -> TrackedLetter:
    return tracked_letter(markdown)


def hrefs(html: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'href="([^"]+)"', html)]


@pytest.mark.parametrize("eight_bit", [True, False])
def test_only_the_html_differs_and_in_it_only_links_and_the_dot(eight_bit: bool) -> None:
    usual, counted = (
        read(one.message(CLEO, DELIVERY, AT, eight_bit=eight_bit)) for one in (letter(markdown=WRITTEN), tracked())
    )
    assert [(name, value) for name, value in counted.items()] == [(name, value) for name, value in usual.items()]
    assert part(counted, "plain") == part(usual, "plain")
    found = tracked()
    html = part(counted, "html")
    for key, target in found.targets.items():
        html = html.replace(LINKS.followed(DELIVERY, key), target.replace("&", "&amp;"))
    html = re.sub(r'<img src="[^"]+" width="1"[^>]+>', "", html)
    assert html == part(usual, "html")


def test_every_web_link_of_the_text_is_known_by_its_key_and_those_of_the_person_are_untouched() -> None:
    found = tracked()
    links = hrefs(part(read(found.message(CLEO, DELIVERY, AT)), "html"))
    assert set(found.targets.values()) == TARGETS
    assert LINKS.leave(DELIVERY) in links
    assert LINKS.preferences(DELIVERY) in links
    assert sum("/to/" in link for link in links) == 3


def test_a_token_is_of_one_mail_and_one_link() -> None:
    key = b"k" * KEY_BYTES
    [mine, other] = [Signer(Purpose.FOLLOW, b"k" * 32).token_of(each.bytes + key) for each in (DELIVERY, uuid4())]
    assert mine != other
    assert len(mine) == 2 * (16 + KEY_BYTES + 10)


def test_an_island_between_links_keeps_its_place_whatever_is_filled_in() -> None:
    person = Person("cleo@daily.example", "</body>Cleo", 'href="https://c.example/"', "Water")
    html = part(read(tracked().message(person, DELIVERY, AT)), "html")
    assert "&lt;/body&gt;Cleo" in html
    assert html.rstrip().endswith("</body></html>")
    assert html.index("<img") > html.index("&lt;/body&gt;Cleo")


def test_a_forged_token_is_refused() -> None:
    from service.signing import verify_with

    token = Signer(Purpose.FOLLOW, b"x" * 32).token_of(DELIVERY.bytes + b"k" * KEY_BYTES)
    for wrong in (token, token[:-2], "", "zz"):
        with pytest.raises(Forged):
            verify_with(Purpose.FOLLOW, wrong, more=KEY_BYTES)
