import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.sentences import split_sentences

LANGUAGES = ["ar", "en", "fr", "de", "el", "zh", "hi", "th", "und"]
STOPS = st.text(alphabet=' \n\r\t.!?؟…。”"»)د1aAءé\u2028\x1c،[]', max_size=60)


def split(text: str, language: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text, language)]


@given(st.one_of(st.text(), STOPS), st.sampled_from(LANGUAGES))
def test_spans_are_in_order_trimmed_and_everything_else_is_white_space(
    text: str, language: str
) -> None:
    position = 0
    for span in split_sentences(text, language):
        assert position <= span.start < span.end <= len(text)
        assert not text[position : span.start].strip()
        sentence = text[span.start : span.end]
        assert sentence == sentence.strip()
        assert "\n" not in sentence
        position = span.end
    assert not text[position:].strip()


@given(st.text(alphabet=st.characters(codec=None), max_size=40))
def test_lone_surrogates_and_any_other_character_do_not_raise(text: str) -> None:
    split_sentences(text, "ar")


CASES = {
    "ar": [
        ["قال الوزير ذلك.", "ثم سأل: هل جاؤوا؟", "نعم!", "وانتهى الأمر"],
        ["جاء د. محمد وأ.د. علي إلى الرباط.", "وعادا."],
        ["بلغت النسبة 1.250 ثم 2,5 بالمئة.", "وارتفعت."],
        ["سكت؛ ثم انصرف.", "وعاد."],
        ["قال: “لن نقبل بذلك.”", "وأضاف أن الأمر محسوم."],
        ["كان ذلك عام 2021 م.", "وبعدها انتهى."],
        ["ذكرت و.م.ع. الخبر اليوم.", "وأكدته."],
        ["“هل سربت الوثيقة؟”، سألت النائبة.", "فأجاب."],
        ["صمت الجميع...", "ثم تكلم."],
        ["نشر على https://example.com/a.b?c=د أمس.", "وحذف."],
    ],
    "en": [
        ["Mr. J. R. Smith left the U.S. embassy at 3.5 p.m. today.", "He said so."],
        ['"Really?" he asked.', '"Yes."', "No."],
        ["Write to a.b@c.org or see www.x.org/?q=1.", "Thanks."],
        ["It grew.[12]", "Then it fell (see p. 3).", "End"],
        ["1. First item.", "Second one."],
    ],
    "fr": [["M. Dupont est venu le 11 janv. 2021.", "« Bonjour ! » dit-il.", "Fin."]],
    "de": [["Am 11. Juni kam Dr. Weiß.", "Er ging."]],
    "hi": [["यह पहला है।", "यह दूसरा है॥", "क्या?"]],
}


@pytest.mark.parametrize(
    ("language", "sentences"),
    [(language, case) for language, cases in CASES.items() for case in cases],
)
def test_sentences_joined_by_a_blank_are_told_apart(language: str, sentences: list[str]) -> None:
    assert split(" ".join(sentences), language) == sentences


def test_chinese_and_japanese_need_no_blank() -> None:
    assert split("他说：“你好。”然后走了。真的吗？！是。", "zh") == [
        "他说：“你好。”", "然后走了。", "真的吗？！", "是。",
    ]  # fmt: skip
    assert split("「そうです。」と言った。終わり。", "ja") == [
        "「そうです。」と言った。",
        "終わり。",
    ]


def test_a_stop_without_a_blank_ends_an_arabic_sentence() -> None:
    assert split("انتهى الاجتماع.وقال الوزير ذلك", "ar") == ["انتهى الاجتماع.", "وقال الوزير ذلك"]


def test_lines_end_sentences_and_thai_has_no_other_end() -> None:
    assert split("عنوان\n\nنص أول\nنص ثان", "ar") == ["عنوان", "نص أول", "نص ثان"]
    assert split("สวัสดี ครับ ผม\nชื่อ", "th") == ["สวัสดี ครับ ผม", "ชื่อ"]


def test_an_article_takes_less_than_five_milliseconds() -> None:
    text = (Path("assistant/samples/000_41e6b64dd2e17eb9.txt").read_text(encoding="utf-8") * 2)[
        :5000
    ]
    times = []
    for _ in range(5):
        start = time.perf_counter()
        split_sentences(text, "ar")
        times.append(time.perf_counter() - start)
    assert min(times) < 0.005


def test_a_long_line_of_stops_takes_linear_time() -> None:
    start = time.perf_counter()
    split_sentences("a.b. " * 40_000 + ". " * 40_000, "en")
    assert time.perf_counter() - start < 3
