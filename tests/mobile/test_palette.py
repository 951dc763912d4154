"""The phone's colours are the console's, and everything written in them can be read."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from mobile.widgets.palette import DARK, KIND_DARK, KIND_ICONS, KIND_LIGHT, LIGHT
from shared.vocabulary import VisitKind

TOKENS = Path(__file__).parents[2] / "server" / "console" / "static" / "tokens.css"
LOOKS = {"light": LIGHT, "dark": DARK}
INSTRUCTIONS = [("ink", "paper"), ("ink", "card"), ("ink", "notice_paper")]
REST = [
    ("ink_soft", "paper"),
    ("ink_soft", "card"),
    ("accent", "paper"),
    ("accent", "card"),
    ("accent", "notice_paper"),
    ("accent_ink", "accent"),
]


def brightness(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(look: Mapping[str, str], one: str, other: str) -> float:
    low, high = sorted((brightness(look[one]), brightness(look[other])))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("pair", INSTRUCTIONS)
def test_instructions_stand_out_seven_to_one(look: str, pair: tuple[str, str]) -> None:
    assert contrast(LOOKS[look], *pair) >= 7


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("pair", REST)
def test_all_else_stands_out_four_and_a_half_to_one(look: str, pair: tuple[str, str]) -> None:
    assert contrast(LOOKS[look], *pair) >= 4.5


@pytest.mark.parametrize("look", LOOKS)
def test_fields_and_buttons_have_an_edge_that_is_seen(look: str) -> None:
    assert contrast(LOOKS[look], "edge", "card") >= 3


def test_the_console_has_the_same_colours() -> None:
    written = re.findall(
        r"--([a-z_-]+): light-dark\((#\w{6}), (#\w{6})\)", TOKENS.read_text(encoding="utf-8")
    )
    console = {name.replace("-", "_"): (light, dark) for name, light, dark in written}

    assert {name: (LIGHT[name], DARK[name]) for name in LIGHT} == {
        name: console[name] for name in LIGHT
    }


@pytest.mark.parametrize("kind", KIND_LIGHT)
def test_a_kind_of_visit_has_the_consoles_colours_and_its_sign_is_seen(kind: str) -> None:
    css = TOKENS.read_text(encoding="utf-8")
    for place, name in enumerate((kind, f"{kind}-edge")):
        light, dark = KIND_LIGHT[kind][place], KIND_DARK[kind][place]
        assert f"--{name}: light-dark({light}, {dark});" in css
    for paper, sign in (KIND_LIGHT[kind], KIND_DARK[kind]):
        assert contrast({"paper": paper, "sign": sign}, "paper", "sign") >= 3


def test_every_kind_of_visit_has_a_sign() -> None:
    assert set(KIND_ICONS) == set(VisitKind)
