"""Compare Mujaz with the plain way: LangChain's splitter, torch and Chroma, on the same weights.

    python -m evals.benchmarks.plain --documents feed.jsonl --queries questions.jsonl

The feed has one JSON object a line, with `id`, `title` and `text`, or NTREX-128 by document with
`id` and `sentences`, pairs of Arabic and English. The questions have one object a line with
`text`; without them the titles serve. The plain way is RecursiveCharacterTextSplitter as it comes,
HuggingFaceEmbeddings in float32 in batches of 32, and a persistent Chroma through langchain-chroma.
Its passages are longer and overlap, so ingest is compared by documents.

Every measurement runs in a process of its own, the two sides in turn, for several rounds, with
six cold starts in each; medians count, with the range beside them. A cold start is a whole
process, from its start to its exit, its files in the system's cache.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from langchain_chroma import Chroma

    from assistant.app import App
    from assistant.assistant import Assistant

Figures = dict[str, float]
Side = Literal["ours", "plain"]

HITS = 6
SEARCHES = 100
QUESTIONS = 10
STARTS = 6  # cold starts in a round
PAGE_WAIT = 120  # seconds that the page may take to answer
VERSIONS = ("torch", "sentence-transformers", "langchain-chroma", "chromadb", "onnxruntime")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; `plain` names the plain way's figure to compare with, if any.

    The goal is `most`, ours at most so much, or `factor`, ours so many times better.
    """

    label: str
    ours: str
    plain: str | None = None
    more_is_better: bool = False
    most: float | None = None
    factor: float | None = None


ROWS = (
    Row("ingest, documents/s", "documents_s", "documents_s", True, factor=2),
    Row("ingest, thousand characters/s", "characters_s", "characters_s", True),
    Row("ingest, passages/s", "passages_s", "passages_s", True),
    Row("ingest, s", "ingest_s", "ingest_s"),
    Row("ingest with start-up, s", "ingest_process_s", "ingest_process_s"),
    Row("search p50, ms", "search_p50_ms", "search_p50_ms"),
    Row("search p95, ms", "search_p95_ms", "search_p95_ms", most=30),
    Row("cold start to passages (`mujaz search`), s", "cold_search_s", "cold_search_s"),
    Row("cold start to an answer (`mujaz ask`), s (1)", "cold_ask_s", "cold_search_s", factor=2),
    Row("— to its first words, s (1)", "cold_words_s", "cold_search_s"),
    Row("— already translated, s (1)", "cold_again_s", "cold_search_s"),
    Row("cold start of the page (`mujaz serve`), s", "page_s"),
    Row("warm answer, first words, s (2)", "first_words_s"),
    Row("warm answer, first sentence, s (2)", "first_sentence_s", most=3),
    Row("— slowest question, s", "slowest_sentence_s"),
    Row("warm answer, its end, s (2)", "answer_s"),
    Row("peak memory of ingest, MB", "ingest_mb", "ingest_mb", most=1200),
    Row("peak memory of search and answers, MB (3)", "use_mb", "use_mb", most=1200),
)
NOTES = """
1. Against the plain way's start to passages: it writes no answer. Each start asks another
   question; its answer wasn't translated before, but in the row that says so.
2. Median over {questions} questions after another one has loaded the models, none translated
   before. Of them {refused:.0f} were refused (median of the rounds) and have no first words.
3. With the translator's processes, pages that they share counted once. The plain way only
   searches."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A round's folder: the feed, the questions, and both sides' indexes."""

    folder: Path

    @property
    def feed(self) -> Path:
        """The documents, as both sides read them."""
        return self.folder / "feed.jsonl"

    @property
    def collection(self) -> Path:
        """Our data folder."""
        return self.folder / "mujaz"

    def questions(self) -> dict[str, list[str]]:
        """Return what is searched for (`search`), asked warm (`ask`) and asked cold (`cold`)."""
        file = self.folder / "questions.json"
        questions: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
        return questions


# --------------------------------------------------------- documents, questions
def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read JSON lines."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def as_article(row: dict[str, Any]) -> dict[str, str]:
    """Return a line as a feed has it; an NTREX document is headed by its first sentence."""
    if "sentences" not in row:
        return {name: row[name] for name in ("id", "title", "text")}
    arabic = [pair[0] for pair in row["sentences"]]
    return {"id": row["id"], "title": arabic[0], "text": "\n".join(arabic)}


