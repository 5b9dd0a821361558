"""An audit in one object: what stands in summary.json, and what both reports are written from."""

from __future__ import annotations

from typing import Any

import polars as pl

from fairdue.logaudit.run import Found
from fairdue.logaudit.sentences import fact_label, ground, value_label
from fairdue.logaudit.tables import missing, row_name
from fairdue.rules.schema import CONFIDENCE


def summary(found: Found) -> dict[str, Any]:
    """Figures, texts in both languages, nothing that names a person."""
    totals, order, read = found.totals, found.order, found.read
    whole = _part(totals, "all").row(0, named=True)
    standing = {row["key"]: row["contacts"] for row in _part(totals, "standing").to_dicts()}
    days = [row for row in _part(totals, "day").sort("key").to_dicts() if row["key"] is not None]
    return {
        "title": order.title,
        "files": [{"name": s.path.name, "sha256": s.sha256} for s in found.sources],
        "mapping": {"name": found.mapping.name, "revision": found.mapping.revision, "title": dict(found.mapping.title)},
        "pack": {"name": found.pack.name, "title": dict(found.pack.title), "revision": found.pack.revision},
        "period": {"first": days[0]["key"] if days else None, "last": days[-1]["key"] if days else None},
        "assumptions": _assumptions(found),
        "rows": {"read": read.read, "rejected": read.rejected, "twice": found.twice.height, "masked": read.masked,
                 "judged": whole["contacts"]},
        "standing": standing,
        "breaches": whole["breaches"],
        "contacts_in_breach": whole["in_breach"],
        "rules": _rules(found),
        "agencies": _listed(totals, "agency"),
        "collectors": _listed(totals, "collector"),
        "hours": _hours(totals),
        "days": [{"day": row["key"], **_figures(row)} for row in days],
        "not_judged": missing(found).to_dicts(),
        "advice": [
            {"rule": rule.id, "contacts": row["contacts"], "title": dict(rule.about.title)}
            for row, rule in ((row, _rule(found, row["rule"])) for row in found.advice.to_dicts())
        ],
        "duplicates": [row_name(row, found) for row in found.twice["row"].head(20).to_list()],
    }  # fmt: skip


def _part(totals: pl.DataFrame, by: str) -> pl.DataFrame:
    return totals.filter(pl.col("by") == by)


def _figures(row: dict[str, Any]) -> dict[str, int]:
    return {name: row[name] for name in ("contacts", "in_breach", "breaches")}


def _rule(found: Found, number: int) -> Any:
    return list(found.pack.by_id.values())[number]


def _assumptions(found: Found) -> dict[str, Any]:
    order = found.order
    return {
        "zone": order.zone, "clock": order.log_clock, "facts": dict(order.assume),
        "zh": [f"{fact_label(name, 'zh')}：{value_label(name, value, 'zh')}" for name, value in order.assume.items()],
        "en": [f"{fact_label(name, 'en')}: {value_label(name, value, 'en')}" for name, value in order.assume.items()],
    }  # fmt: skip


def _rules(found: Found) -> list[dict[str, Any]]:
    """Rules that were breached, most breaches first."""
    by_agency = _part(found.totals, "rule_agency")
    rows = _part(found.totals, "rule").sort("breaches", "key", descending=[True, False]).to_dicts()
    return [_rule_row(found, row, by_agency.filter(pl.col("key") == row["key"])) for row in rows]


def _rule_row(found: Found, row: dict[str, Any], agencies: pl.DataFrame) -> dict[str, Any]:
    about = found.pack.about(row["key"])
    return {
        "rule": row["key"], "title": dict(about.title), "ground": {"zh": ground(about, "zh"), "en": ground(about, "en")},
        "link": about.link, "confidence": about.confidence, "confidence_label": dict(CONFIDENCE[about.confidence]),
        "since": found.pack.by_id[row["key"]].since.isoformat(), "remedy": dict(about.remedy),
        "breaches": row["breaches"], "contacts": row["in_breach"],
        "agencies": {str(one["second_key"] or ""): one["breaches"] for one in agencies.to_dicts()},
    }  # fmt: skip


def _listed(totals: pl.DataFrame, by: str) -> list[dict[str, Any]]:
    rows = _part(totals, by).sort("breaches", "contacts", descending=True).to_dicts()
    names = ("agency", "collector") if by == "collector" else ("agency",)
    return [{**dict(zip(names, (row["key"], row["second_key"]), strict=False)), **_figures(row)} for row in rows]


def _hours(totals: pl.DataFrame) -> list[dict[str, Any]]:
    found = {row["key"]: row for row in _part(totals, "hour").to_dicts()}
    nothing = {"contacts": 0, "in_breach": 0, "breaches": 0}
    return [{"hour": hour, **_figures(found.get(str(hour), nothing))} for hour in range(24)]
