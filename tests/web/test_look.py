"""Colours can be read in light and in dark: WCAG AA, worked out from the variables themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

UI = Path(__file__).resolve().parents[2] / "src" / "fairdue" / "web" / "ui"
TOKENS = (UI / "static" / "css" / "tokens.css").read_text("utf-8")
PAIRS = {name: colours for name, *colours in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", TOKENS)}
MEANINGS = ("good", "attention", "stop", "information", "accent")
TEXT, SHAPE = 4.5, 3.0
READ = [
    *((ink, ground, TEXT) for ink in ("ink", "soft", "accent", "stop") for ground in ("ground", "surface", "raised")),
    *((meaning, f"{meaning}-ground", TEXT) for meaning in MEANINGS),
    ("soft", "accent-ground", TEXT), ("ink", "accent-ground", TEXT), ("on-accent", "accent", TEXT),
    ("edge", "surface", SHAPE), ("accent", "ground", SHAPE),
]  # fmt: skip


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_colour_can_be_read_on_its_ground(scheme: int) -> None:
    weak = {
        (ink, ground): round(contrast(PAIRS[ink][scheme], PAIRS[ground][scheme]), 2)
        for ink, ground, least in READ
        if contrast(PAIRS[ink][scheme], PAIRS[ground][scheme]) < least
    }
    assert weak == {}


def test_styles_use_no_colour_of_their_own() -> None:
    for sheet in (UI / "static" / "css").glob("*.css"):
        if sheet.name != "tokens.css":
            screen = sheet.read_text("utf-8").split("@media print")[0]
            assert re.findall(r"#[0-9a-fA-F]{3,8}\b", screen) == [], sheet.name


def test_every_sign_is_vendored_with_its_licence() -> None:
    folder = UI / "static" / "vendor" / "lucide"
    there = {path.stem for path in folder.glob("*.svg")}
    sources = [*UI.parent.rglob("*.html"), *UI.parent.rglob("*.py")]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    named = set(re.findall(r'{% icon "([\w-]+)"', text))
    assert named <= there
    assert {name for name in there if not re.search(rf'"{name}"', text)} == set()
    assert (folder / "LICENSE").exists()
    assert (UI / "static" / "vendor" / "htmx" / "LICENSE").exists()


def test_the_password_on_the_demos_login_page_is_the_demos() -> None:
    from fairdue.demo.cast import PASSWORD

    page = (UI.parent / "desk" / "templates" / "desk" / "login.html").read_text("utf-8")
    assert set(re.findall(r'name="password" value="(.*?)"|password="(.*?)"', page)) == {(PASSWORD, ""), ("", PASSWORD)}
