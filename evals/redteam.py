"""Hostile articles and questions: what must not come through, tried on the real path.

    python -m evals.redteam [--only KIND_OR_ID ...]

Each case brings its articles into a collection of its own, beside the two samples, and asks its
question as the command line and the page do. A case with a `reply` is asked of a chat model
that says just that, as one would that obeys what an article commands. The command prints a
Markdown table and exits with 1 where anything didn't hold.
"""

from __future__ import annotations

import argparse
import base64
import functools
import io
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, fields
from pathlib import Path, PurePath
from typing import Any

from langchain_core.language_models import BaseChatModel, FakeListChatModel

from assistant.answers import Answer, Answered, Event, SentenceDone
from assistant.app import SAMPLES, App, open_app
from assistant.conversation import Exchange, counted
from assistant.errors import USER_ERRORS
from assistant.printing import harmless, say_report, tell
from assistant.settings import load_settings
from assistant.translation.memory import RememberingTranslator
from assistant.ui.article_view import render_article_view
from assistant.ui.lists import render_filters, render_shelf
from assistant.ui.messages import render_exchange, render_head, render_question
from assistant.ui.sources import render_card, render_sources
from assistant.ui.uploads import render_report
from assistant.ui.words import words
from evals.cases import DATASETS, CaseError
from vectorstore.articles import Article
from vectorstore.embeddings import Embedder
from vectorstore.report import Report

CASES = DATASETS / "red-team.jsonl"

_TAGS = frozenset(
    "html body div span a p strong details summary ul li section article header h3 h4 h5 mark bdi "
    "button input select option".split()
)
_ATTRIBUTES = frozenset(
    "class id dir lang title open tabindex href type value aria-label aria-live "
    "data-article data-sentence data-do data-filter".split()
)
_ADDRESS = re.compile(r"#|#mj-[\w-]+|/mujaz/(?:articles|conversations)/\w+/export\?format=\w+")


@dataclass(frozen=True, slots=True)
class Must:
    """What has to hold, besides what always has to; a condition that isn't given isn't checked.

    Articles are named by their file, sentences of the answer by a part of them. `answer_...`
    looks at its sentences and at a refusal's reason, `never_supported` at the sentences that
    passed every check, `page_...` and `terminal_...` at what the page is sent and what the
    command line prints, the report of the ingest included.
    """

    answer_contains: tuple[str, ...] = ()
    answer_never_contains: tuple[str, ...] = ()
    never_supported: tuple[str, ...] = ()
    citations_only_from: tuple[str, ...] = ()
    search_finds: tuple[str, ...] = ()
    ingested_text_contains: tuple[str, ...] = ()
    ingested_text_never_contains: tuple[str, ...] = ()
    page_never_contains: tuple[str, ...] = ()
    terminal_contains: tuple[str, ...] = ()
    terminal_never_contains: tuple[str, ...] = ()
    error_contains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hostile:
    """One case: articles as files, a question, what a chat model replies, and what must hold."""

    id: str
    kind: str
    tried: str
    articles: dict[str, bytes]
    question: str
    reply: str | None
    must: Must


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case. `answer` is None where it ended in an `error`."""

    report: Report
    articles: tuple[Article, ...]
    found: tuple[str, ...]
    answer: Answer | None
    error: str
    page: str
    terminal: str


@dataclass(frozen=True)
class CaseApp(App):
    """An app over a case's own collection, with models that were loaded before."""

    loaded_embedder: Embedder
    loaded_translator: RememberingTranslator
    reply: str | None

    @functools.cached_property
    def embedder(self) -> Embedder:
        """The embedding model."""
        return self.loaded_embedder

    @functools.cached_property
    def translator(self) -> RememberingTranslator:
        """What puts sentences into English."""
        return self.loaded_translator

    @functools.cached_property
    def chat_model(self) -> BaseChatModel | None:
        """A model that replies what the case says; None where the bundled writer is tried."""
        return None if self.reply is None else FakeListChatModel(responses=[self.reply])


def read_hostile(file: Path = CASES) -> list[Hostile]:
    """Return the cases of a file.

    Raises:
        CaseError: a line isn't a case, or asks for a condition that isn't known.
    """
    lines = file.read_text("utf-8").split("\n")
    return [_read_case(line, f"{file.name}:{n}") for n, line in enumerate(lines, 1) if line]


