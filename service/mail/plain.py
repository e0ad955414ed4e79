"""The text part of a mail: wrapped, quotations marked, links as footnotes (format=flowed, RFC 3676).

A line that ends in a space goes on in the next one, so that who copies it out of a reader that knows this gets whole
paragraphs; in any other reader the lines end where a person would have ended them.
"""

from collections.abc import Iterable, Sequence
from itertools import count
from textwrap import TextWrapper

from markdown_it.tree import SyntaxTreeNode

from service.mail import body

WIDTH = 72
"""Columns of a line, its last space included (RFC 3676, 4.2 asks for 78 at most)."""
SOFT = " "
RULE = "* * *"
SIGNATURE = "-- "
"""What stands over the foot: readers take what follows for no part of the text (RFC 3676, 4.3)."""


class Footnotes:
    """The links of a mail in the order in which they are named, each with its number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, target: str) -> str:
        """`[1]`: the same link has the same number."""
        return f"[{self._numbers.setdefault(target, len(self._numbers) + 1)}]"

    def lines(self) -> list[str]:
        """`[1] https://…`, one line each, never broken."""
        return [f"[{number}] {target}" for target, number in self._numbers.items()]


def flowed(text: str) -> str:
    """Words that were typed as they are: each of their lines wrapped, an empty one stays empty."""
    return "\n".join(map(_paragraph, text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))


def as_flowed(markdown: str, footnotes: Footnotes) -> str:
    """Markdown as the text of a mail."""
    return _Writer(footnotes).blocks(body.tree(markdown).children)


def stuffed(text: str) -> str:
    """With a space before what a reader would take for something else (RFC 3676, 4.4)."""
    return f" {text}" if text.startswith((" ", ">", "From ")) else text


def _paragraph(line: str, quote: str = "") -> str:
    """One line, wrapped softly."""
    room = WIDTH - len(quote) - len(SOFT)
    return f"{SOFT}\n".join(quote + (each if quote else stuffed(each)) for each in _wrapped(line, room))


def _hanging(line: str, mark: str) -> str:
    """A line under a mark: its others begin below its first word, and end where they end."""
    first, *rest = _wrapped(line, WIDTH - len(mark))
    return "\n".join([mark + first, *(" " * len(mark) + each for each in rest)])


def _wrapped(line: str, room: int) -> list[str]:
    # Nothing is broken inside a word: what is copied out must be what was written.
    wrapper = TextWrapper(max(room, 20), break_long_words=False, break_on_hyphens=False, expand_tabs=False)
    return wrapper.wrap(line) or [""]


class _Writer:
    """Writes the blocks of one text, and names its links to the footnotes."""

    def __init__(self, footnotes: Footnotes) -> None:
        self._footnotes = footnotes

    def blocks(self, nodes: Iterable[SyntaxTreeNode], quote: str = "") -> str:
        """The blocks with an empty line between them, which a quotation goes through."""
        between = f"\n{quote.rstrip()}\n"
        return between.join(text for node in nodes if (text := self._block(node, quote)))

    def _block(self, node: SyntaxTreeNode, quote: str) -> str:
        match node.type:
            case "paragraph" | "heading":
                return "\n".join(_paragraph(line, quote) for line in self._inline(node.children).split("\n"))
            case "bullet_list" | "ordered_list":
                return self._list(node, quote)
            case "table":
                rows = (row for part in node.children for row in part.children)
                return "\n".join(
                    quote + " | ".join(self._inline(cell.children) for cell in row.children) for row in rows
                )
            case "fence" | "code_block":
                return "\n".join(quote + stuffed(line.rstrip()) for line in node.content.rstrip("\n").split("\n"))
            case "hr":
                return quote + RULE
            case "blockquote":
                return self.blocks(node.children, f"{quote.rstrip()}> ")
            case _:
                return self.blocks(node.children, quote)

    def _row(self, row: SyntaxTreeNode) -> str:
        return " | ".join(self._inline(cell.children) for cell in row.children)

    def _list(self, node: SyntaxTreeNode, quote: str) -> str:
        first = int(node.attrs.get("start", 1))
        is_ordered = node.type == "ordered_list"
        marks = (f"{number}. " if is_ordered else "– " for number in count(first))
        items = (self._item(item.children, mark) for mark, item in zip(marks, node.children, strict=False))
        return "\n".join(quote + line for item in items for line in item.split("\n"))

    def _item(self, nodes: Sequence[SyntaxTreeNode], mark: str) -> str:
        """A list's item: its paragraphs, and the lists in it further in."""
        lines: list[str] = []
        for node in nodes:
            found = self._inline(node.children) if node.type == "paragraph" else self._block(node, "")
            for line in found.split("\n"):
                lead = " " * len(mark) if lines else mark
                lines.append(_hanging(line, lead) if node.type == "paragraph" else lead + line.rstrip())
        return "\n".join(lines) or mark.rstrip()

    def _inline(self, nodes: Iterable[SyntaxTreeNode]) -> str:
        return "".join(map(self._span, nodes))

    def _span(self, node: SyntaxTreeNode) -> str:
        match node.type:
            case "text" | "code_inline":
                return node.content
            case "softbreak":
                return " "
            case "hardbreak":
                return "\n"
            case "link":
                return self._link(self._inline(node.children), str(node.attrs["href"]))
            case _:
                return self._inline(node.children)

    def _link(self, words: str, target: str) -> str:
        if words in (target, target.removeprefix("mailto:")):
            return words
        return f"{words} {self._footnotes.mark(target.removeprefix('mailto:'))}"