def choose_questions(rows: Sequence[dict[str, Any]], rounds: int) -> dict[str, list[str]]:
    """Draw the same questions each time, English and answerable where the rows tell."""
    wanted = {"kind": "question", "language": "en", "answerable": True}
    texts = [
        row["text"]
        for row in rows
        if all(row.get(name, value) == value for name, value in wanted.items())
    ]
    random.Random(0).shuffle(texts)
    ask = texts[: QUESTIONS + 1]  # the first loads the models
    cold = islice(cycle(texts[len(ask) :] or texts), rounds * STARTS)
    return {"search": texts[:SEARCHES], "ask": ask, "cold": list(cold)}


def write_workspace(
    folder: Path, articles: Sequence[dict[str, str]], questions: dict[str, list[str]]
) -> Workspace:
    """Make a round's folder, its indexes still to come."""
    folder.mkdir()
    place = Workspace(folder)
    lines = "".join(json.dumps(article, ensure_ascii=False) + "\n" for article in articles)
    place.feed.write_text(lines, encoding="utf-8")
    (folder / "questions.json").write_text(json.dumps(questions), encoding="utf-8")
    return place


# ----------------------------------------------- measured, in processes of their own
def ingest_ours(place: Workspace) -> Figures:
    """Ingest the feed into an empty collection."""
    app = _open_app(place)
    app.embedder.embed_query("warm up")
    ingestor = app.ingestor
    start = time.perf_counter()
    report = ingestor.ingest([str(place.feed)])
    seconds = time.perf_counter() - start
    if report.skipped:
        raise SystemExit(f"{len(report.skipped)} documents were skipped: {report.skipped[0]}")
    return _ingest_figures(place, report.passages, seconds)


def ingest_plain(place: Workspace) -> Figures:
    """Ingest the feed the plain way into an empty index."""
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    index = _open_chroma(place)
    index.similarity_search("warm up")
    start = time.perf_counter()
    documents = [
        Document(row["text"], metadata={"id": row["id"], "title": row["title"]})
        for row in read_lines(place.feed)
    ]
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    passages = splitter.split_documents(documents)
    index.add_documents(passages)
    return _ingest_figures(place, len(passages), time.perf_counter() - start)


def _ingest_figures(place: Workspace, passages: int, seconds: float) -> Figures:
    texts = [row["text"] for row in read_lines(place.feed)]
    return {
        "ingest_s": seconds,
        "documents_s": len(texts) / seconds,
        "characters_s": sum(map(len, texts)) / 1000 / seconds,
        "passages_s": passages / seconds,
        "passages": passages,
        "ingest_mb": _peak_mb(),
    }


def use_ours(place: Workspace) -> Figures:
    """Search and answer, warm; nothing that is asked was translated before."""
    questions = place.questions()
    _forget_translations(place)
    app = _open_app(place)
    figures = _time_searches(lambda text: app.retriever.search(text, HITS), questions["search"])
    warm_up, *asked = questions["ask"]
    _time_answer(app.assistant, warm_up)
    answers = [_time_answer(app.assistant, question) for question in asked]
    for name in ("first_words_s", "first_sentence_s", "answer_s"):
        times = [answer[name] for answer in answers if name in answer]
        if times:  # all may have been refused
            figures[name] = statistics.median(times)
        if name == "first_sentence_s":
            figures["refused"] = len(answers) - len(times)
            figures |= {"slowest_sentence_s": max(times)} if times else {}
    return figures | {"use_mb": _peak_mb()}


def use_plain(place: Workspace) -> Figures:
    """Search the plain way, warm."""
    index = _open_chroma(place)
    texts = place.questions()["search"]
    return _time_searches(lambda text: index.similarity_search(text, HITS), texts) | {
        "use_mb": _peak_mb()
    }


def start_plain(place: Workspace) -> Figures:
    """Open the plain way's index and find one question's passages."""
    question = place.questions()["cold"][0]
    return {"hits": len(_open_chroma(place).similarity_search(question, HITS))}


PARTS: dict[str, Callable[[Workspace], Figures]] = {
    part.__name__: part for part in (ingest_ours, ingest_plain, use_ours, use_plain, start_plain)
}


def _time_searches(search: Callable[[str], object], texts: Sequence[str]) -> Figures:
    search(texts[0])
    times = []
    for text in texts:
        start = time.perf_counter()
        search(text)
        times.append(1000 * (time.perf_counter() - start))
    percentiles = statistics.quantiles(times, n=20)
    return {"search_p50_ms": statistics.median(times), "search_p95_ms": percentiles[-1]}


