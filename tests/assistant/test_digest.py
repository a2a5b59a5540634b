"""Digests of fourteen short wire articles: who reports what, said once, and where they differ.

The articles were written for this test: an earthquake with two copies (one of them with
another death toll), three reports of it in other words, an older earthquake, a flood told
twice, a loan with a copy and with another sum, and two that have nothing to do with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answers import Answer, Citation, SentenceDone, SentenceStarted, TextDelta
from assistant.app import SAMPLES, App, open_app
from assistant.assistant import Assistant, final_answer
from assistant.citations import CitedSpan
from assistant.digest import find_conflicts, group_copies, reporters
from assistant.figures import find_figures
from assistant.settings import load_settings
from assistant.topics import Topics
from assistant.translation.memory import RememberingTranslator, TranslationMemory
from assistant.verification import Verifier
from assistant.writers.chat_model import ChatModelWriter
from assistant.writers.extractive import ExtractiveWriter
from tests.fakes import RecordingTranslator, ScriptedChatModel
from vectorstore.articles import Article, Hit

WIRE = Path(__file__).parent.parent / "data" / "wire.jsonl"


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> App:
    folder = tmp_path_factory.mktemp("wire")
    app = open_app(load_settings(data=folder / "data", cache=folder / "cache"))
    app.ingestor.ingest([str(WIRE)])
    return app


@pytest.fixture(scope="module")
def translator(tmp_path_factory: pytest.TempPathFactory) -> RememberingTranslator:
    memory = TranslationMemory(tmp_path_factory.mktemp("memory") / "t.db")
    return RememberingTranslator(RecordingTranslator(), memory)


@pytest.fixture(scope="module")
def assistant(wire: App, translator: RememberingTranslator) -> Assistant:
    writer = ExtractiveWriter(translator, wire.embedder, wire.catalog)
    return Assistant(wire.retriever, writer, translator, Verifier())


def name(citation: Citation) -> str:
    return citation.source.partition("#")[2]


def names(answer: Answer) -> set[str]:
    return {name(citation) for citation in answer.citations}


def cited_together(answer: Answer) -> list[set[str]]:
    return [{name(answer.citations[n - 1]) for n in s.citations} for s in answer.sentences]


def figures(answer: Answer) -> dict[str, dict[str, set[str]]]:
    return {
        d.about: {
            value: {name(answer.citations[f.citation - 1]) for f in d.figures if f.value == value}
            for value in {f.value for f in d.figures}
        }
        for d in answer.disagreements
    }


def article(wire: App, wanted: str) -> Article:
    return next(a for a in wire.catalog.articles() if a.source.endswith(f"#{wanted}"))


def test_copies_are_one_story_and_the_rest_are_not(wire: App) -> None:
    stories = group_copies(wire.catalog.articles())
    found = {frozenset(a.source.partition("#")[2] for a in story) for story in stories}
    assert {story for story in found if len(story) > 1} == {
        frozenset(("taza-1", "taza-2", "taza-3")),
        frozenset(("tunis-1", "tunis-2")),
    }
    assert len(stories) == 11
    assert len(group_copies(wire.catalog.articles(), most=2)) == 2


def test_a_digest_says_who_reports_what_and_says_it_once(assistant: Assistant) -> None:
    answer = final_answer(assistant.digest("World Bank loan for Tunisia"))
    assert names(answer) == {"tunis-1", "tunis-2", "tunis-3"}
    assert {"tunis-1", "tunis-2"} in cited_together(answer)
    texts = [s.text for s in answer.sentences]
    assert len(texts) == len(set(texts))
    for sentence in answer.sentences:
        outlets = {answer.citations[n - 1].outlet for n in sentence.citations}
        assert {who.partition(",")[0] for who in sentence.reported_by} == outlets
    assert "الشارع التونسي, 16 May 2024; وكالة الأطلس, 17 May 2024: <" in answer.text
    assert answer.to_dict()["coverage"] == {"covered": 3, "of": 3, "unit": "articles"}


def test_figures_that_differ_are_told_with_who_gives_them(assistant: Assistant) -> None:
    answer = final_answer(assistant.digest("زلزال تازة"))
    assert figures(answer) == {
        "people killed": {"12": {"taza-1", "taza-2", "taza-4"}, "15": {"taza-3"}},
        "people injured": {"40": {"taza-1", "taza-2", "taza-3"}, "55": {"taza-4"}},
    }
    odd = next(s for s in answer.sentences if "15" in s.text)
    assert any(
        r.startswith("other articles give 12 where this one gives 15 [") for r in odd.reasons
    )
    assert {d["about"] for d in answer.to_dict()["disagreements"]} == set(figures(answer))


def test_an_answer_tells_of_a_figure_that_it_doesn_t_give(assistant: Assistant) -> None:
    answer = final_answer(assistant.ask("How large is the loan of the World Bank to Tunisia?"))
    cited = {n for sentence in answer.sentences for n in sentence.citations}
    (found,) = answer.disagreements
    given = {f.value: f.citation for f in found.figures}
    assert set(given) == {"400,000,000", "500,000,000"}
    assert len(set(given.values()) - cited) == 1
    assert answer.citations[given["400,000,000"] - 1].translation
    told = next(s for s in answer.sentences if cited & set(given.values()) & set(s.citations))
    assert any(re.match("(another article gives|other articles give) ", r) for r in told.reasons)


def test_an_answer_that_nothing_contradicts_cites_no_more_than_it_says(
    assistant: Assistant,
) -> None:
    answer = final_answer(assistant.ask("Where did the floods in Sudan hit?"))
    cited = {n for sentence in answer.sentences for n in sentence.citations}
    assert answer.disagreements == ()
    assert [c.n for c in answer.citations] == sorted(cited)


def test_a_sum_of_money_is_compared_where_it_is_for_the_same_thing(assistant: Assistant) -> None:
    answer = final_answer(assistant.digest("قرض البنك الدولي"))
    assert "cairo-1" in names(answer)
    assert figures(answer) == {
        "dollars": {"400,000,000": {"tunis-3"}, "500,000,000": {"tunis-1", "tunis-2"}}
    }


@pytest.mark.parametrize("topic", ["floods in Sudan", "book fair in Rabat"])
def test_what_agrees_or_only_rounds_is_no_disagreement(assistant: Assistant, topic: str) -> None:
    answer = final_answer(assistant.digest(topic))
    assert answer.sentences
    assert answer.disagreements == ()


def test_no_pair_of_sentences_disagrees_falsely(wire: App) -> None:
    """Over every sentence of every article: an older earthquake's toll, arrests, other loans."""
    spans = [CitedSpan(a, s) for a in wire.catalog.articles() for s in a.sentences]
    found = {
        frozenset(spans[n].article.source.partition("#")[2] for n in (c.one, c.other))
        for c in find_conflicts(spans, wire.embedder.embed_documents)
    }
    toll = {frozenset(("taza-3", other)) for other in ("taza-1", "taza-2", "taza-4")}
    hurt = {frozenset(("taza-4", other)) for other in ("taza-1", "taza-2")}
    loan = {frozenset(("tunis-3", other)) for other in ("tunis-1", "tunis-2")}
    assert found == toll | hurt | loan


