"""What a user means to ingest: files, folders, globs, addresses and standard input."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from vectorstore.errors import LoadError
from vectorstore.loaders import SUFFIXES
from vectorstore.report import Report, Skipped

STDIN = "-"


def expand_targets(targets: Sequence[str], report: Report) -> Iterator[str]:
    """Yield the files and addresses that targets stand for; report those that stand for none."""
    for target in targets:
        path = Path(target).expanduser()
        if target == STDIN or is_url(target):
            yield target
        elif not target.strip():
            report.skipped.append(Skipped(target, "an empty path: name a file or folder"))
        elif _exists(path) and path.is_dir():
            yield from _expand_folder(target, path, report)
        elif _exists(path) or _is_broken_link(path):
            yield from _usable([path], report)
        elif matches := sorted(glob.glob(str(path), recursive=True)):
            yield from _usable([Path(m) for m in matches if not Path(m).is_dir()], report)
        else:
            reason = f"there is no file, folder or match for {target!r}; check the path"
            report.skipped.append(Skipped(target, reason))


def _expand_folder(target: str, folder: Path, report: Report) -> Iterator[str]:
    inside = sorted(
        p for p in folder.resolve().rglob("*") if _is_article(p, folder) and not p.is_dir()
    )
    if not inside:
        known = ", ".join(sorted(SUFFIXES))
        reason = f"the folder {target!r} has no article in it; known files are {known}"
        report.skipped.append(Skipped(target, reason))
    yield from _usable(inside, report)


def _usable(files: Iterable[Path], report: Report) -> Iterator[str]:
    """Yield the files that can be read to their end; report the others."""
    for file in files:
        name = str(file)
        if not _readable_name(name):
            shown = name.encode("utf-8", "replace").decode()
            report.skipped.append(Skipped(shown, "its name isn't UTF-8: rename it"))
        elif _is_broken_link(file):
            reason = "a link that leads nowhere: mend it, or name the file itself"
            report.skipped.append(Skipped(name, reason))
        elif not file.is_file():
            reason = "not a regular file but a pipe, socket or device: pipe it in with `-`"
            report.skipped.append(Skipped(name, reason))
        else:
            yield str(file.resolve())


def _is_broken_link(path: Path) -> bool:
    """Tell whether a path is a link to what isn't there, or to itself."""
    try:
        return path.is_symlink() and not path.exists()
    except (OSError, ValueError):
        return False


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
