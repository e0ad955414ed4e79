"""What tests of the ground and of the nouns share."""

from collections.abc import Callable, Iterator

import pytest

from service import signing
from service.dkim_keys import pairs
from service.settings import adopt, settings


@pytest.fixture
def keyed() -> Iterator[Callable[..., None]]:
    """Lets SECRET_KEY and, if given, PREVIOUS_SECRET_KEY be these for the rest of the test."""
    before = (settings().secret_key.get_secret_value(), settings().previous_secret_key.get_secret_value())

    def put(key: str, previous: str = "") -> None:
        adopt(secret_key=key, previous_secret_key=previous)
        signing.keys.cache_clear()
        pairs.open_.cache_clear()

    yield put
    put(*before)
