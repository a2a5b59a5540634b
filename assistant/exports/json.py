"""A document as JSON: the answers as the command line prints them, lossless."""

from __future__ import annotations

import json

from assistant.exports.document import Document


def to_json(document: Document) -> bytes:
    """Return the document as JSON, each citation with the `direction` that it's read in.

    A lone surrogate, which UTF-8 can't hold, is written as JSON's own escape.
    """
    content = {
        "title": document.title.text,
        "exported": document.exported,
        "answers": [part.row for part in document.parts],
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace")
