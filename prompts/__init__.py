"""Prompts, one Markdown file each; `load_prompt` fills them in and is strict about it."""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files

import yaml

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


class PromptError(Exception):
    """A prompt file is missing or malformed, or its variables don't fit what it is given."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt: its name, its text with `{{variables}}`, and the text's SHA-256."""

    name: str
    text: str
    variables: frozenset[str]
    sha256: str

    def fill(self, **values: str) -> str:
        """Return the text with each variable replaced; values are never expanded again.

        Raises:
            PromptError: a variable is missing, or a value is given that isn't one.
        """
        missing, unknown = self.variables - values.keys(), values.keys() - self.variables
        if missing or unknown:
            raise PromptError(
                f"the prompt {self.name!r} takes {sorted(self.variables)}: "
                f"missing {sorted(missing)}, unknown {sorted(unknown)}"
            )
        return _VARIABLE.sub(lambda match: values[match[1]], self.text)


@functools.cache
def load_prompt(name: str) -> Prompt:
    """Return the prompt in `prompts/NAME.md`.

    Raises:
        PromptError: there is no such file, or its variables aren't those its front matter names.
    """
    file = files("prompts") / f"{name}.md"
    if not file.is_file():
        raise PromptError(f"there is no prompt {name!r}: expected the file prompts/{name}.md")
    raw = file.read_text("utf-8")
    match = _FRONT_MATTER.match(raw)
    if match is None:
        raise PromptError(f"prompts/{name}.md must begin with front matter between --- lines")
    declared = frozenset((yaml.safe_load(match[1]) or {}).get("variables") or [])
    used = frozenset(_VARIABLE.findall(match[2]))
    if declared != used:
        raise PromptError(
            f"prompts/{name}.md declares {sorted(declared)} and uses {sorted(used)}; "
            "make its front matter name what the text uses"
        )
    digest = hashlib.sha256(raw.encode()).hexdigest()
    return Prompt(name, match[2].strip(), used, digest)


def prompt_names() -> list[str]:
    """Return the names of all prompts."""
    return sorted(f.name.removesuffix(".md") for f in files("prompts").iterdir() if ".md" in f.name)
