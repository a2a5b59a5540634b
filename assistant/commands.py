"""What each command does. Heavy imports come with the command that needs them."""

from __future__ import annotations

import contextlib
import json
import sys
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from assistant.app import SAMPLES, App, open_app
from assistant.errors import USER_ERRORS, AssistantError
from assistant.printing import (
    Row,
    article_row,
    hit_row,
    progress_bar,
    run_batch,
    say,
    say_json,
    say_progress,
    say_report,
    tell,
)
from assistant.settings import FILE, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.answers import Event
    from assistant.assistant import Translated
    from assistant.conversation import Exchange
    from assistant.translation.memory import RememberingTranslator
    from vectorstore.articles import Article
    from vectorstore.embeddings import Embedder


def open_from(arguments: Namespace) -> App:
    """Return the app for the flags given."""
    names = ("data", "writer", "writer_url", "embedder")
    return open_app(load_settings(**{name: getattr(arguments, name, None) for name in names}))


def open_to_write(arguments: Namespace) -> App:
    """Return the app, its models loading while the rest is imported."""
    app = open_from(arguments)
    Thread(target=_load, args=(app.translator,), daemon=True).start()
    # To be waited for at the program's end: onnxruntime aborts where it is cut off as it loads.
    Thread(target=_load, args=(app.embedder,)).start()
    return app


def _load(model: RememberingTranslator | Embedder) -> None:
    with contextlib.suppress(*USER_ERRORS):  # told where the model is used, if it comes to that
        model.load()


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


def run_articles(arguments: Namespace) -> int:
    """List the articles."""
    articles = open_from(arguments).catalog.articles()
    if wants_json(arguments):
        say_json([article_row(a) for a in articles])
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
        say_json(article_row(article) | {"text": article.text, "sentences": spans})
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
    _reject_both(arguments, arguments.query, "QUERY")
    retriever = open_from(arguments).retriever
    if arguments.batch:
        return run_batch(
            arguments.batch,
            ("text",),
            lambda row: {
                "hits": [hit_row(h) for h in retriever.search(row["text"], arguments.limit)]
            },
        )
    query = _required(arguments.query, "QUERY")
    hits = retriever.search(query, arguments.limit)
    if wants_json(arguments):
        say_json({"query": query, "hits": [hit_row(h) for h in hits]})
        return 0
    for n, hit in enumerate(hits, start=1):
        say(f"{n}. {hit.article.title}  ({hit.article.id})\n   {hit.passage.text}\n")
    if not hits:
        say("Nothing found.")
    return 0


def run_ask(arguments: Namespace) -> int:
    """Answer a question, or a file of them."""
    _reject_both(arguments, arguments.question, "QUESTION")
    _check_export(arguments)
    app = open_to_write(arguments)  # first: it loads while the rest is imported
    from assistant.assistant import checked, final_answer
    from assistant.conversation import Exchange

    chosen = [app.catalog.article(i).id for i in arguments.article or ()]
    if arguments.batch:
        return run_batch(
            arguments.batch,
            ("text",),
            lambda row: final_answer(app.assistant.ask(row["text"], article_ids=chosen)).to_dict(),
        )
    question = checked(_required(arguments.question, "QUESTION"))
    exchange = Exchange(question, scope=tuple(chosen))
    events = app.assistant.ask(question, article_ids=chosen)
    return tell(_exported(arguments, app, exchange, events), wants_json(arguments))


def run_summarize(arguments: Namespace) -> int:
    """Summarise an article, ingesting it first where it isn't in the collection."""
    from assistant.conversation import Exchange

    _check_export(arguments)
    app = open_to_write(arguments)
    article = find_article(app, arguments.target)
    exchange = Exchange(f"Summarize: {article.title}", article.id, length=arguments.length)
    events = app.assistant.summarize(article, arguments.length)
    return tell(_exported(arguments, app, exchange, events), wants_json(arguments))


def run_digest(arguments: Namespace) -> int:
    """Report what several articles say of a topic."""
    from assistant.conversation import Exchange

    _check_export(arguments)
    app = open_to_write(arguments)
    chosen = [app.catalog.article(i).id for i in arguments.article or ()]
    topic = arguments.topic or ""
    exchange = Exchange(f"Digest: {topic or 'the main news'}", topic=topic, scope=tuple(chosen))
    events = app.assistant.digest(arguments.topic, chosen)
    return tell(_exported(arguments, app, exchange, events), wants_json(arguments))


