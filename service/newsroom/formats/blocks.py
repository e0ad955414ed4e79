"""The Markdown of a release as a flat list of blocks with styled runs, for forms that know no HTML."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain

from markdown_it.tree import SyntaxTreeNode

from service.mail import body


class Kind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    BULLET = "bullet"
    NUMBER = "number"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style; `link` is where they lead, or empty."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of some kind; `number` is that of a numbered item."""

    kind: Kind
    runs: tuple[Run, ...]
    number: int = 0


PLAIN = Run("")


def blocks(markdown: str) -> list[Block]:
    """The blocks in their order. A table is a paragraph for each row, its cells apart by a bar."""
    return [block for node in body.tree(markdown).children for block in _blocks(node, Kind.PARAGRAPH, 0)]


def _blocks(node: SyntaxTreeNode, kind: Kind, number: int) -> Iterator[Block]:
    match node.type:
        case "paragraph":
            yield Block(kind, tuple(_inline(node)), number)
        case "heading":
            yield Block(Kind.HEADING, tuple(_inline(node)))
        case "bullet_list" | "ordered_list":
            yield from _items(node)
        case "blockquote":
            yield from chain.from_iterable(_blocks(child, Kind.QUOTE, 0) for child in node.children)
        case "table":
            yield from (Block(kind, tuple(_row(row))) for part in node.children for row in part.children)
        case "fence" | "code_block":
            yield Block(kind, (Run(node.content.rstrip("\n")),))


def _items(node: SyntaxTreeNode) -> Iterator[Block]:
    ordered = node.type == "ordered_list"
    first = int(node.attrs.get("start", 1))
    for place, item in enumerate(node.children, start=first):
        for child in item.children:
            yield from _blocks(child, Kind.NUMBER if ordered else Kind.BULLET, place if ordered else 0)


def _row(row: SyntaxTreeNode) -> Iterator[Run]:
    for place, cell in enumerate(row.children):
        if place:
            yield Run(" | ")
        yield from _inline(cell)


def _inline(node: SyntaxTreeNode, style: Run = PLAIN) -> Iterator[Run]:
    for child in node.children:
        match child.type:
            case "text" | "code_inline":
                yield replace(style, text=child.content)
            case "softbreak":
                yield replace(style, text=" ")
            case "hardbreak":
                yield replace(style, text="\n")
            case "strong":
                yield from _inline(child, replace(style, bold=True))
            case "em":
                yield from _inline(child, replace(style, italic=True))
            case "link":
                yield from _inline(child, replace(style, link=str(child.attrs["href"])))
            case _:
                yield from _inline(child, style)
