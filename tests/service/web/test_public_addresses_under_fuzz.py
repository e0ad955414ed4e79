"""Whatever is asked of the public addresses, nothing of ours breaks: by schemathesis, from our own routes."""

import os
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode
from sqlalchemy.orm import Session

from tests.factories import Newsroom
from tests.service.newsroom import stories
from tests.service.web.described import openapi
from tests.service.web.test_embargo_leaks import values

CASES = int(os.environ.get("FUZZ_CASES", "3"))
"""Of each operation, made to fit the description, and as many made not to."""


@pytest.fixture
def operations(app: Flask, session: Session, newsroom: Newsroom) -> list[Any]:
    """All there is to be asked of a newsroom with one release in two languages."""
    release = stories.write(session, newsroom, others=[("ru", "Уровень")])
    key = stories.attach(session, newsroom, release).key
    known = values(newsroom, stories.approve(session, newsroom, release), key)
    schema = schemathesis.openapi.from_dict(openapi(app, known))
    schema.app = app
    operations: list[Any] = list(schema.get_all_operations())
    return [found.ok() for found in operations]


def _tried(operation: Any, mode: GenerationMode, seen: list[int]) -> Callable[[], None]:
    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        answer = case.call()
        seen.append(answer.status_code)
        assert answer.status_code < 500, case.as_curl_command()
        assert "x=1" not in str(answer.headers.get("set-cookie"))

    return ask


def test_nothing_breaks_whatever_is_asked(operations: list[Any]) -> None:
    assert len(operations) > 40
    seen: list[int] = []
    for operation in operations:
        for mode in GenerationMode:
            _tried(operation, mode, seen)()
    assert len(seen) > CASES * len(operations)
    assert {200, 404} <= set(seen)
