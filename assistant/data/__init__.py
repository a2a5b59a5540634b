"""Lists of ours: words, names and sentences, a line each, with comments behind `#`."""

from importlib.resources import files


def read_lines(name: str) -> list[str]:
    """Return a list's lines, comments and empty ones left out."""
    lines = (files(__name__) / f"{name}.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
