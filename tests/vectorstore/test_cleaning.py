import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.cleaning import find_title, normalize_text, strip_furniture
from vectorstore.dates import parse_date, parse_date_line, parse_dateline

SAMPLES = Path("assistant/samples")
BODY = "قال الوزير يوم الجمعة إن الحكومة ستعمل على دعم القطاع في العام المقبل."
ENGLISH = "The minister said on Friday that the government would support the sector."


def read(name: str) -> str:
    return normalize_text((SAMPLES / name).read_text(encoding="utf-8"))


def test_the_first_sample_loses_its_furniture_and_nothing_else() -> None:
    text = read("000_41e6b64dd2e17eb9.txt")
    stripped = strip_furniture(text)
    assert stripped.cut == ("أخبار الدارسلايدر", "الدار- خاص", "زر الذهاب إلى الأعلى")
    assert stripped.outlet == "الدار"
    assert stripped.title == (
        "ليبيا تتطلع الى تعزيز أمنها عبر بوابة التكوين الأمني والاستخباراتي المغربي"
    )
    expected = [line for line in text.split("\n\n") if line not in stripped.cut]
    assert stripped.text == "\n\n".join(expected)


def test_the_second_sample_loses_its_furniture_and_nothing_else() -> None:
    text = read("003_b0287c4ba96b4403.txt")
    stripped = strip_furniture(text)
    assert stripped.cut == (
        "تابع بلادنا 24 على Bladna24 News",
        "اترك تعليقاً",
        "لن يتم نشر عنوان بريدك الإلكتروني. الحقول الإلزامية مشار إليها بـ *",
    )
    assert stripped.outlet is None
    assert stripped.title is not None
    assert stripped.text.startswith(stripped.title + "\n\n")
    expected = [line for line in text.split("\n\n") if line not in stripped.cut]
    assert stripped.text == "\n\n".join(expected)


def test_head_and_tail_of_a_news_page() -> None:
    head = ["الرئيسية > سياسة", "عنوان الخبر", "هسبريس - وكالات", "الجمعة 11 يونيو 2021 - 14:30"]
    tail = ["شارك على فيسبوك تويتر", "مقالات ذات صلة", "خبر أول", "© 2021 جميع الحقوق محفوظة"]
    between = "اقرأ أيضا: خبر آخر عن الوزير"
    stripped = strip_furniture("\n\n".join([*head, BODY, between, BODY, *tail]))
    assert stripped.text == f"عنوان الخبر\n\n{BODY}\n\n{BODY}"
    assert (stripped.title, stripped.outlet, stripped.date) == (
        "عنوان الخبر",
        "هسبريس",
        "2021-06-11",
    )
    assert stripped.cut == (head[0], head[2], head[3], between, *tail)


@pytest.mark.parametrize(
    ("byline", "outlet"),
    [
        ("درنة (ليبيا) - رويترز", "رويترز"),  # a place beside an outlet isn't one
        ("الجزيرة - درنة", "الجزيرة"),
        ("تونس - وكالة تونس أفريقيا للأنباء", "وكالة تونس أفريقيا للأنباء"),
        ("الرباط / هسبريس", "هسبريس"),
        ("هسبريس - رويترز", "هسبريس"),
        ("بريد اليوم - وكالات", "بريد اليوم"),
        ("الجزيرة: درنة تنتظر المساعدات", None),
        ("درنة - مدينة ليبية", None),
    ],
)
def test_a_byline_names_its_outlet_not_the_place_beside_it(byline: str, outlet: str | None) -> None:
    text = "\n\n".join(["عنوان الخبر", byline, BODY])
    stripped = strip_furniture(text)
    assert stripped.outlet == outlet
    assert stripped.cut == ((byline,) if outlet else ())


def test_a_headline_as_long_as_a_paragraph_has_its_byline_and_date_below() -> None:
    title = "وزير التعليم يعلن بناء مدارس جديدة في المناطق القروية " * 2 + "قبل نهاية العام"
    assert len(title) > 100
    stripped = strip_furniture("\n".join([title, "الرباط - هسبريس", "20 مايو 2024", BODY]))
    assert (stripped.title, stripped.outlet, stripped.date) == (title, "هسبريس", "2024-05-20")
    assert stripped.text == f"{title}\n{BODY}"
    assert strip_furniture(f"{title}\n{BODY}\n{BODY}").cut == ()


