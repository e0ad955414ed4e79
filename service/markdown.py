"""Plain words as Markdown: the one place that knows which characters CommonMark would take for form."""

import re

# CommonMark 0.31 section 2.4: a backslash before ASCII punctuation makes it literal. Only what could act is escaped,
# because officers edit this text by hand afterwards.
_ALWAYS = re.compile(r"[\\`*\[\]<]")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")  # between two letters it never means emphasis (section 6.2)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BLOCK_START = re.compile(r"^(?=[#>=|~+-]|:-)")  # headings, quotes, underlines, tables, fences, lists, rules
_LIST_NUMBER = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))")


def escape(plain: str) -> str:
    """Markdown that renders to exactly the words of one plain paragraph.

    A line break inside the paragraph becomes a hard break; space at either end of a line and empty lines go,
    as Markdown has no word for them.
    """
    lines = (line.strip() for line in plain.split("\n"))
    return "\\\n".join(_escape_line(line) for line in lines if line)


def _escape_line(line: str) -> str:
    line = _ALWAYS.sub(r"\\\g<0>", line)
    line = _UNDERSCORE.sub(r"\\_", line)
    line = _ENTITY.sub(r"\\&", line)
    line = _BLOCK_START.sub(r"\\", line)
    return _LIST_NUMBER.sub(r"\1\\", line)
