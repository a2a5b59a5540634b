"""Bytes to text when nobody says, or somebody says wrongly, which encoding they are in."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from vectorstore.errors import LoadError

_SAMPLE = 30_000
_BAD_BYTES = 20  # good characters beyond ASCII that make up for one bad byte
_NAMED_LINES = 8
_HIGH = bytes(range(0x80, 0x100))
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The likelier one first: it wins a tie.
_CANDIDATES = (
    "cp1252 cp1256 cp1251 gb18030 shift_jis euc_jp euc_kr big5 koi8_r koi8_u cp1254 cp1250 "
    "iso8859_6 cp1253 cp1255 iso8859_2 cp874 cp1258 cp866 cp720"
).split()

_NON_ASCII_WORD = re.compile(r"[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]*")
_ODD = re.compile("[\u2500-\u259f\x80-\x9f\ue000-\uf8ff\ufffd¤¦¨¬¸¶ˆ˜†‡‰\u200c-\u200f]")
_ICELANDIC = re.compile("[þðýÞÐÝ]")
_ODD_CASE = re.compile("[a-zà-öø-ÿа-яёα-ω][A-ZÀ-ÖØ-ÞА-ЯЁΑ-Ω]")
_BLOCKS = {
    "arabic": re.compile("[ء-ۓً-ْـ]+"),
    "cyrillic": re.compile("[Ѐ-ӿ]+"),
    "greek": re.compile("[Ͱ-Ͽ]+"),
    "hebrew": re.compile("[א-ת]+"),
    "thai": re.compile("[ก-๛]+"),
    "latin": re.compile("[A-Za-zÀ-ɏ]+"),
}
_COMMON = frozenset(
    "في من على إلى الى أن ان التي الذي هذا هذه عن مع ما لا كان بعد قال الله و أو كما بين لم قد "
    "در که این است را از به با برای می آن یک و شد های "
    "и в не на что он с как это по но из у за от так о к для же его был года все она также "
    "і що та у до з за від як це його але "
    "à été où même très après était déjà là ça français être "
    "más también está él sí según año años así después qué "
    "é são não também até já está você uma "
    "für über können würde müssen später größte wäre dafür zurück "
    "è più perché però città può così anche già "
    "için çok değil olduğu ı şu öyle göre bağlı başkanı türkiye oldu "
    "że się jest są będzie który także może już więc "
    "και το να τον η της με σε για από του την οι στο "
    "það þess þar því við ég á í frá "
    "של את על לא הוא כי עם זה גם או היא אל".split()
)
_COMMON_CJK = re.compile(
    "[的一是了在不有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说"
    "這個們說時為國會來對產發動經學ぁ-んァ-ヶー、。，이다는을의에가고지한하도로서]"
)
_CJK = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class _Guess:
    score: float
    encoding: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and what its reader should know of how its bytes were read."""

    text: str
    remarks: list[str] = field(default_factory=list)


def decode(data: bytes, declared: str | None = None, *, name: str = "the text") -> str:
    """Return the text of some bytes.

    A byte-order mark decides; then strict UTF-8, which other encodings hardly ever satisfy
    by accident. Otherwise each known encoding's reading is scored: the share of common
    words (Arabic, Persian, Russian, French, ...) and of words in a single script, less odd
    signs and capitals inside words. charset-normalizer's and the page's own word
    (`declared`) count as hints only: the first confuses Windows-1256 with 1251, the
    second is often left over from a template. Where most is UTF-8, only the lines that
    aren't are guessed at.

    Raises:
        LoadError: the bytes aren't text. `name` says whose they are.
    """
    return read_text(data, declared, name=name).text


def read_text(data: bytes, declared: str | None = None, *, name: str = "the text") -> Decoded:
    """Return the text as `decode` does, with remarks on lines that only a guess made readable.

    Raises:
        LoadError: the bytes aren't text. `name` says whose they are.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom) and not _is_damaged_utf8(data, encoding):
            return Decoded(_decode_marked(data, encoding, name))
    if b"\0" in data:
        return Decoded(_decode_wide(data, name))
    try:
        return Decoded(_refuse_binary(data.decode("utf-8"), name))
    except UnicodeDecodeError:
        pass
    mixed = _decode_mixed(data, declared)
    if mixed is not None:
        return Decoded(_refuse_binary(mixed.text, name), mixed.remarks)
    best = _guess(data, declared)
    if best.score <= -1:
        raise LoadError(f"{name} isn't text in any encoding known here; save it as UTF-8.")
    return Decoded(_refuse_binary(data.decode(best.encoding, errors="replace"), name))


def _guess(data: bytes, declared: str | None) -> _Guess:
    return max(
        (_score(data, encoding, declared) for encoding in _list_candidates(data, declared)),
        key=lambda guess: guess.score,
    )


def _is_damaged_utf8(data: bytes, encoding: str) -> bool:
    if encoding != "utf-8-sig":
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _decode_mixed(data: bytes, declared: str | None) -> Decoded | None:
    """Read text that is UTF-8 but for some lines; None where UTF-8 isn't the rule.

    A line with a bad byte here and there keeps its good ones; the lines that are wholly in
    another encoding are read together, in the one that fits them best.
    """
    lines = data.split(b"\n")
    read: list[str | None] = [_read_line(line) for line in lines]
    strange = [n for n, line in enumerate(read) if line is None]
    foreign = sum(_count_high(lines[n]) for n in strange)
    if 2 * foreign >= sum(map(_count_high, lines)):
        return None
    remarks = []
    if strange:
        best = _guess(b"\n".join(lines[n] for n in strange), declared)
        encoding = best.encoding if best.score > -1 else "utf-8"
        for n in strange:
            read[n] = lines[n].decode(encoding, errors="replace")
        remarks.append(f"{_name_lines(strange)} not in UTF-8 as the rest: read as {encoding}")
    damaged = [n for n, line in enumerate(read) if n not in strange and "\ufffd" in (line or "")]
    if damaged:
        remarks.append(f"{_name_lines(damaged)} damaged: what can't be read shows as \ufffd")
    return Decoded("\n".join(line or "" for line in read), remarks)


def _read_line(line: bytes) -> str | None:
    """Return a line of UTF-8, with a few bad bytes at most; None for one that isn't."""
    text = line.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return text if _BAD_BYTES * bad <= good else None


