"""The bundled translator: Gemma 3 270M with our adapter, run by llama.cpp.

It translates one Arabic sentence at a time, and errs: `assistant/models/README.md` has its
scores and limits. It must never be asked for anything else.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError, TranslationError
from assistant.translation.base_model import MODEL, assemble_base
from assistant.translation.constraints import Constraints
from assistant.translation.engine import Engine, Engines
from assistant.translation.glossary import write_names
from assistant.translation.samples import Samples
from assistant.translation.translator import OnText, Source, Translation
from assistant.translation.turns import Reader, Turn
from prompts import load_prompt

if TYPE_CHECKING:
    from assistant.translation.judging import Judge

LONGEST_WORDS = 40  # longer sentences lose clauses
_MOST_ENGINES = 4
_DECODING = "7"  # counted up when the same model begins to write otherwise
_SAMPLING = {"temperature": 0.4, "top_k": 40, "top_p": 0.95}
_NO_TOKENS: dict[str, Any] = {"content": []}
_LONGEST_OUTPUT = 400  # tokens
# English and its punctuation, then the line's end: no Arabic letter can be written.
_GRAMMAR = r'root ::= [ -\u05FF\u2000-\u2BFF]* "\n"'
# Words that a translated clause begins with, large where it is taken for a sentence.
_OPENINGS = frozenset(
    "In The A An And What Which Who Whose As With On At For It He She They This That These Those "
    "After Before While When Where But Especially Particularly Including Among Through By From To "
    "Of Its Their His Her Thus Hence Therefore During Despite Although Because Since If So Then "
    "There Here Such Some Many Both Not No Under Over Between According Also".split()
)
_CONTROL_TOKEN = re.compile(r"</?\|?[A-Za-z_]+\d*\|?>")  # <end_of_turn>, <|im_end|>, </s>
_LONGEST_LOOP = 60  # characters that a model repeats without end
_LOOPED = -1.0  # a translation that came to no end is unsure, whatever its tokens say
_ECHO = re.compile(r"(\b\w+)\W+\1\W*$")
_CLAUSE_END = re.compile(r"(?<=[،؛,;:])\s+")


class _GivenUpError(Exception):
    """A translation that was made ahead isn't wanted now."""


class _LoopError(Exception):
    """A translation repeats itself without end."""


