from __future__ import annotations

from vectorstore.articles import source_name


def test_sources_are_named_without_their_folders() -> None:
    assert source_name("/home/someone/news/a.csv#3") == "a.csv#3"
    assert source_name("https://example.org/a/b") == "https://example.org/a/b"
