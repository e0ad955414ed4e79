"""The Jinja environment of mails, with islands: `{% personal %}` … `{% endpersonal %}` holds what differs by person."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, nodes, select_autoescape
from jinja2.ext import Extension
from jinja2.parser import Parser

from service.mail import phones, plain
from service.settings import settings

# templates/ stands beside service/ in the source tree and in the wheel alike.
MAILS = Path(__file__).parents[2] / "templates" / "mails"
BETWEEN = "\x1f"


class IslandEnvironment(Environment):
    """Remembers the islands of the template that is being parsed."""

    found_islands: list[list[nodes.Node]]


class Islands(Extension):
    """Takes the personal islands out of a template while it is parsed, and leaves a mark where each stood."""

    tags = {"personal"}
    environment: IslandEnvironment

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        found = self.environment.found_islands
        found.append(parser.parse_statements(("name:endpersonal",), drop_needle=True))
        number = nodes.Const(len(found) - 1)
        return nodes.Output([nodes.Call(nodes.Name("island", "load"), [number], [], None, None)], lineno=line)


class Page:
    """One parsed template: what all get, rendered once, and the islands, rendered for each person."""

    def __init__(self, name: str) -> None:
        env = environment()
        found: list[list[nodes.Node]] = []
        env.found_islands = found
        tree = env.parse(_source(env, name), name)
        self.islands = len(found)
        self._common = _template(env, tree, name)
        self._personal = _template(env, _joined(env, found), name)

    def common(self, mark: str, **context: Any) -> str:
        """What all get, with `{mark}{n}.` where the n-th island stands."""
        return self._common.render(island=lambda number: f"{mark}{number}.", **context)

    def personal(self, context: dict[str, Any]) -> list[str]:
        """This person's islands, in order; `context` holds the environment's globals already, which saves a copy."""
        if not self.islands:
            return []
        frame = self._personal.new_context(context, shared=True)
        found = "".join(self._personal.root_render_func(frame)).split(BETWEEN)
        if len(found) != self.islands:
            raise ValueError("a personal value holds a control character")
        return found


def folders() -> list[Path]:
    """Where a template is looked for, file by file: the operator's own folder, if there is one, then ours."""
    own = settings().mail_templates
    return [own, MAILS] if own else [MAILS]


@cache
def environment() -> IslandEnvironment:
    """Strict: an unknown variable is an error when a release is checked, never a "Dear None"."""
    found = IslandEnvironment(
        loader=FileSystemLoader(folders()),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=[Islands],
    )
    found.filters |= {"flowed": plain.flowed, "stuffed": plain.stuffed, "dialled": phones.dialled}
    return found


def _source(env: IslandEnvironment, name: str) -> str:
    assert env.loader is not None  # noqa: S101 - it was given one
    return env.loader.get_source(env, name)[0]


def _joined(env: Environment, islands: list[list[nodes.Node]]) -> nodes.Template:
    body: list[nodes.Node] = []
    for number, island in enumerate(islands):
        if number:
            body.append(nodes.Output([nodes.TemplateData(BETWEEN)]))
        body.extend(island)
    tree = nodes.Template(body, lineno=1)
    tree.set_environment(env)
    return tree


def _template(env: Environment, tree: nodes.Template, name: str) -> Template:
    return Template.from_code(env, env.compile(tree, name, filename=name), env.globals)
