"""What each command does. Heavy imports come with the command that needs them."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.app import SAMPLES, App, open_app
from assistant.errors import AssistantError
from assistant.settings import FILE, load_settings

if TYPE_CHECKING:
    from assistant.answers import Answer, Event
    from vectorstore.articles import Article, Hit
    from vectorstore.ingest import OnProgress, Report

Row = dict[str, Any]


def open_from(arguments: Namespace) -> App:
    """Return the app for the flags given."""
    names = ("data", "writer", "writer_url", "embedder")
    return open_app(load_settings(**{name: getattr(arguments, name, None) for name in names}))


def say(text: str = "", end: str = "\n") -> None:
    """Write to standard output at once, so that a stream is seen as it comes."""
    sys.stdout.write(text + end)
    sys.stdout.flush()


def say_json(value: object, indent: int | None = 2) -> None:
    """Write JSON to standard output, other scripts as they are."""
    say(json.dumps(value, ensure_ascii=False, indent=indent))


def wants_json(arguments: Namespace) -> bool:
    """Tell whether `--json` was given."""
    return bool(getattr(arguments, "json", False))


# ------------------------------------------------------------------ collection
def run_ingest(arguments: Namespace) -> int:
    """Ingest files, folders, globs, addresses or standard input."""
    app = open_from(arguments)
    with progress_bar() as on_progress:
        report = app.ingestor.ingest(arguments.targets, arguments.sync, on_progress)
    if wants_json(arguments):
        say_json(report.to_dict())
    else:
        say_report(report)
    return 0 if report.added or report.replaced or report.unchanged or not report.skipped else 1


def say_report(report: Report) -> None:
    """Write what a run did, for people."""
    say(
        f"{len(report.added)} added, {len(report.replaced)} replaced, {len(report.unchanged)} "
        f"unchanged, {len(report.removed)} removed, {len(report.skipped)} skipped; "
        f"{report.passages} passages"
    )
    for verb, rows in (
        ("added", report.added),
        ("replaced", report.replaced),
        ("removed", report.removed),
    ):
        for row in rows:
            say(f"  {verb} {row.article_id}  {row.title}")
            for line in report.cut.get(row.source, []) if verb != "removed" else []:
                say(f"      cut: {line}")
    for copy in report.copies:
        kept = "left out" if copy.kind == "exact" else "kept"
        say(f"  {copy.kind} copy, {kept}: {copy.source}\n      of {copy.of}")
    for skipped in report.skipped:
        sys.stderr.write(f"  skipped {skipped.source}\n      {skipped.reason}\n")
    if report.repaired:
        say(f"  {report.repaired} passages of an unfinished run were indexed")


class progress_bar:  # noqa: N801 - used as a function
    """A bar on standard error, where that is a terminal."""

    def __enter__(self) -> OnProgress:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        console = Console(stderr=True)
        self._bar = Progress(
            "{task.description}",
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._bar.start()
        tasks = {}

        def update(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = self._bar.add_task(stage, total=total)
            self._bar.update(tasks[stage], completed=done, total=total)

        return update

    def __exit__(self, *exception: object) -> None:
        self._bar.stop()


def run_articles(arguments: Namespace) -> int:
    """List the articles."""
    articles = open_from(arguments).catalog.articles()
    if wants_json(arguments):
        say_json([_article_row(a) for a in articles])
        return 0
    if not articles:
        say("No articles yet. Bring some in: mujaz ingest PATH|URL...")
    for a in articles:
        facts = ", ".join(f for f in (a.outlet, a.date, a.language) if f)
        say(f"{a.id}  {a.title}  ({facts})")
    return 0


def run_show(arguments: Namespace) -> int:
    """Print an article with its whole text."""
    article = open_from(arguments).catalog.article(arguments.id)
    if wants_json(arguments):
        spans = [[s.start, s.end] for s in article.sentences]
        say_json(_article_row(article) | {"text": article.text, "sentences": spans})
    else:
        say(f"{article.id}  {article.source}\n\n{article.text}")
    return 0


def run_remove(arguments: Namespace) -> int:
    """Remove articles."""
    removed = open_from(arguments).ingestor.remove(arguments.ids)
    if wants_json(arguments):
        say_json({"removed": [row._asdict() for row in removed]})
    else:
        for row in removed:
            say(f"removed {row.article_id}  {row.title}")
    return 0


def run_reindex(arguments: Namespace) -> int:
    """Make the index anew with the present settings."""
    app = open_from(arguments)
    with progress_bar() as on_progress:
        passages = app.build_ingestor(app.open_store()).reindex(on_progress)
    if wants_json(arguments):
        say_json({"passages": passages, "embedder": app.embedder.name})
    else:
        say(f"{passages} passages indexed with {app.embedder.name}")
    return 0


# --------------------------------------------------------------------- reading
def run_search(arguments: Namespace) -> int:
    """Print the passages that best match a query."""
    retriever = open_from(arguments).retriever
    if arguments.batch:
        return run_batch(
            arguments.batch,
            ("text",),
            lambda row: {
                "hits": [_hit_row(h) for h in retriever.search(row["text"], arguments.limit)]
            },
        )
    query = _required(arguments.query, "QUERY")
    hits = retriever.search(query, arguments.limit)
    if wants_json(arguments):
        say_json({"query": query, "hits": [_hit_row(h) for h in hits]})
        return 0
    for n, hit in enumerate(hits, start=1):
        say(f"{n}. {hit.article.title}  ({hit.article.id})\n   {hit.passage.text}\n")
    if not hits:
        say("Nothing found.")
    return 0


def run_ask(arguments: Namespace) -> int:
    """Answer a question, or a file of them."""
    from assistant.assistant import checked, final_answer

    app = open_from(arguments)
    chosen = [app.catalog.article(i).id for i in arguments.article or ()]
    if arguments.batch:
        return run_batch(
            arguments.batch,
            ("text",),
            lambda row: final_answer(app.assistant.ask(row["text"], article_ids=chosen)).to_dict(),
        )
    question = checked(_required(arguments.question, "QUESTION"))
    return tell(app.assistant.ask(question, article_ids=chosen), wants_json(arguments))


def run_summarize(arguments: Namespace) -> int:
    """Summarise an article, ingesting it first where it isn't in the collection."""
    app = open_from(arguments)
    article = find_article(app, arguments.target)
    return tell(app.assistant.summarize(article, arguments.length), wants_json(arguments))