@pytest.mark.parametrize(
    ("line", "outlet", "date"),
    [
        ("نواكشوط - صحيفة الصحراء - 3 نوفمبر 2025", "صحيفة الصحراء", "2025-11-03"),
        ("وكالة الأنباء الليبية - 14 أكتوبر 2025", "وكالة الأنباء الليبية", "2025-10-14"),
        ("القاهرة، الاثنين، 22 سبتمبر 2025", None, "2025-09-22"),
        ("الرباط / أحمد العلوي / 03-11-2025", None, "2025-11-03"),
        ("طرابلس - وكالة الأنباء الليبية", "وكالة الأنباء الليبية", None),
        ("Cairo - The Economic Times - 22 September 2025", "The Economic Times", "2025-09-22"),
    ],
)
def test_a_line_of_place_outlet_and_date_is_read_and_cut(
    line: str, outlet: str | None, date: str | None
) -> None:
    stripped = strip_furniture(f"عنوان المقال الأول\n{line}\n\n{BODY}")
    assert (stripped.outlet, stripped.date, stripped.cut) == (outlet, date, (line,))


@pytest.mark.parametrize(
    "line",
    [
        "قناة السويس - توسعة جديدة",
        "مباراة المغرب - إسبانيا",
        "محادثات 5 نوفمبر 2025 - القاهرة تستضيف الوفد الليبي الكبير هنا",
        "انتخابات الرئاسة: 3 مرشحين، 5 ملايين ناخب، 3 نوفمبر 2025",
    ],
)
def test_a_line_that_says_something_else_stays(line: str) -> None:
    assert strip_furniture(f"عنوان المقال الأول\n{line}\n\n{BODY}").cut == ()


def test_a_headline_that_looks_like_a_link_stays() -> None:
    text = f"شاهد: دانييل ستوريدج يحرز هدف التعادل\n\n{BODY}"
    stripped = strip_furniture(text)
    assert (stripped.text, stripped.cut) == (text, ())
    assert stripped.title == "شاهد: دانييل ستوريدج يحرز هدف التعادل"


def test_an_english_and_a_french_page() -> None:
    notice = "Your email address will not be published. Required fields are marked *"
    english = ["Home", "The headline", "By John Smith", "June 11, 2021", ENGLISH]
    english += ["Leave a Reply", notice, "Name *"]
    stripped = strip_furniture("\n".join(english))
    assert stripped.text == f"The headline\n{ENGLISH}"
    assert stripped.date == "2021-06-11"
    french = f"Le titre\n\n{ENGLISH}\n\nLaisser un commentaire\n\nRetour en haut"
    assert strip_furniture(french).text == f"Le titre\n\n{ENGLISH}"


@pytest.mark.parametrize(
    "sentence",
    [
        "كتب الناشط في آخر الصفحة: اترك تعليقا، ثم حذف الحساب يوم الجمعة الماضي.",
        "اقرأ أيضا ما كتبه الوزير في مذكراته عن تلك السنوات، يقول الكاتب في كتابه.",
        "Follow us on the road to recovery, the president told the nation in his speech.",
        "All rights reserved for women under the new law will be extended, she said today.",
        "شارك الوزير في المؤتمر",
        "التعليقات التي نشرت أمس أثارت الجدل",
    ],
)  # fmt: skip
def test_a_sentence_that_mentions_furniture_stays(sentence: str) -> None:
    for text in (f"{BODY}\n\n{sentence}\n\n{BODY}", f"عنوان\n\n{BODY}\n\n{sentence}"):
        stripped = strip_furniture(text)
        assert stripped.text == text
        assert stripped.cut == ()


VOCABULARY = "قال الوزير يوم الجمعة إن البرلمان صوت لصالح القانون الجديد".split()
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=8, max_size=20).map(" ".join)


@given(st.lists(WORDS.map(lambda words: words + " وانتهت الجلسة بعد ذلك."), min_size=1, max_size=5))
def test_text_without_furniture_comes_out_equal(paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraphs)
    stripped = strip_furniture(text)
    assert stripped.text == text
    assert stripped.cut == ()


LINES = st.sampled_from(
    ["", "", BODY, ENGLISH, "عنوان الخبر", "اترك تعليقاً", "شارك", "الدار- خاص", "11/06/2021",
     "مقالات ذات صلة", "خبر", "Share this article", "زر الذهاب إلى الأعلى", "نص قصير", " "]
)  # fmt: skip


@given(st.lists(st.one_of(LINES, st.text(max_size=20)), max_size=14))
def test_what_is_cut_is_whole_lines_and_nothing_else_vanishes(lines: list[str]) -> None:
    text = "\n".join(lines)
    stripped = strip_furniture(text)
    before = [line for line in text.split("\n") if line.strip()]
    after = [line for line in stripped.text.split("\n") if line.strip()]
    left = iter(before)
    assert all(line in left for line in after)  # in order
    assert sorted(after + list(stripped.cut)) == sorted(before)
    if stripped.title is not None:
        assert stripped.text.lstrip().startswith(stripped.title)


