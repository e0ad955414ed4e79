"""The judge of the pages is the one that was looked at, with its licence beside it."""

from hashlib import sha256

from tests.browser.axe import VENDOR


def test_axe_is_the_file_that_was_looked_at() -> None:
    digest, name, *_ = (VENDOR / "VENDOR.txt").read_text().splitlines()[2].split()
    assert sha256((VENDOR / name).read_bytes()).hexdigest() == digest
    assert "Mozilla Public License" in (VENDOR / "axe.LICENSE.txt").read_text()
