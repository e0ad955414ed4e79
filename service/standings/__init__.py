"""The standing of addresses: what counts against them, when they rest, when they are suppressed (standards.md 10).

The evidence is kept, the standing is worked out from it: the same evidence again, in any order, changes nothing.
"""

from service.standings.bursts import NotHeld, burst, bursts, decide, guard
from service.standings.evidence import Heard, Named, counts, forget, note, note_named
from service.standings.judging import answered, judge
from service.standings.looking import looked, second_looks
from service.standings.policy import Judgement, Mark, verdict_on
from service.standings.reading import History, history
from service.standings.sweeping import sweep

__all__ = [
    "Heard",
    "History",
    "Judgement",
    "Mark",
    "Named",
    "NotHeld",
    "answered",
    "burst",
    "bursts",
    "counts",
    "decide",
    "forget",
    "guard",
    "history",
    "judge",
    "looked",
    "note",
    "note_named",
    "second_looks",
    "sweep",
    "verdict_on",
]
