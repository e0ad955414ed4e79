"""What the documents name exists: files, targets, commands, settings."""

import re
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from service import manuscripts
from service.cli import root
from service.settings import Settings

SOURCE = Path(__file__).parents[2]
PAGES = sorted([SOURCE / "README.md", SOURCE / "CONTRIBUTING.md", *(SOURCE / "docs").glob("*.md")])
ENDINGS = (".py", ".md", ".txt", ".html", ".toml", ".yml", ".env")
DATA = ("var/", "secrets/")
CONSTANTS = {
    "CASES",
    "READERS",
    "COMMANDS",
    "QUEUES",
    "EXPECTED",
    "LASTS",
    "MADE",
    "KINDS",
    "APIS",
    "PROVIDERS",
    "EXCHANGERS",
    "SOURCES",
    "DATELINE_SEED",
}
NO_SETTINGS = frozenset(
    {
        *CONSTANTS,
        "WEB_PORT",
        "INBOUND_PORT",
        "PATH",
        "ENTRIES",
        "RULES",
        "CLAUSES",
        "PUBLIC_DOORS",
        "PUBLIC_NOUNS",
        "REFUSING",
        "BODIES",
        "NEEDS",
    }
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_exists(page: Path) -> None:
    words = page.read_text(encoding="utf-8")
    linked = {page.parent / link for link in re.findall(r"\]\(([^)#:]+)\)", words)}
    named = {SOURCE / name for name in re.findall(r"`([\w./-]+/[\w./-]*)`", words) if is_of_the_tree(name)}
    assert [str(path) for path in sorted(linked | named) if not path.exists()] == []


def is_of_the_tree(name: str) -> bool:
    return not name.startswith(("/", *DATA)) and name.endswith(("/", *ENDINGS))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_target_that_is_named_can_be_made(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (SOURCE / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|`|\s{4})make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)) <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_shown_is_one_of_ours(page: Path) -> None:
    context = click.Context(root)
    shown = re.findall(r"(?:^|`|worker )dateline +([a-z]+) *([^\n`]*)", page.read_text(encoding="utf-8"), re.MULTILINE)
    for name, words in shown:
        command = root.get_command(context, name)
        assert command is not None, f"dateline {name}"
        if isinstance(command, click.Group):
            verbs = re.match(r"[a-z]+(?: \| [a-z]+)*", words)
            assert verbs is not None
            assert set(verbs[0].split(" | ")) <= command.commands.keys(), f"dateline {name} {words}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_that_is_named_is_one(page: Path) -> None:
    named = set(re.findall(r"`([A-Z][A-Z_]{3,})[`=]", page.read_text(encoding="utf-8")))
    assert {name.lower() for name in named - NO_SETTINGS} <= Settings.model_fields.keys()


def test_the_form_on_the_officers_page_is_understood_to_the_last_line() -> None:
    (form,) = re.findall(r"```\n(PRESS RELEASE.*?)```", (SOURCE / "docs" / "officer.md").read_text("utf-8"), re.DOTALL)
    read = manuscripts.read(form.encode())
    assert (read.headline, read.subhead) == ("The headline", "A line under it")
    assert read.embargo == datetime(2026, 12, 5, 4, tzinfo=UTC)
    assert read.boilerplate
    assert read.notes
    assert [contact.email for contact in read.contacts] == ["press@rivers.example"]
    assert read.remarks == ()