def _count_high(line: bytes) -> int:
    return len(line) - len(line.translate(None, _HIGH))


def _name_lines(numbers: list[int]) -> str:
    shown = ", ".join(str(n + 1) for n in numbers[:_NAMED_LINES])
    more = f" and {len(numbers) - _NAMED_LINES} more" if len(numbers) > _NAMED_LINES else ""
    return f"line {shown} is" if len(numbers) == 1 else f"lines {shown}{more} are"


def _decode_marked(data: bytes, encoding: str, name: str) -> str:
    try:
        return _refuse_binary(data.decode(encoding), name)
    except UnicodeDecodeError as error:
        raise LoadError(
            f"{name} begins as {encoding} but breaks at byte {error.start}: it may be cut off; "
            "get it again, or save it as UTF-8."
        ) from error


def _decode_wide(data: bytes, name: str) -> str:
    """Read bytes with NULs: UTF-16 without its mark, or no text at all."""
    for encoding, zeros in (("utf-16-le", data[1::2]), ("utf-16-be", data[::2])):
        # Letters' high bytes repeat: 0 in Latin text, 6 in Arabic.
        heads = zeros[:_SAMPLE].count(0) + zeros[:_SAMPLE].count(6)
        if len(data) % 2 == 0 and heads > 0.7 * len(zeros[:_SAMPLE]):
            try:
                return _refuse_binary(data.decode(encoding), name)
            except UnicodeDecodeError:
                continue
    raise LoadError(f"{name} is a binary file, whatever its name says: convert it to text.")


def _refuse_binary(text: str, name: str) -> str:
    sample = text[:_SAMPLE]
    controls = sum(1 for sign in sample if sign < " " and sign not in "\t\n\r\f\v\x1a\x1b")
    if "\0" in sample or controls > max(2, len(sample) // 200):
        raise LoadError(f"{name} is a binary file, not text; convert it to text.")
    return text


def _list_candidates(data: bytes, declared: str | None) -> list[str]:
    """Return the encodings to try; the declared one and charset-normalizer's among them."""
    names = list(_CANDIDATES)
    for name in (declared, _ask_charset_normalizer(data)):
        known = _lookup(name)
        if known is not None and known not in names:
            names.append(known)
    return names


def _ask_charset_normalizer(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:4096], steps=3, chunk_size=512).best()
    return best.encoding if best is not None else None


def _lookup(name: str | None) -> str | None:
    """Return Python's name of a text encoding; web pages mean cp1252 by latin-1."""
    try:
        found = codecs.lookup((name or "").strip().strip("\"'")).name
        "".encode(found)
    except (LookupError, ValueError, UnicodeError):
        return None
    known = {codecs.lookup(candidate).name: candidate for candidate in _CANDIDATES}
    aliases = {
        "iso8859-1": "cp1252",
        "ascii": "cp1252",
        "iso8859-9": "cp1254",
        "gb2312": "gb18030",
        "gbk": "gb18030",
    }
    return aliases.get(found) or known.get(found) or found


def _score(data: bytes, encoding: str, declared: str | None) -> _Guess:
    sample = data[:_SAMPLE]
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample, len(data) <= _SAMPLE)
    except UnicodeDecodeError:
        return _Guess(-1.0, encoding)
    # Servers and templates say Latin-1 without meaning it.
    meant = _lookup(declared) == encoding and encoding != "cp1252"
    hint = 0.12 if meant else 0.0
    return _Guess(_rate(text) + hint, encoding)


def _rate(text: str) -> float:
    """Rate a reading: about 1 for a real one, under 0.5 for a wrong one."""
    cjk = len(_CJK.findall(text))
    words = _NON_ASCII_WORD.findall(text)
    letters = sum(map(len, words))
    if not letters:
        return 0.0
    # Icelandic letters are Turkish ones misread more often than not.
    odd = (2.0 * len(_ODD.findall(text)) + 0.5 * len(_ICELANDIC.findall(text))) / letters
    if cjk * 2 > letters:
        return min(1.2, 2.5 * len(_COMMON_CJK.findall(text)) / cjk) - odd
    common = sum(1 for word in words if word.lower() in _COMMON) / len(words)
    pure = sum(1 for word in words if _is_pure(word)) / len(words)
    accents = sum(1 for sign in "".join(words) if "\x7f" < sign < "\u0250") / letters
    crowded = max(0.0, accents - 0.5)
    return 0.6 * pure + min(0.6, 3 * common) - odd - crowded


def _is_pure(word: str) -> bool:
    if _ODD_CASE.search(word):
        return False
    return any(block.fullmatch(word) for block in _BLOCKS.values())
