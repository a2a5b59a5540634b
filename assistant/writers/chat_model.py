"""Any LangChain chat model as the writer: numbered passages in, checked cited sentences out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from langchain_core.language_models import BaseChatModel

from assistant.answers import uncarried
from assistant.citations import CitedSpan, parse_marks
from assistant.digest import reporters
from assistant.errors import ModelError
from assistant.writers.passages import cut_parts, nearest_spans, number_passages, sentence_hits
from assistant.writers.reading import Check, SentenceReader, fails, read_marks, standing
from assistant.writers.repair import Repairs
from assistant.writers.streaming import Reply
from assistant.writers.writer import Draft, Dropped, Length, NoAnswer, Started, Text, Written
from prompts import load_prompt
from vectorstore.articles import Article, Hit
from vectorstore.embeddings import Embedder

REFUSAL = "NO ANSWER"
SUMMARY_LENGTHS = {"short": "three", "medium": "five to six", "long": "nine to eleven"}
PART_LENGTH = "one to three"
WINDOW = 4_000  # tokens of passages in one prompt: what small models still read well

Outcome = Draft | Dropped | NoAnswer


class ChatModelWriter:
    """Writes with a chat model, and resolves what it cites to exact spans.

    A sentence that cites nothing or fails its checks goes back to the model once. What cites
    nothing even then is dropped; what still fails is marked.

    Args:
        model: any LangChain chat model.
        name: what the settings call it.
        embedder: what finds the cited sentence within a cited passage.
        check: compares a sentence with the spans that it cites.
        count_tokens: how many tokens a text has, to cut what is too long for one prompt.
    """

    def __init__(
        self,
        model: BaseChatModel,
        name: str,
        embedder: Embedder,
        check: Check,
        count_tokens: Callable[[str], int],
    ) -> None:
        self.name = name
        self._model = model
        self._embedder = embedder
        self._check = check
        self._count_tokens = count_tokens
        self._answer = load_prompt("answer")
        self._summary = load_prompt("summary")
        self._repair = load_prompt("repair")
        self._reduce = load_prompt("reduce")
        self._digest = load_prompt("digest")
        used = (self._answer, self._summary, self._digest, self._repair, self._reduce)
        self.prompts = {prompt.name: prompt.sha256 for prompt in used}

    def load(self) -> None:
        """Do nothing: the model is a service."""

    def answer(self, question: str, hits: Sequence[Hit]) -> Iterator[Written]:
        """Have the model answer from the passages."""
        prompt = self._answer.fill(question=question, passages=number_passages(hits))
        reader = SentenceReader(self._embedder, self._check)
        repairs = Repairs(self._model, self._repair, reader)
        yield from _told(self._drafted(prompt, hits, reader, repairs), hits)

    def digest(self, topic: str, hits: Sequence[Hit]) -> Iterator[Written]:
        """Have the model report who says what of a topic, and where they disagree.

        Each passage is shown with its outlet and day. Those that don't fit into one prompt
        are left out; the answer's coverage counts their articles.
        """
        fitting = cut_parts(hits, lambda hit: self._count_tokens(hit.passage.text), WINDOW)[0]
        shown = [
            replace(hit, article=replace(hit.article, title=f"{who} | {hit.article.title}"))
            for hit in fitting
            for who in reporters([CitedSpan(hit.article, hit.passage.sentences[0])])
        ]
        prompt = self._digest.fill(topic=topic, passages=number_passages(shown))
        reader = SentenceReader(self._embedder, self._check)
        repairs = Repairs(self._model, self._repair, reader)
        yield from _told(self._drafted(prompt, fitting, reader, repairs), fitting)

    def summarize(self, article: Article, length: Length) -> Iterator[Written]:
        """Have the model summarise an article, its sentences numbered as passages.

        What is too long for one prompt is summarised part by part, and the parts' sentences
        are then reduced to a summary of the whole.
        """
        hits = sentence_hits(article)
        yield from _told(self._summarized(article, hits, length), hits)

    def _summarized(
        self, article: Article, hits: Sequence[Hit], length: Length
    ) -> Iterator[Outcome]:
        parts = cut_parts(hits, lambda hit: self._count_tokens(hit.passage.text), WINDOW)
        whole = len(parts) == 1
        reader = SentenceReader(self._embedder, self._check)
        repairs = Repairs(self._model, self._repair, reader)
        mapped: list[Draft] = []
        for part in parts:
            prompt = self._summary.fill(
                title=article.title,
                passages=number_passages(part),
                length=SUMMARY_LENGTHS[length] if whole else PART_LENGTH,
            )
            for outcome in self._drafted(prompt, part, reader, repairs):
                if whole or isinstance(outcome, Dropped):
                    yield outcome
                elif isinstance(outcome, Draft):
                    mapped.append(outcome)
        for group in cut_parts(mapped, lambda draft: self._count_tokens(draft.text), WINDOW):
            if group:
                yield from self._reduced(article.title, group, length, reader)

    def _drafted(
        self, prompt: str, hits: Sequence[Hit], reader: SentenceReader, repairs: Repairs
    ) -> Iterator[Outcome]:
        """Yield a reply's sentences as they come, until the first that needs a repair.

        From there the reply is read to its end first: a server that does one thing at a time
        would keep the repair waiting for it.
        """
        reply = Reply(self._model, prompt)
        sentences = reply.sentences()
        while (sentence := next(sentences, None)) is not None:
            if _refuses(sentence):
                yield NoAnswer("The model found no answer in the passages.", nearest_spans(hits))
                return
            draft = reader.read(sentence, hits)
            if not draft.text:
                continue
            if fails(draft):
                sentences = iter(list(sentences))
                draft = repairs.repair(sentence, draft, hits)
            yield draft if draft.spans else Dropped(draft.dropped)
        if reply.unfinished:
            yield Dropped()

    def _reduced(
        self, title: str, mapped: Sequence[Draft], length: Length, reader: SentenceReader
    ) -> Iterator[Outcome]:
        """Yield the parts' sentences chosen and merged; all of them where the model can't."""
        prompt = self._reduce.fill(
            title=title,
            sentences="\n".join(f"[{n}] {draft.text}" for n, draft in enumerate(mapped, start=1)),
            length=SUMMARY_LENGTHS[length],
        )
        try:
            merged = list(self._merged(prompt, mapped, reader))
        except ModelError:
            merged = []
        yield from merged if any(isinstance(m, Draft) for m in merged) else mapped

    def _merged(
        self, prompt: str, mapped: Sequence[Draft], reader: SentenceReader
    ) -> Iterator[Draft | Dropped]:
        """Yield the merged sentences, each with its parts' spans.

        One that stands worse than what it is made of gives way to that.
        """
        kept: set[int] = set()
        reply = Reply(self._model, prompt)
        for sentence in reply.sentences():
            marked = read_marks(sentence)
            if not marked.text:
                continue
            numbers = [n for n in marked.numbers if 1 <= n <= len(mapped)]
            made_of = [mapped[n - 1] for n in numbers]
            lost = len(marked.numbers) - len(numbers)
            spans = tuple(dict.fromkeys(span for part in made_of for span in part.spans))
            draft = reader.judged(marked.text, spans, lost)
            if not made_of:
                yield Dropped(lost)
            elif standing(draft) >= min(map(standing, made_of)):
                yield draft
            else:
                yield from (mapped[n - 1] for n in numbers if n not in kept)
                kept.update(numbers)
        if reply.unfinished:
            yield Dropped()


def _told(outcomes: Iterator[Outcome], hits: Sequence[Hit]) -> Iterator[Written]:
    """Yield what became of the sentences; a refusal where none of them stands."""
    drafted, dropped, refused = False, 0, False
    for outcome in outcomes:
        match outcome:
            case Draft():
                drafted = True
                yield Started(outcome.spans)
                yield Text(outcome.text)
            case Dropped():
                dropped += 1
            case NoAnswer():
                refused = True
        yield outcome
    if dropped and not drafted and not refused:
        yield NoAnswer(f"The model wrote {uncarried(dropped)}.", nearest_spans(hits))


def _refuses(sentence: str) -> bool:
    said = parse_marks(sentence).text.strip(" .*")
    return said.upper() == REFUSAL or said.startswith(REFUSAL)
