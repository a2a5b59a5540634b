"""The settings that a reader may change from the page: what writes, and how much."""

from __future__ import annotations

import gradio as gr

from assistant.parts import Parts
from assistant.ui.words import Words


def build_models_panel(parts: Parts, words: Words) -> None:
    """Build the panel."""
    gr.Markdown(words["settings"])
