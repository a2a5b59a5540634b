from pathlib import Path

import pytest

from vectorstore.errors import ModelFileError
from vectorstore.tokens import TokenCounter, _encoding_lines


def test_counts_like_o200k_base_without_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR", raising=False)
    count = TokenCounter(tmp_path)
    # Known counts of o200k_base: "hello world" is two tokens, "tiktoken is great!" six.
    assert count("hello world") == 2
    assert count("tiktoken is great!") == 6
    assert count("<|endoftext|>") > 1
    assert count("يلعب المغرب أدوارا طلائعية") < 12


def test_the_table_becomes_tiktokens_lines() -> None:
    table = b"\x02\x00\x00\x00" + b"\x01\x00b\x01\x00\x00\x00" + b"\x02\x00aa\x00\x00\x00\x00"
    assert _encoding_lines(table) == b"YWE= 0\nYg== 1\n"


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModelFileError, match="pip install"):
        TokenCounter(tmp_path)("text")
