"""DKIM in the benchmarks: a domain's keys, proof that its mail is signed, and what the machine can sign at most.

Run as `python -m bench.signing SECONDS`: signs for so long with RSA-2048, nothing else, and prints what it took.
"""

import json
import os
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench import newsroom
from bench.measurement import Measurement, NotMeasured
from bench.newsroom import Newsroom
from service import dkim_keys, links
from service.mail.compose import Person
from service.manuscripts import Manuscript
from service.models import Algorithm, Revision
from service.releases.letters import letters
from tests.signatures import verdicts

PROCESSES = 2
SECONDS = 4.0
SAMPLE = 5


def give_key(session: Session, office: Newsroom, algorithm: Algorithm) -> None:
    """From now on the newsroom's mail is signed with such a key; nobody's DNS is asked."""
    now = session.execute(select(func.clock_timestamp())).scalar_one()
    key = dkim_keys.make(session, domain_of(office), now=now, algorithm=algorithm)
    dkim_keys.activate(session, key, now=now, dns=None)


def domain_of(office: Newsroom) -> str:
    """The domain its mail comes from."""
    return office.sender.address.rpartition("@")[2]


def check(session: Session, office: Newsroom, text: Manuscript) -> None:
    """Another's verifier (dkimpy) reads some people's mails. Raises NotMeasured unless each is signed well."""
    keys = dkim_keys.keys_for(session, domain_of(office))
    with session.begin_nested() as trial:
        release = newsroom.approved(session, office, office.everybody, text)
        revision = session.get_one(Revision, release.revision_id)
        letter = next(iter(letters(revision, links.personal(), keys).values()))
        mails = [letter.message(person, uuid4(), revision.created_at) for person in _sample(session, office)]
        trial.rollback()
    if not mails or any(verdicts(mail, *keys) != [True] * len(keys) for mail in mails):
        raise NotMeasured(f"mail from {domain_of(office)} is not signed as it should be")


def _sample(session: Session, office: Newsroom) -> list[Person]:
    return newsroom.sample(session, office, SAMPLE)


def run() -> Measurement:
    """How much two processes sign that do nothing else. Raises NotMeasured."""
    argv = [sys.executable, "-m", "bench.signing", str(SECONDS)]
    running = [subprocess.Popen(argv, cwd=_SOURCE, stdout=subprocess.PIPE) for _ in range(PROCESSES)]
    said = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        raise NotMeasured("a process that was to sign failed; it says why above")
    told = [json.loads(line) for line in said]
    # The rates are added: one process begins some moments before the other.
    rate = sum(one["signatures"] / one["seconds"] for one in told)
    signatures = sum(one["signatures"] for one in told)
    return Measurement(signatures, signatures / rate, {"processes": sum(one["cpu"] for one in told)})


def sign(seconds: float) -> dict[str, float]:
    """Sign hash after hash for so long."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    padding, hashed, digest = PKCS1v15(), Prehashed(SHA256()), sha256(b"").digest()
    signatures, before, began = 0, os.times(), time.monotonic()
    while time.monotonic() < began + seconds:
        key.sign(digest, padding, hashed)
        signatures += 1
    after = os.times()
    cpu = after.user + after.system - before.user - before.system
    return {"signatures": signatures, "seconds": time.monotonic() - began, "cpu": cpu}


_SOURCE = Path(__file__).parents[1]

if __name__ == "__main__":
    print(json.dumps(sign(float(sys.argv[1]))))
