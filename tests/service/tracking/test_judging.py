"""Who comes: told by what they say of themselves, how they ask, and how soon."""

from datetime import timedelta

import pytest

from service.models import Visitor
from service.tracking import Come
from service.tracking.judging import of_link, of_picture

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
APPLE = "Mozilla/5.0"
GOOGLE = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
YAHOO = "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"
LATER = timedelta(minutes=20)
P, M, S = Visitor.PERSON, Visitor.MACHINE, Visitor.SCANNER


def come(agent: str = FIREFOX, *, head: bool = False, prefetch: bool = False) -> Come:
    return Come(agent, is_head=head, is_prefetch=prefetch)


@pytest.mark.parametrize(
    ("visit", "since", "picture", "link"),
    [
        (come(), LATER, P, P),
        (come(APPLE), LATER, M, P),
        (come(GOOGLE), LATER, M, M),
        (come(YAHOO), LATER, M, M),
        (come(), timedelta(seconds=3), S, S),
        (come(APPLE), timedelta(seconds=3), S, S),
        (come(head=True), LATER, S, S),
        (come(prefetch=True), LATER, S, S),
        (come(""), LATER, S, S),
        (come("curl/8.11.0"), LATER, S, S),
        (come("python-requests/2.32"), LATER, S, S),
        (come("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"), LATER, S, S),
        (come("BarracudaCentral link scanner"), LATER, S, S),
        (come("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0"), LATER, S, S),
    ],
)
def test_people_machines_and_scanners_are_told_apart(
    visit: Come, since: timedelta, picture: Visitor, link: Visitor
) -> None:
    assert (of_picture(visit, since), of_link(visit, since)) == (picture, link)
