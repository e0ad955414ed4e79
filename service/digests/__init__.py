"""Digests: what was left for those who do not want each release at once, in one mail on their morning.

A digest is a release of its own, for all whose morning it is and who are owed the same releases in the same language:
planned, sent, paused and reported as any other. Whom a release left for a digest, its own ledger says; that it came in
one, `digest_entry` says, which the database lets no release enter twice for one person. What is withdrawn before a
digest with it has left is taken out: the digest is recalled, and another made for who has not got it.
"""

from service.digests.making import due, make
from service.digests.recalling import RECALLED, recall

__all__ = ["RECALLED", "due", "make", "recall"]
