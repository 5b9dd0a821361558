"""The report as a PDF: the same figures as on the page, laid out for paper by Typst with a font that comes along."""

from __future__ import annotations

import json
import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import typst

from fairdue.core.errors import Lang
from fairdue.logaudit import charts, html
from fairdue.logaudit.words import number, share, word, words

_FONTS = files("fairdue.documents") / "fonts"
_NARROW = str.maketrans({"’": "'", "“": "'", "”": "'"})  # the font's own are as wide as a Chinese character


def page(summary: dict[str, Any], examples: dict[str, list[dict[str, Any]]], lang: Lang) -> bytes:
    """The whole report in one language."""
    with tempfile.TemporaryDirectory(prefix="fairdue-report-") as made, as_file(_FONTS) as fonts:
        folder = Path(made)
        said = _data(summary, examples, lang)
        text = json.dumps(_narrowed(said) if lang == "en" else said, ensure_ascii=False)
        (folder / "data.json").write_text(text, "utf-8")
        template = (files("fairdue.logaudit") / "report.typ").read_text("utf-8")
        (folder / "report.typ").write_text(template, "utf-8")
        found: bytes = typst.compile(
            folder / "report.typ", root=folder, font_paths=[fonts], ignore_system_fonts=True, format="pdf"
        )
        return found


def _narrowed(said: Any) -> Any:
    """English with plain quotation marks, drawings left as they are."""
    if isinstance(said, dict):
        return {key: value if key == "svg" else _narrowed(value) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return [_narrowed(one) for one in said]
    return said.translate(_NARROW) if isinstance(said, str) else said


def _data(s: dict[str, Any], examples: dict[str, list[dict[str, Any]]], lang: Lang) -> dict[str, Any]:
    return {
        "lang": lang, "title": s["title"] or word("report", lang), "words": words(lang), "verdict": html.verdict(s, lang),
        "head": html.head(s, lang),
        "tiles": [dict(zip(("name", "value", "beside", "kind"), tile, strict=True)) for tile in html.tiles(s, lang)],
        "rules": [_rule(rule, lang) for rule in s["rules"]], "plots": _plots(s, lang), "parts": _parts(s, lang),
        "method": html.method(s, lang),
        "examples": [
            {"title": rule["title"][lang], "rows": _examples(examples.get(rule["rule"], ()), lang)} for rule in s["rules"]
        ],
    }  # fmt: skip


def _rule(rule: dict[str, Any], lang: Lang) -> dict[str, str]:
    return {
        "id": rule["rule"], "title": rule["title"][lang], "ground": rule["ground"][lang], "link": rule["link"],
        "confidence": f"{rule['confidence']} · {rule['confidence_label'][lang]}", "since": rule["since"],
        "remedy": rule["remedy"][lang], "breaches": number(rule["breaches"]), "contacts": number(rule["contacts"]),
    }  # fmt: skip


def _plots(s: dict[str, Any], lang: Lang) -> list[dict[str, str]]:
    drawn = (("by_day", html.day_bars(s)), ("by_hour", html.hour_bars(s)))
    return [
        {"title": word(name, lang), "svg": charts.columns(bars, charts.PAPER, word(name, lang))} for name, bars in drawn
    ]


def _parts(s: dict[str, Any], lang: Lang) -> list[dict[str, Any]]:
    """The tables between the plots and the method."""
    return [
        part for part in (_agencies(s, lang), _agency_rule(s, lang), _collectors(s, lang), _not_judged(s, lang)) if part
    ]


def _part(
    title: str, columns: list[str], head: list[str], rows: list[Any], text: str = "", more: str = ""
) -> dict[str, Any]:
    return {"title": title, "columns": columns, "head": head, "rows": rows, "text": text, "more": more}


_FIGURES = ["contacts", "in_breach", "share", "breaches"]


def _figures(one: dict[str, Any]) -> list[str]:
    return [
        number(one["contacts"]), number(one["in_breach"]), share(one["in_breach"], one["contacts"]), number(one["breaches"]),
    ]  # fmt: skip


def _heads(names: list[str], lang: Lang) -> list[str]:
    return [word(name, lang) for name in names]


def _agencies(s: dict[str, Any], lang: Lang) -> dict[str, Any]:
    shown, left = s["agencies"][: html.MOST_AGENCIES], len(s["agencies"]) - html.MOST_AGENCIES
    rows = [[one["agency"] or word("unnamed", lang), *_figures(one)] for one in shown]
    more = word("more", lang, n=left) if left > 0 else ""
    return _part(
        word("by_agency", lang), ["wide"] + ["number"] * 4, _heads(["agency", *_FIGURES], lang), rows, "", more
    )


def _agency_rule(s: dict[str, Any], lang: Lang) -> dict[str, Any] | None:
    names = html.agencies_across(s)
    if not names:
        return None
    head = [word("rule", lang), *(name or word("unnamed", lang) for name in names)]
    rows = [[rule["title"][lang], *(number(rule["agencies"].get(name, 0)) for name in names)] for rule in s["rules"]]
    return _part(word("agency_rule", lang), ["wide"] + ["number"] * len(names), head, rows)


def _collectors(s: dict[str, Any], lang: Lang) -> dict[str, Any] | None:
    shown = html.collectors_shown(s)
    unnamed = word("unnamed", lang)
    rows = [[one["collector"] or unnamed, one["agency"] or unnamed, *_figures(one)] for one in shown]
    title, head = word("by_collector", lang, n=len(shown)), _heads(["collector", "agency", *_FIGURES], lang)
    return _part(title, ["wide", "name"] + ["number"] * 4, head, rows) if rows else None


def _not_judged(s: dict[str, Any], lang: Lang) -> dict[str, Any] | None:
    rows = [
        [{"main": one[f"title_{lang}"], "under": f"{one['rule']} · {html.ground_or_house(one, lang)}"}, one[f"missing_{lang}"],
         number(one["contacts"])]
        for one in html.not_judged_rows(s)
    ]  # fmt: skip
    head = _heads(["rule", "missing", "contacts"], lang)
    return (
        _part(word("not_judged", lang), ["wide", "name", "number"], head, rows, word("not_judged_how", lang))
        if rows
        else None
    )


def _examples(rows: Any, lang: Lang) -> list[list[str]]:
    unnamed = word("unnamed", lang)
    return [
        [str(one["row"]), one["contact_id"] or "–", one["local_time"] or "–", one["agency"] or unnamed,
         one["collector"] or unnamed, one[f"facts_{lang}"]]
        for one in rows
    ]  # fmt: skip