def _time_answer(assistant: Assistant, question: str) -> Figures:
    """Time the steps to an answer; a refusal has neither first words nor a first sentence."""
    from assistant.answers import Answered, SentenceDone, TextDelta

    names = {TextDelta: "first_words_s", SentenceDone: "first_sentence_s", Answered: "answer_s"}
    figures: Figures = {}
    start = time.perf_counter()
    for event in assistant.ask(question):
        for kind, name in names.items():
            if isinstance(event, kind):
                figures.setdefault(name, time.perf_counter() - start)
    return figures


def _open_app(place: Workspace) -> App:
    from assistant.app import open_app
    from assistant.settings import load_settings

    return open_app(load_settings(data=place.collection))


def _open_chroma(place: Workspace) -> Chroma:
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

    embeddings = HuggingFaceEmbeddings(
        model_name=str(place.folder.parent / "model"),
        model_kwargs={"device": "cpu"},
        encode_kwargs={"prompt_name": "passage", "batch_size": 32},
        query_encode_kwargs={"prompt_name": "query"},
    )
    return Chroma("plain", embeddings, persist_directory=str(place.folder / "chroma"))


def _forget_translations(place: Workspace) -> None:
    for file in place.collection.glob("translations.db*"):
        file.unlink()


def _peak_mb() -> float:
    """Return this process's largest size, and its engines' present one, in MB.

    Engines take what they need at their start; pages that they share are counted once.
    """
    from evals.benchmarks.embedders import _peak_memory

    sizes = [
        Path(f"/proc/{child}/smaps_rollup").read_text().split("Pss:", 1)[1].split()[0]
        for children in Path("/proc/self/task").glob("*/children")
        for child in children.read_text().split()
    ]
    return _peak_memory() + sum(int(size) * 1024 / 1e6 for size in sizes)


# ---------------------------------------------------------------------- a round
def run_round(place: Workspace, order: Sequence[Side]) -> Iterator[tuple[str, float]]:
    """Measure everything once, cold starts several times.

    Yields:
        A figure's name, beginning with `ours.` or `plain.`, and its value.
    """
    steps: list[Callable[[Side, Workspace], Figures]] = [_ingest, _use]
    steps += [partial(_start, question) for question in place.questions()["cold"]]
    for step in steps:
        for side in order:
            for name, value in step(side, place).items():
                yield f"{side}.{name}", value


def _ingest(side: Side, place: Workspace) -> Figures:
    start = time.perf_counter()
    figures = _run_part(f"ingest_{side}", place)
    return figures | {"ingest_process_s": time.perf_counter() - start}


def _use(side: Side, place: Workspace) -> Figures:
    return _run_part(f"use_{side}", place)


def _start(question: str, side: Side, place: Workspace) -> Figures:
    if side == "plain":
        start = time.perf_counter()
        _run_part("start_plain", place)
        return {"cold_search_s": time.perf_counter() - start}
    command = [sys.executable, "-m", "assistant", "--data", str(place.collection)]
    _forget_translations(place)
    words, whole = _time_command([*command, "ask", question])
    figures = {
        "cold_words_s": words,
        "cold_ask_s": whole,
        "cold_again_s": _time_command([*command, "ask", question])[1],
        "cold_search_s": _time_command([*command, "search", f"--limit={HITS}", question])[1],
    }
    return figures | ({"page_s": _time_page(command)} if has_page() else {})


def has_page() -> bool:
    """Tell whether this version serves a page."""
    return find_spec("assistant.ui.server") is not None


def _run_part(name: str, place: Workspace) -> Figures:
    command = [sys.executable, "-m", "evals.benchmarks.plain", f"--part={name}"]
    command += [f"--workspace={place.folder}", f"--documents={place.feed}"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def _time_command(command: list[str]) -> tuple[float, float]:
    """Return the seconds to a command's first output and to its end."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0) as process:
        assert process.stdout
        process.stdout.read(1)
        first = time.perf_counter() - start
        process.stdout.read()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return first, time.perf_counter() - start


def _time_page(command: list[str]) -> float:
    """Return the seconds from the server's start to the page's first answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = time.perf_counter()
    serve = [*command, "serve", f"--port={port}"]
    problem = ""
    with subprocess.Popen(serve, stdout=subprocess.DEVNULL) as process:
        try:
            while process.poll() is None and time.perf_counter() - start < PAGE_WAIT:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PAGE_WAIT):
                        return time.perf_counter() - start
                except OSError as error:  # not listening yet
                    problem = f"{error}; exit code {process.poll()}"
                    time.sleep(0.02)
        finally:
            process.terminate()
    seconds = time.perf_counter() - start
    raise SystemExit(f"`mujaz serve` gave no page in {seconds:.0f} s: {problem}")


