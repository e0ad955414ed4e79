"""What others made is served as they made it, with their licence beside it."""

from hashlib import sha256

from service.web.pages import STATIC

VENDOR = STATIC / "vendor"


def test_each_vendored_file_is_the_one_that_was_looked_at() -> None:
    lines = (VENDOR / "VENDOR.txt").read_text().splitlines()[2:]
    listed = {name: digest for digest, name, *_ in (line.split() for line in lines)}
    found = {
        path.name: sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir() if path.suffix in (".css", ".js")
    }
    assert found == listed


def test_each_vendored_package_has_its_licence() -> None:
    for name in ("tabler", "htmx"):
        assert "Permission" in (VENDOR / f"{name}.LICENSE.txt").read_text()


def test_public_pages_are_light_for_any_connection() -> None:
    assert (STATIC / "public.css").stat().st_size < 10_000
