r"""A document as Markdown that any viewer reads: originals stand in blocks of HTML.

What comes from articles and models is data. In a line of Markdown, marks that could mean
something get a backslash; in a block of HTML, which some viewers read as Markdown too, they
become references.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assistant.exports.document import Document, Part, Source, Words

_MARKS = re.compile(r"[\\`*_\[\]{}<>&~$^|#@=]|:(?=//|[\w+-]+:)|(?<=www)\.|-(?=-)", re.IGNORECASE)
_FIRST = re.compile(r"[+\-]|\d+[.)]")  # what begins a list, at a line's start


def to_markdown(document: Document) -> str:
    """Return the document as Markdown."""
    blocks = [f"# {_inline(document.title)}", escape(document.when)]
    for part in document.parts:
        blocks += _part(part)
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """Return a line of text that Markdown reads as nothing but text."""
    return _guard(text, lambda mark: f"\\{mark}")


def _guard(line: str, write: Callable[[str], str]) -> str:
    line = _MARKS.sub(lambda match: write(match.group()), line)
    first = _FIRST.match(line)
    if first:
        at = first.end() - 1
        line = line[:at] + write(line[at]) + line[at + 1 :]
    return line


def _part(part: Part) -> Iterator[str]:
    yield f'## <a id="{part.id}"></a>{_inline(part.question)}'
    for statement in part.statements:
        links = "".join(f" [[{n}]](#{part.id}-{n})" for n in statement.citations)
        verdict = f" — *{escape(statement.verdict)}*" if statement.verdict else ""
        reported = f"{_isolated(statement.lead)} " if statement.lead else ""
        yield f"{reported}{escape(statement.text)}{links}{verdict}"
    if part.refusal:
        yield f"**No answer.** {escape(part.refusal)}"
    yield from map(escape, (*part.disagreements, *part.notes))
    if part.sources:
        yield f"### {part.sources_heading}"
    for source in part.sources:
        yield from _source(part, source)


def _source(part: Part, source: Source) -> Iterator[str]:
    yield f'#### <a id="{part.id}-{source.n}"></a>\\[{source.n}\\] {_inline(source.title)}'
    if source.title_english:
        yield escape(source.title_english)
    if source.facts:
        yield " · ".join(map(escape, source.facts))
    yield f"{escape(source.heading)}:"
    yield _block(source.quote)
    if source.english:
        yield f"English: {escape(source.english)}"
    yield f"[Back to the answer](#{part.id})"


def _isolated(text: str) -> str:
    words = Words(text, "und")
    return escape(text) if words.direction == "ltr" else f'<bdi dir="auto">{escape(text)}</bdi>'


def _inline(words: Words) -> str:
    if words.direction == "ltr":
        return escape(words.text)
    return f'<bdi dir="rtl" lang="{words.language}">{escape(words.text)}</bdi>'


def _block(words: Words) -> str:
    lines = (_guard(line, lambda mark: f"&#{ord(mark)};") for line in words.text.split("\n"))
    text = "<br>".join(lines)
    return f'<div dir="{words.direction}" lang="{words.language}">{text}</div>'
