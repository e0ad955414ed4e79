"""The body of a release: one Markdown source, two renderings with the same words."""

from collections.abc import Iterable

import nh3
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from service.markdown import escape

__all__ = ["as_html", "as_text", "escape", "tree"]

# Pictures come from the press kit, never from an address in the text: with the rule off `![x](y)` stays a link.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")

_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code"),
    *("ul", "ol", "li", "em", "strong", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}


def as_html(markdown: str) -> Markup:
    """Safe HTML of the source: raw HTML stays text, links go to the web or to a mailbox and nowhere else."""
    html = _MARKDOWN.render(markdown)
    clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener")
    return Markup(clean)  # noqa: S704 - nh3 has just reduced it to the list above


def as_text(markdown: str) -> str:
    """Plain text of the source: each paragraph on one line, however long, and an empty line between blocks."""
    return _blocks(tree(markdown).children, between="\n\n")


def tree(markdown: str) -> SyntaxTreeNode:
    """The source as a tree, for other forms that it takes."""
    return SyntaxTreeNode(_MARKDOWN.parse(markdown))


def _blocks(nodes: Iterable[SyntaxTreeNode], *, between: str) -> str:
    return between.join(text for text in map(_block, nodes) if text)


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "paragraph" | "heading":
            return _inline(node.children)
        case "bullet_list" | "ordered_list":
            return _list(node)
        case "table":
            return "\n".join(_row(row) for part in node.children for row in part.children)
        case "fence" | "code_block":
            return node.content.rstrip("\n")
        case "hr":
            return "* * *"
        case _:  # a quotation keeps its own quote marks and gets no prefix, so that it can be copied
            return _blocks(node.children, between="\n\n")


def _list(node: SyntaxTreeNode) -> str:
    first = int(node.attrs.get("start", 1))
    marks = (f"{number}. " if node.type == "ordered_list" else "– " for number in range(first, 10**10))
    items = (_blocks(item.children, between="\n") for item in node.children)
    return "\n".join(
        mark + item.replace("\n", "\n" + " " * len(mark)) for mark, item in zip(marks, items, strict=False)
    )


def _row(row: SyntaxTreeNode) -> str:
    return " | ".join(_inline(cell.children) for cell in row.children)


def _inline(nodes: Iterable[SyntaxTreeNode]) -> str:
    return "".join(map(_span, nodes))


def _span(node: SyntaxTreeNode) -> str:
    match node.type:
        case "text" | "code_inline":
            return node.content
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "link":
            return _link(_inline(node.children), str(node.attrs["href"]))
        case _:
            return _inline(node.children)


def _link(words: str, target: str) -> str:
    return words if words in (target, target.removeprefix("mailto:")) else f"{words} <{target}>"
