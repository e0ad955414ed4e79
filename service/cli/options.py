"""Options that many commands share."""

import click

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document instead of words.")
acting = click.option("--by", required=True, metavar="EMAIL", help="Whose account acts.")
