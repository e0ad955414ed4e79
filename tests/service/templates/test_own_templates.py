"""An operator's own mail templates: what is bad is named with its file, and nothing starts with it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service import settings
from service.mail.compose import _pages
from service.mail.environment import MAILS, environment
from service.templates import Finding, State, check

SOURCE = Path(__file__).parents[3]
LEAVE = '<a href="{{ leave }}">'
SCRIPT = "<script>alert(1)</script>"
BAD = [
    ("release/body.html", "<body>", f"<body>{SCRIPT}", "nothing runs in a mail"),
    (
        "release/body.html",
        "<body>",
        '<body><img src="https://t.example/p.gif">',
        "what is fetched tells who opened",
    ),
    ("release/body.html", "body { margin", "@import 'x'; body { margin", "what is fetched tells who opened"),
    ("release/body.html", LEAVE, "<a>", "the link to leave is missing"),
    ("release/body.html", "{{ html.body }}", "", "the text (thirty-one) is missing"),
    ("release/body.html", "<h1>", "<h1>{{ name }}", "stands between {% personal %}"),
    ("release/body.html", "<h1>", "<h1>{{ headlien }}", "'headlien' is undefined"),
    ("release/body.html", "<h1>", "<h1>" + "x" * 102_000, "Gmail cuts off"),
    ("release/body.txt", "{{ preferences }}", "", "the link to the preferences is missing"),
    ("release/body.txt", "{{ words.embargo }}", "", "the embargo is missing"),
    ("digest/body.html", "{{ item.lead }}", "{{ item.lead", "unexpected"),
    ("digest/body.txt", "{{ item.link }}", "", "the link to a release is missing"),
]


Mended = Callable[[str, str, str], list[Finding]]


def begin_anew() -> None:
    """Forget what this process has read of settings and templates."""
    for read_once in (settings.settings, environment, _pages):
        read_once.cache_clear()


@pytest.fixture
def mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mended]:
    """What is found when one thing in one of our templates is another, as the operator's own."""
    monkeypatch.setenv("MAIL_TEMPLATES", str(tmp_path))

    def change(file: str, old: str, new: str) -> list[Finding]:
        ours = (MAILS / file).read_text(encoding="utf-8")
        assert old in ours, old
        own = tmp_path / file
        own.parent.mkdir(exist_ok=True)
        own.write_text(ours.replace(old, new, 1), encoding="utf-8")
        begin_anew()
        found = check()
        own.unlink()
        return found

    yield change
    monkeypatch.undo()
    begin_anew()


def checked(folder: Path) -> tuple[int, list[dict[str, str]]]:
    """As an operator runs it: in a process of its own, which has its own settings."""
    command = [sys.executable, "-c", "from service.cli import main; main()", "template", "check", str(folder), "--json"]
    done = subprocess.run(
        command, cwd=SOURCE, env=os.environ | {"PYTHONPATH": str(SOURCE)}, capture_output=True, check=False, timeout=60
    )
    assert done.stdout, done.stderr.decode()
    return done.returncode, json.loads(done.stdout)


def test_our_own_templates_are_well() -> None:
    assert check() == []


@pytest.mark.parametrize(("file", "old", "new", "said"), BAD)
def test_what_is_bad_is_named_with_its_file(mended: Mended, file: str, old: str, new: str, said: str) -> None:
    found = [each for each in mended(file, old, new) if said in each.said]
    assert found
    assert {each.state for each in found} == {State.BAD}
    assert found[0].file.startswith(file)


def test_advice_is_no_reason_not_to_start(mended: Mended) -> None:
    found = mended("release/body.html", '<meta name="viewport" content="width=device-width, initial-scale=1">', "")
    assert [each.state for each in found] == [State.ADVICE]


def test_the_command_ends_with_one_and_names_a_file_that_nothing_uses(tmp_path: Path) -> None:
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "bodi.html").write_text("x")
    code, found = checked(tmp_path)
    assert code == 1
    assert found == [
        {"file": "release/bodi.html", "state": "bad", "said": "no mail of ours has a file of this name"},
    ]


def test_no_worker_starts_with_a_bad_template(tmp_path: Path) -> None:
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "body.html").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "-c", "from service import templates; templates.require()"],
        cwd=SOURCE,
        env=os.environ | {"PYTHONPATH": str(SOURCE), "MAIL_TEMPLATES": str(tmp_path)},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert b"MAIL_TEMPLATES: release/body.html" in done.stderr
