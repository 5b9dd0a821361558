"""The report as one HTML file that needs nothing beside it: it can be mailed, printed and read in the dark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from fairdue.core.errors import Lang
from fairdue.logaudit import charts
from fairdue.logaudit.charts import Bar
from fairdue.logaudit.words import number, share, word

MOST_COLLECTORS = 20
MOST_AGENCIES = 50
MOST_ACROSS = 8
MOST_DAYS = 120


def page(summary: dict[str, Any], examples: dict[str, list[dict[str, Any]]], lang: Lang) -> str:
    """The whole report in one language."""
    body = "".join(
        (
            _head(summary, lang), _tiles(summary, lang), _by_rule(summary, lang), _plots(summary, lang),
            _agencies(summary, lang), _collectors(summary, lang), _not_judged(summary, lang),
            _method(summary, lang), _examples(summary, examples, lang),
        )
    )  # fmt: skip
    style = (files("fairdue.logaudit") / "report.css").read_text("utf-8")
    title = summary["title"] or word("report", lang)
    return (
        f'<!doctype html>\n<html lang="{"zh-Hans" if lang == "zh" else "en"}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body><main>{body}"
        f"<footer>{escape(word('made_by', lang))}</footer></main></body></html>\n"
    )


def head(s: dict[str, Any], lang: Lang) -> list[tuple[str, str]]:
    """What was audited."""
    names = ", ".join(file["name"] for file in s["files"])
    law = s["pack"]["title"][lang]
    return [(word("of", lang), names), (word("period", lang), period(s, lang)), (word("law", lang), law)]


def _head(s: dict[str, Any], lang: Lang) -> str:
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in head(s, lang))
    return (
        f"<header><h1>{escape(s['title'] or word('report', lang))}</h1><dl class='facts'>{facts}</dl>"
        f"<p class='verdict'>{escape(verdict(s, lang))}</p><p class='how'>{escape(word('how', lang))}</p></header>"
    )


def period(s: dict[str, Any], lang: Lang) -> str:
    """From when to when."""
    if s["period"]["first"] is None:
        return word("no_period", lang)
    return word("period_of", lang, **s["period"])


def verdict(s: dict[str, Any], lang: Lang) -> str:
    """The report in one sentence."""
    if not s["rules"]:
        return word("verdict_none", lang)
    most, judged = s["rules"][0], s["rows"]["judged"]
    return word(
        "verdict", lang, judged=number(judged), contacts=number(s["contacts_in_breach"]), breaches=number(s["breaches"]),
        share=share(s["contacts_in_breach"], judged), rule=most["title"][lang], most=number(most["breaches"]),
    )  # fmt: skip


def tiles(s: dict[str, Any], lang: Lang) -> list[tuple[str, str, str, str]]:
    """The figures that come first: name, figure, share, and whether it is good or bad news."""
    judged, standing = s["rows"]["judged"], s["standing"]
    shown = (
        ("judged", judged, ""), ("in_breach", s["contacts_in_breach"], "stop"), ("breaches", s["breaches"], "stop"),
        ("open", standing["open"], ""), ("clear", standing["clear"], "good"),
    )  # fmt: skip
    parts = {"in_breach", "open", "clear"}
    return [
        (word(name, lang), number(value), share(value, judged) if name in parts else "", kind if value else "")
        for name, value, kind in shown
    ]


def _tiles(s: dict[str, Any], lang: Lang) -> str:
    shown = "".join(
        f"<div class='{kind}'><dt>{escape(name)}</dt><dd>{value}<small>{escape(beside)}</small></dd></div>"
        for name, value, beside, kind in tiles(s, lang)
    )
    return f"<dl class='tiles'>{shown}</dl>"


def _section(title: str, body: str, kind: str = "") -> str:
    return f"<section class='{kind}'><h2>{escape(title)}</h2>{body}</section>"


def _table(head: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]]) -> str:
    """`head`: title and class of each column; cells are HTML."""
    tops = "".join(f"<th class='{kind}'>{escape(title)}</th>" for title, kind in head)
    body = "".join(
        "<tr>" + "".join(f"<td class='{kind}'>{cell}</td>" for cell, (_, kind) in zip(row, head, strict=True)) + "</tr>"
        for row in rows
    )
    return f"<div class='scroll'><table><thead><tr>{tops}</tr></thead><tbody>{body}</tbody></table></div>"


def _by_rule(s: dict[str, Any], lang: Lang) -> str:
    if not s["rules"]:
        return ""
    top = s["rules"][0]["breaches"]
    head = [(word("rule", lang), ""), (word("ground", lang), ""), (word("since", lang), "date"),
            (word("breaches", lang), "num"), (word("contacts", lang), "num")]  # fmt: skip
    rows = [
        (
            _rule_cell(rule, 100 * rule["breaches"] / top, lang), _ground(rule, lang), rule["since"],
            number(rule["breaches"]), number(rule["contacts"]),
        )
        for rule in s["rules"]
    ]  # fmt: skip
    return _section(word("by_rule", lang), _table(head, rows))


def _rule_cell(rule: dict[str, Any], percent: float, lang: Lang) -> str:
    return (
        f"<b>{escape(rule['title'][lang])}</b><span class='meter'><i style='width:{percent:.1f}%'></i></span>"
        f"<small>{escape(rule['rule'])} · {escape(rule['remedy'][lang])}</small>"
    )


def _ground(rule: dict[str, Any], lang: Lang) -> str:
    text = escape(rule["ground"][lang])
    linked = f"<a href='{escape(rule['link'])}' rel='noreferrer'>{text}</a>" if rule["link"] else text
    return f"{linked}<small class='confidence'>{escape(rule['confidence'])} · {escape(rule['confidence_label'][lang])}</small>"


def _plots(s: dict[str, Any], lang: Lang) -> str:
    legend = (
        f"<p class='legend'><i class='pale'></i>{escape(word('legend_contacts', lang))}"
        f"<i class='strong'></i>{escape(word('legend_breach', lang))}</p>"
    )
    drawn = [
        (word("by_day", lang), charts.columns(day_bars(s), charts.PAGE, word("by_day", lang))),
        (word("by_hour", lang), charts.columns(hour_bars(s), charts.PAGE, word("by_hour", lang))),
    ]
    return "".join(_section(title, legend + f"<figure>{svg}</figure>", "plot") for title, svg in drawn)


def day_bars(s: dict[str, Any]) -> list[Bar]:
    """A bar a day; many days are put together by week or month."""
    days = s["days"]
    if len(days) <= MOST_DAYS:
        return [Bar(one["day"][5:] if len(days) > 1 else one["day"], one["contacts"], one["in_breach"]) for one in days]
    months: dict[str, list[int]] = {}
    for one in days:
        sums = months.setdefault(one["day"][:7], [0, 0])
        sums[0] += one["contacts"]
        sums[1] += one["in_breach"]
    return [Bar(month, *sums) for month, sums in months.items()]


def hour_bars(s: dict[str, Any]) -> list[Bar]:
    """A bar an hour of the person's day."""
    return [Bar(f"{one['hour']:02}", one["contacts"], one["in_breach"]) for one in s["hours"]]


