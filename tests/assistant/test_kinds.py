from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.app import App
from assistant.writers.extractive import ExtractiveWriter
from assistant.writers.kinds import kind_asked, lacking_kind, lead_asked


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("How much does the pump cost?", "sum of money"),
        ("What compensation did the navy receive?", "sum of money"),
        ("ما الميزانية التي رصدها المغرب؟", "sum of money"),
        ("ما مبلغ الكفالة المقرر؟", "sum of money"),
        ("What share of the sponsors had clean records?", "percentage"),
        ("ما نسبة البطالة؟", "percentage"),
        ("By what margin did the Senate vote?", "score"),
        ("بأي نتيجة انتهت المباراة؟", "score"),
        ("How many Turkish soldiers are in Syria?", "number of soldiers"),
        ("كم جنديا قتل؟", "number of soldiers"),
        ("How many people were injured in the floods?", "number of people injured"),
        ("كم عدد المصابين؟", "number of people injured"),
        ("How many people died?", "number of people killed"),
        ("How many were killed in Bayda and how many fled?", "number of people killed"),
        ("كم عدد القتلى؟", "number of people killed"),
        ("How many dead batteries are there?", None),
        ("How many injured players were sold?", None),
        ("How many people were wounded and how many fled?", "number of people injured"),
        ("Which golfer won, and by what margin?", None),
        ("How much pressure did it take?", None),
        ("Why did the minister resign?", None),
    ],
)
def test_the_kind_of_answer_is_read_off_the_question(question: str, name: str | None) -> None:
    kind = kind_asked(question)
    assert (kind.name if kind else None) == name


@pytest.mark.parametrize(
    ("question", "sentence", "carried"),
    [
        ("What did it cost?", "بلغت الكلفة 350 دولارًا يوميا", True),
        ("What price was paid?", "دفع الشاري 125 مليون جنيه إسترليني", True),
        ("How many were hurt?", "إن 52 شخصا أصيبوا", True),
        ("How many were hurt?", "ارتفع عدد القتلى إلى 21 شخصا", False),
        ("How many were hurt?", "أصيب عدد من المارة", False),
        ("What price was paid?", "وصل 125 لاجئا", False),
        ("What share left?", "غادر 70 بالمائة من المعتقلين", True),
        ("What share left?", "غادر 70 معتقلا", False),
        ("What was the final score?", "فاز الفريق 17.5-10.5", True),
        ("What was the final score?", "فاز الفريق 3-2", True),
        ("What was the final score?", "جرت المباراة في 2018", False),
        ("How many soldiers are there?", "تمتلك فرنسا أكثر من 1000 جندي على الأرض", True),
        ("How many soldiers are there?", "تدريب الجنود في 3 مدن ليبية كبيرة جدا", False),
        ("How many workers are there?", "يعمل في المصنع 2500 موظف", True),
        ("كم عدد الموظفين؟", "أنتج المصنع 150 ألف سيارة", False),
    ],
)
def test_a_sentence_carries_its_kind(question: str, sentence: str, carried: bool) -> None:
    kind = kind_asked(question)
    assert kind is not None
    assert kind.carried_by(sentence) is carried


@pytest.mark.parametrize(
    ("question", "sentence", "leads"),
    [
        ("كم عدد المضربين في رادس؟", "لم يتجاوز عدد المضربين 620 عاملا", True),
        ("كم عدد المضربين في رادس؟", "قال المضربون إن 80 بالمئة من الحاويات تمر بالميناء", True),
        ("كم عدد المضربين في رادس؟", "وحولت خمس سفن إلى صفاقس", False),
        ("كم عدد المضربين في رادس؟", "وصل المضربون إلى الميناء", False),
        ("Who is Khaled ben Said al-Hanaii?", "قال خالد بن سعيد الهنائي إن المحطة جاهزة", True),
        ("Who is Khaled ben Said al-Hanaii?", "قال سالم البلوشي إن الصيد تراجع", False),
    ],
)
def test_what_should_come_first_is_told(question: str, sentence: str, leads: bool) -> None:
    kind = lead_asked(question)
    assert kind is not None
    assert kind.carried_by(sentence) is leads


