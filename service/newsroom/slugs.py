"""The address of a release: readable in Latin letters, and with an ending that tells nothing of other releases.

A number behind equal headlines would: river-levels-2 says that there is a river-levels, perhaps under embargo.
"""

import secrets

from slugify import slugify

LONGEST = 80
ENDING = 4
"""Octets of chance at the end: releases of one headline must not meet, nobody has to guess them."""


def make(headline: str) -> str:
    """A new slug for this headline: `river-levels-fall-3f9a2c11`."""
    words = slugify(headline, max_length=LONGEST, word_boundary=True, save_order=True) or "release"
    return f"{words}-{secrets.token_hex(ENDING)}"


def of_same(slug: str, headline: str) -> bool:
    """Whether this slug was made of this headline."""
    return slug.rpartition("-")[0] == make(headline).rpartition("-")[0]
