"""How people say until when they are away: words before the day or after it, and months and weekdays by language."""

import re
from functools import cache

from babel import Locale
from babel.dates import get_day_names, get_month_names

_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "pl", "cs", "ro", "tr", "ru", "uk", "bg", "kk")
_SHORT_LANGUAGES = ("en", "de", "fr", "es", "ru")

BACK = re.compile(
    r"\b(?:back|return\w{0,3}|available again|resum\w{1,3}|zur[üu]ck|wieder (?:da|erreichbar|im|am)|retour|reviens"
    r"|reviendrai|vuelvo|vuelta|regres\w{1,4}|torno|tornerò|rient\w{1,5}|ritorno|volto|voltarei|retorno|terug|tillbaka"
    r"|tilbake|tilbage|wracam|wr[óo]c\w{1,2}|powr[oó]\w{1,4}|zp[ěe]t|вернусь|возвращ\w{1,5}|выйду|выхожу"
    r"|снова на связи|буду (?:на|в|снова|доступ\w{1,4})|повернусь|d[öo]n\w{1,8})\b[^.!?\n\d]{0,40}\Z",
    re.IGNORECASE,
)
UNTIL = re.compile(
    r"(?:\b(?:until|till|til|through|thru|bis|jusqu\w{0,2}|hasta|fino|at[ée]|tot|do dnia|до)\b"
    r"|\b(?:urlop\w{1,3}|biurem|nieobecn\w{1,3}|dovolen\w{1,2}|nep[řr][íi]tom\w{1,5}) do\b"
    r"|直到|至|到)[^.!?\n\d]{0,25}\Z",
    re.IGNORECASE,
)
# "from 10 to 31 July": words that mean an end only after a beginning.
SPAN = re.compile(
    r"\d[^!?\n]{0,30}?(?:\b(?:to|and including|bis|au|al|ao|a|tot|do|по|och|til)\b|[-–—~～])[^.!?\n\d]{0,15}\Z",
    re.IGNORECASE,
)
AFTER = re.compile(
    r"\A.{0,3}(?:まで|より?出社|に(?:復帰|戻)|[之以]?前|返回|回来|回來|까지|(?:\s*\w{0,4}\s*)?(?:дейін|оралам\w{0,4}|kadar))"
)


@cache
def months() -> dict[str, int]:
    """Month names in lower case, as they stand in dates, with their short forms where those are usual."""
    found: dict[str, set[int]] = {}
    for language in _LANGUAGES:
        for width in ("wide", "abbreviated") if language in _SHORT_LANGUAGES else ("wide",):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, Locale(language)).items():
                    found.setdefault(name.lower().rstrip("."), set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1 and len(name) > 2}


@cache
def weekdays() -> dict[str, int]:
    """Weekday names without their last vowel, which changes with the case; Monday is 0."""
    found: dict[str, set[int]] = {}
    for language in _LANGUAGES:
        for number, name in get_day_names("wide", "format", Locale(language)).items():
            found.setdefault(name.lower().rstrip("aeiouyаеияьюё"), set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1 and len(name) > 3}
