"""The installation: nothing leaves a database that was put back, or whose clock jumped, until a person has confirmed.

A database cannot tell by itself that it is an old one. So it knows where it lives (a fingerprint), counts its checks
(the beat), and two witnesses outside it remember the highest beat and what the clocks said: a folder and the broker.
"""

from service.installation.checking import Checked, check
from service.installation.confirming import Leaving, NotHeld, Standing, confirm, standing
from service.installation.keeping import begin, hold_of
from service.installation.witnesses import Unwitnessed

__all__ = [
    "Checked",
    "Leaving",
    "NotHeld",
    "Standing",
    "Unwitnessed",
    "begin",
    "check",
    "confirm",
    "hold_of",
    "standing",
]
