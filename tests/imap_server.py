"""A real IMAP server for tests: Debian's Dovecot, unpacked and never installed.

Its programs look for each other below /usr, so it runs in a mount namespace of its own in which the unpacked package
lies over /usr. That needs root and Linux; where there is no way, tests that ask for it are skipped and say so.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted
from imap_tools.errors import UnexpectedCommandStatusError

CACHE = Path(__file__).parents[1] / ".cache"
USER, PASSWORD = "bounces", "a-secret-of-the-mailbox"
DOWNLOAD_SECONDS = 120
# Under another name until it is whole, or an interrupted unpacking would be taken for the server.
FETCH = """
    rm -rf dovecot dovecot.new dovecot-*.deb
    apt-get download -qq dovecot-core dovecot-imapd
    for package in dovecot-*.deb; do dpkg-deb -x "$package" dovecot.new; done
    mv dovecot.new dovecot
    rm dovecot-*.deb
"""
CONFIGURATION = """
base_dir = {folder}/base
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
auth_mechanisms = plain login {bearer}
disable_plaintext_auth = no
ssl = {ssl}
{certificate}
mail_location = maildir:{folder}/mail/%u
mail_max_userip_connections = 50
mailbox_idle_check_interval = 1 s
first_valid_uid = 1
first_valid_gid = 1
imap_capability = {capability}
{oauth}
passdb {{
  driver = static
  args = password={password}
  mechanisms = plain login
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
ALL = ""
NEITHER_IDLE_NOR_MOVE = "IMAP4rev1 LITERAL+ UIDPLUS CHILDREN NAMESPACE UNSELECT"
START = 'mount -t overlay dovecot -o "lowerdir=$1/usr:/usr" /usr && exec /usr/sbin/dovecot -F -c "$2"'


OAUTH = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf.ext
}}
"""
INTROSPECTION = """
introspection_mode = post
introspection_url = {url}
username_attribute = username
active_attribute = active
active_value = true
"""


@dataclass(frozen=True)
class Server:
    """A running one; its mail is a Maildir below `folder`."""

    folder: Path
    port: int
    tls_port: int

    def url(self, folder: str = "", options: str = "") -> str:
        return f"imap://{USER}@127.0.0.1:{self.port}/{folder}{options}"

    @contextmanager
    def opened(self, folder: str = "INBOX") -> Iterator[MailBoxUnencrypted]:
        """A person's mail program."""
        with MailBoxUnencrypted("127.0.0.1", self.port, timeout=20).login(USER, PASSWORD, folder) as box:
            yield box

    def put(self, *messages: bytes, folder: str = "INBOX") -> None:
        with self.opened() as box:
            for message in messages:
                box.append(message, folder)

    def subjects(self, folder: str = "INBOX", criteria: str = "ALL") -> list[str]:
        """What is in a folder, by its subjects; nothing is marked as read."""
        with self.opened() as box:
            if not box.folder.exists(folder):
                return []
            box.folder.set(folder)
            return [mail.subject for mail in box.fetch(criteria, mark_seen=False, charset=None, headers_only=True)]


@contextmanager
def running(
    folder: Path,
    *,
    capability: str = ALL,
    tls: tuple[Path, Path] | None = None,
    bearer: str = "",
    introspection: str = "",
) -> Iterator[Server]:
    """Dovecot with an empty mailbox; `tls` is a certificate and its key.

    `bearer` are the mechanisms for tokens, of which `introspection` is asked what they are worth (RFC 7662).
    """
    root = _unpacked() or _fetched()
    if root is None or os.geteuid() != 0:
        pytest.skip("Dovecot cannot be run: it needs root, and apt-get or .cache/dovecot")
    (folder / "mail").mkdir(exist_ok=True)
    for path in (folder / "mail", *folder.parents[:3], folder):
        path.chmod(0o777 if path.name == "mail" else path.stat().st_mode | 0o755)
    server = Server(folder, _free_port(), _free_port() if tls else 0)
    (folder / "oauth2.conf.ext").write_text(INTROSPECTION.format(url=introspection))
    (folder / "dovecot.conf").write_text(_configuration(server, capability, tls, bearer))
    command = ["unshare", "--mount", "sh", "-ec", START, "sh", str(root), str(folder / "dovecot.conf")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
        try:
            _wait(child, server)
            yield server
        finally:
            child.terminate()


def _configuration(server: Server, capability: str, tls: tuple[Path, Path] | None, bearer: str) -> str:
    certificate = f"ssl_cert = <{tls[0]}\nssl_key = <{tls[1]}\n" if tls else ""
    return CONFIGURATION.format(
        folder=server.folder,
        port=server.port,
        tls_port=server.tls_port,
        password=PASSWORD,
        capability=capability,
        bearer=bearer,
        oauth=OAUTH.format(folder=server.folder) if bearer else "",
        certificate=certificate,
        ssl="yes" if tls else "no",
    )


def _wait(child: subprocess.Popen[bytes], server: Server) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if child.poll() is not None:
            assert child.stderr is not None
            pytest.skip(f"Dovecot does not start here: {child.stderr.read().decode(errors='replace')[:300]}")
        try:
            with server.opened():
                return
        except (OSError, UnexpectedCommandStatusError):
            # It may listen before it can open a mailbox.
            time.sleep(0.1)
    raise AssertionError((server.folder / "dovecot.log").read_text(errors="replace"))


def _unpacked() -> Path | None:
    root = CACHE / "dovecot"
    return root if (root / "usr/sbin/dovecot").exists() and (root / "usr/lib/dovecot/imap").exists() else None


def _fetched() -> Path | None:
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return None
    CACHE.mkdir(exist_ok=True)
    try:
        subprocess.run(["sh", "-ec", FETCH], cwd=CACHE, check=True, capture_output=True, timeout=DOWNLOAD_SECONDS)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    return _unpacked()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