def test_an_undated_report_of_another_event_is_not_compared(wire: App) -> None:
    old, new = article(wire, "hoceima-old"), article(wire, "taza-1")
    undated = [CitedSpan(replace(a, date=None), a.sentences[2]) for a in (old, new)]
    assert find_conflicts(undated, wire.embedder.embed_documents) == []
    alike = [replace(a, title="زلزال تازة", date=None) for a in (old, new)]
    spans = [CitedSpan(a, a.sentences[2]) for a in alike]
    assert len(find_conflicts(spans, wire.embedder.embed_documents)) == 2


def test_an_article_about_something_else_is_not_reported(wire: App) -> None:
    found = wire.retriever.search("floods in Sudan", 40)
    hits = Topics(wire.embedder).on_topic("floods in Sudan", found)
    assert {h.article.source.partition("#")[2] for h in hits} == {"kassala-1", "kassala-2"}


@pytest.mark.parametrize(
    ("topic", "wanted"),
    [
        ("the World Bank loan to Tunisia", {"tunis-1", "tunis-2", "tunis-3"}),
        ("the earthquake", {"taza-1", "taza-2", "taza-3", "hoceima-old"}),
    ],
)
def test_a_topic_finds_its_articles_across_languages(
    wire: App, topic: str, wanted: set[str]
) -> None:
    hits = Topics(wire.embedder).on_topic(topic, wire.retriever.search(topic, 40))
    found = {h.article.source.partition("#")[2] for h in hits}
    assert wanted <= found
    assert not found & {"rabat-1", "cairo-1", "kassala-1", "kassala-2"}


