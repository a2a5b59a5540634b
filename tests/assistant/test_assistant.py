"""The whole path with the bundled models, on the two sample articles."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answers import Answer, Answered, SentenceDone, TextDelta, Understood
from assistant.app import SAMPLES, App
from assistant.assistant import Translated, final_answer
from assistant.errors import QuestionError, TranslationError
from assistant.history import Turn, standalone_by_model, standalone_by_rule
from tests.fakes import RecordingTranslator, ScriptedChatModel

WORDS = (
    "Libya Morocco Algeria terrorism Sahel intelligence minister help army why who what where "
    "Benhammou Bourita training United Nations office borders ISIS ليبيا المغرب الإرهاب لماذا من"
).split()


def assert_exact(app: App, answer: Answer) -> None:
    for citation in answer.citations:
        text = app.catalog.article(citation.article_id).text
        assert text[citation.start : citation.end] == citation.quote
        assert citation.quote.strip()
    numbers = {citation.n for citation in answer.citations}
    for sentence in answer.sentences:
        assert sentence.citations
        assert set(sentence.citations) <= numbers


def ask(app: App, question: str) -> Answer:
    answer = final_answer(app.assistant.ask(question))
    assert_exact(app, answer)
    return answer


def test_a_question_is_answered_from_the_right_sentence(samples: App) -> None:
    answer = ask(samples, "What did Libya's foreign minister ask Morocco for?")
    assert not answer.refused
    assert "نجلاء المنقوش" in answer.citations[0].quote
    assert "Libya" in answer.sentences[0].text
    assert "Morocco" in answer.sentences[0].text


def test_a_person_is_found_by_another_spelling(samples: App) -> None:
    answer = ask(samples, "Who is Mohamed Ben Hammou?")
    assert "بنحمو" in answer.citations[0].quote


def test_an_arabic_question_is_answered_in_english(samples: App) -> None:
    answer = ask(samples, "لماذا تريد ليبيا الاستفادة من التجربة المغربية؟")
    assert answer.language == "en"
    assert not answer.refused
    assert all(s.text.isascii() or "“" in s.text for s in answer.sentences)


@pytest.mark.parametrize(
    "question",
    [
        "What is the population of Iceland?",
        "كم عدد سكان آيسلندا؟",
        "Who is Margaret Thatcher?",
        "How many soldiers does Russia have?",
    ],
)
def test_what_the_collection_can_t_answer_is_refused(samples: App, question: str) -> None:
    answer = ask(samples, question)
    assert answer.refused
    assert answer.reason
    assert answer.text == ""
    assert len(answer.citations) == 3, "the nearest passages are shown"


def test_the_text_streams_before_the_sentence_is_done(make_app: Callable[..., App]) -> None:
    app = make_app()
    app.ingestor.ingest([str(SAMPLES)])
    events = list(app.assistant.ask("What does the Moroccan experience rest on?"))
    kinds = [type(e) for e in events]
    assert kinds.index(TextDelta) < kinds.index(SentenceDone)
    for event in events:
        if isinstance(event, SentenceDone):  # its text may be a better translation than the draft
            deltas = [e.text for e in events if isinstance(e, TextDelta) and e.index == event.index]
            assert "".join(deltas).strip()
            assert event.sentence.text


@pytest.mark.parametrize(("length", "count"), [("short", 3), ("medium", 5), ("long", 9)])
def test_a_summary_covers_the_whole_article(samples: App, length: str, count: int) -> None:
    for article in samples.catalog.articles():
        answer = final_answer(samples.assistant.summarize(article, length))  # type: ignore[arg-type]
        assert_exact(samples, answer)
        starts = [c.start for c in answer.citations]
        assert len(starts) == min(count, len(article.sentences))
        assert starts == sorted(starts)
        assert starts[-1] > len(article.text) / 3
        assert answer.coverage is not None
        assert count <= answer.coverage.of or answer.coverage.covered == answer.coverage.of


def test_a_translation_has_every_sentence(samples: App) -> None:
    article = samples.catalog.articles()[0]
    *_, last = samples.assistant.translate(article)
    assert isinstance(last, Translated)
    assert [(c.start, c.end) for c in last.sentences] == [
        (s.start, s.end) for s in article.sentences
    ]
    assert all(c.translation for c in last.sentences)
    assert len(last.text.split("\n\n")) == len(article.text.split("\n\n"))


def test_a_digest_takes_from_each_article(samples: App) -> None:
    answer = final_answer(samples.assistant.digest("terrorism in the Sahel"))
    assert_exact(samples, answer)
    assert {c.article_id for c in answer.citations} == {a.id for a in samples.catalog.articles()}


@pytest.mark.parametrize(
    ("question", "message"),
    [("  ", "empty"), ("؟!() 🙂", "no words"), ("x" * 50_000, r"50,000 characters, 2,000 are")],
)
def test_a_bad_question_is_an_error(samples: App, question: str, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        samples.assistant.ask(question)


def test_an_empty_collection_refuses(make_app: Callable[..., App]) -> None:
    answer = final_answer(make_app().assistant.ask("Anything?"))
    assert answer.refused
    assert "Load articles first" in (answer.reason or "")


def test_an_arabic_sentence_of_an_english_article_is_translated(
    make_app: Callable[..., App], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(
        "The mayor of Oslo opened a bridge over the fjord on Monday morning. "
        "The bridge took nine years and cost two billion crowns.\n\n"
        "يلعب المغرب أدوارا طلائعية في مكافحة الإرهاب."
    )
    app = make_app()
    app.ingestor.ingest([str(tmp_path / "a.txt")])
    (article,) = app.catalog.articles()
    assert article.language == "en"
    *_, last = app.assistant.translate(article)
    assert isinstance(last, Translated)
    assert [c.language for c in last.sentences] == ["en", "en", "ar"]
    assert last.text.startswith("The mayor of Oslo opened a bridge")
    assert "Morocco" in last.text and last.text.isascii()
    answer = final_answer(app.assistant.ask("What role does Morocco play against terrorism?"))
    assert "Morocco" in answer.sentences[0].text


def test_what_can_t_be_seen_in_a_question_doesn_t_count(samples: App) -> None:
    question = "Who is Mohamed \ud800Ben\u200bham\x00mou\x1b?"
    answer = ask(samples, question)
    assert answer.question == "Who is Mohamed Benhammou?"
    assert "بنحمو" in answer.citations[0].quote
    assert samples.retriever.search("\udfff") == []


def test_what_can_t_be_translated_is_quoted_as_it_is(
    make_app: Callable[..., App], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("french")
    french = "Le ministre chilien a présenté son budget hier. Il prévoit de construire des écoles."
    (folder / "a.txt").write_text(french)
    english = "The mayor of Lima opened a new bridge over the river. It cost nine million dollars."
    (folder / "b.txt").write_text(english)
    app = make_app()
    app.ingestor.ingest([str(folder)])
    quoted = final_answer(app.assistant.ask("What did the minister of Chile present?"))
    assert quoted.sentences[0].text in french
    assert quoted.citations[0].translation is None
    kept = final_answer(app.assistant.ask("How much did the bridge cost?"))
    assert any(c.translation == c.quote for c in kept.citations)
    article = next(a for a in app.catalog.articles() if a.language == "fr")
    with pytest.raises(TranslationError, match="can't translate from 'fr'"):
        list(app.assistant.translate(article))


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8))
def test_every_citation_of_every_answer_is_exact(samples: App, words: list[str]) -> None:
    """The model isn't needed for this: what is cited is decided before it writes."""
    assistant = samples.assistant
    inner = assistant._translator._translator
    assistant._translator._translator = RecordingTranslator(inner.name + "-fake")
    assistant._translator.name, name = inner.name + "-fake", assistant._translator.name
    try:
        ask(samples, " ".join(words) + "?")
    finally:
        assistant._translator._translator = inner
        assistant._translator.name = name


