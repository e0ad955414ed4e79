"""The words of the pages for journalists, in each language they speak; English where there is none."""

from service.web.public_words.english import ENGLISH
from service.web.public_words.kazakh import KAZAKH
from service.web.public_words.russian import RUSSIAN
from service.web.public_words.said import Said

WORDS: dict[str, Said] = {"en": ENGLISH, "kk": KAZAKH, "ru": RUSSIAN}
SPOKEN = tuple(WORDS)

__all__ = ["SPOKEN", "WORDS", "Said", "of"]


def of(language: str) -> Said:
    """The words for a language, or its base language, or English."""
    return WORDS.get(language.lower()) or WORDS.get(language.partition("-")[0].lower(), ENGLISH)
