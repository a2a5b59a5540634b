"""Planted faults: what a metric must see if it is worth printing.

    python -m evals.faults evals/runs/RUN

Takes a finished run's records of Mujaz, spoils them in one way at a time, scores them again
and prints every metric before and after. Nothing is asked of a model.
"""

from __future__ import annotations

import argparse
import dataclasses
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.app import App, open_app
from assistant.settings import load_settings
from assistant.verification import Verifier
from evals.cases import Case, Suite, place
from evals.cli import default_suite
from evals.records import Record, read_records
from evals.results import Results, number
from evals.scoring import METRICS, Material, score_all
from evals.systems import MUJAZ
from vectorstore.catalog import Catalog

Answer = dict[str, Any]
Spoil = Callable[[Case, Record, Catalog], Record]

_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<=[\w,;] )(?:al-)?[A-Z][\w’'-]+")


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """A way to spoil a record, and the metrics that must see it."""

    name: str
    seen_by: tuple[str, ...]
    spoil: Spoil


def shift_citations(case: Case, record: Record, catalog: Catalog) -> Record:
    """Cite the first sentence of the passage after the right one, or of the one before the last."""

    def shift(citation: Answer) -> Answer:
        article = catalog.article(citation["article_id"])
        passages = catalog.passages_of(article)
        at = next(i for i, p in enumerate(passages) if citation["start"] < p.end)
        span = passages[at + 1 if at + 1 < len(passages) else at - 1].sentences[0]
        quote = article.text[span.start : span.end]
        return citation | {"start": span.start, "end": span.end, "quote": quote}

    return _with(record, citations=shift)


def cite_everything(case: Case, record: Record, catalog: Catalog) -> Record:
    """Cite whole articles."""

    def widen(citation: Answer) -> Answer:
        text = catalog.article(citation["article_id"]).text
        return citation | {"start": 0, "end": len(text), "quote": text}

    return _with(record, citations=widen)


def garble_quotes(case: Case, record: Record, catalog: Catalog) -> Record:
    """Change one letter of each quote."""
    return _with(record, citations=lambda c: c | {"quote": "ء" + c["quote"][1:]})


def point_nowhere(case: Case, record: Record, catalog: Catalog) -> Record:
    """Cite beyond the article's end."""
    return _with(record, citations=lambda c: c | {"start": 10**7, "end": 10**7 + 1})


def change_numbers(case: Case, record: Record, catalog: Catalog) -> Record:
    """Add 3 to every number in digits."""
    return _rewritten(record, lambda text: _NUMBER.sub(lambda m: str(int(m[0]) + 3), text))


def swap_names(case: Case, record: Record, catalog: Catalog) -> Record:
    """Call everybody and every place by another name."""
    return _rewritten(record, lambda text: _NAME.sub("Zanzibar", text))


def refuse_nothing(case: Case, record: Record, catalog: Catalog) -> Record:
    """Answer with the nearest passages what was refused."""
    answer = record.answer
    if not answer or not answer.get("refused"):
        return record
    sentences = [
        {"text": c["translation"] or c["quote"], "citations": [c["n"]], "support": "unchecked",
         "checks": {}, "reasons": []}
        for c in answer["citations"]
    ]  # fmt: skip
    spoiled = answer | {"refused": False, "reason": None, "sentences": sentences}
    return dataclasses.replace(record, answer=spoiled)


def refuse_everything(case: Case, record: Record, catalog: Catalog) -> Record:
    """Refuse whatever was asked."""
    if case.kind != "question" or not record.answer:
        return record
    spoiled = record.answer | {"refused": True, "reason": "planted", "sentences": []}
    return dataclasses.replace(record, answer=spoiled)


def drop_half(case: Case, record: Record, catalog: Catalog) -> Record:
    """Drop half of the nuggets: every other sentence with its citations, or half of an only one."""
    answer = record.answer
    if not answer or not answer.get("sentences"):
        return record
    sentences = answer["sentences"]
    if len(sentences) == 1:
        words = sentences[0]["text"].split()
        kept = [sentences[0] | {"text": " ".join(words[: len(words) // 2])}]
    else:
        kept = sentences[1::2]
    cited = {n for sentence in kept for n in sentence["citations"]}
    citations = [c for c in answer["citations"] if c["n"] in cited]
    return dataclasses.replace(record, answer=answer | {"sentences": kept, "citations": citations})


def leave_untranslated(case: Case, record: Record, catalog: Catalog) -> Record:
    """Put the source in the translation's place."""
    answer = record.answer
    if answer and "translation" in answer:
        return dataclasses.replace(record, answer={"translation": case.text})
    quotes = {c["n"]: c["quote"] for c in (answer or {}).get("citations", ())}
    return _with(record, sentences=lambda s: s | {"text": quotes[s["citations"][0]]})


def summarize_the_head(case: Case, record: Record, catalog: Catalog) -> Record:
    """Let every sentence of a summary stand on the article's first sentence."""
    if case.kind != "summary" or not record.answer:
        return record
    article = catalog.article(case.article_ids[0])
    first = article.sentences[0]
    quote = article.text[first.start : first.end]
    return _with(
        record, citations=lambda c: c | {"start": first.start, "end": first.end, "quote": quote}
    )


def repeat_a_sentence(case: Case, record: Record, catalog: Catalog) -> Record:
    """Say the first sentence again in the place of every other."""
    sentences = (record.answer or {}).get("sentences")
    if not sentences:
        return record
    return _with(record, sentences=lambda s: s | {"text": sentences[0]["text"]})


def shuffle_retrieval(case: Case, record: Record, catalog: Catalog) -> Record:
    """Find what was found, but from passages of the collection's other end."""
    ids = sorted(catalog.passage_ids())
    step = sum(map(ord, case.id))
    found = tuple(
        dataclasses.replace(f, passage_id=ids[(ids.index(f.passage_id) + step) % len(ids)])
        for f in record.found
    )
    return dataclasses.replace(record, found=found)


FAULTS: tuple[Fault, ...] = (
    Fault("retrieval shuffled", ("hit@6", "recall@6", "mrr", "ndcg@10"), shuffle_retrieval),
    Fault(
        "citations shifted by a passage",
        ("citation_match", "citation_precision", "citation_recall", "nuggets_cited"),
        shift_citations,
    ),
    Fault("whole articles cited", ("citation_precision",), cite_everything),
    Fault("quotes garbled", ("citation_exact",), garble_quotes),
    Fault("citations beyond the end", ("citation_valid",), point_nowhere),
    Fault("numbers changed", ("number_recall", "supported"), change_numbers),
    Fault("names swapped", ("name_recall", "supported"), swap_names),
    Fault("refusals turned off", ("refusal_recall",), refuse_nothing),
    Fault("everything refused", ("answered", "refusal_precision"), refuse_everything),
    Fault(
        "half the nuggets dropped",
        ("nugget_recall", "nugget_coverage", "vital_coverage", "nuggets_cited"),
        drop_half,
    ),
    Fault(
        "source for translation",
        ("chrf++", "bleu", "answer_chrf++", "token_f1", "rouge_l", "similarity", "nugget_recall"),
        leave_untranslated,
    ),
    Fault("summaries cite the head alone", ("parts_covered",), summarize_the_head),
    Fault("one sentence repeated", ("redundancy",), repeat_a_sentence),
)


def plant(fault: Fault, suite: Suite, records: Sequence[Record], catalog: Catalog) -> list[Record]:
    """Return the records, each spoiled."""
    known = {case.id: case for case in suite.cases}
    return [fault.spoil(known[r.case_id], r, catalog) for r in records if r.answer or r.found]


def main() -> None:
    """Print a Markdown table, a row a metric and kind, a column a fault."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("run", type=Path, metavar="RUN", help="a finished run's folder")
    folder: Path = parser.parse_args().run
    app = open_app(load_settings(data=folder / "collection"))
    suite = default_suite()
    articles = app.catalog.articles()
    suite = dataclasses.replace(suite, cases=tuple(place(c, articles) for c in suite.cases))
    records = [r for r in read_records(folder / "items.jsonl") if r.system == MUJAZ]
    print_table(app, suite, records)


def print_table(app: App, suite: Suite, records: Sequence[Record]) -> None:
    """Print each metric as it was measured, and after the faults that must move it."""
    material = Material.of(app.catalog, app.embedder)
    before = Results(suite, score_all(suite.cases, records, material))
    print("| fault | kind | metric | before | after |\n|---|---|---|---|---|")
    for fault in FAULTS:
        spoiled = plant(fault, suite, records, app.catalog)
        after = Results(suite, score_all(suite.cases, spoiled, material))
        for metric in METRICS:
            if metric.name not in fault.seen_by:
                continue
            for kind in metric.kinds:
                was = before.mean(MUJAZ, metric.name, kind, lambda case: True)
                now = after.mean(MUJAZ, metric.name, kind, lambda case: True)
                if was and now:
                    row = (fault.name, kind, metric.name, number(was.mean), number(now.mean))
                    print(f"| {' | '.join(row)} |")


def _with(
    record: Record,
    citations: Callable[[Answer], Answer] | None = None,
    sentences: Callable[[Answer], Answer] | None = None,
) -> Record:
    """Return a record with each of its answer's citations or sentences changed."""
    answer = record.answer
    if not answer or "sentences" not in answer or answer["refused"]:
        return record
    changed = dict(answer)
    for name, change in (("citations", citations), ("sentences", sentences)):
        if change is not None:
            changed[name] = [change(each) for each in answer[name]]
    return dataclasses.replace(record, answer=changed)


def _rewritten(record: Record, rewrite: Callable[[str], str]) -> Record:
    """Return a record with its English changed, and what is changed checked anew."""
    answer = record.answer
    if answer and "translation" in answer:
        rewritten = {"translation": rewrite(answer["translation"])}
        return dataclasses.replace(record, answer=rewritten)
    quotes = {c["n"]: c["quote"] for c in (answer or {}).get("citations", ())}

    def change(sentence: Answer) -> Answer:
        text = rewrite(sentence["text"])
        if text == sentence["text"]:
            return sentence
        cited = [quotes[n] for n in sentence["citations"]]
        return sentence | {"text": text} | Verifier().check(text, cited).to_dict()

    return _with(record, sentences=change)


if __name__ == "__main__":
    main()
