"""Two themes of our own: dark (ink and celadon) and light (paper and celadon)."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="fieldkit-dark",
    primary="#7fc0b2",
    secondary="#8fa9c4",
    accent="#e0b36a",
    warning="#e0b36a",
    error="#e0807a",
    success="#8fbf8a",
    foreground="#d9dee4",
    background="#15191e",
    surface="#1b2027",
    panel="#252c35",
    dark=True,
    variables={
        "border": "#36404b",
        "scrollbar": "#2d3641",
        "scrollbar-hover": "#3d4854",
        "scrollbar-active": "#7fc0b2",
        "scrollbar-background": "#15191e",
        "scrollbar-background-hover": "#15191e",
        "scrollbar-background-active": "#15191e",
        "scrollbar-corner-color": "#15191e",
        "input-cursor-background": "#d9dee4",
        "input-cursor-foreground": "#15191e",
        "faint": "#85909c",
        "cursor": "#294a48",
        "cursor-away": "#242b34",
        "field": "#2c3540",
    },
)

LIGHT = Theme(
    name="fieldkit-light",
    primary="#1d6b60",
    secondary="#3f5f80",
    accent="#93590f",
    warning="#93590f",
    error="#b0342d",
    success="#2f6b35",
    foreground="#262a2e",
    background="#fbf9f5",
    surface="#f3efe8",
    panel="#e6e0d5",
    dark=False,
    variables={
        "border": "#cfc7b8",
        "scrollbar": "#d6cfc2",
        "scrollbar-hover": "#c4bbab",
        "scrollbar-active": "#1d6b60",
        "scrollbar-background": "#fbf9f5",
        "scrollbar-background-hover": "#fbf9f5",
        "scrollbar-background-active": "#fbf9f5",
        "scrollbar-corner-color": "#fbf9f5",
        "input-cursor-background": "#262a2e",
        "input-cursor-foreground": "#fbf9f5",
        "faint": "#6d6a63",
        "cursor": "#c9e2dc",
        "cursor-away": "#ece6da",
        "field": "#ded7c9",
    },
)

THEMES = (DARK, LIGHT)
