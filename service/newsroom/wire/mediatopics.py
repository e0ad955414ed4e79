"""IPTC Media Topics: what a topic is called everywhere, by its id."""

import re

CODE = re.compile(r"\d{8}")
SCHEME = "http://cv.iptc.org/newscodes/mediatopic/"
GENRE = "http://cv.iptc.org/newscodes/genre/Press_Release"


def code(named: str) -> str:
    """The eight digits of an id, written alone, as `medtop:20000638` or as its address; empty when it is none."""
    found = re.split(r"[:/]", named.strip())[-1]
    return found if CODE.fullmatch(found) else ""
