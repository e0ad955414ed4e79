"""Whom the servers run as: PostgreSQL refuses root, so under root it is an account without privileges."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from service.errors import Refused

UNPRIVILEGED = ("postgres", "nobody")


class Unreachable(Refused):
    """The account cannot enter a directory on the way to the path. No permission is changed: they are the owner's."""

    def __init__(self, path: Path, account: "Account", closed: Path) -> None:
        super().__init__(
            f"PostgreSQL and Valkey do not run as root but as the account {account.name}, and that account cannot "
            f"enter {closed} on the way to {path}. Choose another data directory (for example "
            f"DATA_DIR=/var/lib/dateline), start as an ordinary user, let others pass (chmod o+x {closed}), or give "
            "DATABASE_URL and BROKER_URL."
        )
        self.closed = closed


@dataclass(frozen=True, slots=True)
class Account:
    """An account of this machine."""

    name: str
    uid: int
    gid: int

    def closed_directory(self, path: Path) -> Path | None:
        """The first directory on the way to `path`, itself included, that this account cannot enter.

        By owner, group and mode; access lists are not read.
        """
        ways = [*reversed(path.parents), path]
        return next((way for way in ways if way.is_dir() and not self._may_enter(way)), None)

    def check_reaches(self, path: Path) -> None:
        """Raises Unreachable."""
        closed = self.closed_directory(path)
        if closed is not None:
            raise Unreachable(path, self, closed)

    def _may_enter(self, directory: Path) -> bool:
        status = directory.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)


def for_data(data: Path) -> Account | None:
    """Whom to become for servers with data below `data`; None: nobody, this process is not root.

    Data that already has an owner keeps it: their account may have been another one's choice, or an ordinary user's.
    """
    if os.geteuid() != 0:
        return None
    for directory in (data / "postgres", data / "valkey", data):
        if directory.exists() and (owner := directory.stat()).st_uid != 0:
            return Account(_name(owner.st_uid), owner.st_uid, owner.st_gid)
    return _unprivileged()


def make_private(directory: Path, account: Account | None) -> None:
    """Make the directory for its owner alone (0700), and the account its owner. Its parents are left as they are."""
    directory.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        os.chown(directory, account.uid, account.gid)


def make_enterable(directory: Path) -> None:
    """Make a directory of ours, when it is missing, that others can pass through (0711) whatever the umask says."""
    if directory.exists():
        return
    directory.mkdir(parents=True)
    directory.chmod(0o711)


def _unprivileged() -> Account:
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise Refused(
        f"PostgreSQL does not run as root and this machine has none of the accounts {UNPRIVILEGED}: make one."
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
