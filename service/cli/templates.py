"""`dateline template`: the mail templates in use, looked at before a reader sees them."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from service import templates
from service.mail.environment import MAILS
from service.releases.letters import DIGEST, LETTER
from service.settings import adopt, settings
from service.templates.checking import FILES

MARKS = {"bad": "BAD ", "advice": "warn"}


@click.group()
def template() -> None:
    """Mail templates: ours, and those of the folder MAIL_TEMPLATES before them."""


@template.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of words.")
def check(folder: Path | None, *, as_json: bool) -> None:
    """Look at the templates of FOLDER, or of MAIL_TEMPLATES; ends with 1 if one is bad."""
    if folder is not None:
        adopt(mail_templates=folder)
    found = templates.check()
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))
    for finding in () if as_json else found:
        click.echo(f"{MARKS[finding.state]}  {finding.file}: {finding.said}")
    if not found and not as_json:
        click.echo(f"All is well with the templates of {settings().mail_templates or 'Dateline itself'}.")
    sys.exit(1 if any(finding.state is templates.State.BAD for finding in found) else 0)


@template.command("copy")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def copy(folder: Path) -> None:
    """Copy the templates of releases and digests into FOLDER, to begin one's own from; no file is written over."""
    for name in (f"{kind}/{file}" for kind in (LETTER, DIGEST) for file in FILES):
        target = folder / name
        if target.exists():
            click.echo(f"kept    {target}")
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((MAILS / name).read_bytes())
        click.echo(f"written {target}")