def _agencies(s: dict[str, Any], lang: Lang) -> str:
    head = [(word("agency", lang), ""), *_figure_heads(lang)]
    rows = [(_named(one["agency"], lang), *_figure_cells(one)) for one in s["agencies"][:MOST_AGENCIES]]
    more = _more(len(s["agencies"]) - MOST_AGENCIES, lang)
    found = _section(word("by_agency", lang), _table(head, rows) + more)
    names = agencies_across(s)
    if not names:
        return found
    across = [(word("rule", lang), ""), *((name or word("unnamed", lang), "num") for name in names)]
    cells = [
        (escape(rule["title"][lang]), *(number(rule["agencies"].get(name, 0)) for name in names)) for rule in s["rules"]
    ]
    return found + _section(word("agency_rule", lang), _table(across, cells))


def agencies_across(s: dict[str, Any]) -> list[str]:
    """The agencies to set side by side, rule by rule; none where there is nothing to compare."""
    alone = len(s["agencies"]) < 2 or not s["rules"]  # noqa: PLR2004 - two are needed to compare
    return [] if alone else [one["agency"] or "" for one in s["agencies"][:MOST_ACROSS]]


def collectors_shown(s: dict[str, Any]) -> list[dict[str, Any]]:
    """Those with most breaches."""
    return [one for one in s["collectors"] if one["breaches"]][:MOST_COLLECTORS]


def _collectors(s: dict[str, Any], lang: Lang) -> str:
    shown = collectors_shown(s)
    if not shown:
        return ""
    head = [(word("collector", lang), ""), (word("agency", lang), ""), *_figure_heads(lang)]
    rows = [(_named(one["collector"], lang), _named(one["agency"], lang), *_figure_cells(one)) for one in shown]
    return _section(word("by_collector", lang, n=len(shown)), _table(head, rows))


def _figure_heads(lang: Lang) -> list[tuple[str, str]]:
    return [(word(name, lang), "num") for name in ("contacts", "in_breach", "share", "breaches")]


