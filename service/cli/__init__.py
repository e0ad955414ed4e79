"""The `dateline` command: a door for operators. Each command reads, calls one verb and answers."""

import sys
from pathlib import Path

import click

from service import __version__, logs, settings
from service.errors import Refused
from service.supervisor import ChildEnded, NotReady

COMMANDS = {
    "up": "service.cli.up:up",
    "demo": "service.cli.demo:demo",
    "db": "service.cli.db:db",
    "release": "service.cli.releases:release",
    "newsroom": "service.cli.newsroom:newsroom",
    "sender": "service.cli.newsrooms:sender",
    "topic": "service.cli.newsrooms:topic",
    "account": "service.cli.newsrooms:account",
    "mails": "service.cli.mails:mails",
    "template": "service.cli.templates:template",
    "journalists": "service.cli.journalists:journalists",
    "report": "service.cli.reports:report",
    "message": "service.cli.deliveries:message",
    "uncertain": "service.cli.uncertain:uncertain",
    "feedback": "service.cli.feedback:feedback",
    "hold": "service.cli.holds:hold",
    "suppression": "service.cli.suppressions:suppression",
    "bounce": "service.cli.bounces:bounce",
    "installation": "service.cli.installation:installation",
    "unmatched": "service.cli.unmatched:unmatched",
    "doctor": "service.cli.doctor:doctor",
}


class Tree(click.Group):
    """Loads a command's module when it is asked for: `dateline --help` need not wait for SQLAlchemy."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(__import__(module, fromlist=[name]), name)
        return found


@click.group(cls=Tree, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--data", type=click.Path(path_type=Path), help="Data directory; the setting DATA_DIR otherwise.")
@click.version_option(__version__, prog_name="dateline")
def root(data: Path | None) -> None:
    """Dateline: a press office that mails its releases, and whose books balance.

    Settings come from the environment (see config/example.env). Without DATABASE_URL and BROKER_URL the embedded
    servers are used: those of a running `dateline up`, or started for the one command.
    """
    if data is not None:
        settings.adopt(data_dir=data)
    logs.configure()


def main() -> None:
    """Run the command line; what is refused is said in one sentence and ends with 2, a broken service with 1."""
    try:
        code = root.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as fault:
        fault.show()
        sys.exit(fault.exit_code)
    except Refused as fault:
        click.echo(f"dateline: {fault}", err=True)
        sys.exit(2)
    except (ChildEnded, NotReady) as fault:
        click.echo(f"dateline: {fault}", err=True)
        sys.exit(1)
    sys.exit(code)
