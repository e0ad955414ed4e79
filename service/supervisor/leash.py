"""A leash: runs a program that the kernel ends when whoever started it ends, whatever ended them.

Run as a script with nothing but the standard library, and never as `preexec_fn`: that would run Python between
fork and exec of a process that may have threads.

    python -I -S leash.py PARENT SIGNAL UID GID PROGRAM [ARGUMENT ...]
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
CANNOT_RUN = 127


def main(arguments: list[str]) -> None:
    """Become PROGRAM as UID:GID (-1:-1 for no change), to receive SIGNAL when the process PARENT ends."""
    parent, death_signal, uid, gid = map(int, arguments[:4])
    program = arguments[4:]
    _restore_signals()
    # In this order: a change of user clears the death signal, prctl(2).
    _become(uid, gid)
    _tie(parent, death_signal)
    try:
        os.execvp(program[0], program)  # noqa: S606 - no shell is wanted
    except OSError as fault:
        sys.stderr.write(f"{program[0]}: {fault.strerror}\n")
        sys.exit(CANNOT_RUN)


def _restore_signals() -> None:
    # Python ignores SIGPIPE and SIGXFSZ, a shell without job control SIGINT, nohup SIGHUP: all would be inherited.
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())


def _become(uid: int, gid: int) -> None:
    if uid < 0:
        return
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def _tie(parent: int, death_signal: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    # The parent may have ended before the tie was made: then no signal will ever come.
    if os.getppid() != parent:
        sys.exit(CANNOT_RUN)


if __name__ == "__main__":
    main(sys.argv[1:])
