"""Whatever is asked of the public addresses, nothing of ours breaks."""

import random

from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import Newsroom
from tests.service.newsroom import stories
from tests.service.web.conftest import open_browser
from tests.service.web.test_embargo_leaks import addresses, routes, values

ASKED = 1500
ODD = (
    *("%00", "%ff%fe", "..%2f..%2fetc%2fpasswd", "%27%20OR%201%3D1--", "a" * 3000, "-1", "99999999999999999999", "1e9"),
    *("%0d%0aSet-Cookie:x=1", "{{7*7}}", "%F0%9F%92%A9", "null", "[]", "%E2%80%AE", "<svg%20onload=x>", "en-US-x-y"),
)
NAMES = ("q", "page", "topic", "language", "file", "embargo", "_method", "next")
HEADERS = ("Range", "If-None-Match", "If-Modified-Since", "Accept", "If-Range", "Accept-Language", "Content-Type")
VALUES = ("bytes=-1", "bytes=9-1,0-0,,", '"x', "W/", "\xff", "Mon, 99 Foo 0000", "*/*;q=x", "a" * 2000, "bytes=0-1,4-5")


def test_nothing_breaks_whatever_is_asked(app: Flask, session: Session, newsroom: Newsroom) -> None:
    release = stories.write(session, newsroom, others=[("ru", "Уровень")])
    key = stories.attach(session, newsroom, release).key
    publication = stories.approve(session, newsroom, release)
    there = addresses(app, values(newsroom, publication, key))
    assert len(list(routes(app))) > 20
    client, chance = open_browser(app), random.Random(7)
    for _ in range(ASKED):
        path = chance.choice(there)
        if chance.random() < 0.5:
            parts = path.split("/")
            parts[chance.randrange(1, len(parts))] = chance.choice(ODD)
            path = "/" + "/".join(parts[1:]).lstrip("/")  # the test client would take what follows "//" for a host
        query = "&".join(f"{chance.choice(NAMES)}={chance.choice(ODD)}" for _ in range(chance.randrange(3)))
        headers = {chance.choice(HEADERS): chance.choice(VALUES) for _ in range(chance.randrange(3))}
        method = chance.choice(("GET", "GET", "HEAD", "POST", "PUT", "OPTIONS"))
        answer = client.open(f"{path}?{query}", method=method, headers=headers, data=b"\xff=%00&a" * 3)
        assert answer.status_code < 500, (method, path, query, headers)
        assert "x=1" not in str(answer.headers.get("Set-Cookie"))