HISTORY = [Turn("What did Libya ask Morocco for?", "Help.")]


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("What about training?", True),
        ("Why did they do it?", True),
        ("Who is Mohamed Benhammou?", False),
        ("What does Najla Mangoush say of it?", False),
    ],
)
def test_follow_ups_lean_on_the_question_before(question: str, leans: bool) -> None:
    alone = standalone_by_rule(question, HISTORY)
    assert alone == (f"{HISTORY[0].question} {question}" if leans else question)
    assert standalone_by_rule(question, []) == question


def test_a_chat_model_rewrites_follow_ups() -> None:
    model = ScriptedChatModel(replies=["What did Libya ask Algeria for?\nBecause..."])
    assert standalone_by_model("And Algeria?", HISTORY, model) == "What did Libya ask Algeria for?"
    assert "Q: What did Libya ask Morocco for?" in model.prompts[0]


@pytest.mark.parametrize("reply", [" \n", "I can't tell.", "What " + "very " * 80 + "long?"])
def test_what_isn_t_a_question_is_set_aside_for_the_rules(reply: str) -> None:
    model = ScriptedChatModel(replies=[reply])
    by_rule = "What did Algeria ask Morocco for?"
    assert standalone_by_model("And Algeria?", HISTORY, model) == by_rule


def test_a_follow_up_is_shown_as_it_was_understood(samples: App) -> None:
    taken_for = "What did Algeria ask Morocco for?"
    events = list(samples.assistant.ask("And Algeria?", HISTORY))
    assert events[0] == Understood(taken_for)
    understood = final_answer(iter(events)).to_dict()
    assert (understood["question"], understood["standalone"]) == ("And Algeria?", taken_for)
    alone = final_answer(samples.assistant.ask("Who is Mohamed Benhammou?", HISTORY))
    assert alone.to_dict()["standalone"] is None


def test_a_kind_of_answer_that_no_passage_carries_is_refused(samples: App) -> None:
    answer = ask(samples, "What budget did Morocco give to the training of Libyan forces?")
    assert answer.refused
    assert "sum of money" in (answer.reason or "")
    assert answer.citations


def test_a_digest_of_a_topic_that_no_article_covers_is_refused(samples: App) -> None:
    for topic in ("quantum computing", "floods in Iceland"):
        answer = final_answer(samples.assistant.digest(topic))
        assert answer.refused, topic
        assert answer.citations
    assert not final_answer(samples.assistant.digest("Libya asks Morocco for training")).refused


def test_an_article_s_first_question_is_answered_by_the_whole_collection(samples: App) -> None:
    for article in samples.catalog.articles():
        question = samples.assistant.first_question(article)
        assert question is not None
        *_, last = samples.assistant.ask(question)
        assert isinstance(last, Answered) and not last.answer.refused
        assert article.id in {citation.article_id for citation in last.answer.citations}
