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
SHADOW: Mapping[bool, str] = {False: "#1c243024", True: "#00000000"}
"""Under a card, by whether it is dark: there the edge alone lifts it."""
KIND_LIGHT: Mapping[str, tuple[str, str]] = {
    "infusion": ("#dcebf7", "#1d5f8a"),
    "integration": ("#e2f1e6", "#2c7047"),
    "therapy": ("#eaf0da", "#5d6f1e"),
    "screening": ("#f0e9f6", "#68468f"),
    "preparation": ("#f8eddd", "#875a17"),
    "follow_up": ("#e7ebf0", "#4d5a6b"),
    "assessment": ("#e7ebf0", "#4d5a6b"),
}
"""Paper and sign of each kind of visit; never alone, its name stands beside it."""
KIND_DARK: Mapping[str, tuple[str, str]] = {
    "infusion": ("#17364c", "#7cc0ea"),
    "integration": ("#1b3a28", "#86cfa2"),
    "therapy": ("#323b19", "#bccd78"),
    "screening": ("#33264a", "#c3a4e8"),
    "preparation": ("#43331b", "#e1b672"),
    "follow_up": ("#2a323d", "#aeb9c8"),
    "assessment": ("#2a323d", "#aeb9c8"),
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
DUTY_ICONS: Mapping[str, str] = {
    "no-food": "food-off-outline",
    "no-drinks": "cup-off-outline",
    "no-drive": "car-off",
    "told": "hand-heart-outline",
}
