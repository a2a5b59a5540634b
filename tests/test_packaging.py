from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path, PurePath

PACKAGES = ("assistant", "vectorstore", "prompts", "evals")


def test_every_file_that_isnt_python_is_packaged() -> None:
    with Path("pyproject.toml").open("rb") as opened:
        patterns = tomllib.load(opened)["tool"]["setuptools"]["package-data"]
    listed = subprocess.run(
        ["git", "ls-files", *PACKAGES], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    others = [PurePath(file) for file in listed if not file.endswith(".py")]
    left_out = [
        str(file)
        for file in others
        if not any(PurePath(*file.parts[1:]).match(p) for p in patterns[file.parts[0]])
    ]
    assert len(others) > 20
    assert left_out == []
