import sys
from pathlib import Path

import pytest

from vectorstore.errors import LoadError
from vectorstore.loaders import SUFFIXES, load_file, load_text


def test_a_text_file_keeps_its_text_and_its_source(tmp_path: Path) -> None:
    path = tmp_path / "a.TXT"
    path.write_text("عنوان\n\nنص", encoding="utf-8")
    loaded = load_file(path)
    assert loaded.documents[0].text == "عنوان\n\nنص"
    assert loaded.documents[0].source == str(path.resolve())
    assert loaded.documents[0].title is None
    assert loaded.problems == []


def test_standard_input() -> None:
    assert load_text("نص".encode("cp1256"), "-").documents[0].source == "-"
    with pytest.raises(LoadError, match="empty"):
        load_text(b" \n", "-")


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@pytest.mark.parametrize("data", [b"", b" \n\t "])
def test_an_empty_file_is_an_error(tmp_path: Path, suffix: str, data: bytes) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    with pytest.raises(LoadError, match="empty"):
        load_file(path)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_binary_junk_is_an_error_under_any_suffix(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"\x00\x01\x02\xff" * 50)
    with pytest.raises(LoadError):
        load_file(path)


def test_other_errors_name_the_path_and_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"unknown suffix '\.doc'.*\.docx"):
        load_file(tmp_path / "a.doc")
    with pytest.raises(LoadError, match="isn't there"):
        load_file(tmp_path / "a.txt")
    with pytest.raises(LoadError, match="folder"):
        load_file(tmp_path)
    path = tmp_path / "big.txt"
    path.write_text("x" * 11)
    with pytest.raises(LoadError, match="larger than 10 bytes"):
        load_file(path, max_bytes=10)


def test_importing_the_loaders_imports_no_parser() -> None:
    import subprocess

    code = (
        "import sys, vectorstore.loaders, vectorstore.language, vectorstore.cleaning;"
        "print([n for n in ('trafilatura','lxml','pypdfium2','docx','httpx','lingua','yaml',"
        "'charset_normalizer') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
