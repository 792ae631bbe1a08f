"""Docstrings as plain text: `code` and *emphasis* are markup, nothing else is; `name: meaning` lines become a list."""

import re
import textwrap

MARKUP = re.compile(r"(`[^`]+`|(?<![\w*])\*\w[^*]*\w\*(?![\w*]))")
ENTRY = re.compile(r"([a-z_]\w*|[A-Z])( \([^)]*\))?(, \w+( \([^)]*\))?)*(: |\.$)")


def escape(text: str) -> str:
    """Take the meaning of *, |, _ and \\ from everything that is neither `code` nor *emphasis*."""
    parts = MARKUP.split(text)
    parts[::2] = [re.sub(r"([*|_\\])", r"\\\1", part) for part in parts[::2]]
    return "".join(parts)


def block(lines: list[str]):
    """A run of lines without a blank one, as reStructuredText. Equations, which are indented, keep their lines."""
    rest = textwrap.dedent("\n".join(lines[1:])).split("\n")
    if lines[0].endswith(":") and ENTRY.match(rest[0]):  # "Arguments:" and its entries, indented
        yield from (escape(lines[0]), *block(rest))
        return
    previous = None
    for line in lines:
        if ENTRY.match(line) and previous in (None, "entry"):
            kind, mark = "entry", "* "
        elif line.startswith(" "):
            kind, mark = ("entry", "  ") if previous == "entry" else ("equation", "| ")
        else:
            kind, mark = "text", ""
        if kind != previous:
            yield ""
        yield mark + escape(line.strip())
        previous = kind
    yield ""


def as_plain_text(app, what, name, obj, options, lines):
    blocks = re.split(r"\n\s*\n", "\n".join(lines).strip("\n"))
    lines[:] = [line for text in blocks if text for line in block(text.split("\n"))]


def setup(app):
    app.connect("autodoc-process-docstring", as_plain_text)
    return {"parallel_read_safe": True}
