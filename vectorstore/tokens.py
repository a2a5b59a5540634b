"""Counting tokens with tiktoken's o200k_base, without the network.

tiktoken fetches an encoding's file at first use. The package `quicktok-v1` carries the same
vocabulary, so the file is rebuilt from it in tiktoken's own cache form; tiktoken checks its
SHA-256 when it loads it.
"""

from __future__ import annotations

import base64
import functools
import importlib.util
import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.errors import ModelFileError

if TYPE_CHECKING:
    import tiktoken

ENCODING = "o200k_base"
_CACHE_NAME = "fb374d419588a4632f3f557e76b4b70aebbca790"  # SHA-1 of the file's address
_REPAIR = "run: pip install --force-reinstall quicktok-v1==0.4.0"


class TokenCounter:
    """Counts o200k_base tokens; the encoding (about 60 MB) is loaded at the first count."""

    def __init__(self, cache_dir: Path) -> None:
        self._cache_dir = cache_dir / "tiktoken"

    def __call__(self, text: str) -> int:
        """Return how many tokens `text` is; special tokens' names count as plain text."""
        return len(self._encoding.encode_ordinary(text))

    @functools.cached_property
    def _encoding(self) -> tiktoken.Encoding:
        os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(self._cache_dir))
        folder = Path(os.environ["TIKTOKEN_CACHE_DIR"])
        if not (folder / _CACHE_NAME).is_file():
            _write_encoding_file(folder)
        import tiktoken

        return tiktoken.get_encoding(ENCODING)


def _write_encoding_file(folder: Path) -> None:
    package = importlib.util.find_spec("quicktok")
    if package is None or package.origin is None:
        raise ModelFileError(f"the package 'quicktok-v1' is missing: {_REPAIR}")
    vocabulary = Path(package.origin).parent / "data" / "o200k.vocab"
    try:
        data = vocabulary.read_bytes()
        lines = _encoding_lines(data)
    except (OSError, struct.error) as error:
        raise ModelFileError(f"{str(vocabulary)!r} can't be read ({error}): {_REPAIR}") from error
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{_CACHE_NAME}.{os.getpid()}"
    unfinished.write_bytes(lines)
    unfinished.replace(folder / _CACHE_NAME)


def _encoding_lines(data: bytes) -> bytes:
    """Turn quicktok's table (count; then length, bytes, rank each) into tiktoken's lines."""
    (count,) = struct.unpack_from("<I", data)
    position, tokens = 4, []
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, position)
        token = data[position + 2 : position + 2 + length]
        (rank,) = struct.unpack_from("<I", data, position + 2 + length)
        tokens.append((rank, token))
        position += 6 + length
    return b"".join(b"%s %d\n" % (base64.b64encode(token), rank) for rank, token in sorted(tokens))
