"""Rates: how many mails may leave in a second, an hour and a day, read from words such as `50/s 10000/h 100000/d`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

CEILING = 20_000.0
"""Mails a second where nothing is said: more than one machine sends, and yet a number that a slow-down can halve."""
EVERYTHING_ELSE = "*"

_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)/([smhd])")
_NAME = re.compile(r"[A-Za-z0-9*][A-Za-z0-9.:_-]*")


@dataclass(frozen=True, slots=True)
class Rate:
    """The most that may leave: a second, a rolling hour, a rolling day; None where only the second counts."""

    second: float = CEILING
    hour: int | None = None
    day: int | None = None


ANY = Rate()


def parse(words: str) -> dict[str, Rate]:
    """`50/s 5000/h` for everything, or `google=20/s 5000/h; *=100/s` by name. Raises ValueError."""
    rates: dict[str, Rate] = {}
    for entry in filter(None, (part.strip() for part in words.split(";"))):
        name, named, amounts = entry.rpartition("=")
        name = name.strip() if named else EVERYTHING_ELSE
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!a} is no name; write name=50/s 5000/h, entries separated by semicolons")
        if name in rates:
            raise ValueError(f"{name} is said twice")
        rates[name] = _rate(amounts.split())
    return rates


def of(rates: Mapping[str, Rate], name: str) -> Rate:
    """The rate for a name: its own, or the one for everything else."""
    return rates.get(name) or rates.get(EVERYTHING_ELSE) or ANY


def _rate(amounts: list[str]) -> Rate:
    said: dict[str, float] = {}
    for amount in amounts:
        found = _AMOUNT.fullmatch(amount)
        if found is None or float(found[1]) <= 0:
            raise ValueError(f"{amount!a} is no rate; write 50/s, 30/m, 5000/h or 100000/d, each more than 0")
        if found[2] in said:
            raise ValueError(f"{amount} is the second rate for the same time")
        said[found[2]] = float(found[1])
    if not said or {"s", "m"} <= said.keys():
        raise ValueError("say one of 50/s and 30/m, and 5000/h and 100000/d beside it as need be")
    second = said.get("s") or said.get("m", 60 * CEILING) / 60
    return Rate(min(second, CEILING), *(int(said[span]) if span in said else None for span in "hd"))
