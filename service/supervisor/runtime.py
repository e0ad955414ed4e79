"""The private directory of the sockets: short, whatever the data directory is called.

A socket's path has 107 bytes (unix(7)), and the servers' tools stumble over spaces: so it is made of a hash.
"""

import hashlib
import os
import stat
from pathlib import Path

from service.errors import Refused
from service.supervisor import account as accounts
from service.supervisor.account import Account


def directory(data: Path, account: Account | None) -> Path:
    """Make, or find again, the directory for the sockets of this data directory: mode 0700, the account its owner.

    Raises Refused when somebody else has made a directory of that name.
    """
    path = name(data)
    if not path.is_symlink():
        _make(path, account)
    _check(path, account)
    return path


def name(data: Path) -> Path:
    """The same for the same data directory and user, whoever asks."""
    digest = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:16]
    return Path(f"/tmp/dateline-{os.geteuid()}-{digest}")  # noqa: S108 - owner and mode are checked before use


def _make(path: Path, account: Account | None) -> None:
    path.mkdir(mode=0o700, exist_ok=True)
    # Whatever stands there under another owner is not touched; _check tells.
    if path.lstat().st_uid == os.geteuid():
        accounts.make_private(path, account)


def _check(path: Path, account: Account | None) -> None:
    owner = os.geteuid() if account is None else account.uid
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != owner or status.st_mode & 0o077:
        raise Refused(f"{path} is not a private directory of ours: see who made it, and remove it.")
