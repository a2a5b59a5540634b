"""Measure the page in Chromium: how soon it is there, answers, opens sources, and what it holds.

    python -m evals.benchmarks.page                                # every part but the soak
    python -m evals.benchmarks.page --part soak --questions 1000
    python -m evals.benchmarks.page --part start reading --output figures.md

Each part has a server process of its own (`mujaz serve`, settings as they come, but no limit to
the requests a minute) over a copy of one collection: NTREX-128's 123 documents, and one long
article made of several. The questions are those of `evals/datasets/ntrex.jsonl`. Times are taken
by the page's own clock, from the key or click on. Needs Debian's `chromium`.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import random
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from assistant.answers import Answer, Citation, Models, Sentence
from assistant.conversation import Conversation, Exchange
from assistant.conversation_store import ConversationStore
from evals.benchmarks.plain import describe_machine, prepare_environment, read_lines
from vectorstore.articles import Article

DATASETS = Path(__file__).parents[1] / "datasets"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--enable-precise-memory-info")
PATIENCE = 300_000  # milliseconds
LONG = "0000 A long article"
ROUNDS = 5
REST = 5  # seconds
OPENS = 50
ARTICLES = 2_000
EXCHANGES = 250
TOGETHER = 10
IN_A_CONVERSATION = 20  # questions of the soak
EVERY = 100  # questions between two looks at the memory at most

WATCH = """
window.mjTimes = {};
const timesOf = {};
const usable = () => {
  const box = document.querySelector("#mj-question textarea");
  const send = document.querySelector("#mj-send");
  const there = box?.offsetParent && !box.disabled && send?.offsetParent && !send.disabled;
  if (there) mjTimes.usable ??= performance.now();
  if (!mjTimes.usable) setTimeout(usable, 10);
};
usable();
const bots = () => document.getElementsByClassName("message bot");
const follow = () => {
  const last = bots()[bots().length - 1];
  if (bots().length > mjTimes.before && last) {
    mjTimes.begun ??= performance.now();
    if (last.querySelector(".mj-sentence")?.textContent.trim()) mjTimes.text ??= performance.now();
    if (last.querySelector(".mj-sentence .mj-chip")) mjTimes.sentence ??= performance.now();
    if (last.querySelector("[id^=mj-a-]")) mjTimes.end ??= performance.now();
  }
  if (!mjTimes.end) setTimeout(follow, 25);
};
window.mjKeys = [];
document.addEventListener("keydown", (event) => {
  if (!event.target.closest?.("#mj-question")) return;
  const pressed = performance.now();
  if (event.key === "Enter") {
    window.mjTimes = { asked: pressed, epoch: performance.timeOrigin, before: bots().length };
    follow();
  } else {
    requestAnimationFrame(() => setTimeout(() => mjKeys.push(performance.now() - pressed)));
  }
}, true);
"""
LIST = """() => new Promise((resolve, reject) => {
  const began = performance.now();
  document.querySelectorAll("#mj-tabs [role=tab]")[2].click();
  const look = () => {
    if (document.querySelector(".mj-listed")?.offsetParent) {
      requestAnimationFrame(() => resolve(performance.now() - began));
    } else if (performance.now() - began > 20000) reject(new Error("the library stays empty"));
    else setTimeout(look, 4);
  };
  look();
})"""
OPEN = """(n) => new Promise((resolve, reject) => {
  const chip = document.querySelectorAll("#mj-chat a.mj-chip")[n];
  const quote = document.querySelector("#mj-article .mj-view");
  quote?.remove();
  const pressed = performance.now();
  chip.click();
  const look = () => {
    const marked = document.querySelector("#mj-article .mj-cited");
    const pane = document.getElementById("mj-side").getBoundingClientRect();
    const at = marked?.getBoundingClientRect();
    if (at?.height && at.top >= pane.top - 1 && at.top < pane.bottom) {
      requestAnimationFrame(() => resolve(performance.now() - pressed));
    } else if (performance.now() - pressed > 20000) {
      reject(new Error("the marked sentence didn't come into view"));
    } else setTimeout(look, 4);
  };
  look();
})"""
CHANGED = """([does, wanted, value]) => new Promise((resolve, reject) => {
  const began = performance.now();
  const tally = () => document.querySelector(".mj-tally")?.textContent ?? "";
  const before = tally();
  if (does === "more") document.querySelector(".mj-more").click();
  else {
    const field = document.querySelector(`[data-filter=${wanted}]`);
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const look = () => {
    if (tally() && tally() !== before) {
      requestAnimationFrame(() => resolve(performance.now() - began));
    }
    else if (performance.now() - began > 20000) reject(new Error("the list stays as it was"));
    else setTimeout(look, 4);
  };
  look();
})"""


STEPS = {
    "paint": "first paint",
    "usable": "question box and button usable",
    "listed": "library listed, from the click on its tab",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table."""

    label: str
    value: str


Part = Callable[["Bench"], Iterator[Figure]]


@dataclass(frozen=True, slots=True)
class Served:
    """A server process, its address, and the collection it is over."""

    process: subprocess.Popen[str]
    origin: str
    folder: Path

    def memory(self) -> float:
        """Return the resident memory of the process and its children, in MB."""
        return sum(_resident(pid) for pid in [self.process.pid, *_children(self.process.pid)])

    def ask(self, question: str) -> list[str]:
        """Return the sentences of the answer that programs get."""
        body = json.dumps({"question": question}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.origin}/v1/ask", body, headers)
        with urllib.request.urlopen(request, timeout=PATIENCE / 1000) as reply:
            return [sentence["text"] for sentence in json.load(reply)["sentences"]]


@dataclass(frozen=True, slots=True)
class Bench:
    """What the parts share: the browser, the collection to copy, the questions."""

    browser: Browser
    folder: Path
    questions: Sequence[str]
    soak: int

    @contextmanager
    def serve(self, collection: Path | None = None) -> Iterator[Served]:
        """Start a server over a copy of a collection, the base's unless given."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copytree(collection or self.folder / "base", folder, dirs_exist_ok=True)
        command = [sys.executable, "-m", "assistant", f"--data={folder}", "serve", "--port=0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout
                origin = process.stdout.readline().split()[-1]
                yield Served(process, origin, folder)
            finally:
                process.terminate()
        shutil.rmtree(folder)

    def visit(self, served: Served, context: BrowserContext | None = None) -> Page:
        """Open the page in a browser of its own, and wait until all of it is there."""
        context = context or self.browser.new_context(viewport={"width": 1400, "height": 900})
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(served.origin)
        _wait(page, "() => mjTimes.usable")
        return page


# ------------------------------------------------------------------- the parts
def start(bench: Bench) -> Iterator[Figure]:
    """Time the page's coming, by a new server to a new browser, and again."""
    cold, warm, rest = [], [], []
    for _ in range(ROUNDS):
        with bench.serve() as served:
            page = bench.visit(served)
            cold.append(_paint(page))
            page.reload()
            _wait(page, "() => mjTimes.usable")
            warm.append(_paint(page))
            page.reload()  # the library is closed now: no titles are being translated
            _wait(page, "() => mjTimes.usable")
            page.wait_for_timeout(1000 * REST)
            rest.append(_busy(page, REST))
            page.context.close()
    for name, taken in (("new server and browser", cold), ("loaded again", warm)):
        for at in ("paint", "usable", "listed"):
            label = STEPS[at]
            yield Figure(f"{label}, {name}", _spread([each[at] for each in taken]))
    yield Figure("the page at rest, of one core", f"{100 * statistics.median(rest):.1f} %")


def answer(bench: Bench) -> Iterator[Figure]:
    """Time answers from Enter, translated for the first time and remembered."""
    with bench.serve() as served:
        page = bench.visit(served)
        _ask(page, bench.questions[0])  # loads the models
        asked = bench.questions[1:11]
        for name in ("new", "remembered"):
            taken = []
            for question in asked:
                _begin_anew(page)
                taken.append(_ask(page, question))
            for at, label in (
                ("begun", "question shown"),
                ("text", "first text"),
                ("sentence", "first sentence"),
                ("end", "end"),
            ):
                yield Figure(f"{label}, {name}", _spread([t[at] for t in taken if at in t]))
        page.context.close()


def reading(bench: Bench) -> Iterator[Figure]:
    """Time the opening of citations, into short articles and a long one."""
    articles = _articles(bench.folder / "base")
    long = next(a for a in articles if a.title.startswith(LONG))
    short = [a for a in articles if a is not long]
    with bench.serve() as served:
        for name, of in (("short", short), ("long", [long])):
            owner, context = _reader(bench, served)
            draw = random.Random(0)
            cited = [draw.choice(of) for _ in range(OPENS)]
            exchanges = [_exchange(f"Question {n}?", [a], draw) for n, a in enumerate(cited)]
            _store(served.folder).save(owner, Conversation(exchanges))
            page = bench.visit(served, context)
            page.wait_for_selector("#mj-chat a.mj-chip")
            taken = [page.evaluate(OPEN, n) for n in range(OPENS)]
            sentences = statistics.median(len(a.sentences) for a in cited)
            label = f"a citation opened, {name} articles ({sentences:.0f} sentences)"
            yield Figure(label, _percentiles(taken))
            context.close()


def library(bench: Bench) -> Iterator[Figure]:
    """Time the library of two thousand articles."""
    folder = bench.folder / "library"
    _ingest(folder, _many_articles())
    with bench.serve(folder) as served:
        page = bench.visit(served)
        yield Figure("listed, from the click on its tab", f"{page.evaluate(LIST):.0f} ms")
        yield Figure("memory of the page's scripts", _heap(page))
        acts = {
            "found by a word": [("wanted", "الرئيس"), ("wanted", "")],
            "filtered by outlet": [("outlet", "Outlet 7"), ("outlet", "")],
            "filtered by date": [("since", "2021-06-01"), ("since", "")],
        }
        for label, steps in acts.items():
            taken = [
                page.evaluate(CHANGED, ["set", name, value])
                for _ in range(ROUNDS)
                for name, value in steps
            ]
            yield Figure(f"{label} (of it 200 ms a pause)", _spread(taken))
        taken = [page.evaluate(CHANGED, ["more", "", ""]) for _ in range(10)]
        yield Figure("50 more shown", _spread(taken))
        yield Figure("memory then, 550 rows shown", _heap(page))
        page.context.close()


def conversation(bench: Bench) -> Iterator[Figure]:
    """Measure a conversation of five hundred messages beside an empty one."""
    articles = _articles(bench.folder / "base")
    draw = random.Random(0)
    with bench.serve() as served:
        for count in (0, EXCHANGES):
            owner, context = _reader(bench, served)
            exchanges = [
                _exchange(f"Question {n}?", draw.sample(articles, 3), draw) for n in range(count)
            ]
            if count:
                _store(served.folder).save(owner, Conversation(exchanges))
            page = bench.visit(served, context)
            if count:
                page.wait_for_selector(f"#mj-u-{exchanges[-1].id}")
                yield Figure(
                    f"{2 * count} messages there, since the page's start",
                    f"{page.evaluate('performance.now()'):.0f} ms",
                )
            if not count:
                _ask(page, bench.questions[20])  # loads the models
                _begin_anew(page)
            name = f"after {2 * count} messages"
            yield Figure(
                f"elements in the page, {name}",
                f"{page.evaluate('document.querySelectorAll(`*`).length'):,}",
            )
            yield Figure(f"memory of the page's scripts, {name}", _heap(page))
            page.evaluate("mjKeys.length = 0")
            page.locator("#mj-question textarea").press_sequentially(
                "What did the minister say? " * 3, delay=30
            )
            yield Figure(f"a key until it is drawn, {name}", _percentiles(page.evaluate("mjKeys")))
            stream = _Stream(page)
            taken = [
                _ask(page, question) for question in bench.questions[21 + (count > 0) * 5 :][:5]
            ]
            for at, label in (("begun", "question shown"), ("text", "first text"), ("end", "end")):
                yield Figure(f"{label}, {name}", _spread([t[at] for t in taken if at in t]))
            yield Figure(f"an answer's stream, {name}", stream.told(len(taken)))
            context.close()


def together(bench: Bench) -> Iterator[Figure]:
    """Let ten browsers ask at once; then one ask while another translates an article."""
    with bench.serve() as served:
        pages = [bench.visit(served) for _ in range(TOGETHER)]
        _ask(pages[0], bench.questions[40])  # loads the models
        _begin_anew(pages[0])
        asked = bench.questions[41 : 41 + TOGETHER]
        for page, question in zip(pages, asked, strict=True):
            page.fill("#mj-question textarea", question)
        for page in pages:
            page.press("#mj-question textarea", "Enter")
        taken = [_times(page) for page in pages]
        first_end = min(t["epoch"] + t["end"] for t in taken)
        shown = sum(t["epoch"] + t["begun"] < first_end for t in taken)
        yield Figure("ten, asked at once, say what they are doing", _spread(_all(taken, "begun")))
        yield Figure("of them did so before any had ended", f"{shown}")
        late = sum(t["epoch"] + t.get("text", t["end"]) > first_end for t in taken)
        yield Figure("first text of ten, asked at once", _spread(_all(taken, "text")))
        yield Figure("end of ten, asked at once", _spread([t["end"] for t in taken]))
        yield Figure("of them began after another had ended", f"{late}")
        right = sum(
            _said(page) == ([question], served.ask(question))
            for page, question in zip(pages, asked, strict=True)
        )
        yield Figure(
            "of them with their own question and the answer that `/v1/ask` gives", f"{right}"
        )
        alone = _ask(pages[1], bench.questions[60])
        yield Figure("first text, asked alone", _spread([alone["text"]]))
        pages[0].get_by_role("tab", name="Library", exact=True).click()
        pages[0].locator("[data-filter=wanted]").fill(LONG)
        pages[0].locator(f".mj-listed:has-text('{LONG}') [data-do=translate]").click()
        pages[0].wait_for_selector("#mj-chat .mj-sentence a.mj-chip")
        beside = [
            _ask(page, question)
            for page, question in zip(pages[1:4], bench.questions[61:64], strict=True)
        ]
        yield Figure(
            "first text beside a long translation",
            _spread(_all(beside, "text")),
        )
        running = pages[0].is_visible("#mj-stop")
        yield Figure("that translation was still being written", "yes" if running else "no")
        for page in pages:
            page.context.close()


def soak(bench: Bench) -> Iterator[Figure]:
    """Ask many questions of one server through one page, and look at the memory."""
    with bench.serve() as served:
        page = bench.visit(served)
        _ask(page, bench.questions[0])
        sizes = [(0, served.memory())]
        began = time.perf_counter()
        for n, question in enumerate(
            itertools.islice(itertools.cycle(bench.questions), bench.soak), 1
        ):
            if n % IN_A_CONVERSATION == 1:
                _begin_anew(page)
            _ask(page, question)
            if n % min(EVERY, max(1, bench.soak // 10)) == 0:
                sizes.append((n, served.memory()))
                sys.stderr.write(
                    f"{n} questions, {time.perf_counter() - began:.0f} s: "
                    f"{sizes[-1][1]:.0f} MB, page {_heap(page)}\n"
                )
        page.context.close()
    half = [(n, size) for n, size in sizes if n >= bench.soak / 2]
    slope = statistics.linear_regression(*zip(*half, strict=True)).slope
    distinct = min(bench.soak, len(bench.questions))
    yield Figure("questions", f"{bench.soak:,}, {distinct} of them distinct")
    yield Figure("took", f"{time.perf_counter() - began:.0f} s")
    yield Figure(
        "memory of the server", ", ".join(f"{size:.0f} MB after {n:,}" for n, size in sizes)
    )
    yield Figure("growth over the last half", f"{1000 * slope:.0f} MB in 1,000 questions")


PARTS: dict[str, Part] = {
    part.__name__: part for part in (start, answer, reading, library, conversation, together, soak)
}


# ------------------------------------------------------------------ in the page
def _ask(page: Page, question: str) -> dict[str, float]:
    page.fill("#mj-question textarea", question)
    page.press("#mj-question textarea", "Enter")
    times = _times(page)
    page.wait_for_selector("#mj-send", state="visible")
    return times


def _begin_anew(page: Page) -> None:
    """Begin a conversation; the old one's messages would be counted for the next one's."""
    page.click("#mj-fresh")
    _wait(page, "() => !document.querySelector('#mj-chat .message')")


def _times(page: Page) -> dict[str, float]:
    """Wait for an answer's end, and return when what was there, in ms since Enter."""
    _wait(page, "() => mjTimes.end")
    told: dict[str, float] = page.evaluate("mjTimes")
    since = {
        at: told[at] - told["asked"] for at in ("begun", "text", "sentence", "end") if at in told
    }
    return since | {"epoch": told["epoch"] + told["asked"]}


def _all(taken: Sequence[dict[str, float]], at: str) -> list[float]:
    return [times[at] for times in taken if at in times]


def _said(page: Page) -> tuple[list[str], list[str]]:
    """Return the questions on a page, and the sentences of its answers."""
    questions = page.locator("#mj-chat .mj-question").all_text_contents()
    told = "span:not(.mj-lead, .mj-next, .mj-check)"
    sentences = page.locator(f"#mj-chat .mj-sentence > {told}")
    return questions, sentences.all_text_contents()


def _wait(page: Page, until: str) -> None:
    """Wait until a function of the page gives something: the page's policy forbids `eval`."""
    end = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(until):
        if time.monotonic() > end:
            raise SystemExit(f"{until} didn't come true in {PATIENCE / 1000:.0f} s")
        page.wait_for_timeout(100)


def _paint(page: Page) -> dict[str, float]:
    painted = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    times = {"paint": page.evaluate(painted), "usable": page.evaluate("mjTimes.usable")}
    return times | {"listed": page.evaluate(LIST)}


def _heap(page: Page) -> str:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = _metrics(session)["JSHeapUsedSize"]
    session.detach()
    return f"{used / 1e6:.1f} MB"


def _busy(page: Page, seconds: float) -> float:
    """Return the share of a core that the page's renderer takes."""
    session = page.context.new_cdp_session(page)
    before = _metrics(session)
    page.wait_for_timeout(1000 * seconds)
    after = _metrics(session)
    session.detach()
    took: float = after["ProcessTime"] - before["ProcessTime"]
    return took / (after["Timestamp"] - before["Timestamp"])


def _metrics(session: CDPSession) -> dict[str, float]:
    session.send("Performance.enable")
    return {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}


class _Stream:
    """Counts what comes on the streams that carry Gradio's updates."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("Network.enable")
        self._streams: set[str] = set()
        self._pieces: list[int] = []
        self._session.on("Network.responseReceived", self._begin)
        self._session.on("Network.dataReceived", self._count)

    def _begin(self, event: dict[str, Any]) -> None:
        if "queue/data" in event["response"]["url"]:
            self._streams.add(event["requestId"])

    def _count(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._streams:
            self._pieces.append(event["dataLength"])

    def told(self, answers: int) -> str:
        """Return the bytes of an answer, and of one update."""
        whole = sum(self._pieces) / answers / 1000
        return (
            f"{whole:,.0f} kB in {len(self._pieces) / answers:.0f} pieces, the median "
            f"{statistics.median(self._pieces):,.0f} bytes"
        )


# ------------------------------------------------------- collections, conversations
def _ingest(folder: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Bring articles into a new collection, as `mujaz ingest` would."""
    from assistant.app import open_app
    from assistant.settings import load_settings

    folder.mkdir()
    feed = folder / "feed.jsonl"
    feed.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    report = open_app(load_settings(data=folder)).ingestor.ingest([str(feed)])
    if report.skipped:
        raise SystemExit(f"{len(report.skipped)} articles were skipped: {report.skipped[0]}")


def _base_articles() -> list[dict[str, Any]]:
    rows = read_lines(DATASETS / "ntrex-documents.jsonl")
    long = "\n".join(row["text"] for row in rows[:20])
    return [*rows, {"id": "long", "title": LONG, "text": long, "language": "ar"}]


def _many_articles() -> list[dict[str, Any]]:
    """Return short articles, each of other sentences: a title and two more."""
    rows = read_lines(DATASETS / "ntrex-documents.jsonl")
    sentences = [s for row in rows for s in row["text"].split("\n")]
    return [
        {
            "id": str(n),
            "title": f"{n} {sentences[n % len(sentences)][:100]}",
            "text": f"{n} " + " ".join(sentences[(n * k + k) % len(sentences)] for k in (1, 7)),
            "outlet": f"Outlet {n % 12}",
            "date": str(date(2020, 1, 1) + timedelta(days=n)),
        }
        for n in range(ARTICLES)
    ]


def _articles(folder: Path) -> list[Article]:
    from vectorstore.catalog import Catalog

    return list(Catalog(folder / "articles.db").articles())


def _store(folder: Path) -> ConversationStore:
    return ConversationStore(folder / "conversations.db")


def _reader(bench: Bench, served: Served) -> tuple[str, BrowserContext]:
    """Return a new owner of conversations, and a browser that is taken for theirs."""
    identity = secrets.token_urlsafe(32)
    context = bench.browser.new_context(viewport={"width": 1400, "height": 900})
    context.add_cookies([{"name": "mujaz_browser", "value": identity, "url": served.origin}])
    return f"browser:{hashlib.sha256(identity.encode()).hexdigest()[:32]}", context


def _exchange(question: str, articles: Sequence[Article], draw: random.Random) -> Exchange:
    """Return an answered question that cites a sentence of each of these articles."""
    citations, sentences = [], []
    for n, article in enumerate(articles, 1):
        span = draw.choice(article.sentences)
        quote = article.text[span.start : span.end]
        english = "The minister said that the answer would take as long as this sentence does."
        citations.append(
            Citation(
                n, article.id, article.title, article.source, article.language,
                span.start, span.end, quote, english, article.outlet, article.date,
            )
        )  # fmt: skip
        sentences.append(Sentence(english, (n,), "partial", reasons=("3 isn't in it",)))
    made = Answer(
        question, tuple(sentences), tuple(citations), Models("writer", "translator", "embedder"),
        {"retrieve": 100, "write": 2500, "verify": 40},
    )  # fmt: skip
    return replace(
        Exchange(question),
        answer=made,
        sentences=made.sentences,
        citations=made.citations,
        doing=None,
    )


# -------------------------------------------------------------------- the figures
def _spread(milliseconds: Sequence[float]) -> str:
    median, low, high = (f"{f(milliseconds):,.0f}" for f in (statistics.median, min, max))
    return f"{median} ({low}–{high}) ms" if len(milliseconds) > 1 else f"{median} ms"


def _percentiles(milliseconds: Sequence[float]) -> str:
    cuts = statistics.quantiles(milliseconds, n=20)
    return f"p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms"


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return int(lines["VmRSS"].split()[0]) / 1024


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    direct = [int(child) for task in tasks for child in task.read_text().split()]
    return [each for child in direct for each in (child, *_children(child))]


def report(bench: Bench, names: Sequence[str]) -> Iterator[str]:
    """Run the parts, and yield the section's lines as they come."""
    yield f"{describe_machine()}, Chromium {bench.browser.version}\n\n"
    for name in names:
        load = os.getloadavg()[0]
        yield f"**{name}** (load average before it {load:.1f})\n\n| | |\n|---|---|\n"
        for figure in PARTS[name](bench):
            yield f"| {figure.label} | {figure.value} |\n"
        yield "\n"


def main() -> None:
    """Measure the parts that are named, else all but the soak, and write the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--part", nargs="+", choices=PARTS, default=[n for n in PARTS if n != "soak"]
    )
    parser.add_argument("--questions", type=int, default=1_000, help="of the soak")
    parser.add_argument("--output", type=Path, help="a Markdown file; standard output unless given")
    options = parser.parse_args()
    chromium = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if chromium is None:
        raise SystemExit("there is no Chromium; install Debian's with: apt-get install chromium")
    questions = [
        row["text"]
        for row in read_lines(DATASETS / "ntrex.jsonl")
        if (row["kind"], row["language"]) == ("question", "en")
    ]
    random.Random(0).shuffle(questions)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        kept = {n: v for n, v in os.environ.items() if n == "MUJAZ_CANDIDATES"}
        prepare_environment(folder)
        os.environ |= {"MUJAZ_REQUESTS_A_MINUTE": "0"} | kept
        _ingest(folder / "base", _base_articles())
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        bench = Bench(browser, folder, questions, options.questions)
        out = options.output.open("w", encoding="utf-8") if options.output else sys.stdout
        for piece in report(bench, options.part):
            out.write(piece)
            out.flush()
        browser.close()


if __name__ == "__main__":
    main()
