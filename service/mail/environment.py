"""The Jinja environment of mails, with islands: `{% personal %}` … `{% endpersonal %}` holds what differs by person."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, nodes, select_autoescape
from jinja2.ext import Extension
from jinja2.parser import Parser

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
        tree = env.parse((MAILS / name).read_text(encoding="utf-8"), name)
        self.islands = len(found)
        self._common = _template(env, tree, name)
        self._personal = _template(env, _joined(env, found), name)

    def common(self, mark: str, **context: Any) -> str:
        """What all get, with `{mark}{n}.` where the n-th island stands."""
        return self._common.render(island=lambda number: f"{mark}{number}.", **context)

    def personal(self, context: dict[str, Any]) -> list[str]:
        """This person's islands, in order; `context` holds the environment's globals already, which saves a copy."""
        frame = self._personal.new_context(context, shared=True)
        found = "".join(self._personal.root_render_func(frame)).split(BETWEEN)
        if len(found) != max(self.islands, 1):
            raise ValueError("a personal value holds a control character")
        return found


@cache
def environment() -> IslandEnvironment:
    """Strict: an unknown variable is an error when a release is checked, never a "Dear None"."""
    return IslandEnvironment(
        loader=FileSystemLoader(MAILS),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=[Islands],
    )


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
    return Template.from_code(env, env.compile(tree, name), env.globals)
