import json
from pathlib import Path

import pytest

from vectorstore.errors import LoadError
from vectorstore.loaders import Loaded, load_file


def load(tmp_path: Path, name: str, text: str) -> Loaded:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return load_file(path)


@pytest.mark.parametrize(("name", "mark"), [("a.csv", ","), ("b.csv", ";"), ("c.tsv", "\t")])
def test_a_table(tmp_path: Path, name: str, mark: str) -> None:
    rows = [
        ["ID", "Headline", "Body", "Link", "Published", "Lang"],
        ["x1", "عنوان", '"سطر أول\nسطر ثان"', "https://aldar.ma/1", "11/06/2021", "ar"],
        ["x2", "بلا نص", "", "", "", ""],
        ["", "", "نص آخر", "", "", ""],
    ]
    loaded = load(tmp_path, name, "\ufeff" + "\n".join(mark.join(row) for row in rows) + "\n")
    source = str((tmp_path / name).resolve())
    first, second = loaded.documents
    assert (first.source, first.title, first.text) == (f"{source}#x1", "عنوان", "سطر أول\nسطر ثان")
    assert (first.outlet, first.date, first.language) == ("aldar.ma", "2021-06-11", "ar")
    assert second.source == f"{source}#4"
    assert len(loaded.problems) == 1
    assert "record 3 has no text" in loaded.problems[0]


def test_json_lines(tmp_path: Path) -> None:
    records = [
        json.dumps({"id": 7, "content": ["أ", "ب"], "source": "الدار", "language": "ar"}),
        "",
        "{broken",
        "[1]",
        json.dumps({"id": 7, "text": "same id"}),
        json.dumps({"id": 8, "text": None}),
    ]
    loaded = load(tmp_path, "a.jsonl", "\n".join(records))
    assert [d.text for d in loaded.documents] == ["أ\n\nب", "same id"]
    assert [d.source.rpartition("#")[2] for d in loaded.documents] == ["7", "7:5"]
    assert len(loaded.problems) == 3
    assert loaded.documents[0].outlet == "الدار"


def test_a_table_without_a_text_column_names_the_columns(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"\['a', 'b'\].*text, body"):
        load(tmp_path, "a.csv", "a,b\n1,2\n")


def test_a_feed_without_a_usable_record_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="isn't JSON"):
        load(tmp_path, "a.ndjson", "nonsense\n")


def test_a_row_with_unquoted_commas_is_reported_and_not_cut(tmp_path: Path) -> None:
    loaded = load(tmp_path, "a.csv", "id,text\n1,one, two\n2,fine\n")
    assert [d.text for d in loaded.documents] == ["fine"]
    assert "too many" in loaded.problems[0]


@pytest.mark.parametrize("value", [5, True, {"a": "b"}, ["a", 5]])
def test_a_text_that_isn_t_one_is_skipped_with_its_kind(tmp_path: Path, value: object) -> None:
    rows = [{"id": 1, "text": value}, {"id": 2, "text": "A text."}]
    loaded = load(tmp_path, "a.jsonl", "\n".join(map(json.dumps, rows)))
    assert [d.text for d in loaded.documents] == ["A text."]
    assert loaded.problems[0].endswith(
        f"record 1 has a 'text' of type {type(value).__name__}: make it a string"
    )
