"""Requests are signed as AWS's own published examples are."""

from datetime import UTC, datetime

import pytest

from workers.relays.aws_signature import Key, sign

AT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SUITE = Key("AKIDEXAMPLE", SECRET, "us-east-1", "service")
HOST = {"Host": "example.amazonaws.com"}
FORM = {**HOST, "Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("method", "headers", "content", "query", "signature"),
    [
        ("GET", HOST, b"", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("POST", HOST, b"", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        ("POST", FORM, b"Param1=value1", "", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
        (
            "GET",
            HOST,
            b"",
            "Param1=value1&Param2=value2",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
    ],
    ids=["get-vanilla", "post-vanilla", "post-x-www-form-urlencoded", "get-vanilla-query-order-key-case"],
)
def test_the_test_suites_requests_get_its_signatures(
    method: str, headers: dict[str, str], content: bytes, query: str, signature: str
) -> None:
    signed = sign(SUITE, method, "/", headers, content, at=AT, query=query)

    names = "content-type;host;x-amz-date" if headers is FORM else "host;x-amz-date"
    scope = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request"
    expected = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={names}, Signature={signature}"
    assert signed["Authorization"] == expected
    assert signed["X-Amz-Date"] == "20150830T123600Z"


def test_the_documentations_request_gets_its_signature() -> None:
    """AWS General Reference, "Signature Version 4 signing process": ListUsers of IAM."""
    headers = {"Host": "iam.amazonaws.com", "Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    key = Key("AKIDEXAMPLE", SECRET, "us-east-1", "iam")
    signed = sign(key, "GET", "/", headers, b"", at=AT, query="Action=ListUsers&Version=2010-05-08")

    assert signed["Authorization"].endswith("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")


def test_a_key_is_not_shown() -> None:
    assert SECRET not in repr(SUITE)
