"""Colours, light and dark: the console's own tokens (server/console/static/tokens.css)."""

from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "ink": "#1c2430",
    "ink_soft": "#4d5a6b",
    "paper": "#f6f7f9",
    "card": "#ffffff",
    "line": "#d5dbe3",
    "edge": "#6b7889",
    "accent": "#1d5f8a",
    "accent_ink": "#ffffff",
    "notice_paper": "#e6f0f8",
}
DARK: Mapping[str, str] = {
    "ink": "#e8ecf2",
    "ink_soft": "#aeb9c8",
    "paper": "#12161c",
    "card": "#1a2029",
    "line": "#313a47",
    "edge": "#8592a4",
    "accent": "#7cc0ea",
    "accent_ink": "#0d141b",
    "notice_paper": "#1b3040",
}
KIND_ICONS: Mapping[str, str] = {
    "screening": "clipboard-account-outline",
    "preparation": "clipboard-list-outline",
    "infusion": "needle",
    "integration": "forum-outline",
    "therapy": "forum-outline",
    "assessment": "clipboard-pulse-outline",
    "follow_up": "calendar-check-outline",
}