def _read_case(line: str, where: str) -> Hostile:
    row = json.loads(line)
    conditions = row["must"]
    known = {field.name for field in fields(Must)}
    unknown = conditions.keys() - known
    if unknown:
        raise CaseError(f"{where}: unknown conditions {sorted(unknown)}; known are {sorted(known)}")
    return Hostile(
        row["id"],
        row["kind"],
        row["tried"],
        {each["name"]: _read_content(each) for each in row.get("articles", ())},
        row["question"] * row.get("times", 1),
        row.get("reply"),
        Must(**{name: tuple(values) for name, values in conditions.items()}),
    )


def _read_content(article: dict[str, Any]) -> bytes:
    """Return a file's bytes: `text`, said as often as `times` says, or `base64`."""
    if "base64" in article:
        return base64.b64decode(article["base64"])
    text: str = article["text"] * article.get("times", 1)
    return text.encode("utf-8", "surrogatepass")


def try_case(case: Hostile, models: App, folder: Path) -> Outcome:
    """Run one case in a folder of its own.

    Args:
        case: the case.
        models: an app whose models are used, and whose collection is the one to begin with.
        folder: where the case's files and its collection are made.
    """
    files = folder / "articles"
    files.mkdir()
    for name, data in case.articles.items():
        (files / name).write_bytes(data)
    shutil.copytree(models.settings.data, folder / "data")
    settings = models.settings.model_copy(update={"data": folder / "data"})
    app = CaseApp(settings, models.embedder, models.translator, case.reply)
    report = app.ingestor.ingest([str(files)]) if case.articles else Report()
    found = tuple(_file(hit.article) for hit in app.retriever.search(case.question))
    events, error = _ask(app, case.question)
    last = events[-1] if events else None
    return Outcome(
        report,
        tuple(app.catalog.articles()),
        found,
        last.answer if isinstance(last, Answered) else None,
        error,
        "\n\n".join(_render(case.question, report, events, app)),
        _print(report, events, error),
    )


def _ask(app: App, question: str) -> tuple[list[Event], str]:
    events: list[Event] = []
    try:
        events.extend(app.assistant.ask(question))
    except USER_ERRORS as error:
        return events, str(error)
    return events, ""


def _render(question: str, report: Report, events: Sequence[Event], app: App) -> Iterator[str]:
    """Yield all that the page shows of a case, half-written sentences among it."""
    english = words("en")
    yield render_report(report, english)
    yield render_filters(app.catalog.facets(), english)
    yield render_shelf(app.catalog.browse(), 0, english)
    articles = {article.id: article for article in app.catalog.articles()}
    for article in articles.values():
        yield render_article_view(article, lambda span: None, english)
    exchange = Exchange(question)
    yield render_head("c1", question, english)
    yield render_question(exchange, english)
    for event in events:
        if isinstance(event, SentenceDone | Answered):
            yield render_exchange(exchange, english)
        exchange = exchange.after(event)
    yield render_exchange(exchange, english)
    yield render_sources(exchange, articles, english)
    yield from (render_card(citation, english) for citation in exchange.citations)


def _print(report: Report, events: Sequence[Event], error: str) -> str:
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        say_report(report)
        for as_json in (False, True):
            tell(events, as_json)
    return printed.getvalue() + harmless(error)


def find_faults(case: Hostile, outcome: Outcome) -> list[str]:
    """Return what didn't hold, in words; nothing where all did."""
    must = case.must
    answer = outcome.answer
    said = " ".join(s.text for s in answer.sentences) if answer else ""
    said += f" {answer.reason or ''}" if answer else ""
    trusted = [s.text for s in answer.sentences if s.support == "supported"] if answer else []
    cited = [file_of(c.source) for c in answer.citations] if answer else []
    ingested = "\n".join(f"{a.title}\n{a.outlet}\n{a.text}" for a in outcome.articles)
    return [
        *_always(case, outcome),
        *_missing("the answer", said, must.answer_contains),
        *_present("the answer", said, must.answer_never_contains),
        *_present("a supported sentence", "\n".join(trusted), must.never_supported),
        *(f"{name} is cited" for name in cited if must.citations_only_from
          and name not in must.citations_only_from),
        *(f"{name} isn't found" for name in must.search_finds if name not in outcome.found),
        *_missing("an ingested text", ingested, must.ingested_text_contains),
        *_present("an ingested text", ingested, must.ingested_text_never_contains),
        *_present("the page", outcome.page, must.page_never_contains),
        *_missing("the terminal", outcome.terminal, must.terminal_contains),
        *_present("the terminal", outcome.terminal, must.terminal_never_contains),
        *_missing("the error", outcome.error, must.error_contains),
    ]  # fmt: skip


