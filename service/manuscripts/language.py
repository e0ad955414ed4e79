"""The language of a text, told by its letters alone."""

import re

_ARABIC = re.compile(r"[\u0620-\u06ff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_KAZAKH = re.compile(r"[әғқңөұүһі]", re.IGNORECASE)

# Every fifth letter of Kazakh is one of its own; a Kazakh name in a Russian text stays far below one in thirty.
_KAZAKH_SHARE = 30


def of(text: str) -> str:
    """The language tag (BCP 47): "kk", "ru", "ar", otherwise "en"."""
    arabic, cyrillic, latin = (len(script.findall(text)) for script in (_ARABIC, _CYRILLIC, _LATIN))
    if arabic > max(cyrillic, latin):
        return "ar"
    if cyrillic <= latin:
        return "en"
    return "kk" if len(_KAZAKH.findall(text)) * _KAZAKH_SHARE > cyrillic else "ru"