def test_an_article_that_names_a_place_in_passing_is_not_about_it(
    make_app: Callable[..., App], tmp_path: Path
) -> None:
    wheat = "قال وزير الزراعة العراقي إن محصول القمح تراجع بسبب الجفاف. وبلغ 4.1 مليون طن."
    (tmp_path / "wheat.txt").write_text(f"الجفاف يخفض محصول القمح في العراق\n{wheat}", "utf-8")
    app = make_app()
    app.ingestor.ingest([str(tmp_path / "wheat.txt"), str(SAMPLES)])  # one of them: "Syria, Iraq"
    hits = app.assistant.search_topic("drought and wheat in Iraq")
    assert {h.article.title for h in hits} == {"الجفاف يخفض محصول القمح في العراق"}


def test_a_fire_in_a_town_that_no_lexicon_knows_is_compared(
    make_app: Callable[..., App], tmp_path: Path
) -> None:
    fire = "اندلع حريق مساء الثلاثاء في مصنع للنسيج بمدينة المحلة الكبرى ما أسفر عن مصرع ثلاثة عمال"
    (tmp_path / "a.txt").write_text(f"حريق في مصنع للنسيج\n{fire} وإصابة 17 آخرين في مصر.", "utf-8")
    (tmp_path / "b.txt").write_text(f"حريق مصنع المحلة\n{fire} وإصابة 23 آخرين بجروح.", "utf-8")
    app = make_app()
    app.ingestor.ingest([str(tmp_path / "a.txt"), str(tmp_path / "b.txt")])
    spans = [CitedSpan(a, s) for a in app.catalog.articles() for s in a.sentences]
    (conflict,) = find_conflicts(spans, app.embedder.embed_documents)
    assert {figure.value for figure in conflict.figures} == {17, 23}


def test_what_is_said_behind_two_figures_tells_that_they_are_of_one_thing(
    make_app: Callable[..., App], tmp_path: Path
) -> None:
    union = "قالت النقابة إن 1450 عاملا شاركوا في الإضراب في ميناء رادس في يومه الأول."
    ministry = "قالت الوزارة إن عدد المضربين في رادس لم يتجاوز 620 عاملا في اليوم الأول من الإضراب."
    (tmp_path / "union.txt").write_text(f"إضراب في ميناء رادس\n{union}", "utf-8")
    (tmp_path / "ministry.txt").write_text(f"إضراب رادس محدود\n{ministry}", "utf-8")
    app = make_app()
    app.ingestor.ingest([str(tmp_path / "union.txt"), str(tmp_path / "ministry.txt")])
    spans = [CitedSpan(a, s) for a in app.catalog.articles() for s in a.sentences]
    (conflict,) = find_conflicts(spans, app.embedder.embed_documents)
    assert {figure.value for figure in conflict.figures} == {1450, 620}


def test_what_more_than_stands_before_is_no_common_matter() -> None:
    living = "تم تغطية مدينة بالو والتي يعيش بها أكثر من 380,000 شخص بالحطام الناتج عن الانهيار."
    moved = "أكثر من 16,000 شخص تعرضوا لعمليات الإخلاء من مدينة بالو جراء الحادثة."
    (one,), (other,) = find_figures(living), find_figures(moved)
    assert len(one.context & other.context) < 2


