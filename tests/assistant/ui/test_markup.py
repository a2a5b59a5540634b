from __future__ import annotations

import html
import re

import pytest

from assistant.ui.markup import (
    article_facts,
    direction,
    escape,
    in_language,
    render_facts,
    render_list,
)
from tests.assistant.ui.material import ARTICLE, HOSTILE, assert_harmless, text_of


@pytest.mark.parametrize("hostile", HOSTILE)
def test_escaped_text_has_no_character_that_markup_is_made_of(hostile: str) -> None:
    escaped = escape(hostile)
    assert not set(re.sub(r"&#\d+;", "", escaped)) & set("<>\"'&!*[]()_`#|~$:./\\\n\t-")
    assert html.unescape(escaped) == hostile


def test_control_characters_are_dropped() -> None:
    assert escape("a\x00b\x1bc") == "abc"


@pytest.mark.parametrize("line_break", ["\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_escaped_text_is_one_line(line_break: str) -> None:
    assert len(escape(f"a{line_break}b").splitlines()) == 1


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ar", "rtl"), ("ar-MA", "rtl"), ("fa", "rtl"), ("he", "rtl"), ("en", "auto"),
     ("und", "auto")],
)  # fmt: skip
def test_direction_is_known_or_left_to_the_text(language: str, expected: str) -> None:
    assert direction(language) == expected


def test_what_is_not_known_of_an_article_leaves_no_dot() -> None:
    assert text_of(render_facts(("Dar", None, "", "2021"))) == "Dar · 2021"
    assert text_of(article_facts(ARTICLE)) == "Aldar · الدار · 2021-06-11 · news.txt"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text_in_every_piece(hostile: str) -> None:
    for rendered in (
        in_language("p", hostile, hostile, "mj-original"),
        render_facts((hostile,)),
        render_list(hostile, [(hostile, hostile)], "added"),
    ):
        assert_harmless(rendered)


def test_a_list_has_a_row_for_each_name_and_its_remark() -> None:
    rendered = render_list("2 added", [("one", ""), ("two", "left out")], "added")
    assert rendered.count("<li>") == 2 and rendered.count("mj-remark") == 1
    assert text_of(rendered) == "2 addedonetwo left out"
