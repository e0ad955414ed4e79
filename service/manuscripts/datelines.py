"""The dateline: the place and the date a release opens with, in either order, before its first sentence."""

import re

from service.manuscripts import dates
from service.manuscripts.dates import Found
from service.manuscripts.manuscript import Dateline

_REACH = 160  # characters: a dateline with country and agency is shorter than this
_LONGEST_PLACE = 60

_WEEKDAYS = (
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    "понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|"
    "дүйсенбі|сейсенбі|сәрсенбі|бейсенбі|жұма|сенбі|жексенбі"
)
_WEEKDAY = re.compile(rf"(?<!\w)(?:{_WEEKDAYS})\b[.,]?\s*", re.IGNORECASE)
_AGENCY = re.compile(r"\s*(?:\([^()]{1,40}\)|/[^/]{1,40}/)\s*$")
_TOWN_SIGN = re.compile(r"^(?:г|қ|к)\.\s*")
_NOT_A_PLACE = frozenset(
    {
        *("in", "on", "at", "by", "from", "since", "to", "the", "a", "an", "this", "as", "for"),
        *("в", "во", "на", "с", "со", "к", "от", "из", "по", "до", "о", "об", "это"),
    }
)
_SMALL_WORDS = frozenset(
    {
        *("of", "the", "on", "upon", "de", "la", "le", "del", "di", "da", "do", "al", "el", "an", "am", "and", "sur"),
        *("и", "мен", "на", "қаласы", "город"),
    }
)

_DASH = r"(?:-{2,3}|[-‐‑‒–—―−])(?!\d)"
# What may stand between the date and the first sentence when the place came first.
_OPENING = re.compile(rf"\s*[.,)]*\s*(?:/[^/]{{1,40}}/|\([^()]{{1,40}}\))?\s*(?:{_DASH}|:)\s*")
_ALONE = re.compile(r"[\s.,:)]*$")
_NO_DASH = re.compile(r"[.,)]*\s+(?=[\"'«“„‘(]*(\w))")
# What may end the place when the date came first; a plain hyphen needs spaces, for Ust-Kamenogorsk's sake.
_PLACE_END = re.compile(rf"\s+{_DASH}\s+|\s*[–—―]\s*|\s*:\s+|\.\s+(?=[\"'«“„]*[^\W\d_a-zа-яё])|[.)]*$")


def split(paragraph: str) -> tuple[Dateline, str] | None:
    """The dateline and the rest of the paragraph ('' when the dateline stands alone), or None without both parts."""
    found = dates.find(paragraph[:_REACH])
    if found is None:
        return None
    return _place_first(paragraph, found) or _date_first(paragraph, found)


def is_only_a_date(line: str) -> bool:
    """Whether the line holds a date and nothing else but a weekday."""
    found = dates.find(line) if len(line) <= _LONGEST_PLACE else None
    return found is not None and not re.search(r"\w", _WEEKDAY.sub("", line[: found.start] + line[found.end :]))


def _place_first(paragraph: str, found: Found) -> tuple[Dateline, str] | None:
    before, after = paragraph[: found.start], paragraph[found.end :]
    place = _place(before)
    opening = _OPENING.match(after) or _ALONE.match(after) or _without_dash(before, after)
    if not place or opening is None:
        return None
    return _cut(paragraph, place, found, at=found.end + opening.end())


def _without_dash(before: str, after: str) -> re.Match[str] | None:
    """Without a dash only "Astana, 22 January 2024. The …" is safe: a comma before, a new sentence after."""
    opening = _NO_DASH.match(after)
    if opening is None or opening[1].islower() or not before.rstrip().endswith((",", ".", "(", ")")):
        return None
    return opening


def _date_first(paragraph: str, found: Found) -> tuple[Dateline, str] | None:
    if re.search(r"\w", _WEEKDAY.sub("", paragraph[: found.start])):
        return None
    after = paragraph[found.end : found.end + _REACH]
    for end in _PLACE_END.finditer(after):
        # At the end of the reach there may be more text; only the end of the paragraph is an end.
        if end.end() == len(after) and found.end + _REACH < len(paragraph):
            return None
        if place := _place(after[: end.start()]):
            return _cut(paragraph, place, found, at=found.end + end.end())
    return None


def _cut(paragraph: str, place: str, found: Found, *, at: int) -> tuple[Dateline, str]:
    return Dateline(place, found.date, raw=paragraph[:at].strip()), paragraph[at:]


def _place(text: str) -> str:
    """The bare name of a place, or '' when these words are none."""
    text = _WEEKDAY.sub("", text).strip(" ,.;:–—-")
    text = _AGENCY.sub("", text).strip(" ,.;:–—-(")
    text = _TOWN_SIGN.sub("", text)
    words = re.split(r"[\s,]+", text)
    fits = len(text) <= _LONGEST_PLACE and len(words) <= 7 and words[0].lower() not in _NOT_A_PLACE
    return text if fits and not words[0].islower() and all(map(_names_a_place, words)) else ""


def _names_a_place(word: str) -> bool:
    if not re.fullmatch(r"[^\W\d_][^\d_?!…\"«»:;]*", word):
        return False
    return not word[0].islower() or word in _SMALL_WORDS
