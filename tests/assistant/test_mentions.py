from __future__ import annotations

from assistant.mentions import Mention, mention_figures, mention_people, mention_places
from vectorstore.articles import Article
from vectorstore.sentences import split_sentences

TEXT = (
    "وصلت نجلاء المنقوش إلى الرباط من ليبيا. وقال الوزير الليبي إن المغرب استقبل 300 جندي "
    "وأكثر من 40 أسرة. وشكرت المنقوش للمغرب، فليبيا تحتاج إلى 300 جندي و20% من التمويل. "
    "واستمر الاجتماع ثلاث ساعات في الولايات المتحدة، وسجل الهدف في الدقيقة 89 يوم السبت."
)


def article(text: str, language: str = "ar") -> Article:
    spans = split_sentences(text, language)
    return Article("id", "/a.txt", "Title", "Outlet", "2021", language, text, spans)


def shown(mentions: tuple[Mention, ...]) -> dict[str, list[str]]:
    return {m.text: [c.quote for c in m.citations] for m in mentions}


def test_each_mention_cites_the_exact_spans() -> None:
    found = article(TEXT)
    everything = mention_people(found) + mention_places(found) + mention_figures(found)
    assert len(everything) >= 8
    for mention in everything:
        assert mention.original in TEXT
        assert [c.n for c in mention.citations] == list(range(1, len(mention.citations) + 1))
        for c in mention.citations:
            assert TEXT[c.start : c.end] == c.quote and c.article_id == "id"


def test_places_are_nouns_without_what_is_written_onto_them() -> None:
    assert shown(mention_places(article(TEXT))) == {
        "Libya": ["ليبيا", "ليبيا"],
        "Morocco": ["المغرب", "مغرب"],
        "Rabat": ["الرباط"],
        "United States": ["الولايات المتحدة"],
    }


def test_figures_say_what_they_count_in_english() -> None:
    assert shown(mention_figures(article(TEXT))) == {
        "300 soldiers": ["300 جندي", "300 جندي"],
        "at least 40 families": ["40 أسرة"],
        "20%": ["20%"],
        "3 hours": ["ثلاث ساعات"],
    }


def test_a_cubic_metre_is_no_metre() -> None:
    text = "تنتج المحطة 15 ألف متر مكعب يوميا على 300 متر مربع، وطول الأنبوب 40 كيلومترا."
    assert shown(mention_figures(article(text))) == {
        "15,000 cubic metres": ["15 ألف متر مكعب"],
        "300 square metres": ["300 متر مربع"],
        "40 kilometres": ["40 كيلومترا"],
    }


def test_deaths_and_english_figures() -> None:
    deaths = article("أعلنت السلطات ارتفاع عدد الوفيات إلى 832 حالة وفاة.")
    assert [m.text for m in mention_figures(deaths)] in (["832 deaths"], ["832 people killed"])
    english = article("It took 30 meters of rope, $2 million dollars and 12% was lost.", "en")
    assert list(shown(mention_figures(english))) == ["30 meters", "$2 million dollars", "12%"]


def test_a_name_is_spelt_as_the_translation_spells_it() -> None:
    found = article("وقال السيد ميريويزر إن الكنيسة مغلقة.")
    (plain,) = mention_people(found)
    (spelt,) = mention_people(found, [(found.text, "Mr Meriwezer said the church was closed.")])
    assert plain.text != "Meriwezer" and spelt.text == "Meriwezer"
    assert spelt.citations[0].translation == "Meriwezer"


def test_at_most_eight_and_three_of_each() -> None:
    countries = "فرنسا إسبانيا إيطاليا اليابان الصين الهند تركيا ألمانيا البرازيل كندا".split()
    text = " ".join(f"زار الوفد {name}." for name in countries) + " زار الوفد كندا." * 4
    places = mention_places(article(text))
    assert len(places) == 8 and places[0].text == "Canada"
    assert len(places[0].citations) == 3