def run_digest(arguments: Namespace) -> int:
    """Report what several articles say of a topic."""
    app = open_from(arguments)
    chosen = [app.catalog.article(i).id for i in arguments.article or ()]
    return tell(app.assistant.digest(arguments.topic, chosen), wants_json(arguments))


def run_translate(arguments: Namespace) -> int:
    """Translate an article, a text, or a file of texts."""
    from assistant.answers import Progressed
    from assistant.assistant import Translated

    app = open_from(arguments)
    if arguments.batch:
        return run_batch(
            arguments.batch,
            ("text",),
            lambda row: {"translation": app.assistant.translate_text(row["text"])},
        )
    target = _required(arguments.target, "ID|PATH|-")
    if target == "-":
        translation = app.assistant.translate_text(sys.stdin.read())
        if wants_json(arguments):
            say_json({"translation": translation})
        else:
            say(translation)
        return 0
    for step in app.assistant.translate(find_article(app, target)):
        if isinstance(step, Progressed):
            say_progress(step.stage, step.done, step.total)
        elif isinstance(step, Translated) and wants_json(arguments):
            sentences = [asdict(c) for c in step.sentences]
            row = {"article_id": step.article.id, "translation": step.text}
            say_json(row | {"translator": step.translator, "sentences": sentences})
        else:
            say(step.text)
    return 0


def run_verify(arguments: Namespace) -> int:
    """Check an English text against a source text."""
    from assistant.verification import check

    def verdict(row: Row) -> Row:
        found = check(row["text"], [row["source"]], row["source"])
        return {
            "support": found.support,
            "checks": asdict(found.checks),
            "reasons": list(found.reasons),
        }

    if arguments.batch:
        return run_batch(arguments.batch, ("text", "source"), verdict)
    text = _text_or_file(_required(arguments.text, "ENGLISH"))
    result = verdict({"text": text, "source": _text_or_file(_required(arguments.source, "SOURCE"))})
    if wants_json(arguments):
        say_json(result)
    else:
        say(result["support"])
        for reason in result["reasons"]:
            say(f"  {reason}")
    return 0


# ---------------------------------------------------------------------- set-up
def run_serve(arguments: Namespace) -> int:
    """Open the page."""
    from assistant.ui.server import serve

    app = open_from(arguments)
    if arguments.samples and app.catalog.count() == 0:
        with progress_bar() as on_progress:
            say_report(app.ingestor.ingest([str(SAMPLES)], on_progress=on_progress))
    serve(app, arguments.host, arguments.port)
    return 0


def run_doctor(arguments: Namespace) -> int:
    """Check the installation and the collection, one line each."""
    from assistant.doctor import examine

    findings = examine(open_from(arguments))
    if wants_json(arguments):
        say_json([asdict(f) for f in findings])
    else:
        for f in findings:
            say(f"{'ok  ' if f.ok else 'FAIL'} {f.what}: {f.detail}")
    return 0 if all(f.ok for f in findings) else 1


def run_config(arguments: Namespace) -> int:
    """Print the settings in force."""
    shown = open_from(arguments).settings.shown()
    if wants_json(arguments):
        say_json(shown)
    else:
        say(f"# set by flag, as MUJAZ_NAME in the environment, or in {FILE}")
        for name, value in shown.items():
            say(f"{name} = {json.dumps(value, ensure_ascii=False)}")
    return 0


