"""One calm theme, light and dark, in system fonts."""

import gradio as gr

from assistant.page.look import FONTS, MONO


def theme() -> gr.Theme:
    """The theme of the page."""
    base = gr.themes.Default(
        primary_hue="teal", neutral_hue="stone", font=list(FONTS), font_mono=list(MONO)
    )
    # Gradio's own shades are too pale to read: 2.5:1 on white, where 4.5:1 is asked for (WCAG AA).
    return base.set(
        body_text_color_subdued="*neutral_500",
        body_text_color_subdued_dark="*neutral_400",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        link_text_color="*primary_700",
        link_text_color_dark="*primary_300",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
    )
