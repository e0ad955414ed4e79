"""On what legal grounds somebody may be written to who did not subscribe themselves (GDPR, article 6)."""

from service.errors import Refused
from service.manuscripts.characters import clean_line

LONGEST = 300


class NoLegalBasis(Refused):
    """Say on what grounds these people may be written to."""

    def __init__(self) -> None:
        super().__init__("Say on what legal basis these people may be mailed, such as “consent at our briefings”.")


def grounds(words: str) -> str:
    """The words as they are kept with each consent. Raises NoLegalBasis."""
    clean = clean_line(words)[:LONGEST]
    if not clean:
        raise NoLegalBasis
    return clean
