from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from assistant.answers import Answer, Sentence
from assistant.guide import Guide, Mention
from assistant.ui.article_view import render_article_view, render_english, render_guide
from assistant.ui.words import PageLanguage, words
from tests.assistant.ui.material import (
    ARABIC,
    ARTICLE,
    CITATION,
    HOSTILE,
    MODELS,
    QUOTE,
    SENTENCES,
    SPANS,
    START,
    TIMINGS,
    assert_harmless,
    text_of,
)
from vectorstore.articles import Article, Span

ENGLISH = words("en")


def view(
    article: Article = ARTICLE,
    known: dict[int, str] | None = None,
    cited: Span | None = None,
    language: PageLanguage = "en",
) -> str:
    found = known or {}
    return render_article_view(article, lambda s: found.get(s.start), words(language), cited)


def rows_of(rendered: str) -> list[str]:
    return rendered.split('<div class="mj-row')[1:]


def marks_of(rendered: str) -> list[str]:
    return [html.unescape(m) for m in re.findall(r"<mark>(.*?)</mark>", rendered)]


def guide(**changes: object) -> Guide:
    summary = Answer("", (Sentence("It asked.", (1,)),), (CITATION,), MODELS, TIMINGS)
    made = Guide(
        "a1", ARTICLE.title, "ar", "The news", summary,
        (Mention("the minister", "الوزيرة", (CITATION, replace(CITATION, n=2, start=40, end=46))),),
        (), (), ("Who asked?",),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text_wherever_it_is_shown(hostile: str, language: PageLanguage) -> None:
    article = replace(
        ARTICLE, title=hostile, outlet=hostile, date=hostile, language=hostile, text=hostile,
        source=f"https://{hostile}", sentences=(Span(0, len(hostile)),),
    )  # fmt: skip
    cited = Span(1, max(2, len(hostile) - 1))
    mention = Mention(hostile, hostile + ".", (CITATION,))
    summary = Answer("", (Sentence(hostile, (1,)),), (CITATION,), MODELS, TIMINGS)
    told = Guide(
        "a1", hostile, hostile, hostile, summary, (mention,), (mention,), (mention,), (hostile,)
    )
    for rendered in (
        render_article_view(article, lambda s: hostile, words(language), cited, hostile),
        render_article_view(article, lambda s: None, words(language)),
        render_guide(told, words(language)),
        render_english(hostile, "ar", words(language)),
    ):
        assert_harmless(rendered)


def test_every_sentence_has_a_row_of_its_own_from_right_to_left() -> None:
    rows = rows_of(view())
    assert len(rows) == len(SENTENCES)
    for number, (row, sentence) in enumerate(zip(rows, SENTENCES, strict=True)):
        original = re.search(r'<p class="mj-original" dir="rtl" lang="ar">(.*?)</p>', row)
        assert original and html.unescape(original[1]) == sentence
        assert f'data-sentence="{number}"' in row


def test_a_row_begins_a_paragraph_where_the_article_does() -> None:
    begins = [row.startswith(" mj-begins") for row in rows_of(view())]
    assert begins == [True, True, False, True]


def test_exactly_the_cited_span_is_marked() -> None:
    rendered = view(cited=Span(START, START + len(QUOTE)))
    assert marks_of(rendered) == [QUOTE]
    assert ["mj-cited" in row for row in rows_of(rendered)] == [False, True, False, False]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (START + 2, START + 9),
        (START, SPANS[2].end),
        (START + 7, SPANS[3].start + 3),
        (0, len(ARABIC)),
    ],
)
def test_a_span_is_marked_across_sentences_and_within_them(start: int, end: int) -> None:
    rendered = view(cited=Span(start, end))
    marked = "".join("".join(m.split()) for m in marks_of(rendered))
    assert marked == "".join(ARABIC[start:end].split())
    shown = [re.findall(r'lang="ar">(.*?)</p>', row) for row in rows_of(rendered)]
    assert [text_of(text) for (text,) in shown] == list(SENTENCES)