class EmbeddedTranslator:
    """Arabic to English with the models that come with the packages.

    The model (184 MB on disk) is put together in `cache_dir` at first use and loaded at the
    first sentence. Sentences are translated side by side by engines of one thread each, started
    when there is work for them; they share the model's file, and each takes 110 MB of its own.

    Args:
        cache_dir: where the model is put together.
        threads: how many engines there may be; as many as cores, up to four, unless given.
        judge: tells which of several translations is best; without it the first is taken.
        candidates: how many translations of a sentence there may be.
    """

    def __init__(
        self,
        cache_dir: Path,
        threads: int | None = None,
        judge: Judge | None = None,
        candidates: int = 1,
    ) -> None:
        self._judge = judge
        self._candidates = candidates if judge else 1
        self._cache_dir = cache_dir / "models"
        self._prompt = load_prompt("translate_bundled")
        self.slots = threads or min(os.cpu_count() or 1, _MOST_ENGINES)
        self._constraints: Constraints | None = None
        self._engines = Engines(self._start, self.slots)
        self._pool = ThreadPoolExecutor(self.slots, thread_name_prefix="sample")
        self._adapter, digest = _verified_adapter()
        self.name = f"{MODEL}+ar-en-{digest[:8]}+{_DECODING}.{self._candidates}"

    def load(self) -> None:
        """Unpack the model, if need be, and start two engines, the second not waited for."""
        with self._engines.lend() as engine:
            self._constraints_of(engine)
        self._engines.add()

    def can_translate(self, language: str) -> bool:
        """Tell whether the language is Arabic."""
        return language == "ar"

    def prepare(self, source: Source) -> str:
        """Return the sentence on one line, with its sure names in Latin letters.

        A model's control tokens are left out: they are words of no language, and the model would
        obey them.
        """
        text = _CONTROL_TOKEN.sub(" ", source.text)
        return write_names(" ".join(text.split()) or source.text, source.context)

    def translate(
        self,
        prepared: str,
        language: str,
        on_text: OnText | None = None,
        reader: Reader | None = None,
    ) -> Translation:
        """Return an Arabic sentence in English.

        A sentence of over 40 words is cut at clause marks, and its parts are translated one
        after the other.

        Raises:
            TranslationError: the language isn't Arabic.
            ModelError: the model's files are missing or damaged, or it failed.
        """
        if not self.can_translate(language):
            raise TranslationError(
                f"the bundled translator reads Arabic, not {language!r}; set a chat model as "
                "the writer and translator='writer' for other languages"
            )
        reader = reader or Reader()
        parts: list[Translation] = []
        for part in split_clauses(prepared, LONGEST_WORDS):
            if parts and on_text:
                on_text(" ")
            parts.append(self._best(part, bool(parts), on_text, reader))
        return _joined(parts)

    def _best(
        self, sentence: str, goes_on: bool, on_text: OnText | None, reader: Reader
    ) -> Translation:
        """Return the best of several translations; the likeliest is tried, and told, first.

        Others are sampled until one is good enough, each by a seed of its own: the same sentence
        becomes the same English every time. An engine with nothing else to do samples ahead.
        """
        sample = partial(self._sample, sentence, goes_on)
        line, others = self._engines.line, self._candidates - 1
        with Samples(sample, others, self._pool, line, reader) as samples:
            with self._engines.lend(reader) as engine:
                samples.begin(1)
                first = self._run(engine, sentence, goes_on, {}, on_text)
            if self._judge is None:
                return first
            vector = self._judge.embed(sentence)
            best = self._judge.judge(sentence, vector, first)
            for seed in range(1, self._candidates):
                if best.good:
                    break
                judged = self._judge.judge(sentence, vector, samples.take(seed))
                best = max(best, judged, key=lambda j: j.score)
        return best.translation

    def _sample(
        self, sentence: str, goes_on: bool, seed: int, turn: Turn, stopped: threading.Event
    ) -> Translation | None:
        """Return a translation drawn by a seed; None where it is given up."""

        def go_on(piece: str) -> None:
            if stopped.is_set() or self._engines.line.stands_back(turn):
                raise _GivenUpError

        with self._engines.lend_ahead(turn) as engine:
            if engine is None or stopped.is_set():
                return None
            try:
                return self._run(engine, sentence, goes_on, _SAMPLING | {"seed": seed}, go_on)
            except _GivenUpError:
                return None

    def _run(
        self,
        engine: Engine,
        sentence: str,
        goes_on: bool,
        sampling: dict[str, Any],
        on_text: OnText | None,
    ) -> Translation:
        """Have an engine write a translation."""
        pieces: list[str] = []
        sure: list[float] = []

        def receive(chunk: dict[str, Any]) -> None:
            choice = chunk["choices"][0]
            sure.extend(t["logprob"] for t in (choice.get("logprobs") or _NO_TOKENS)["content"])
            piece = choice["text"].rstrip("\n")
            if not pieces:
                piece = piece.lstrip()
                piece = piece.lower() if goes_on and piece.strip() in _OPENINGS else piece
            if piece:
                pieces.append(piece)
                if on_text:
                    on_text(piece)
                if loop_length("".join(pieces[-4 * _LONGEST_LOOP :])):
                    raise _LoopError

        request: dict[str, Any] = {
            "prompt": self._prompt.fill(text=sentence),
            "temperature": 0,
            "max_tokens": _LONGEST_OUTPUT,
            "stop": ["\n"],
            "grammar": _GRAMMAR,
            "stream": True,
            "cache_prompt": False,
            "logprobs": 1,
        }
        try:
            bias = self._constraints_of(engine).forbidden(sentence)
            engine.complete(request | sampling | {"logit_bias": bias}, receive)
        except ModelError as error:
            raise ModelError(f"the bundled translator failed on {sentence!r}: {error}") from error
        except _LoopError:
            sure = [_LOOPED]
        text = without_loop("".join(pieces)).strip()
        return Translation(text, sum(sure) / len(sure) if sure else None)

    def _constraints_of(self, engine: Engine) -> Constraints:
        if self._constraints is None:
            self._constraints = Constraints(engine.tokenize)
        return self._constraints

    def _start(self) -> Engine:
        return Engine(assemble_base(self._cache_dir), self._adapter)


def _joined(parts: list[Translation]) -> Translation:
    """Return the translations of a sentence's parts as one, no surer than the least sure."""
    sure = [part.confidence for part in parts if part.confidence is not None]
    texts = [part.text for part in parts if part.text]
    for i, following in enumerate(texts[1:]):
        if following[0].islower():
            texts[i] = re.sub(r"(?<=\w)\.$", ",", texts[i])
    return Translation(" ".join(texts), min(sure, default=None))


def loop_length(text: str) -> int:
    """Return the length of what a text ends in four times in a row, 0 for nothing.

    It has three characters at least, a letter among them: 1,000,000,000 is no loop.
    """
    for size in range(3, _LONGEST_LOOP + 1):
        run = text[-size:]
        if run * 4 == text[-4 * size :] and any(map(str.isalpha, run)):
            return size
    return 0


def without_loop(text: str) -> str:
    """Return a text with the run that it ends in written once."""
    size = loop_length(text)
    return _ECHO.sub(r"\1", text[: len(text) - 3 * size]) if size else text


def split_clauses(sentence: str, longest: int) -> list[str]:
    """Cut a sentence at clause marks into parts of even length, at most `longest` words each.

    A part with no clause mark in it stays whole, however long.
    """
    words = len(sentence.split())
    if words <= longest:
        return [sentence]
    clauses = _CLAUSE_END.split(sentence)
    target = words / -(-words // longest)
    parts: list[list[str]] = [[]]
    size = 0
    for clause in clauses:
        length = len(clause.split())
        if parts[-1] and size + length / 2 > target:
            parts.append([])
            size = 0
        parts[-1].append(clause)
        size += length
    return [" ".join(part) for part in parts]


def _verified_adapter() -> tuple[Path, str]:
    folder = Path(str(files("assistant"))) / "models"
    expected, name = (folder / "SHA256SUMS").read_text().split()
    try:
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(
            f"the translation adapter can't be read ({error}); reinstall mujaz"
        ) from error
    if digest != expected:
        raise ModelError(
            f"{name!r} has SHA-256 {digest[:12]}…, expected {expected[:12]}…; reinstall mujaz"
        )
    return folder / name, digest
