"""The roots of Dateline's errors; each particular one stands beside what raises it, named by what to do next."""

from collections.abc import Sequence


class Refused(Exception):
    """The request cannot be met as it stands; the message says what to change. Doors show it to the person.

    With `values` the sentence has places for them, as `%(name)s`: so pages can say it in another language.
    """

    def __init__(self, words: str = "", **values: object) -> None:
        super().__init__(words % values if values else words)
        self.words = words
        self.values = values


class NotFound(Refused):
    """There is no such thing, or it is not for this person: the two answer alike."""


class BadSettings(Refused):
    """Settings that cannot work, all of them at once."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("These settings cannot work:\n" + "\n".join(f"  {fault}" for fault in faults))
        self.faults = tuple(faults)
