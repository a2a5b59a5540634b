import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.errors import LoadError
from vectorstore.loaders.decoding import decode, read_text

ARABIC = Path("assistant/samples/003_b0287c4ba96b4403.txt").read_text(encoding="utf-8")
RUSSIAN = "Президент заявил, что в этом году экономика выросла, и это не всё."
TEXTS = {
    "cp1256": ARABIC,
    "iso8859_6": ARABIC,
    "cp1252": "Le président a déclaré que l'été dernier était très chaud, où les gens étaient là.",
    "cp1251": RUSSIAN,
    "koi8_r": RUSSIAN,
    "cp1250": "Prezydent powiedział, że w tym roku gospodarka się rozwinęła, jest też większa",
    "cp1253": "Ο πρόεδρος είπε ότι η οικονομία και το κράτος με την ανάπτυξη",
    "cp1254": "Türkiye Cumhurbaşkanı bugün Ankara için çok önemli bir açıklama yaptı",
    "cp1255": "הנשיא אמר היום כי הממשלה לא תעשה את זה עם האופוזיציה של ירושלים",
    "gb18030": "中国政府在北京说，这是一个重要的问题，我们要发展经济。",
    "big5": "中國政府在北京說，這是一個重要的問題，我們要發展經濟。",
    "shift_jis": "これは日本の新聞の記事です。政府は今日発表した。",
    "euc_kr": "대통령은 오늘 서울에서 기자회견을 했다고 말했다. 이것은 중요하다.",
    "utf-8": ARABIC,
    "utf-8-sig": ARABIC,
    "utf-16": ARABIC,
    "utf-16-le": ARABIC,
    "utf-16-be": ARABIC,
}


@pytest.mark.parametrize("encoding", TEXTS)
@pytest.mark.parametrize("length", [100, 100_000])
def test_the_encoding_is_found_though_the_page_declares_another(encoding: str, length: int) -> None:
    data = TEXTS[encoding][:length].encode(encoding, "ignore")
    assert decode(data, "iso-8859-1").lstrip("\ufeff") == data.decode(encoding).lstrip("\ufeff")


def test_a_declared_encoding_decides_where_the_words_cannot() -> None:
    assert decode("naïve".encode("cp1252"), "windows-1252") == "naïve"
    assert decode("Ρόδος".encode("cp1253"), "windows-1253") == "Ρόδος"
    assert decode(b"caf\xe9", "no-such-thing") == "café"


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02abc", b"\x89PNG\r\n\x1a\n\x01\x02\x03\xff\xfe", bytes(range(1, 32)) * 9]
)
def test_binary_content_is_refused(data: bytes) -> None:
    with pytest.raises(LoadError, match="binary"):
        decode(data)


def test_a_cut_off_file_is_refused() -> None:
    with pytest.raises(LoadError, match="utf-16"):
        decode(codecs.BOM_UTF16_LE + b"\x41")


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"])))
def test_utf_8_is_always_itself(text: str) -> None:
    assert decode(text.encode()).lstrip("\ufeff") == text.lstrip("\ufeff")


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_an_error(data: bytes) -> None:
    try:
        decode(data)
    except LoadError:
        pass


LINES = ARABIC.splitlines()


def test_lines_in_another_encoding_are_read_in_it_and_told() -> None:
    foreign = "وقال وزير الخارجية إن المغرب في هذا الملف مع ليبيا من البداية"
    data = "\n".join(LINES).encode() + b"\n" + foreign.encode("cp1256") + b"\n" + b"The end.\n"
    read = read_text(data)
    assert read.text == "\n".join([*LINES, foreign, "The end.", ""])
    line = len(LINES) + 1
    assert read.remarks == [f"line {line} is not in UTF-8 as the rest: read as cp1256"]


def test_a_bad_byte_spoils_neither_its_line_nor_the_file() -> None:
    data = ARABIC.encode()
    read = read_text(data[:3000] + b"\xff" + data[3000:])
    assert read.text.replace("\ufffd", "")[:1000] == ARABIC[:1000]
    assert 1 <= read.text.count("\ufffd") <= 3
    assert len(read.remarks) == 1 and "damaged" in read.remarks[0]


@pytest.mark.parametrize("encoding", ["cp1256", "utf-8", "utf-8-sig", "utf-16"])
def test_there_is_nothing_to_remark_on_a_file_in_one_encoding(encoding: str) -> None:
    assert read_text(ARABIC.encode(encoding, "ignore")).remarks == []