def test_articles_that_were_not_searched_for_are_all_on_topic(wire: App) -> None:
    articles = wire.catalog.articles()
    hits = [Hit(wire.catalog.passages_of(a)[0], a, score=1.0) for a in articles]
    assert Topics(wire.embedder).on_topic("the earthquake", hits) == hits


def test_figures_that_no_chosen_sentence_gives_are_told_too(assistant: Assistant) -> None:
    answer = final_answer(assistant.digest("homes destroyed in Taza"))
    assert "people killed" in figures(answer)


def test_without_a_topic_the_heads_come_newest_first_and_the_rest_is_counted(
    assistant: Assistant,
) -> None:
    answer = final_answer(assistant.digest())
    dates = [answer.citations[s.citations[0] - 1].date or "" for s in answer.sentences]
    firsts = list(dict.fromkeys(dates))
    assert firsts[:3] == ["2024-08-22", "2024-08-21", "2024-05-18"]
    assert answer.coverage is not None
    assert (answer.coverage.covered, answer.coverage.of) == (len(names(answer)), 14)


def test_who_reports_is_named_by_outlet_host_or_title(wire: App) -> None:
    a = article(wire, "rabat-1")
    web = replace(a, outlet=None, source="https://www.example.org/news/1", date="2024-05")
    bare = replace(a, outlet=None, date=None)
    known = replace(a, outlet="الجزيرة", date=None)
    spans = [CitedSpan(x, x.sentences[0]) for x in (a, web, known)]
    assert reporters([spans[0]]) == ("بريد اليوم, 10 May 2024",)
    assert reporters([spans[1]]) == ("example.org",)
    assert reporters([spans[2]]) == ("Al Jazeera",)
    assert reporters([CitedSpan(bare, bare.sentences[0])]) == ("معرض الكتاب يفتح أبوابه",)


def test_the_reporter_comes_before_the_text(assistant: Assistant) -> None:
    events = list(assistant.digest("book fair in Rabat"))
    kinds = [e for e in events if isinstance(e, SentenceStarted | TextDelta | SentenceDone)]
    assert isinstance(kinds[0], SentenceStarted)
    assert kinds[0].reported_by == ("بريد اليوم, 10 May 2024",)


def many(count: int, base: Article) -> Iterator[Article]:
    for n in range(count):
        text = base.text.replace("تازة", f"تازة{n}") if n % 2 else base.text
        yield replace(base, id=f"{n:03}", text=text, source=f"f#{n}")


def test_two_hundred_articles_are_a_digest_of_a_few_stories(wire: App) -> None:
    base = article(wire, "taza-1")
    assert len(group_copies(list(many(200, base)))) <= 12
    others: Sequence[Article] = [
        replace(base, id=str(n), text=" ".join(f"كلمة{n}{k}" for k in range(30))) for n in range(40)
    ]
    assert len(group_copies(others)) == 12


def test_a_chat_model_is_shown_outlets_and_days(
    wire: App, translator: RememberingTranslator
) -> None:
    model = ScriptedChatModel(replies=["Three outlets report the loan [1][2]. Nobody else [99]."])
    writer = ChatModelWriter(model, "test:scripted", wire.embedder, Verifier().check_spans, len)
    assistant = Assistant(wire.retriever, writer, translator, Verifier())
    events = list(assistant.digest("World Bank loan for Tunisia"))
    answer = final_answer(iter(events))
    assert "الاقتصاد والناس, 17 May 2024 | تونس تحصل" in model.prompts[0]
    assert "who reports what" in model.prompts[0]
    started = [e for e in events if isinstance(e, SentenceStarted)]
    assert [e.reported_by for e in started] == [s.reported_by for s in answer.sentences]
    assert all(sentence.reported_by for sentence in answer.sentences)
    assert answer.coverage is not None and answer.coverage.of == 3
