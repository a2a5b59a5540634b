"""The command line: what can be said, and how errors are told. `commands.py` does the work."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from assistant.errors import USER_ERRORS, AssistantError

_GC_THRESHOLD = 50_000  # objects: at Python's 700, collections take a tenth of an import's time


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 failed with one line on stderr, 2 wrong usage."""
    gc.set_threshold(_GC_THRESHOLD)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A file's name may hold what isn't text; it must not break the report of it.
            errors = "strict" if stream is sys.stdin else "backslashreplace"
            stream.reconfigure(encoding="utf-8", errors=errors)
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        _check_words(words)
        code = _run_extra(words) if words[:1] == ["eval"] else _run(words)
    except USER_ERRORS as error:
        from assistant.printing import harmless

        sys.stderr.write(f"mujaz: {harmless(' '.join(str(error).split()))}\n")
        code = 1
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        sys.stderr.close()
        code = 0
    except KeyboardInterrupt:
        sys.stderr.write("mujaz: stopped; what was done so far is kept\n")
        code = 130
    gc.freeze()  # what is left goes with the process: to free it one by one takes 0.2 s
    sys.exit(code)


def _check_words(words: Sequence[str]) -> None:
    for word in words:
        if any("\ud800" <= sign <= "\udfff" for sign in word):
            raise AssistantError(
                f"the argument {word!r} isn't UTF-8: write it anew, or name the folder that the "
                "file is in"
            )


def _run(words: Sequence[str]) -> int:
    parsed = build_parser().parse_args(words)
    if parsed.command == "eval":
        raise AssistantError("write `mujaz eval` first and its options after it")
    code: int = getattr(import_module("assistant.commands"), f"run_{parsed.command}")(parsed)
    return code


def _run_extra(words: Sequence[str]) -> int:
    """Run a command that another package brings: this one imports none that imports it."""
    name, *rest = words
    for entry in entry_points(group="mujaz.commands", name=name):
        code: int = entry.load()(rest)
        return code
    raise AssistantError(f"{name!r} isn't installed; reinstall mujaz with pip")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; general options may stand before or after the command."""
    general = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    group = general.add_argument_group("general")
    group.add_argument("--data", type=Path, metavar="DIR", help="the collection's folder")
    group.add_argument("--writer", metavar="NAME", help="bundled, or PROVIDER:MODEL")
    group.add_argument("--writer-url", metavar="URL", help="an OpenAI-compatible server")
    group.add_argument("--embedder", metavar="NAME", help="bundled, or PROVIDER:MODEL")
    group.add_argument("--json", action="store_true", help="print JSON")

    parser = argparse.ArgumentParser(
        prog="mujaz",
        description="Ask and brief articles in Arabic and other languages, in English, cited.",
        parents=[general],
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, summary: str) -> argparse.ArgumentParser:
        description = summary[0].upper() + summary[1:] + "."
        return commands.add_parser(name, help=summary, description=description, parents=[general])

    def batch(command: argparse.ArgumentParser, keys: str = "`id` and `text`") -> None:
        command.add_argument(
            "--batch", metavar="FILE", help=f"JSON lines with {keys}; - is standard input"
        )

    def export(command: argparse.ArgumentParser) -> None:
        command.add_argument(
            "--export", type=Path, metavar="FILE", help="keep it as .md, .html, .docx or .json too"
        )

    command = add("ingest", "bring articles into the collection")
    command.add_argument("targets", nargs="+", metavar="PATH|URL", help="- is standard input")
    command.add_argument(
        "--sync", action="store_true", help="remove articles whose file is gone from the folder"
    )
    add("articles", "list the articles")
    command = add("show", "print an article")
    command.add_argument("id", metavar="ID", help="an article's id, or its beginning")
    command = add("remove", "remove articles")
    command.add_argument("ids", nargs="+", metavar="ID")
    command = add("search", "find passages")
    command.add_argument("query", nargs="?", metavar="QUERY")
    command.add_argument("--limit", type=positive, default=10, metavar="N", help="hits at most")
    batch(command)
    command = add("ask", "answer a question in English")
    command.add_argument("question", nargs="?", metavar="QUESTION")
    _add_articles(command)
    batch(command)
    export(command)
    command = add("summarize", "summarise an article in English")
    command.add_argument("target", metavar="ID|PATH|URL")
    command.add_argument("--length", choices=("short", "medium", "long"), default="medium")
    export(command)
    command = add("digest", "report what several articles say")
    command.add_argument("topic", nargs="?", metavar="TOPIC")
    _add_articles(command)
    export(command)
    command = add("translate", "translate an article sentence by sentence")
    command.add_argument("target", nargs="?", metavar="ID|PATH|-", help="- is standard input")
    batch(command)
    export(command)
    command = add("verify", "check an English text against a source text")
    command.add_argument("text", nargs="?", metavar="ENGLISH", help="text, or a file's path")
    command.add_argument("source", nargs="?", metavar="SOURCE", help="text, or a file's path")
    batch(command, "`id`, `text` and `source`")
    command = add("serve", "open the page in the browser")
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", type=int, default=7860)
    command.add_argument(
        "--samples", action="store_true", help="ingest the sample articles into an empty collection"
    )
    command = add("feedback", "list what readers called right and wrong")
    command.add_argument(
        "--cases", type=Path, metavar="FILE", help="write it as cases for `mujaz eval`"
    )
    _add_users(add("user", "say who may use the page"), general)
    add("eval", "score it against reference answers: see `mujaz eval --help`")
    add("doctor", "check the installation and the collection")
    add("reindex", "make the index anew with the present settings")
    add("config", "print the settings in force")
    return parser


def _add_users(command: argparse.ArgumentParser, general: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    action = actions.add_parser(
        "add", help="add a user, or give one a new password", parents=[general]
    )
    action.add_argument("name", metavar="NAME")
    action.add_argument("--admin", action="store_true", help="may change the models in use")
    action = actions.add_parser("remove", help="remove a user", parents=[general])
    action.add_argument("name", metavar="NAME")
    actions.add_parser("list", help="list the users", parents=[general])


def _add_articles(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--article", action="append", metavar="ID", help="use this article only; repeatable"
    )


def positive(text: str) -> int:
    """Read a flag's value as a number of at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} isn't at least 1")
    return number
