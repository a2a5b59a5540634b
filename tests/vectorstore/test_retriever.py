import dataclasses
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.app import App
from vectorstore.arabic import tokenize
from vectorstore.lexical import (
    articles_with_place,
    extract_keywords,
    mentions_name,
    refresh_keywords,
    search_keywords,
)
from vectorstore.retriever import FEW_WORDS, PassageRetriever, _says_little, fuse_ranks, spread


def test_ranks_are_fused_by_hand_worked_weights() -> None:
    fused = fuse_ranks([(["a", "b"], 1.0), (["b", "c"], 0.5)], constant=10)
    assert fused == pytest.approx({"a": 1 / 11, "b": 1 / 12 + 0.5 / 11, "c": 0.5 / 12})


def test_spreading_passes_over_a_near_copy() -> None:
    vectors = np.array([[1, 0, 0], [1, 0.01, 0], [0.6, 0.8, 0], [0, 0, 1]], dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert spread(vectors, 2, diversity=0.0) == [0, 1]
    assert spread(vectors, 3, diversity=0.5)[1] == 3


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did Libya's foreign minister ask Morocco for?", "المنقوش"),
        ("Who is Mohamed Benhammou?", "بنحمو"),
        ("ماذا طلبت وزيرة الخارجية الليبية من المغرب؟", "المنقوش"),
        ("Which office did the United Nations open in Morocco?", "الأمم المتحدة"),
    ],
)
def test_questions_in_both_languages_find_their_passage(
    samples: App, question: str, expected: str
) -> None:
    hits = samples.retriever.search(question, 3)
    assert any(expected in hit.passage.text for hit in hits)
    assert [hit.score for hit in hits] == sorted((h.score for h in hits), reverse=True)[:1] + [
        hit.score for hit in hits[1:]
    ]


def test_each_leg_finds_alone(samples: App) -> None:
    for leg in ("dense", "keywords"):
        retriever = dataclasses.replace(samples.retriever, legs=(leg,))
        assert "بنحمو" in retriever.search("Who is Mohamed Benhammou?", 1)[0].passage.text


def test_a_search_can_be_kept_to_some_articles(samples: App) -> None:
    for article in samples.catalog.articles():
        hits = samples.retriever.search("terrorism in the Sahel", 5, [article.id])
        assert {hit.article.id for hit in hits} == {article.id}


def test_nothing_is_found_for_nothing(samples: App) -> None:
    assert samples.retriever.search("   ") == []
    assert samples.retriever.search("question", 0) == []


def test_odd_queries_are_only_words(samples: App) -> None:
    for query in (
        '"',
        "NEAR(a b)",
        "stems : x OR *",
        "'; DROP TABLE articles; --",
        "(((",
        "-",
        "؟",
    ):
        samples.retriever.search(query)
    assert samples.catalog.count() == 2


def test_as_a_langchain_retriever(samples: App) -> None:
    documents = PassageRetriever(retriever=samples.retriever, limit=2).invoke("Benhammou")
    assert len(documents) == 2
    for document in documents:
        article = samples.catalog.article(document.metadata["article_id"])
        start, end = document.metadata["start"], document.metadata["end"]
        assert article.text[start:end] == document.page_content


def test_english_names_find_arabic_passages_by_keywords(samples: App) -> None:
    found = search_keywords(samples.catalog, "Bourita", 5)
    passages = samples.catalog.passages(found)
    assert any("بوريطة" in passage.text for passage, _ in passages.values())
    assert len(articles_with_place(samples.catalog, "MA")) == 2
    assert len(articles_with_place(samples.catalog, "DZ")) == 1
    assert articles_with_place(samples.catalog, "IS") == set()
    assert mentions_name(samples.catalog, "Benhammou")
    assert not mentions_name(samples.catalog, "Shakespeare")


def test_keywords_of_an_arabic_sentence() -> None:
    keywords = extract_keywords("طالبت وزيرة الخارجية الليبية نجلاء المنقوش في 11 يونيو")
    assert "11" in keywords.stems.split()
    assert "ply" in keywords.places.split()
    assert "mnkx" in keywords.names.split()


def test_a_collection_of_an_older_lexicon_learns_its_places(
    make_app: Callable[..., App], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("احتج عشرات الصيادين في ميناء نواذيبو على المحطة.", "utf-8")
    app = make_app()
    app.ingestor.ingest([str(tmp_path / "a.txt")])
    catalog = app.catalog
    found = articles_with_place(catalog, "nouadhibou")
    stems = search_keywords(catalog, "الصيادين", 5)
    assert len(found) == len(stems) == 1
    catalog.replace_keywords(lambda text: replace(extract_keywords(text), places=""))
    assert articles_with_place(catalog, "nouadhibou") == set()
    refresh_keywords(catalog)
    assert articles_with_place(catalog, "nouadhibou") == set()  # this lexicon's already
    catalog.remember("lexicon", "an older one")
    refresh_keywords(catalog)
    assert articles_with_place(catalog, "nouadhibou") == found
    assert search_keywords(catalog, "الصيادين", 5) == stems


@pytest.mark.parametrize(
    "text", ["", "أكد", "كلمة واحدة", "three words here", "w" * 200 + " two more", "العاصمة " * 50]
)
def test_few_words_are_told_from_the_head(text: str) -> None:
    assert _says_little(text) == (len(tokenize(text)) < FEW_WORDS)


def test_a_passage_of_a_word_gives_way(make_app: Callable[..., App], tmp_path: Path) -> None:
    (tmp_path / "tiny.txt").write_text("x", "utf-8")
    (tmp_path / "bread.txt").write_text("الخبز غذاء رئيسي في المغرب ويباع في كل مكان.", "utf-8")
    app = make_app()
    app.ingestor.ingest([str(tmp_path / "tiny.txt"), str(tmp_path / "bread.txt")])
    for query in ("How do I bake bread?", "the weather", "x y z"):
        assert [hit.passage.text[0] for hit in app.retriever.search(query)] == ["ا", "x"], query