@pytest.mark.parametrize("question", ["Who won?", "كم كلفت المحطة؟", "What did Ann Lee say?"])
def test_nothing_need_come_first_where_no_name_or_number_is_asked_for(question: str) -> None:
    assert lead_asked(question) is None


def test_what_the_passages_lack_is_said_in_words(samples: App) -> None:
    question = "How much did the training cost?"
    reason = lacking_kind(kind_asked(question), samples.retriever.search(question))
    assert reason == "The passages nearest to this question give no sum of money."
    assert lacking_kind(None, samples.retriever.search(question)) is None


PORT = """افتتاح ميناء جديد في طرابلس بلبنان

افتتح رئيس الوزراء اللبناني نواف سلام، يوم الثلاثاء 14 أكتوبر 2025، رصيفا جديدا في ميناء طرابلس شمال لبنان.
وقال سلام إن المشروع كلف 45 مليون دولار واستغرق ثلاث سنوات من العمل.
وأضاف أن الرصيف سيوفر 1200 فرصة عمل لسكان المدينة.
وحضر الافتتاح وزير الأشغال العامة فايز رسامني، الذي أعلن أن الميناء سيستقبل 300 سفينة في السنة.
وانتقد نقيب الصيادين محمود عيسى المشروع، وقال إن الصيادين لم يحصلوا على أي تعويض.
ورفض الوزير هذا الانتقاد، وأكد أن الحكومة ستدفع التعويضات قبل نهاية العام.
ومن المقرر أن تبدأ السفن الكبيرة بالوصول إلى الرصيف في يناير المقبل.
"""  # noqa: E501


@pytest.mark.parametrize("limit", [1, 3])
def test_who_asks_for_a_sum_is_given_one_first(
    make_app: Callable[..., App], tmp_path: Path, limit: int
) -> None:
    file = tmp_path / "port.txt"
    file.write_text(PORT, "utf-8")
    app = make_app()
    app.ingestor.ingest([str(file)])
    writer = ExtractiveWriter(app.translator, app.embedder, app.catalog, limit)
    question = "How much does the port of Tripoli cost?"
    choice = writer.choose(question, app.retriever.search(question))
    assert choice.refusal is None and len(choice.spans) <= limit
    assert "45 مليون دولار" in choice.spans[0].quote


def test_a_sum_that_stands_in_the_headline_alone_is_given(
    make_app: Callable[..., App], tmp_path: Path
) -> None:
    file = tmp_path / "port.txt"
    told = PORT.replace("افتتاح ميناء جديد في طرابلس بلبنان", "ميناء طرابلس يكلف 45 مليون دولار")
    file.write_text(told.replace("المشروع كلف 45 مليون دولار واستغرق", "المشروع استغرق"), "utf-8")
    app = make_app()
    app.ingestor.ingest([str(file)])
    writer = ExtractiveWriter(app.translator, app.embedder, app.catalog)
    for question, given in (
        ("How much does the port of Tripoli cost?", True),
        ("Who opened the port of Tripoli?", False),
    ):
        choice = writer.choose(question, app.retriever.search(question))
        assert any("45 مليون" in span.quote for span in choice.spans) == given


def test_a_line_that_heads_a_part_of_an_article_answers_nothing(
    make_app: Callable[..., App], tmp_path: Path
) -> None:
    file = tmp_path / "port.txt"
    heading = "تكلفة ميناء طرابلس"
    title, told = PORT.split("\n", 1)
    file.write_text(f"{title}\n\n{told}\n\n{heading}\n\nوقال الوزير إن العمل تأخر.", "utf-8")
    app = make_app()
    app.ingestor.ingest([str(file)])
    writer = ExtractiveWriter(app.translator, app.embedder, app.catalog, limit=9)
    (article,) = app.catalog.articles()
    assert heading in [article.text[s.start : s.end] for s in article.sentences]
    question = "What is the cost of the port of Tripoli?"
    choice = writer.choose(question, app.retriever.search(question))
    assert heading not in [span.quote for span in choice.spans]
