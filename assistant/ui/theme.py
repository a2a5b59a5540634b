"""The page's colours and fonts, as Gradio takes them; `page.css` has the rest."""

from __future__ import annotations

import gradio as gr


def theme() -> gr.themes.Base:
    """Return the theme: fonts of the reader's system, so that none is loaded."""
    base = gr.themes.Default(
        primary_hue="teal",
        secondary_hue="teal",
        neutral_hue="slate",
        font=["system-ui", "Segoe UI", "Noto Sans", "Noto Sans Arabic", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
    # The theme's own teal is too light for white letters on it, or for letters on white.
    return base.set(
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_text_color="white",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
        checkbox_label_background_fill_selected="*primary_700",
        checkbox_label_background_fill_selected_dark="*primary_700",
        checkbox_label_text_color_selected="white",
        color_accent="*primary_700",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_400",
        block_label_text_color="*neutral_700",
        block_title_text_color="*neutral_700",
    )
