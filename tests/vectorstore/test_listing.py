from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from vectorstore.articles import Article, Span
from vectorstore.catalog import Catalog, Entry
from vectorstore.listing import Facets

ROWS = [
    ("a", "/data/uploads/12ab/Gaza report.txt", "غزة تطلب المساعدة", None, "2021-06-11", "ar"),
    ("b", "https://News.example/peru", "Élections au Pérou", "Le Monde", "2020", "fr"),
    ("c", "/data/uploads/34cd/c.txt", "وزير الخارجية في الرباط", "الدار", "2021-05", "ar"),
    ("d", "/data/uploads/56ef/d.txt", "أخبار بلا تاريخ", "الدار", None, "ar"),
]


def entry(*row: str | None) -> Entry:
    identity, source, title, outlet, date, language = row
    assert identity and source and title and language
    article = Article(identity, source, title, outlet, date, language, title, (Span(0, 3),))
    return Entry(article, source, (), (), frozenset())


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    catalog = Catalog(tmp_path / "articles.db")
    catalog.add(entry(*row) for row in ROWS)
    return catalog


def found(catalog: Catalog, wanted: str = "", **narrowed: str) -> str:
    shelf = catalog.browse(wanted, **narrowed)  # type: ignore[arg-type]
    assert shelf.total == len(shelf.articles)
    return "".join(row.id for row in shelf.articles)


def test_all_are_listed_the_newest_first(catalog: Catalog) -> None:
    assert found(catalog) == "acbd"
    assert [a.id for a in catalog.articles()] == list("acbd")
    assert catalog.browse().articles[0] == ROWS[0][:1] + (ROWS[0][2], ROWS[0][1], *ROWS[0][3:])


def test_what_was_added_last_may_come_first(catalog: Catalog) -> None:
    assert found(catalog, order="added") == "acbd", "all at once: by date then"
    with catalog._connection as connection:
        connection.execute("UPDATE articles SET added = '2020-01-01T00:00:00Z' WHERE id <> 'd'")
    assert found(catalog, order="added") == "dacb"
    assert found(catalog) == "acbd"


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ("غزه", "a"), ("الخارجيه", "c"), ("ELECTIONS perou", "b"), ("monde", "b"), ("الدار", "cd"),
        ("report", "a"), ("news.EXAMPLE", "b"), ("uploads", ""), ("report الدار", ""),
        ("  ", "acbd"), ("%", ""), ("اخبار", "d"), ("الوزير'", ""),
    ],
)  # fmt: skip
def test_words_are_found_in_any_spelling(catalog: Catalog, wanted: str, ids: str) -> None:
    assert found(catalog, wanted) == ids


def test_places_and_outlets_are_found_by_their_english_names(catalog: Catalog) -> None:
    assert found(catalog, "Rabat") == "c"
    assert found(catalog, "aldar minister") == ""
    assert sorted(found(catalog, "aldar")) == ["c", "d"]


def test_titles_are_found_by_their_english_once_it_is_known(
    catalog: Catalog, tmp_path: Path
) -> None:
    assert found(catalog, "turnout") == ""
    for _ in range(2):  # what is known already isn't added again
        catalog.add_english_titles({"b": "High Turnout in Peru", "gone": "Turnout"})
    assert found(catalog, "TURNOUT") == "b"
    with sqlite3.connect(tmp_path / "articles.db") as connection:
        connection.execute("BEGIN IMMEDIATE")  # while another writes
        catalog.add_english_titles({"b": "High Turnout in Peru"})
        query = "SELECT folded FROM listing WHERE article_id = 'b'"
        (folded,) = connection.execute(query).fetchone()
    assert folded.count("turnout") == 1


def test_the_list_is_narrowed(catalog: Catalog) -> None:
    assert found(catalog, language="ar") == "acd"
    assert found(catalog, outlet="الدار") == "cd"
    assert found(catalog, since="2021") == "ac"
    assert found(catalog, since="2021-05-20") == "ac", "May 2021 may be later in the month"
    assert found(catalog, since="2021-06") == "a"
    assert found(catalog, until="2021-05") == "cb"
    assert found(catalog, until="2020-01-31") == "b"
    assert (
        found(catalog, "الرباط", language="ar", outlet="الدار", since="2020", until="2022") == "c"
    )


def test_pages_follow_one_another(catalog: Catalog) -> None:
    first, second = catalog.browse(limit=3), catalog.browse(limit=3, offset=3)
    assert "".join(row.id for row in (*first.articles, *second.articles)) == "acbd"
    assert first.total == second.total == 4
    assert catalog.browse(offset=9).articles == ()


def test_facets_count_what_there_is(catalog: Catalog, tmp_path: Path) -> None:
    assert catalog.facets() == Facets(
        (("ar", 3), ("fr", 1)), (("الدار", 2), ("Le Monde", 1)), ("2020", "2021-06-11")
    )
    assert Catalog(tmp_path / "empty.db").facets() == Facets((), (), None)


def test_what_is_removed_is_off_the_list(catalog: Catalog) -> None:
    catalog.remove(["a"])
    catalog.discard(["b"])
    assert [row.id for row in catalog.removed()][0] == "b"
    assert found(catalog) == "cd" and found(catalog, "غزة") == ""


def test_a_catalog_of_an_earlier_version_opens_with_its_list(
    catalog: Catalog, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "articles.db") as connection:
        for name in ("listing", "bin", "bin_files"):
            connection.execute(f"DROP TABLE {name}")
        connection.execute("DROP INDEX articles_in_order")
    opened = Catalog(tmp_path / "articles.db")
    assert found(opened, "غزه") == "a"
    opened.discard(["a"])
    assert opened.binned("a") is not None and found(opened) == "cbd"
