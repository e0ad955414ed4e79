"""An MTA-STS policy is fetched as RFC 8461 asks; the answers are recorded, no server is asked."""

import httpx2
import pytest

from service.domains.policies import LARGEST, Unfetched, fetch

POLICY = "version: STSv1\nmode: none\nmax_age: 86400\n"


def answering(status: int, text: str = POLICY, **headers: str) -> httpx2.MockTransport:
    def answer(request: httpx2.Request) -> httpx2.Response:
        assert str(request.url) == "https://mta-sts.rivers.example/.well-known/mta-sts.txt"
        return httpx2.Response(status, text=text, headers=headers)

    return httpx2.MockTransport(answer)


def test_a_policy_is_read() -> None:
    assert fetch("rivers.example", transport=answering(200)) == POLICY


@pytest.mark.parametrize("status", [204, 301, 302, 404, 500])
def test_anything_but_200_is_none(status: int) -> None:
    with pytest.raises(Unfetched, match=str(status)):
        fetch("rivers.example", transport=answering(status, location="https://elsewhere.example/"))


def test_a_policy_that_does_not_end_is_not_read_to_its_end() -> None:
    with pytest.raises(Unfetched, match="too long"):
        fetch("rivers.example", transport=answering(200, "x" * (LARGEST + 1)))


def test_a_server_that_is_away_is_told() -> None:
    def refuse(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    with pytest.raises(Unfetched, match="ConnectError"):
        fetch("rivers.example", transport=httpx2.MockTransport(refuse))
