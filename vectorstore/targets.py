"""What a user means to ingest: files, folders, globs, addresses and standard input."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from vectorstore.errors import LoadError
from vectorstore.loaders import SUFFIXES
from vectorstore.report import Report, Skipped

STDIN = "-"


def expand_targets(targets: Sequence[str], report: Report) -> Iterator[str]:
    """Yield the files and addresses that targets stand for; report those that stand for none."""
    known = ", ".join(sorted(SUFFIXES))
    for target in targets:
        path = Path(target).expanduser()
        if target == STDIN or is_url(target):
            yield target
        elif not target.strip():
            report.skipped.append(Skipped(target, "an empty path: name a file or folder"))
        elif _exists(path) and path.is_dir():
            inside = sorted(
                p for p in path.resolve().rglob("*") if p.is_file() and _is_article(p, path)
            )
            if not inside:
                reason = f"the folder {target!r} has no article in it; known files are {known}"
                report.skipped.append(Skipped(target, reason))
            for file in map(str, inside):
                if _readable_name(file):
                    yield file
                else:
                    shown = file.encode("utf-8", "replace").decode()
                    report.skipped.append(Skipped(shown, "its name isn't UTF-8: rename it"))
        elif _exists(path):
            yield str(path.resolve())
        elif matches := sorted(glob.glob(str(path), recursive=True)):
            yield from (str(Path(m).resolve()) for m in matches if Path(m).is_file())
        else:
            reason = f"there is no file, folder or match for {target!r}; check the path"
            report.skipped.append(Skipped(target, reason))


def _exists(path: Path) -> bool:
    """Tell whether there is such a file or folder; a name that can't be one isn't there."""
    try:
        return path.exists()
    except (OSError, ValueError):  # too long, or with a NUL in it
        return False


def _readable_name(name: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in name)


def _is_article(path: Path, folder: Path) -> bool:
    inside = path.relative_to(folder.resolve())
    hidden = any(part.startswith(".") for part in inside.parts)
    return path.suffix.lower() in SUFFIXES and not hidden


def is_url(target: str) -> bool:
    """Tell whether a target is a web address."""
    return target.startswith(("http://", "https://"))


def file_digest(path: Path) -> str:
    """Return a file's SHA-256.

    Raises:
        LoadError: it can't be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        reason = f"{str(path)!r} can't be read ({error.strerror}); check its permissions"
        raise LoadError(reason) from error
