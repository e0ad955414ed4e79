"""A telephone number as it is written, and as a telephone dials it."""

import re

LEAST_DIGITS = 5
_OTHER = re.compile(r"[^\W\d]|[,;/]")
"""Where the number ends: an extension in words, or a second number."""


def dialled(phone: str) -> str:
    """`tel:+77770362658` of "+7 (777) 036-26-58, ext. 12" (RFC 3966); empty where that is no number."""
    number = _OTHER.split(phone, maxsplit=1)[0].strip()
    digits = "".join(str(int(character)) for character in number if character.isdecimal())
    plus = "+" if number.startswith("+") else ""
    return f"tel:{plus}{digits}" if len(digits) >= LEAST_DIGITS else ""
