from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

import docx
import pytest

from assistant.answers import Answer, Citation, Sentence
from assistant.assistant import Translated
from assistant.conversation import Conversation, Exchange
from assistant.conversation_store import Rating
from assistant.errors import ExportError
from assistant.exports import (
    Document,
    Format,
    check_target,
    conversation_document,
    export,
    file_name,
    format_of,
    translation_document,
    write,
)
from assistant.exports.document import Words
from tests.assistant.exports.material import (
    HOSTILE,
    NOW,
    QUOTE,
    Shelf,
    conversation,
    document,
    titled,
)
from vectorstore.articles import Article, Span


def named(title: str) -> Document:
    return Document(Words(title), "2026-03-04T05:06:00Z", ())


def translated() -> Translated:
    text = "طلبت ليبيا الدعم.\n\nTwo words."
    spans = (Span(0, 17), Span(19, 29))
    article = Article("a1", "/srv/secret/خبر.txt", "خبر", "وكالة", "2021-06-11", "ar", text, spans)
    citations = [
        Citation(
            n, "a1", "خبر", article.source, language, span.start, span.end,
            text[span.start : span.end], english, "وكالة", "2021-06-11",
        )
        for n, (span, language, english) in enumerate(
            zip(spans, ("ar", "en"), ("Libya asked for help.", "Two words."), strict=True), start=1
        )
    ]  # fmt: skip
    return Translated(article, tuple(citations), "bundled")


def test_json_loses_nothing() -> None:
    told = conversation(HOSTILE, HOSTILE)
    content = json.loads(export(conversation_document(told, Shelf(), titled, NOW), "json"))
    assert content["exported"] == "2026-03-04T05:06:00Z"
    rows = content["answers"]
    assert [row["question"] for row in rows] == [e.question for e in told.exchanges]
    for row, exchange in zip(rows[:2], told.exchanges, strict=False):
        assert [c.pop("direction") for c in row["citations"]] == ["rtl", "ltr", "rtl"][
            : len(row["citations"])
        ]
        assert all("/" not in c["source"] or c["n"] == 2 for c in row["citations"])
        back = Answer.from_dict(row)
        sources = [c.source for c in exchange.citations]
        restored = tuple(
            replace(c, source=source) for c, source in zip(back.citations, sources, strict=True)
        )
        assert replace(back, citations=restored) == exchange.answer
    assert (rows[2]["stopped"], rows[2]["interrupted"]) == (True, False)
    assert (rows[3]["stopped"], rows[3]["interrupted"]) == (False, True)


@pytest.mark.parametrize("format", get_args(Format))
def test_no_export_tells_where_files_lie(format: Format) -> None:
    for made in (document(), translation_document(translated(), None, {})):
        content = export(made, format)
        assert b"/srv" not in content and b"secret" not in content


def test_a_document_tells_what_became_of_each_question() -> None:
    answered, refused, stopped, interrupted = document().parts
    assert [s.verdict for s in answered.statements] == [
        "no fault found: it passed every check that applied",
        "partly supported: Plain words; Plain words",
        "unsupported: Plain words",
        "not checked: nothing in it could be compared with its source",
    ]
    assert answered.statements[1].lead == "Libya asks for help (title by machine):"
    assert answered.statements[1].text == "Plain words"
    assert answered.disagreements == (
        "The articles disagree on a figure (Plain words): 5 (Plain words) [1], "
        "at most 6 (Plain words) [2].",
    )
    assert answered.notes == (
        "Understood as: Plain words",
        "Draws on 2 of the 3 articles found; 1 left out.",
        "Left out: 2 sentences that the passages don't carry.",
    )
    assert [s.english for s in answered.sources] == [
        "Plain words",
        "",
        "Not translated: the models that were set up can’t read Persian.",
    ]
    assert answered.sources[0].facts == ("Plain words", "2021-06-11", "Plain words.txt")
    assert answered.sources[1].facts[2] == "https://news.example/1"
    assert (refused.refusal, refused.statements) == ("Plain words", ())
    assert refused.sources_heading == "The nearest passages, which don’t answer"
    assert stopped.notes == ("Stopped before the end.",)
    assert interrupted.notes == ("Interrupted before the end.",)


def test_a_source_has_its_title_in_english_where_its_article_is_there() -> None:
    sources = document().parts[0].sources
    assert [s.title_english for s in sources if s.title_english] == [
        "Libya asks for help (by machine)"
    ]
    for form in ("md", "html"):
        assert b"Libya asks for help" in export(document(), form)  # type: ignore[arg-type]
    (part, *_) = conversation_document(conversation(), Shelf(), titled).parts
    assert {s.title_english for s in part.sources} == {""}


def test_what_the_reader_called_an_answer_is_in_every_format() -> None:
    told = conversation()
    wrong = Rating("wrong", "it says *metres*", "2026-11-29T09:00:00Z")
    made = conversation_document(told, Shelf(), titled, NOW, {told.exchanges[0].id: wrong})
    assert made.parts[0].notes[-1] == "The reader called it wrong: it says *metres*"
    assert not any("The reader" in note for part in made.parts[1:] for note in part.notes)
    for form in ("md", "html"):
        assert b"The reader called it wrong" in export(made, form)  # type: ignore[arg-type]
    answers = json.loads(export(made, "json"))["answers"]
    assert answers[0]["rating"]["why"] == "it says *metres*"
    assert all("rating" not in answer for answer in answers[1:])


def test_a_kept_article_s_quote_stays_as_it_is() -> None:
    assert document(quote=QUOTE).parts[0].sources[0].quote.text == QUOTE


