"""What readers called right and wrong: as lines, as JSON, and as cases for the evaluation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.answers import Answer
from assistant.conversation_store import Rated
from assistant.errors import ExportError
from assistant.printing import say


@dataclass(frozen=True, slots=True)
class Written:
    """How many ratings became cases, and how many can't be any."""

    written: int
    left_out: int


def say_ratings(rated: Iterable[Rated]) -> None:
    """Write the ratings for people, a line each and the reason under it."""
    told = False
    for one in rated:
        told = True
        say(f"{one.rating.given[:10]}  {one.rating.verdict:5}  {one.exchange.question}")
        if one.rating.why:
            say(f"                   {one.rating.why}")
    if not told:
        say("No ratings yet: readers give them on the page, under each answer.")


def rating_row(rated: Rated) -> dict[str, Any]:
    """Return a rating as JSON, with what was asked and answered."""
    exchange = rated.exchange
    named = {"conversation": rated.conversation_id, "exchange": exchange.id, "kind": exchange.kind}
    answer = exchange.answer.to_dict() if exchange.answer else None
    return named | asdict(rated.rating) | {"question": exchange.question, "answer": answer}


def write_cases(rated: Iterable[Rated], path: Path) -> Written:
    """Write the ratings that can be cases to a file that `mujaz eval --dataset` reads.

    Raises:
        ExportError: the file can't be written.
    """
    rated = list(rated)
    rows = list(cases(rated))
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    try:
        # JSON writes a lone surrogate, which UTF-8 can't hold, just as Python does.
        path.write_text(lines, "utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise ExportError(
            f"{str(path)!r} can't be written ({error.strerror}); choose another place"
        ) from error
    return Written(len(rows), len(rated) - len(rows))


def cases(rated: Iterable[Rated]) -> Iterator[dict[str, Any]]:
    """Yield a case for each rating that can be one; `evals/cases.py` describes the form.

    What was called right is its own reference: the answer's words, and its quotes as what
    carries them; a refusal called right is a question to be refused. Of a wrong answer only
    the question is known to be worth asking: it becomes a search without gold spans, which
    isn't scored until someone adds `quotes` or makes it a question with a reference, and the
    reader's reason is its note. Digests, translations and what was cut off can't be cases.
    """
    for one in rated:
        exchange, answer = one.exchange, one.exchange.answer
        case = {
            "id": f"feedback-{one.conversation_id[:12]}-{exchange.id}",
            "type": f"called {one.rating.verdict}",
            "source": f"a reader's rating of {one.rating.given[:10]}",
            "note": one.rating.why,
        }
        if one.rating.verdict == "wrong":
            if exchange.kind == "ask":
                yield case | {"kind": "search", "text": exchange.understood or exchange.question}
        elif answer is None:
            continue
        elif exchange.kind == "ask":
            text = exchange.understood or exchange.question
            yield case | {"kind": "question", "text": text} | _reference(answer)
        elif exchange.kind == "summarize" and not answer.refused:
            found = {"article_ids": [exchange.article_id]}
            yield case | {"kind": "summary", "text": exchange.question} | _reference(answer) | found


def _reference(answer: Answer) -> dict[str, Any]:
    if answer.refused:
        return {"reference_answers": []}
    cited = {n for sentence in answer.sentences for n in sentence.citations}
    return {
        "reference_answers": [" ".join(sentence.text for sentence in answer.sentences)],
        "quotes": [c.quote for c in answer.citations if c.n in cited],
        "article_ids": list(dict.fromkeys(c.article_id for c in answer.citations if c.n in cited)),
    }
