"""Charts as SVG by hand: two bars a place, all contacts pale and those in breach strong. No script, no font of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 200
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 12, 26
MOST_LABELS = 12


@dataclass(frozen=True)
class Colours:
    """What a chart is drawn with: CSS variables on a page, plain colours on paper."""

    pale: str
    strong: str
    line: str
    text: str
    font: str


PAGE = Colours("var(--pale)", "var(--strong)", "var(--line)", "var(--soft)", "inherit")
PAPER = Colours("#c9cfdb", "#a92018", "#dfe3e9", "#565e6b", "WenQuanYi Micro Hei")


@dataclass(frozen=True)
class Bar:
    """One place on the axis."""

    label: str
    all: int
    breach: int


def columns(bars: Sequence[Bar], colours: Colours, title: str) -> str:
    """Upright bars on two scales: contacts to the left axis, those in breach beside them to the same axis, at least seen."""
    top = _ceiling(max((bar.all for bar in bars), default=1))
    step = (WIDTH - LEFT - RIGHT) / max(1, len(bars))
    parts = [_grid(top, colours)]
    every = max(1, -(-len(bars) // MOST_LABELS))
    for place, bar in enumerate(bars):
        x = LEFT + place * step
        parts.append(_column(x, step, bar, top, colours))
        if place % every == 0:
            parts.append(_text(x + step / 2, HEIGHT - 8, bar.label, colours, "middle"))
    return _svg(WIDTH, HEIGHT, title, "".join(parts), colours)


def _column(x: float, step: float, bar: Bar, top: int, colours: Colours) -> str:
    width = max(1.0, step * 0.72)
    tall, red = (_height(value, top) for value in (bar.all, bar.breach))
    red = max(red, 1.5) if bar.breach else 0
    base, left = HEIGHT - BOTTOM, x + (step - width) / 2
    tip = f"<title>{escape(bar.label)}: {bar.all:,} / {bar.breach:,}</title>"
    return (
        f"<g>{tip}<rect x='{left:.1f}' y='{base - tall:.1f}' width='{width:.1f}' height='{tall:.1f}' fill='{colours.pale}'/>"
        f"<rect x='{left:.1f}' y='{base - red:.1f}' width='{width:.1f}' height='{red:.1f}' fill='{colours.strong}'/></g>"
    )


def _height(value: int, top: int) -> float:
    return (HEIGHT - TOP - BOTTOM) * value / top


def _grid(top: int, colours: Colours) -> str:
    lines = []
    for part in (0, 1, 2, 3, 4):
        y = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part / 4
        lines.append(f"<line x1='{LEFT}' x2='{WIDTH - RIGHT}' y1='{y:.1f}' y2='{y:.1f}' stroke='{colours.line}'/>")
        lines.append(_text(LEFT - 6, y + 4, short(top * part / 4), colours, "end"))
    return "".join(lines)


def _text(x: float, y: float, text: str, colours: Colours, anchor: str) -> str:
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' font-size='11' fill='{colours.text}' "
        f"font-family='{colours.font}'>{escape(text)}</text>"
    )


def _svg(width: int, height: int, title: str, body: str, colours: Colours) -> str:
    del colours
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' role='img' aria-label='{escape(title)}' "
        f"width='{width}' height='{height}'>{body}</svg>"
    )


def short(value: float) -> str:
    """A figure for an axis: 1.5k, 2M."""
    for unit, sign in ((1_000_000, "M"), (1_000, "k")):
        if value >= unit:
            return f"{value / unit:.2f}".rstrip("0").rstrip(".") + sign
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _ceiling(value: int) -> int:
    """The next figure that four lines divide nicely."""
    if value <= 4:  # noqa: PLR2004 - four lines
        return 4
    size = 10 ** (len(str(value)) - 1)
    found: int = next(
        step * size // 10 for step in (10, 12, 16, 20, 24, 32, 40, 60, 80, 100) if step * size // 10 >= value
    )
    return found