# --------------------------------------------------------------------- helpers
def run_batch(file: str, keys: tuple[str, ...], work: Callable[[Row], Row]) -> int:
    """Do the work for each line of a file; print one JSON object a line, in order.

    A line that fails prints its `error` in place of a result, and the others go on; the exit
    code is then 1.
    """
    from assistant.cli import USER_ERRORS

    failed = False
    for number, line in enumerate(_lines(file), start=1):
        row: Row = {"id": number}
        try:
            row = _batch_row(line, number, keys)
            result = work(row)
        except USER_ERRORS as error:
            failed = True
            result = {"error": str(error)}
        say_json({"id": row["id"], **result}, indent=None)
    return 1 if failed else 0


def _batch_row(line: str, number: int, keys: tuple[str, ...]) -> Row:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise AssistantError(f"line {number} isn't JSON ({error}): {line[:80]!r}") from error
    needed = ("id", *keys)
    if not isinstance(row, dict) or any(key not in row for key in needed):
        raise AssistantError(f"line {number} must be an object with {', '.join(needed)}")
    for key in keys:
        if not isinstance(row[key], str):
            raise AssistantError(f"line {number}: {key!r} must be a string, not {row[key]!r}")
    return row


def _lines(file: str) -> Iterator[str]:
    if file == "-":
        yield from (line for line in sys.stdin if line.strip())
        return
    try:
        with Path(file).open(encoding="utf-8-sig") as lines:
            yield from (line for line in lines if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise AssistantError(f"{file!r} can't be read ({error}); give a UTF-8 file") from error


def tell(events: Iterable[Event], as_json: bool) -> int:
    """Print an answer: as JSON at its end, or as it comes with its sources below."""
    from assistant.answers import Answered, Progressed, SentenceDone, TextDelta

    for event in events:
        match event:
            case Answered(answer):
                if as_json:
                    say_json(answer.to_dict())
                else:
                    say()
                    say_sources(answer)
            case TextDelta(_, text) if not as_json:
                say(text, end="")
            case SentenceDone(_, sentence) if not as_json:
                marks = "".join(f"[{n}]" for n in sentence.citations)
                doubt = f" ({sentence.support})" if sentence.support != "supported" else ""
                say(f" {marks}{doubt}")
            case Progressed(stage, done, total):
                say_progress(stage, done, total)
    return 0


def say_sources(answer: Answer) -> None:
    """Write an answer's sources: each quote in its own language, with its translation."""
    if answer.refused:
        say(f"No answer: {answer.reason}")
        if answer.citations:
            say("\nThe nearest passages:")
    for c in answer.citations:
        say(f"[{c.n}] {c.title}  ({c.article_id} {c.start}-{c.end})\n    {c.quote}")
        if c.translation and c.translation != c.quote:
            say(f"    {c.translation}")
    for sentence in answer.sentences:
        for reason in sentence.reasons:
            say(f"  check: {reason} — in: {sentence.text[:80]}")


def say_progress(stage: str, done: int, total: int) -> None:
    """Write progress to standard error, where that is a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{stage} {done}/{total}" + ("\n" if done == total else ""))


def find_article(app: App, target: str) -> Article:
    """Return an article by its id, or by a path or address, which is ingested if need be.

    Raises:
        AssistantError: the file holds no article, or several.
    """
    if not Path(target).is_file() and not target.startswith(("http://", "https://")):
        return app.catalog.article(target)
    origin = target if "://" in target else str(Path(target).resolve())
    report = app.ingestor.ingest([origin])
    ids = list(app.catalog.articles_of(origin).values())
    ids += [a.id for a in app.catalog.articles() for c in report.copies if a.source == c.of]
    if len(ids) == 1:
        return app.catalog.article(ids[0])
    if ids:
        raise AssistantError(
            f"{target!r} holds {len(ids)} articles; give one's id: `mujaz articles` lists them"
        )
    reason = report.skipped[0].reason if report.skipped else "it holds no article"
    raise AssistantError(f"{target!r} can't be used: {reason}")


def _article_row(a: Article) -> Row:
    return {
        "id": a.id,
        "title": a.title,
        "source": a.source,
        "outlet": a.outlet,
        "date": a.date,
        "language": a.language,
        "characters": len(a.text),
    }


def _hit_row(hit: Hit) -> Row:
    return {
        "article_id": hit.article.id,
        "source": hit.article.source,
        "passage_id": hit.passage.id,
        "score": hit.score,
        "text": hit.passage.text,
        "title": hit.article.title,
        "start": hit.passage.start,
        "end": hit.passage.end,
    }


def _required(value: str | None, name: str) -> str:
    if value is None:
        raise AssistantError(f"give {name}, or --batch FILE")
    return value


def _text_or_file(value: str) -> str:
    if value == "-":
        return sys.stdin.read()
    path = Path(value) if len(value) < 250 and "\n" not in value else None
    return path.read_text("utf-8") if path and path.is_file() else value
