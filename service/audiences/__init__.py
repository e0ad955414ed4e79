"""Audiences: whom of its topics' subscribers a release is for, and the lists and segments they are chosen by."""

from service.audiences import lists, names, segments
from service.audiences.audience import EVERYBODY, Audience, Compiled, Outside, Part, Stage, compiled, lines, plain, read
from service.audiences.capping import BadCap, cap
from service.audiences.choosing import BadStages, check, of
from service.audiences.conditions import Conditions

__all__ = [
    "EVERYBODY",
    "Audience",
    "BadCap",
    "BadStages",
    "Compiled",
    "Conditions",
    "Outside",
    "Part",
    "Stage",
    "cap",
    "check",
    "compiled",
    "lines",
    "lists",
    "names",
    "of",
    "plain",
    "read",
    "segments",
]
