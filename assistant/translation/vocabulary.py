"""Leaves out of a GGUF model the tokens that a translator from Arabic to English can't use.

Two thirds of Gemma's 270 million weights are one row for each of its 262,144 tokens, and all of
them are read for every token that is written. 97,000 rows are for scripts that are neither read
nor written here, and for signs of dialogue. Without them the tokens of Arabic and English text
stay what they were, and so does every row: the same sentences come out, in two thirds of the time.

The `gguf` package takes nine seconds to read a file with so many tokens.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Bytes = np.ndarray[Any, np.dtype[np.uint8]]

_FIRST = 4  # <pad>, <eos>, <bos>, <unk>: the file names them by number
_NORMAL, _OWN, _BYTE = 1, 4, 6  # kinds of token
_USED = re.compile(r"[\t\n -\u024f\u0600-\u06ff\u2000-\u206f\u20a0-\u20bf\u2581]*")
_ROWS = b"token_embd.weight"
_PREFIX = "tokenizer.ggml."
_ALIGNMENT = 32
_STRING, _ARRAY = 8, 9
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}  # bytes, by type


@dataclass(frozen=True, slots=True)
class _Tensor:
    name: bytes
    shape: tuple[int, ...]
    kind: int
    offset: int


class _Reader:
    """Reads a GGUF file's head."""

    def __init__(self, data: Bytes) -> None:
        self._data = data
        self.place = 0

    def take(self, count: int) -> bytes:
        self.place += count
        return self._data[self.place - count : self.place].tobytes()

    def number(self, form: str) -> int:
        (value,) = struct.unpack(f"<{form}", self.take(struct.calcsize(f"<{form}")))
        return int(value)

    def text(self) -> bytes:
        return self.take(self.number("Q"))

    def value(self, kind: int) -> bytes:
        """Return a value as it stands."""
        start = self.place
        if kind == _STRING:
            self.text()
        elif kind == _ARRAY:
            element, count = self.number("I"), self.number("Q")
            if element == _STRING:
                for _ in range(count):
                    self.text()
            else:
                self.place += _SIZES[element] * count
        else:
            self.place += _SIZES[kind]
        return self._data[start : self.place].tobytes()

    def tensor(self) -> _Tensor:
        name, dimensions = self.text(), self.number("I")
        shape = tuple(self.number("Q") for _ in range(dimensions))
        return _Tensor(name, shape, self.number("I"), self.number("Q"))


def cut_vocabulary(source: Path, target: Path) -> None:
    """Write a model without the tokens that aren't used; its other tensors stay as they are.

    Raises:
        OSError: a file can't be read or written.
    """
    data: Bytes = np.memmap(source, dtype=np.uint8, mode="r")
    reader = _Reader(data)
    magic = reader.take(8)
    tensor_count, value_count = reader.number("Q"), reader.number("Q")
    values = []
    for _ in range(value_count):
        name, kind = reader.text(), reader.number("I")
        values.append((name, kind, reader.value(kind)))
    tensors = [reader.tensor() for _ in range(tensor_count)]
    body = data[_aligned(reader.place) :]
    ends = [tensor.offset for tensor in tensors[1:]] + [len(body)]

    vocabulary = _Vocabulary({name.decode(): value for name, _, value in values})
    head = [magic, struct.pack("<QQ", tensor_count, value_count)]
    for name, kind, value in values:
        head += [_text(name), struct.pack("<I", kind), vocabulary.cut(name.decode(), value)]
    with target.open("wb") as file:
        parts: list[Bytes] = []
        offset = 0
        for tensor, end in zip(tensors, ends, strict=True):
            part, shape = body[tensor.offset : end], tensor.shape
            if tensor.name == _ROWS:
                part = part[: len(part) // shape[1] * shape[1]].reshape(shape[1], -1)
                part = part[vocabulary.kept].ravel()
                shape = (shape[0], len(vocabulary.kept))
            parts.append(part)
            sizes = struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
            head += [_text(tensor.name), sizes, struct.pack("<IQ", tensor.kind, offset)]
            offset += _aligned(len(part))
        _write(file.write, [np.frombuffer(b"".join(head), np.uint8), *parts])


class _Vocabulary:
    """The tokens of a file, and which of them are kept."""

    def __init__(self, values: dict[str, bytes]) -> None:
        reader = _Reader(np.frombuffer(values[f"{_PREFIX}tokens"], np.uint8))
        reader.number("I")
        self._tokens = [reader.text() for _ in range(reader.number("Q"))]
        kinds = np.frombuffer(values[f"{_PREFIX}token_type"], "<i4", offset=12)
        self.kept = [
            i
            for i, (token, kind) in enumerate(zip(self._tokens, kinds, strict=True))
            if i < _FIRST
            or kind in (_OWN, _BYTE)
            or (kind == _NORMAL and _USED.fullmatch(token.decode()))
        ]

    def cut(self, name: str, value: bytes) -> bytes:
        """Return a value of the file, of the tokens' lists only what is kept."""
        if name not in (f"{_PREFIX}tokens", f"{_PREFIX}scores", f"{_PREFIX}token_type"):
            return value
        start = value[:4] + struct.pack("<Q", len(self.kept))
        if name == f"{_PREFIX}tokens":
            return start + b"".join(_text(self._tokens[i]) for i in self.kept)
        return start + np.frombuffer(value, "<u4", offset=12)[self.kept].tobytes()


def _write(write: Any, parts: Iterable[Bytes]) -> None:  # noqa: ANN401
    for part in parts:
        write(part.data)
        write(bytes(_aligned(len(part)) - len(part)))


def _aligned(place: int) -> int:
    return -(-place // _ALIGNMENT) * _ALIGNMENT


def _text(text: bytes) -> bytes:
    return struct.pack("<Q", len(text)) + text