@pytest.mark.parametrize("cited", [None, Span(len(ARABIC), 9999), Span(START - 1, START)])
def test_nothing_is_marked_where_no_sentence_is_cited(cited: Span | None) -> None:
    rendered = view(cited=cited)
    assert "<mark>" not in rendered and "mj-cited" not in rendered


def test_what_was_translated_stands_beside_its_original_and_the_rest_says_so() -> None:
    rows = rows_of(view(known={START: "She asked for help."}))
    assert "She asked for help." in text_of(rows[1])
    assert '<p class="mj-english" dir="ltr" lang="en">' in rows[1]
    assert ["not translated yet" in row for row in rows] == [True, False, True, True]


def test_the_titles_english_is_shown_where_it_is_known() -> None:
    rendered = render_article_view(ARTICLE, lambda s: None, ENGLISH, title="The news")
    place = '<p class="mj-title-english" data-article="a1" dir="ltr" lang="en" '
    place += 'title="by machine">{}</p>'
    assert place.format("The news") in rendered
    assert place.format("") in view(), "to be filled"
    assert "mj-title-english" not in view(replace(ARTICLE, language="en"))


def test_an_english_article_has_one_column_and_nothing_to_translate() -> None:
    english = replace(ARTICLE, language="en")
    rendered = view(english)
    assert "mj-columns" not in rendered and "mj-english" not in rendered
    assert 'data-do="translate"' not in rendered and 'data-do="summarize"' in rendered
    assert 'data-do="translate"' in view()


def test_the_head_names_the_article_and_offers_each_export() -> None:
    rendered = view()
    assert '<h3 dir="rtl" lang="ar">' in rendered
    assert "الدار · 2021-06-11 · Arabic · news.txt" in text_of(rendered)
    links = re.findall(r'href="/mujaz/articles/a1/export\?format=(\w+)"', rendered)
    assert sorted(links) == ["docx", "html", "json", "md"]


def test_the_arabic_page_names_languages_in_arabic() -> None:
    assert "العربية" in text_of(view(language="ar"))


def test_a_guide_points_to_the_places_that_it_stands_on() -> None:
    rendered = render_guide(guide(), ENGLISH)
    places = re.findall(r'data-start="(\d+)" data-end="(\d+)"', rendered)
    quoted = (str(START), str(START + len(QUOTE)))
    assert places == [quoted, quoted, ("40", "46")]
    numbers = re.findall(r'data-end="\d+">(\d+)</a>', rendered)
    assert numbers == ["1", "1", "2"]  # a number is one place
    shown = text_of(rendered)
    assert shown.startswith("The news (by machine)It asked.") and "the minister الوزيرة" in shown
    assert '<bdi dir="rtl" lang="ar">' in rendered
    assert 'data-do="ask"' in rendered and "Who asked?" in shown


def test_a_guide_leaves_out_what_it_has_none_of() -> None:
    rendered = render_guide(guide(people=(), questions=(), title_translation=None), ENGLISH)
    assert text_of(rendered).startswith("It asked. 1not checked")
    assert "mj-mentions" not in rendered and "mj-suggested" not in rendered
    assert "mj-mentions" not in rendered and "mj-suggested" not in rendered


@pytest.mark.parametrize("title", ["The news", "أخبار"])
def test_a_guide_says_the_title_once(title: str) -> None:
    cited = (replace(CITATION, quote=f"{title}."), replace(CITATION, n=2))
    sentences = (Sentence("The news.", (1,)), Sentence("It asked.", (2,)))
    summary = Answer("", sentences, cited, MODELS, TIMINGS)
    shown = text_of(render_guide(guide(title=title, summary=summary), ENGLISH))
    assert shown.count("The news") == 1 and "It asked." in shown
    alone = replace(summary, sentences=sentences[:1])
    assert text_of(render_guide(guide(title=title, summary=alone), ENGLISH)).count("The news") == 2
