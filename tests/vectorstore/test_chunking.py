from hypothesis import given
from hypothesis import strategies as st

from vectorstore.chunking import split_passages
from vectorstore.sentences import split_sentences


def words(text: str) -> int:
    return len(text.split())


@given(st.text(alphabet="ab ،.\nه؟", max_size=400), st.integers(3, 20))
def test_passages_cover_every_word_once_in_order(text: str, budget: int) -> None:
    spans = split_sentences(text, "ar")
    passages = split_passages("a", text, spans, words, budget)
    covered = " ".join(text[s.start : s.end] for p in passages for s in p.sentences)
    assert "".join(covered.split()) == "".join(text.split())
    for p in passages:
        assert p.text == text[p.start : p.end]
        assert p.start == p.sentences[0].start
        assert p.end == p.sentences[-1].end


def test_a_passage_takes_whole_sentences_up_to_the_budget() -> None:
    text = "One two three. Four five six. Seven eight nine."
    passages = split_passages("a", text, split_sentences(text, "en"), words, 8)
    assert [p.text for p in passages] == ["One two three. Four five six.", "Seven eight nine."]


def test_a_sentence_over_the_budget_is_cut_at_its_clause_mark() -> None:
    text = "قال الوزير إن البلاد بخير، وإن العمل مستمر في كل مكان"
    passages = split_passages("a", text, split_sentences(text, "ar"), words, 7)
    assert passages[0].text == "قال الوزير إن البلاد بخير،"
    assert passages[1].text == "وإن العمل مستمر في كل مكان"


def test_ids_are_stable_and_tell_equal_texts_apart() -> None:
    text = "Same words here.\n\nSame words here."
    spans = split_sentences(text, "en")
    one = split_passages("a", text, spans, words, 4)
    assert [p.id for p in one] == [p.id for p in split_passages("a", text, spans, words, 4)]
    assert len({p.id for p in one}) == 2
    assert one[0].id != split_passages("b", text, spans, words, 4)[0].id


def test_a_word_over_the_budget_in_characters_still_ends() -> None:
    text = "x" * 1000
    passages = split_passages("a", text, split_sentences(text, "en"), len, 100)
    assert "".join(p.text for p in passages) == text
    assert max(len(p.text) for p in passages) <= 100