def run_translate(arguments: Namespace) -> int:
    """Translate an article, a text, or a file of texts."""
    from assistant.answers import Progressed

    _reject_both(arguments, arguments.target, "ID|PATH|-")
    _check_export(arguments)
    app = open_to_write(arguments)
    if arguments.batch:
        return run_batch(
            arguments.batch,
            ("text",),
            lambda row: {"translation": app.assistant.translate_text(row["text"])},
        )
    target = _required(arguments.target, "ID|PATH|-")
    if target == "-":
        if arguments.export:
            raise AssistantError("--export needs an article; ingest the text and give its ID")
        from vectorstore.loaders.decoding import decode

        given = decode(sys.stdin.buffer.read(), name="standard input")
        translation = app.assistant.translate_text(given)
        if wants_json(arguments):
            say_json({"translation": translation})
        else:
            say(translation)
        return 0
    for step in app.assistant.translate(find_article(app, target)):
        if isinstance(step, Progressed):
            say_progress(step.stage, step.done, step.total)
        else:
            _say_translation(step, app, arguments)
    return 0


def _say_translation(translated: Translated, app: App, arguments: Namespace) -> None:
    if arguments.export:
        from assistant.exports import translation_document, write

        title = app.assistant.translate_title(translated.article)
        checked = app.assistant.check_translation(translated)
        write(translation_document(translated, title, checked), arguments.export)
    if wants_json(arguments):
        sentences = [asdict(c) for c in translated.sentences]
        row = {"article_id": translated.article.id, "translation": translated.text}
        say_json(row | {"translator": translated.translator, "sentences": sentences})
    else:
        say(translated.text)


def run_verify(arguments: Namespace) -> int:
    """Check an English text against a source text."""
    verifier = open_from(arguments).verifier

    def verdict(row: Row) -> Row:
        return verifier.check(row["text"], [row["source"]]).to_dict()

    _reject_both(arguments, arguments.text, "ENGLISH and SOURCE")
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


def run_user(arguments: Namespace) -> int:
    """Add, remove or list those who may use the page."""
    from assistant.users import Users

    users = Users(open_from(arguments).settings.users_file)
    if arguments.action == "add":
        new = users.add(arguments.name, _read_password(), arguments.admin)
        say(f"{arguments.name} may use the page" if new else f"new password for {arguments.name}")
    elif arguments.action == "remove":
        users.remove(arguments.name)
        say(f"removed {arguments.name}")
        if not users.exist():
            say("No users are left: on this machine, no login is asked for any more.")
    elif wants_json(arguments):
        say_json([{"name": user.name, "admin": user.admin} for user in users.all()])
    else:
        for user in users.all():
            say(f"{user.name}{'  (admin)' if user.admin else ''}")
        if not users.exist():
            say("No users yet: no login is asked for. Add one: mujaz user add NAME")
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


def run_feedback(arguments: Namespace) -> int:
    """List the ratings that readers gave, or write them as cases for the evaluation."""
    from assistant.feedback import rating_row, say_ratings, write_cases

    rated = list(open_from(arguments).conversations.rated())
    if arguments.cases:
        done = write_cases(rated, arguments.cases)
        if wants_json(arguments):
            say_json(asdict(done))
        else:
            say(f"{done.written} cases written, {done.left_out} ratings can't be cases")
    elif wants_json(arguments):
        say_json([rating_row(one) for one in rated])
    else:
        say_ratings(rated)
    return 0


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
def find_article(app: App, target: str) -> Article:
    """Return an article by its id, or by a path or address, which is ingested if need be.

    Raises:
        AssistantError: the file holds no article, or several.
    """
    if not is_file(target) and not target.startswith(("http://", "https://")):
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


def _check_export(arguments: Namespace) -> None:
    """Refuse a file that can't be exported to before the work is done, not after it."""
    if arguments.export is None:
        return
    from assistant.exports import check_target

    if getattr(arguments, "batch", None):
        raise AssistantError("give --export FILE or --batch FILE, not both")
    check_target(arguments.export)


def _exported(
    arguments: Namespace, app: App, exchange: Exchange, events: Iterator[Event]
) -> Iterator[Event]:
    """Return the events, which at their end are written to the file that `--export` names."""
    if arguments.export is None:
        return events
    from assistant.exports import written

    titles = app.assistant.translate_title
    return written(events, exchange, app.catalog, titles, arguments.export)


def _read_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    from getpass import getpass

    password = getpass("Password: ")
    if getpass("Again: ") != password:
        raise AssistantError("the two passwords differ; run the command again")
    return password


def _reject_both(arguments: Namespace, value: str | None, name: str) -> None:
    if arguments.batch and value is not None:
        raise AssistantError(f"give {name} or --batch FILE, not both")


def _required(value: str | None, name: str) -> str:
    if value is None:
        raise AssistantError(f"give {name}, or --batch FILE")
    return value


def _text_or_file(value: str) -> str:
    if value == "-":
        return sys.stdin.read()
    if not is_file(value):
        return value
    from vectorstore.loaders.decoding import decode

    return decode(Path(value).read_bytes(), name=value)


def is_file(value: str) -> bool:
    """Tell whether an argument names a file; a text that is too long for a name doesn't."""
    try:
        return Path(value).is_file()
    except (OSError, ValueError):
        return False
