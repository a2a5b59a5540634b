from __future__ import annotations

from collections.abc import Sequence

from assistant.mentions import mention_figures, mention_people, mention_places
from assistant.suggestions import Candidate, propose, suggest
from vectorstore.articles import Article
from vectorstore.sentences import split_sentences

TEXT = "وقال محمد بنحمو إن المغرب قوي. وقتل 12 شخصا في ليبيا، وبلغت الكلفة 300 دولار و20%."


def questions(title: str | None = None) -> list[str]:
    spans = split_sentences(TEXT, "ar")
    article = Article("id", "a.txt", "t", None, None, "ar", TEXT, spans)
    people, places = mention_people(article), mention_places(article)
    return [c.question for c in propose(article, title, people, places, mention_figures(article))]


def test_questions_of_different_kinds_take_turns() -> None:
    asked = questions("Morocco and Libya.")
    assert asked[0] == "What did Mohamed Benhamou say?"
    assert "How many people were killed in Libya?" in asked[1:3]
    assert "What is reported about Morocco?" in asked
    assert "How much money is mentioned in the news from Libya?" in asked
    assert "What percentage is reported in the news from Libya?" in asked
    assert asked[-2:] == ["What happened in Morocco?", "What happened in Libya?"]
    assert "What is the news about “Morocco and Libya”?" in asked
    assert not any("“" in q for q in questions("long " * 50))


def test_only_what_would_be_answered_is_suggested() -> None:
    answers: dict[str, Sequence[str] | None] = {
        "refused?": None,
        "beside the point?": ["Something else."],
        "good?": ["It names Libya."],
        "open?": ["Anything."],
        "better?": ["Libya again."],
        "too many?": ["Libya."],
    }
    candidates = [Candidate(q, () if q == "open?" else ("Libya", "Tripoli")) for q in answers]
    assert list(suggest(candidates, answers.__getitem__)) == ["good?", "open?", "better?"]


def test_questions_are_plain_english() -> None:
    text = "زار 300 جندي الولايات المتحدة ثلاث ساعات."
    article = Article("id", "a.txt", "t", None, None, "ar", text, split_sentences(text, "ar"))
    figures, places = mention_figures(article), mention_places(article)
    assert [m.text for m in figures] == ["300 soldiers", "3 hours"]
    assert [c.question for c in propose(article, None, [], places, figures)] == [
        "How many soldiers are mentioned in the news from the United States?",
        "What is reported about the United States?",
        "What happened in the United States?",
    ]


def test_a_figure_is_asked_for_with_the_place_of_the_news() -> None:
    text = "زلزال في المغرب.\nقال مسؤول في الرباط ذلك.\nانهارت 40 مدرسة."
    article = Article("id", "a.txt", "t", None, None, "ar", text, split_sentences(text, "ar"))
    figures, places = mention_figures(article), mention_places(article)
    first = next(iter(propose(article, None, [], places, figures)))
    assert first.question == "How many schools are mentioned in the news from Morocco?"
    alone = next(iter(propose(article, None, [], [], figures)))
    assert alone.question == "How many schools are mentioned?"