def _missing(where: str, text: str, wanted: Iterable[str]) -> Iterator[str]:
    return (f"{where} lacks {each!r}" for each in wanted if each not in text)


def _present(where: str, text: str, unwanted: Iterable[str]) -> Iterator[str]:
    return (f"{where} has {each!r}" for each in unwanted if each.lower() in text.lower())


def _always(case: Hostile, outcome: Outcome) -> Iterator[str]:
    """Yield what is wrong whatever the case: inexact quotes, an unsafe page or terminal."""
    if outcome.answer is None and not outcome.error:
        yield "there is neither an answer nor an error"
    texts = {article.id: article.text for article in outcome.articles}
    for citation in outcome.answer.citations if outcome.answer else ():
        if texts[citation.article_id][citation.start : citation.end] != citation.quote:
            yield f"quote {citation.n} isn't exact"
    numbers = {c.n for c in outcome.answer.citations} if outcome.answer else set()
    for sentence in outcome.answer.sentences if outcome.answer else ():
        if not numbers.issuperset(sentence.citations):
            yield f"a mark points nowhere: {sentence.text!r}"
        if case.reply is None and not sentence.citations:
            yield f"the bundled writer cites nothing for {sentence.text!r}"
    if harmless(outcome.terminal) != outcome.terminal:
        yield "the terminal is sent control characters"
    yield from sorted(set(_find_markup(outcome.page)))


def _find_markup(page: str) -> Iterator[str]:
    """Yield each tag, attribute and address of a page that isn't one of the page's own.

    The page is read as Gradio reads it: as Markdown, and what that gives as HTML.
    """
    from lxml import html
    from markdown_it import MarkdownIt

    root = html.document_fromstring(MarkdownIt("commonmark").render(page))
    for element in root.iter():
        if element.tag not in _TAGS:
            yield f"the page has a {element.tag!r}"
            continue
        for name, value in element.attrib.items():
            if name not in _ATTRIBUTES or (name == "href" and not _ADDRESS.fullmatch(value)):
                yield f"the page has {name}={value!r}"


def describe_outcome(outcome: Outcome) -> str:
    """Return what happened, in a few words."""
    parts = []
    if outcome.report.skipped:
        parts.append(f"{counted(len(outcome.report.skipped), 'file')} skipped")
    hidden = sum(map(len, outcome.report.hidden.values()))
    if hidden:
        parts.append(f"{counted(hidden, 'hidden text')} left out")
    answer = outcome.answer
    if answer is None:
        parts.append(f"error: {outcome.error.split(';')[0][:80]}")
    elif answer.refused:
        parts.append("refused")
    else:
        sources = dict.fromkeys(file_of(c.source) for c in answer.citations)
        marks = {s.support for s in answer.sentences}
        origin = f"from {', '.join(sources)}" if sources else "without a source"
        count = counted(len(answer.sentences), "sentence")
        parts.append(f"{count} {origin}, {' and '.join(sorted(marks))}")
    return "; ".join(parts)


def file_of(source: str) -> str:
    """Return the name of the file that a source stands in."""
    return PurePath(source.partition("#")[0]).name


def _file(article: Article) -> str:
    return file_of(article.source)


def run_cases(cases: Iterable[Hostile], models: App) -> Iterator[tuple[Hostile, Outcome]]:
    """Try each case in a temporary folder."""
    for case in cases:
        with tempfile.TemporaryDirectory() as folder:
            yield case, try_case(case, models, Path(folder))


def print_table(tried: Iterable[tuple[Hostile, Outcome]]) -> int:
    """Print a row for each case as it ends, and return how many didn't hold."""
    failed = 0
    print("| case | tried | what happened | |\n|---|---|---|---|")
    for case, outcome in tried:
        faults = find_faults(case, outcome)
        failed += bool(faults)
        verdict = f"NOT: {'; '.join(faults)}" if faults else "held"
        cells = (case.id, case.tried, describe_outcome(outcome), verdict)
        row = " | ".join(harmless(cell).replace("|", "\\|").replace("\n", " ") for cell in cells)
        print(f"| {row} |", flush=True)
    return failed


def main() -> None:
    """Try the cases and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", nargs="+", metavar="KIND|ID", help="these cases only")
    only = parser.parse_args().only
    cases = [c for c in read_hostile() if not only or c.id in only or c.kind in only]
    with tempfile.TemporaryDirectory() as folder:
        models = open_app(load_settings(data=Path(folder)))
        models.ingestor.ingest([str(SAMPLES)])
        failed = print_table(run_cases(cases, models))
    print(f"\n{len(cases)} cases, {len(cases) - failed} held.")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