@given(st.text(alphabet=st.characters(codec=None)))
def test_normalizing_twice_changes_nothing_and_leaves_nothing_hidden(text: str) -> None:
    once = normalize_text(text)
    assert normalize_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in once if sign != "\n")
    once.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\ufeffال\u200fعر\u200bبي\u202eة\u2066", "العربية"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("كلمة\u200c \u200dأخرى", "كلمة أخرى"),
        ("مـــرحبا", "مـــرحبا"),
        ("ﻃﺎﻟﺒﺖ ﺍﻟﻼﺟﺌﺔ", "طالبت اللاجئة"),
        ("x²ﬁ①", "x²ﬁ①"),
        ("e\u0301", "é"),
        ("co\u00adop", "coop"),
        ("a\u00a0\u3000 b\tc", "a b c"),
        ("a\n\n\n\n b", "a\n\nb"),
        ("a\U000e0041\U000e0042b\ud800\x00", "ab"),
    ],
)
def test_normalize_text(text: str, plain: str) -> None:
    assert normalize_text(text) == plain


def test_find_title() -> None:
    assert find_title(f"عنوان الخبر\n\n{BODY}") == "عنوان الخبر"
    assert find_title(BODY) is None
    assert find_title(f"{BODY}\n\n{BODY}") is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2021-06-11T10:00:00Z", "2021-06-11"),
        ("D:20210611101500+00'00'", "2021-06-11"),
        ("Fri, 11 Jun 2021 10:00:00 GMT", "2021-06-11"),
        ("١١ يونيو ٢٠٢١", "2021-06-11"),
        ("11 حزيران 2021", "2021-06-11"),
        ("3 غشت 2020", "2020-08-03"),
        ("1er février 2022", "2022-02-01"),
        ("March 3rd, 2020", "2020-03-03"),
        ("2021年6月11日", "2021-06-11"),
        ("11/06/2021", "2021-06-11"),
        ("31/02/2021", None),
        ("yesterday", None),
    ],
)
def test_parse_date(text: str, date: str | None) -> None:
    assert parse_date(text) == date


@pytest.mark.parametrize(
    ("paragraph", "date"),
    [
        ("نواذيبو، 14 مارس 2024 - أعلنت السلطات المحلية عن مشروع.", "2024-03-14"),
        ("نواكشوط (الأخبار)، ١٤ مارس ٢٠٢٤: أعلنت السلطات.", "2024-03-14"),
        ("الرباط / 14 مارس 2024 (ومع) - أعلنت السلطات.", "2024-03-14"),
        ("القاهرة (14 آذار 2024) – أعلنت السلطات.", "2024-03-14"),
        ("Port Said, 14 March 2024 (MENA) - The authorities announced it.", "2024-03-14"),
        ("القاهرة، 14 مارس - أعلنت السلطات.", None),
        ("قتل عشرة يوم 11 يونيو 2021 - بحسب الشرطة.", None),
        ("قالت الوزارة إن العمل في الميناء الجديد، 14 مارس 2024 - بدأ.", None),
        ("نواذيبو، 14 مارس 2024 أعلنت السلطات.", None),
        ("14 مارس 2024 - أعلنت السلطات.", None),
    ],
)
def test_parse_dateline(paragraph: str, date: str | None) -> None:
    assert parse_dateline(paragraph) == date


def test_a_dateline_is_read_and_stays() -> None:
    text = f"عنوان الخبر\n\nنواذيبو، 14 مارس 2024 - {'أعلنت السلطات المحلية عن مشروع جديد. ' * 4}"
    stripped = strip_furniture(text.strip())
    assert (stripped.date, stripped.text) == ("2024-03-14", text.strip())


def test_a_sentence_with_a_date_is_no_date_line() -> None:
    assert parse_date_line("Published on Friday, June 11, 2021 at 10:30 am") == "2021-06-11"
    assert parse_date_line("قتل عشرة يوم 11 يونيو 2021") is None


def test_cleaning_an_article_takes_less_than_five_milliseconds() -> None:
    text = ((SAMPLES / "000_41e6b64dd2e17eb9.txt").read_text(encoding="utf-8") * 2)[:5000]
    times = []
    for _ in range(5):
        start = time.perf_counter()
        strip_furniture(normalize_text(text))
        times.append(time.perf_counter() - start)
    assert min(times) < 0.005
