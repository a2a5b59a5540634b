"""Many articles in one file: tables (.csv, .tsv) and JSON lines, a record an article."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from vectorstore.articles import Document
from vectorstore.dates import parse_date
from vectorstore.errors import LoadError
from vectorstore.loaders.decoding import read_text
from vectorstore.loaders.loaded import Loaded

Form = Literal["csv", "tsv", "jsonl"]

_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "_id", "docid", "doc_id", "document_id", "article_id", "guid", "uuid"),
    "title": ("title", "headline", "heading", "titre", "العنوان", "عنوان"),
    "text": (
        "text",
        "body",
        "content",
        "article",
        "article_text",
        "full_text",
        "fulltext",
        "maintext",
        "النص",
        "نص",
        "المحتوى",
        "texte",
        "contenu",
    ),
    "url": ("url", "link", "uri", "href", "الرابط"),
    "date": (
        "date",
        "published",
        "published_at",
        "publish_date",
        "date_published",
        "pubdate",
        "datetime",
        "created_at",
        "التاريخ",
    ),
    "outlet": ("outlet", "source", "publisher", "publication", "site", "domain", "المصدر"),
    "language": ("language", "lang", "language_code", "locale"),
}
_LARGEST_FIELD = 2**31 - 1


@dataclass(frozen=True, slots=True)
class _Record:
    """One row: its number as an editor counts it, and its fields or what is wrong with it."""

    number: int
    fields: Mapping[str, Any]
    problem: str | None = None


def load(data: bytes, source: str, form: Form) -> Loaded:
    """Read every record that has a text; the others are reported as problems.

    Columns and keys are known under several names in any case (text, body, content,
    article; title, headline; ...). A document's source is the file's with `#id`, or with
    `#number` of the row or line where there is no id or it was used before.

    Raises:
        LoadError: no record can be used, or a table has no column for the text.
    """
    read = read_text(data, name=repr(source))
    text = read.text.lstrip("\ufeff")
    records = _iter_json(text) if form == "jsonl" else _iter_rows(text, source, form)
    documents: list[Document] = []
    problems: list[str] = []
    used: set[str] = set()
    for record in records:
        made = _make(record, source, used)
        if isinstance(made, Document):
            documents.append(made)
        else:
            problems.append(made)
    if not documents:
        reason = problems[0] if problems else f"{source!r} has no records"
        raise LoadError(
            f"{reason}. No record of this file could be used: each needs a text under one of "
            f"{', '.join(_NAMES['text'])}."
        )
    return Loaded(documents, problems, read.remarks)


def _iter_json(text: str) -> Iterator[_Record]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield _Record(number, {}, f"isn't JSON ({error})")
            continue
        if isinstance(value, dict):
            yield _Record(number, value)
        else:
            yield _Record(number, {}, f"is a JSON {type(value).__name__}, not an object")


def _iter_rows(text: str, source: str, form: Form) -> Iterator[_Record]:
    csv.field_size_limit(_LARGEST_FIELD)
    delimiter = "\t" if form == "tsv" else _guess_delimiter(text)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = list(reader.fieldnames or [])
        if not any(_fold(column) in _NAMES["text"] for column in columns):
            raise LoadError(
                f"{source!r} has no column for the text among {columns!r}: name it one of "
                f"{', '.join(_NAMES['text'])} in the first row."
            )
        for number, row in enumerate(reader, start=2):
            extra = row.pop(None, None)
            problem = f"has {len(extra)} fields too many: quote its text" if extra else None
            yield _Record(number, row, problem)
    except csv.Error as error:
        raise LoadError(
            f"{source!r} isn't a table near line {reader.line_num}: {error}."
        ) from error


def _guess_delimiter(text: str) -> str:
    header = text.split("\n", 1)[0]
    return max(",;\t|", key=header.count)


def _fold(name: object) -> str:
    return str(name or "").strip().casefold().replace(" ", "_").replace("-", "_")


def _make(record: _Record, source: str, used: set[str]) -> Document | str:
    where = f"{source!r}, record {record.number}"
    if record.problem is not None:
        return f"{where} {record.problem}"
    fields = {_fold(name): value for name, value in record.fields.items()}
    text = _pick(fields, "text")
    if text is None:
        wrong = [name for name in _NAMES["text"] if fields.get(name) not in (None, "", [])]
        if not wrong:
            return f"{where} has no text"
        kind = type(fields[wrong[0]]).__name__
        return f"{where} has a {wrong[0]!r} of type {kind}: make it a string"
    title, date, url = _pick(fields, "title"), _pick(fields, "date"), _pick(fields, "url")
    mark = _pick(fields, "id") or str(record.number)
    if mark in used:
        mark = f"{mark}:{record.number}"
    used.add(mark)
    return Document(
        text=text,
        source=f"{source}#{mark}",
        title=title,
        outlet=_pick(fields, "outlet") or _find_host(url),
        date=parse_date(date) if date else None,
        language=_pick(fields, "language"),
    )


def _pick(fields: Mapping[str, Any], kind: str) -> str | None:
    """Return the first field of a kind that holds something; a list of paragraphs is joined."""
    for name in _NAMES[kind]:
        value = fields.get(name)
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            value = "\n\n".join(value)
        is_text = isinstance(value, str) or (kind != "text" and isinstance(value, int | float))
        if is_text and str(value).strip():
            return str(value).strip()
    return None


def _find_host(url: str | None) -> str | None:
    try:
        return urlsplit(url or "").hostname
    except ValueError:
        return None