# -------------------------------------------------------------------- the table
def print_table(samples: dict[str, list[float]]) -> None:
    """Print medians, ranges and ratios; a ratio above 1 is in our favour."""
    print("| | Mujaz | plain way | ratio | goal |\n|---|---|---|---|---|")
    for row in ROWS:
        ours = samples.get(f"ours.{row.ours}")
        plain = samples.get(f"plain.{row.plain}")
        if ours is None:
            continue
        ratio = None
        if plain is not None:
            ratio = statistics.median(plain) / statistics.median(ours)
            ratio = 1 / ratio if row.more_is_better else ratio
        cells = (
            _cell(ours),
            _cell(plain),
            f"{ratio:.1f}" if ratio else "",
            _goal(row, ours, ratio),
        )
        print(f"| {row.label} | {' | '.join(cells)} |")


def _cell(values: list[float] | None) -> str:
    if values is None:
        return ""
    digits = 0 if max(values) >= 100 else 1 if max(values) >= 10 else 2
    median, low, high = (f"{f(values):.{digits}f}" for f in (statistics.median, min, max))
    return f"{median} ({low}–{high})"


def _goal(row: Row, ours: list[float], ratio: float | None) -> str:
    if row.most is not None:
        met, goal = statistics.median(ours) <= row.most, f"at most {row.most:.0f}"
    elif row.factor is not None and ratio is not None:
        met, goal = ratio >= row.factor, f"{row.factor:.0f} times better"
    else:
        return ""
    return f"{goal}: {'met' if met else '**not met**'}"


def describe_machine() -> str:
    """Return the processor, its cores, and the versions that count."""
    model = platform.processor() or platform.machine()
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        names = (
            line.partition(":")[2] for line in facts.read_text().splitlines() if "name" in line
        )
        model = next(names, model).strip()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = f"Python {platform.python_version()}"
    versions = ", ".join([python, *(f"{name} {version(name)}" for name in VERSIONS)])
    return f"{time.strftime('%Y-%m-%d')}, {cores} cores, {model}, {versions}"


def prepare_environment(folder: Path) -> None:
    """Set what every process inherits: no settings of the user's, no spinning, no network."""
    for name in [name for name in os.environ if name.startswith("MUJAZ_")]:
        del os.environ[name]
    os.environ |= {
        "MUJAZ_CACHE": str(folder / "cache"),
        "MUJAZ_CONFIG": str(folder / "none.toml"),
        "OMP_WAIT_POLICY": "PASSIVE",
        "HF_HUB_OFFLINE": "1",
    }


def compare(options: argparse.Namespace, folder: Path) -> None:
    """Run the rounds, after a small one that fills the caches and isn't counted."""
    from evals.benchmarks.torch_e5 import write_sentence_transformer

    load = os.getloadavg()[0]
    prepare_environment(folder)
    write_sentence_transformer(folder / "model")
    articles = [as_article(row) for row in read_lines(options.documents)]
    rows = read_lines(options.queries) if options.queries else []
    questions = choose_questions(rows or [{"text": a["title"]} for a in articles], options.rounds)
    few = {name: texts[:2] for name, texts in questions.items()}
    place = write_workspace(folder / "warm-up", articles[:4], few)
    for _ in run_round(place, ("ours", "plain")):
        pass

    samples: dict[str, list[float]] = defaultdict(list)
    for number in range(options.rounds):
        cold = {"cold": questions["cold"][number :: options.rounds]}
        place = write_workspace(folder / str(number), articles, questions | cold)
        order: tuple[Side, Side] = ("plain", "ours") if number % 2 else ("ours", "plain")
        for name, value in run_round(place, order):
            samples[name].append(value)

    print(f"{describe_machine()}\n")
    passages = [f"{samples[f'{side}.passages'][0]:.0f}" for side in ("ours", "plain")]
    print(
        f"{len(articles)} documents, {passages[0]} passages of ours, {passages[1]} the plain way;"
    )
    print(f"{options.rounds} rounds; load average before them {load:.1f}\n")
    print_table(samples)
    asked = len(questions["ask"]) - 1
    print(NOTES.format(questions=asked, refused=statistics.median(samples["ours.refused"])))
    if not has_page():
        print("The page's row is left out: assistant/ui/server.py isn't there yet.")


def main() -> None:
    """Measure one part if named, else everything, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=Path, required=True, help="a feed, or NTREX's form")
    parser.add_argument("--queries", type=Path, help="JSON lines with `text`")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--workspace", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        print(json.dumps(PARTS[options.part](Workspace(options.workspace))))
        return
    with tempfile.TemporaryDirectory() as folder:
        compare(options, Path(folder))


if __name__ == "__main__":
    main()
