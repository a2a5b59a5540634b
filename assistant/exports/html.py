"""A document as one page of HTML that needs nothing else and runs nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from lxml import html
from lxml.builder import E
from lxml.etree import _Element as Element

from assistant.exports.document import Document, Part, Source, Statement, Words, spoken

_STYLE = """
:root { color-scheme: light dark; --soft: #5a6472; --line: #c9d1da; --mark: #fff3bf; }
@media (prefers-color-scheme: dark) {
  :root { --soft: #aab4c0; --line: #46505c; --mark: #4a4010; }
}
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
  font: 1rem/1.6 system-ui, "Segoe UI", "Noto Sans", "Noto Naskh Arabic", sans-serif; }
h1, h2, h3, h4 { line-height: 1.3; }
h2 { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: 1rem; }
.soft { color: var(--soft); font-size: .875rem; }
.verdict { color: var(--soft); font-size: .875rem; font-style: italic; }
.source { border: 1px solid var(--line); border-radius: .5rem; padding: 0 1rem; margin: 1rem 0;
  break-inside: avoid; }
.source:target { background: var(--mark); }
.original { white-space: pre-line; font-size: 1.125rem; }
.refusal { border-inline-start: 4px solid var(--line); padding-inline-start: 1rem; }
@media print {
  :root { color-scheme: light; --soft: #444; --line: #999; --mark: transparent; }
  body { max-width: none; margin: 0; font-size: 11pt; }
  h1, h2, h3, h4 { break-after: avoid; }
  a { color: inherit; text-decoration: none; }
  .back { display: none; }
}
"""
_POLICY = "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"


def to_html(document: Document) -> str:
    """Return the document as a page; the tree is serialised by lxml, which escapes all text."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = {"http-equiv": "Content-Security-Policy", "content": _POLICY.format(digest)}
    page = E.html(
        E.head(
            E.meta(charset="utf-8"),
            E.meta(**policy),
            E.meta(name="viewport", content="width=device-width, initial-scale=1"),
            E.meta(name="referrer", content="no-referrer"),
            E.title(document.title.text),
            E.style(_STYLE),
        ),
        E.body(
            _worded("h1", document.title),
            _classed("p", "soft", document.when),
            *(_part(part) for part in document.parts),
        ),
        lang="en",
    )
    return str(html.tostring(page, doctype="<!DOCTYPE html>", encoding="unicode")) + "\n"


def _part(part: Part) -> Element:
    section = E.section(_worded("h2", part.question, id=part.id))
    section.extend(_statement(part, n, s) for n, s in enumerate(part.statements, start=1))
    if part.refusal:
        refusal = E.p(E.strong("No answer."), " ", part.refusal, {"class": "refusal"})
        section.append(refusal)
    section.extend(E.p(words) for words in part.disagreements)
    section.extend(_classed("p", "soft", note) for note in part.notes)
    if part.sources:
        section.append(E.h3(part.sources_heading))
    section.extend(_source(part, source) for source in part.sources)
    return section


def _statement(part: Part, n: int, statement: Statement) -> Element:
    block = E.p(dir=spoken(statement.text).direction, id=f"{part.id}-s{n}")
    if statement.lead:
        named = E.bdi(statement.lead, dir="auto")
        named.tail = " "
        block.append(named)
    block.append(E.bdi(statement.text, dir="auto"))
    block[-1].tail = " "
    for number in statement.citations:
        link = E.a(f"[{number}]", href=f"#{part.id}-{number}")
        link.set("aria-label", f"Source {number}")
        block.append(link)
        link.tail = " "
    if statement.verdict:
        block.append(_classed("span", "verdict", f"({statement.verdict})"))
    return block


def _source(part: Part, source: Source) -> Element:
    block = E.article(
        E.h4(f"[{source.n}] ", _worded("bdi", source.title)),
        {"class": "source", "id": f"{part.id}-{source.n}"},
    )
    if source.title_english:
        block.append(E.p(source.title_english, dir="auto", lang="en"))
    if source.facts:
        block.append(_facts(source))
    block.append(_classed("p", "soft", source.heading))
    block.append(_worded("p", source.quote, **{"class": "original"}))
    if source.english:
        block.append(_classed("p", "soft", "English"))
        block.append(E.p(source.english, dir="auto", lang="en"))
    block.append(E.p(*_links_back(part, source), {"class": "soft back"}))
    return block


def _facts(source: Source) -> Element:
    block = _classed("p", "soft", "")
    for fact in source.facts:
        if len(block):
            block[-1].tail = " · "
        block.append(E.bdi(fact, dir="auto"))
    return block


def _links_back(part: Part, source: Source) -> Iterator[Element | str]:
    """Yield a link to each sentence that cites a source, or to the question where none does."""
    citing = [n for n, s in enumerate(part.statements, start=1) if source.n in s.citations]
    if not citing:
        yield E.a("Back to the answer", href=f"#{part.id}")
        return
    yield "Back to "
    for place, n in enumerate(citing):
        yield ", " if place else ""
        yield E.a(f"sentence {n}", href=f"#{part.id}-s{n}")


def _worded(tag: str, words: Words, **attributes: str) -> Element:
    known = {} if words.language == "und" else {"lang": words.language}
    return E(tag, words.text, dir=words.direction, **known, **attributes)


def _classed(tag: str, name: str, text: str) -> Element:
    return E(tag, text, {"class": name})