def test_a_translation_is_a_document_of_its_sentences() -> None:
    reasons = ("the source's 12 is missing",)
    doubted = Sentence("Libya asked for help.", (1,), "unsupported", reasons=reasons)
    made = translation_document(translated(), "News", {1: doubted}, NOW)
    (part,) = made.parts
    verdicts = [s.verdict for s in part.statements]
    assert verdicts == ["unsupported: the source's 12 is missing", ""]
    for form in ("md", "html"):
        assert b"12 is missing" in export(made, form)  # type: ignore[arg-type]
    assert (
        json.loads(export(made, "json"))["answers"][0]["sentences"][0]["support"] == "unsupported"
    )
    assert made.title.text == "Translation: خبر"
    assert part.notes[0] == "Its title in English: News"
    assert [s.text for s in part.statements] == ["Libya asked for help.", "Two words."]
    assert [(s.quote.text, s.quote.direction) for s in part.sources] == [
        ("طلبت ليبيا الدعم.", "rtl"),
        ("Two words.", "ltr"),
    ]
    assert part.sources[0].facts == ("وكالة", "2021-06-11", "خبر.txt")
    content = json.loads(export(made, "json"))["answers"][0]
    assert content["translation"] == "Libya asked for help.\n\nTwo words."


def test_a_translation_in_a_conversation_is_told_once_and_not_judged() -> None:
    citations = translated().sentences
    sentences = tuple(Sentence(c.translation or "", (c.n,)) for c in citations)
    exchange = Exchange("Translate: خبر", "a1", whole=True, sentences=sentences)
    told = Conversation([replace(exchange, citations=citations).stop()])
    (part,) = conversation_document(told, Shelf(), titled).parts
    assert [(s.text, s.verdict) for s in part.statements] == [
        ("Libya asked for help.", ""),
        ("Two words.", ""),
    ]
    assert [s.english for s in part.sources] == ["", ""]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("What did Libya ask?", "What did Libya ask.md"),
        ("ماذا طلبت ليبيا؟", "ماذا طلبت ليبيا.md"),
        ("../../etc/passwd", "etc passwd.md"),
        ('a<b>c:d"e/f\\g|h?i*j', "a b c d e f g h i j.md"),
        ("", "Mujaz.md"),
        (" .. ", "Mujaz.md"),
        ("con", "Mujaz con.md"),
        ("COM1", "Mujaz COM1.md"),
        ("-rf", "rf.md"),
        ("x\x00\u202ey\ud800z", "x y z.md"),
        ("م" * 200, "م" * 60 + ".md"),
        ("😀 news", "news.md"),
    ],
)
def test_a_file_s_name_is_safe_everywhere(title: str, name: str) -> None:
    assert file_name(named(title), "md") == name
    assert len(name.encode()) <= 255


def test_a_suffix_chooses_the_format(tmp_path: Path) -> None:
    assert [format_of(Path(f"a/b.x.{suffix}")) for suffix in ("md", "HTML", "docx", "json")] == [
        "md", "html", "docx", "json",
    ]  # fmt: skip
    for wrong in ("a.pdf", "a", ".md"):
        with pytest.raises(ExportError, match=r"\.docx"):
            format_of(Path(wrong))
    with pytest.raises(ExportError, match="no folder"):
        check_target(tmp_path / "no" / "a.md")
    write(document(), tmp_path / "a.md")
    assert (tmp_path / "a.md").read_text("utf-8").startswith("# Plain words\n")
    (tmp_path / "b.md").mkdir()
    with pytest.raises(ExportError, match="can't be written"):
        write(document(), tmp_path / "b.md")


def test_who_reports_in_arabic_doesn_t_turn_the_english_round() -> None:
    reasons = ("another article gives 15 where this one gives 12 [2]",)
    told = Sentence("Twelve died.", (), "supported", reasons=reasons, reported_by=("صوت الريف",))
    made = conversation_document(Conversation([Exchange("Q", sentences=(told,))]), Shelf(), titled)
    assert (
        made.parts[0]
        .statements[0]
        .verdict.startswith("no fault found, but another article differs")
    )
    assert '<bdi dir="auto">صوت الريف:</bdi>' in export(made, "html").decode()
    assert '<bdi dir="auto">صوت الريف:</bdi> Twelve died.' in export(made, "md").decode()
    word = docx.Document(io.BytesIO(export(made, "docx")))
    line = next(p for p in word.paragraphs if "Twelve died." in p.text)
    assert not line._p.xpath("./w:pPr/w:bidi")
    assert [(r.text, bool(r.font.rtl)) for r in line.runs[:3]] == [
        ("صوت الريف:", True), (" ", False), ("Twelve died.", False),
    ]  # fmt: skip


def test_who_reports_is_an_article_in_english_where_its_title_is_known() -> None:
    title = "ليبيا تطلب المساعدة"
    article = Article("a1", "s", title, None, None, "ar", "نص", ())
    cited = Citation(1, "a1", title, "s", "ar", 0, 2, "نص", "Text", None, "2024-03-10")
    named = (title, f"{title}, 10 March 2024", "صوت الريف")
    told = Sentence("Twelve died.", (1,), "supported", reported_by=named)
    asked = Conversation([Exchange("Q", sentences=(told,), citations=(cited,))])
    for titles, reporters in (
        (
            titled,
            "Libya asks for help (title by machine); "
            "Libya asks for help (title by machine), 10 March 2024; صوت الريف",
        ),
        (lambda _: None, "; ".join(named)),
    ):
        made = conversation_document(asked, Shelf(article), titles)
        assert made.parts[0].statements[0].lead == f"{reporters}:"
