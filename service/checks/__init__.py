"""Checks before approval: what would make a release wrong stops it, what would make it worse is said."""

from service.checks.asking import blocking, lint, of
from service.checks.circumstances import Circumstances, KitFile
from service.checks.kinds import RULES, Check, Kind, Level
from service.checks.linked import Link, links
from service.checks.trying import Answer, keep, knock, to_try, try_all

__all__ = [
    "RULES",
    "Answer",
    "Check",
    "Circumstances",
    "Kind",
    "KitFile",
    "Level",
    "Link",
    "blocking",
    "keep",
    "knock",
    "links",
    "lint",
    "of",
    "to_try",
    "try_all",
]
