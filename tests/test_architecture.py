"""The house stays as it was drawn: who imports whom, and what a start may load."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {
    "prompts": {"prompts"},
    "vectorstore": {"vectorstore"},
    "assistant": {"assistant", "vectorstore", "prompts"},
    "evals": {"evals", "assistant", "vectorstore", "prompts"},
}


def imported(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} has a relative import"
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("package", ALLOWED)
def test_imports_run_one_way(package: str) -> None:
    for file in (ROOT / package).rglob("*.py"):
        own = {n.split(".")[0] for n in imported(file)} & ALLOWED.keys()
        assert own <= ALLOWED[package], f"{file} imports {own - ALLOWED[package]}"


def test_only_the_store_knows_chroma() -> None:
    users = {
        file.relative_to(ROOT).as_posix()
        for package in ("assistant", "vectorstore", "prompts")
        for file in (ROOT / package).rglob("*.py")
        if any(n.split(".")[0] == "chromadb" for n in imported(file))
    }
    assert users == {"vectorstore/store.py"}


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("assistant.cli", "numpy langchain_core chromadb gradio onnxruntime pydantic rich"),
        ("assistant.commands", "numpy langchain_core chromadb gradio onnxruntime rich torch"),
        ("vectorstore.ingest", "chromadb torch onnxruntime trafilatura docx pypdfium2 lingua"),
        ("assistant.assistant", "chromadb torch onnxruntime gradio xllamacpp langchain_openai"),
    ],
)
def test_importing_loads_nothing_heavy(module: str, heavy: str) -> None:
    code = f"import sys, {module}; print(*set('{heavy}'.split()) & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.split() == []