def _figure_cells(one: dict[str, Any]) -> tuple[str, ...]:
    return (
        number(one["contacts"]), number(one["in_breach"]), share(one["in_breach"], one["contacts"]), number(one["breaches"]),
    )  # fmt: skip


def _named(name: str | None, lang: Lang) -> str:
    return escape(name) if name else f"<i class='soft'>{escape(word('unnamed', lang))}</i>"


def _more(n: int, lang: Lang) -> str:
    return f"<p class='soft'>{escape(word('more', lang, n=n))}</p>" if n > 0 else ""


def _not_judged(s: dict[str, Any], lang: Lang) -> str:
    if not s["not_judged"]:
        return _section(word("not_judged", lang), f"<p>{escape(word('everything_judged', lang))}</p>")
    head = [(word("rule", lang), ""), (word("missing", lang), ""), (word("contacts", lang), "num")]
    rows = [
        (
            f"{escape(one[f'title_{lang}'])}<small>{escape(one['rule'])} · {escape(ground_or_house(one, lang))}</small>",
            escape(one[f"missing_{lang}"]), number(one["contacts"]),
        )
        for one in not_judged_rows(s)
    ]  # fmt: skip
    return _section(word("not_judged", lang), f"<p>{escape(word('not_judged_how', lang))}</p>" + _table(head, rows))


def not_judged_rows(s: dict[str, Any]) -> list[dict[str, Any]]:
    """The law first, then house rules; most contacts first."""
    return sorted(s["not_judged"], key=lambda one: (one["confidence"] == "H", -one["contacts"]))


def ground_or_house(one: dict[str, Any], lang: Lang) -> str:
    """What a rule stands on."""
    return word("house", lang) if one["confidence"] == "H" else one[f"ground_{lang}"]


def method(s: dict[str, Any], lang: Lang) -> list[tuple[str, str]]:
    """What the report follows from: assumptions, clocks, rows, mapping, rules, files."""
    a, rows = s["assumptions"], s["rows"]
    joint = "；" if lang == "zh" else "; "
    said = word("rows_of", lang, **{name: number(rows[name]) for name in ("read", "judged", "rejected", "twice")})
    if rows["masked"]:
        said += (" " if lang == "en" else "") + word("masked", lang, masked=number(rows["masked"]))
    advice = [f"{one['title'][lang]}（{number(one['contacts'])}）" if lang == "zh"
              else f"{one['title'][lang]} ({number(one['contacts'])})" for one in s["advice"]]  # fmt: skip
    found = [
        (word("assumed", lang), joint.join(a[lang]) or word("nothing_assumed", lang)),
        (word("zone", lang), a["zone"] or word("unknown", lang)),
        (word("clock", lang), a["clock"] or word("own", lang)),
        (word("rows", lang), said),
        (word("law", lang), f"{s['pack']['title'][lang]} ({s['pack']['name']}, {_revision(s['pack'], lang)})"),
        (word("mapping", lang), f"{s['mapping']['name']} ({_revision(s['mapping'], lang)})"),
        *((word("files", lang), f"{file['name']} SHA-256 {file['sha256']}") for file in s["files"]),
    ]
    return [*found, *([(word("advice", lang), joint.join(advice))] if advice else [])]


def _revision(of: dict[str, Any], lang: Lang) -> str:
    return f"{word('revision', lang)} {of['revision'][:12]}"


def _method(s: dict[str, Any], lang: Lang) -> str:
    body = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in method(s, lang))
    return _section(word("assumptions", lang), f"<dl class='pairs'>{body}</dl>")


def _examples(s: dict[str, Any], examples: dict[str, list[dict[str, Any]]], lang: Lang) -> str:
    if not s["rules"]:
        return ""
    head = [(word("row", lang), "num"), (word("contact", lang), ""), (word("time", lang), "date"), (word("agency", lang), ""),
            (word("collector", lang), ""), (word("facts", lang), "")]  # fmt: skip
    parts = [f"<p>{escape(word('examples_how', lang))}</p>"]
    for rule in s["rules"]:
        rows = [
            (
                str(one["row"]), escape(one["contact_id"] or "–"), escape(one["local_time"] or "–"), _named(one["agency"], lang),
                _named(one["collector"], lang), escape(one[f"facts_{lang}"]),
            )
            for one in examples.get(rule["rule"], ())
        ]  # fmt: skip
        parts.append(f"<h3>{escape(rule['title'][lang])}</h3>" + _table(head, rows))
    return _section(word("examples", lang), "".join(parts), "examples")
