"""JSON from outside: read strictly, and asked for what may not be there."""

import json
from collections.abc import Mapping
from typing import Any

from service.feedback.webhooks.contract import Unreadable

LONGEST = 4000


def load(body: bytes | str) -> Any:
    """The document. Raises Unreadable; also for a key that comes twice, of which readers disagree which one counts."""
    try:
        return json.loads(body, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Unreadable from None


def mapping(body: bytes | str) -> Mapping[str, Any]:
    """The document, if it is an object. Raises Unreadable."""
    found = load(body)
    if not isinstance(found, dict):
        raise Unreadable
    return found


def within(found: Any, *path: str) -> Mapping[str, Any]:
    """The object at a path of keys; an empty one where there is none."""
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def text(found: Any, *path: str) -> str:
    """The words at a path of keys, numbers as words; "" where there are none. At most 4,000 characters."""
    *outer, last = path
    value = within(found, *outer).get(last)
    return str(value)[:LONGEST] if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def rows(found: Any, *path: str) -> list[Mapping[str, Any]]:
    """The objects of the list at a path of keys."""
    *outer, last = path
    value = within(found, *outer).get(last)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key comes twice")
    return found
