from __future__ import annotations

import re
from dataclasses import replace

import pytest

from assistant.conversation_store import Kept
from assistant.ui.lists import (
    render_conversations,
    render_filters,
    render_removed,
    render_shelf,
)
from assistant.ui.words import PageLanguage, words
from tests.assistant.ui.material import ARTICLE, HOSTILE, assert_harmless, text_of
from vectorstore.listing import Facets, Listed, Shelf

ENGLISH = words("en")
LISTED = Listed("a1", ARTICLE.title, ARTICLE.source, ARTICLE.outlet, ARTICLE.date, ARTICLE.language)
KEPT = Kept("c1", "What did Libya ask?", "2026-11-24T18:00:00.000000Z", 3)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text_wherever_it_is_shown(hostile: str, language: PageLanguage) -> None:
    listed = Listed("a1", hostile, f"https://{hostile}", hostile, hostile, hostile)
    facets = Facets(((hostile, 1),), ((hostile, 2),), (hostile, hostile))
    for rendered in (
        render_shelf(Shelf((listed,), 1), 0, words(language)),
        render_removed([listed], words(language)),
        render_filters(facets, words(language)),
        render_conversations(
            [replace(KEPT, title=hostile)], words(language), [replace(KEPT, title=hostile)]
        ),
    ):
        assert_harmless(rendered)


def test_an_article_of_the_list_has_its_own_direction() -> None:
    rendered = render_shelf(Shelf((LISTED,), 1), 0, ENGLISH)
    assert '<span dir="rtl" lang="ar">' in rendered
    assert "Aldar · الدار · 2021-06-11 · Arabic · news.txt" in text_of(rendered)
    assert 'data-article="a1"' in rendered


def test_what_was_removed_is_counted_and_can_be_put_back() -> None:
    assert render_removed([], ENGLISH) == ""
    rendered = render_removed([LISTED], ENGLISH)
    assert "Removed; can be put back within a day: 1" in text_of(rendered)
    assert f'class="mj-title-english" data-article="{LISTED.id}"' in rendered
    assert 'data-do="restore"' in rendered and f"Put back: {ARTICLE.title}" in rendered


def test_only_what_is_not_english_can_be_translated() -> None:
    english = LISTED._replace(language="en")
    assert 'data-do="translate"' in render_shelf(Shelf((LISTED,), 1), 0, ENGLISH)
    assert 'data-do="translate"' not in render_shelf(Shelf((english,), 1), 0, ENGLISH)


def test_every_control_says_which_article_it_is_for() -> None:
    rendered = render_shelf(Shelf((LISTED,), 1), 0, ENGLISH)
    controls = re.findall(r"<(?:button|input)[^>]*>", rendered)
    assert len(controls) == 4
    for control in controls:
        name = re.search(r'aria-label="([^"]*)"', control)
        assert name and text_of(name[1]).endswith(f": {ARTICLE.title}")


def test_a_shelf_tells_how_much_of_it_is_shown_and_where_the_rest_begins() -> None:
    rendered = render_shelf(Shelf((LISTED,) * 50, 1200), 50, ENGLISH)
    assert "100 of 1,200 articles" in text_of(rendered)
    assert 'class="mj-more" data-offset="100"' in rendered
    last = render_shelf(Shelf((LISTED,) * 2, 102), 100, ENGLISH)
    assert "102 of 102 articles" in text_of(last) and "mj-more" not in last


def test_nothing_found_and_nothing_there_are_told_apart() -> None:
    found = render_shelf(Shelf((), 0), 0, ENGLISH, narrowed=True)
    assert "No article matches" in text_of(found)
    assert "No articles yet" in text_of(render_shelf(Shelf((), 0), 0, ENGLISH))


def test_filters_count_what_they_leave() -> None:
    facets = Facets((("ar", 12), ("und", 1)), (("الدار", 7),), None)
    rendered = render_filters(facets, ENGLISH)
    options = re.findall(r'<option value="([^"]*)"[^>]*>(.*?)</option>', rendered)
    assert [(value, text_of(label)) for value, label in options] == [
        ("", "Any language"), ("ar", "Arabic (12)"), ("und", "unknown language (1)"),
        ("", "Any outlet"), ("الدار", "Aldar · الدار (7)"),
        ("", "Last added first"), ("date", "Newest first"),
    ]  # fmt: skip


def test_a_kept_conversation_can_be_opened_renamed_and_deleted() -> None:
    rendered = render_conversations([KEPT, replace(KEPT, id="c2", title="")], ENGLISH)
    assert re.findall(r'data-conversation="(\w+)"', rendered) == ["c1", "c2"]
    assert re.findall(r'data-do="(\w+)"', rendered) == ["open", "rename", "delete"] * 2
    assert "What did Libya ask?2026-11-24 · Questions: 3" in text_of(rendered)
    assert "Untitled" in text_of(rendered)


def test_no_conversation_yet_says_so() -> None:
    assert "No conversation is kept yet" in text_of(render_conversations([], ENGLISH))


def test_what_no_search_finds_is_told_from_what_nobody_kept() -> None:
    assert "No conversation is kept yet" in text_of(render_conversations([], ENGLISH))
    assert "No conversation matches" in text_of(render_conversations([], ENGLISH, narrowed=True))
    assert "No conversation" not in text_of(render_conversations([], ENGLISH, [KEPT]))
