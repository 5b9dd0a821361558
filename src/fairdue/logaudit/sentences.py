"""Why each contact is a breach, in a sentence: the facts, the time, the earlier contacts that were counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from fairdue.core.codes import Code
from fairdue.core.errors import Lang
from fairdue.core.guard_facts import FACTS, YesNo
from fairdue.core.guard_history import Unit
from fairdue.core.guard_kinds import Kind, QuietHours
from fairdue.logaudit.contacts import FILE, ROW, SECOND, ZONE, zones
from fairdue.logaudit.judging import SHOWN_ROWS
from fairdue.rules.load import Pack

LANGS: tuple[Lang, ...] = ("zh", "en")
_EPOCH = date(1970, 1, 1).toordinal()
_OF_THE_LOG = {
    "answered": ("接通与否", "whether it was answered"),
    "talked": ("是否有效通话", "whether it was an effective talk"),
}
_UNITS: Mapping[Unit, tuple[str, str]] = {
    Unit.ATTEMPT: ("联系", "contacts"), Unit.CONNECTED: ("接通", "answered"),
    Unit.EFFECTIVE_TALK: ("有效通话", "effective talks"), Unit.UNANSWERED: ("未接通", "unanswered"),
}  # fmt: skip


def fact_label(name: str, lang: Lang) -> str:
    """What a fact is called."""
    if name in FACTS:
        return FACTS[name].zh if lang == "zh" else FACTS[name].en
    zh, en = _OF_THE_LOG.get(name, (name, name))
    return zh if lang == "zh" else en


def value_label(name: str, value: str, lang: Lang) -> str:
    """What a value written by name is called."""
    codes: type[Code] | None = FACTS[name].values if name in FACTS else YesNo
    return codes[value].label(lang) if codes and value in codes.__members__ else value


def facts_named(names: str, lang: Lang) -> str:
    """Several facts, `a,b`, by what they are called."""
    return ("、" if lang == "zh" else ", ").join(fact_label(name, lang) for name in names.split(",") if name)


def clock(minute: int) -> str:
    """A time of day."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def pattern(test: Kind, said: str, lang: Lang) -> str:
    """The sentence with places for the local time ({time}), the count ({count}) and the rows counted ({rows})."""
    counted = _counted(test, lang)
    if counted:
        return counted
    if isinstance(test, QuietHours):
        hours = f"{clock(test.starts)}–{clock(test.ends)}"
        if lang == "zh":
            return f"对方当地时间 {{time}}，处于免打扰时段 {hours}"
        return f"{{time}} at the person’s place, within quiet hours {hours}"
    pairs = [pair.split("=", 1) for pair in said.split(";") if pair]
    if lang == "zh":
        return "；".join(f"{fact_label(name, lang)}：{value_label(name, value, lang)}" for name, value in pairs)
    return "; ".join(f"{fact_label(name, lang)}: {value_label(name, value, lang)}" for name, value in pairs)


def _counted(test: Any, lang: Lang) -> str:
    """For rules that count: how many, of what, in how many days, and where they stand."""
    limit, days, unit = (getattr(test, name, None) for name in ("limit", "days", "unit"))
    if days is None or unit is None:
        return ""
    zh, en = _UNITS[Unit(unit)]
    if limit is None:
        rests = (f"此前 {days} 日内已有 {{count}} 次{zh}，其后须停歇 {days} 日：{{rows}}",
                 f"{{count}} {en} in the {days} days before it, after which {days} days must pass: {{rows}}")  # fmt: skip
        return rests[lang == "en"]
    if lang == "zh":
        span = "当日" if days == 1 else f"{days} 个自然日内"
        return f"此前{span}已有 {{count}} 次{zh}，上限 {limit} 次：{{rows}}"
    span = "that day" if days == 1 else f"within {days} days"
    return f"{{count}} {en} before it {span}, the limit is {limit}: {{rows}}"


def worded(breaches: pl.DataFrame, pack: Pack, files: int) -> pl.DataFrame:
    """Breaches as people read them: texts of the rule, the local time, the sentence in both languages."""
    rules = list(pack.by_id.values())
    kinds = breaches.select("rule", "since", "said").unique()
    lines = [_line(rules[rule], since, said) for rule, since, said in kinds.iter_rows()]
    texts = kinds.hstack(pl.DataFrame(lines, schema=dict.fromkeys(_TEXTS, pl.String)))
    named = pl.col("counted").list.eval(_row_name(pl.element(), files)).list.join(", ")
    more = pl.when(pl.col("count") > SHOWN_ROWS).then(pl.lit("… ")).otherwise(pl.lit("")) + named
    frame = breaches.join(texts, on=["rule", "since", "said"], how="left").with_columns(more.alias("rows_named"))
    when = pl.from_epoch(pl.when(pl.col("local") >= 0).then(pl.col("local") * 60), "s").dt.strftime("%Y-%m-%d %H:%M")
    filled = [_filled(f"facts_{lang}").alias(f"facts_{lang}") for lang in LANGS]
    return frame.with_columns(
        when.alias("local_time"), (pl.col(ROW) // FILE + 1).cast(pl.Int32).alias("file"),
        (pl.col(ROW) % FILE).alias("row_no"),
        pl.col(ZONE).replace_strict(dict(enumerate(zones())), default=None, return_dtype=pl.String).alias("zone_name"),
        pl.from_epoch(SECOND, "s").dt.strftime("%Y-%m-%dT%H:%M:%SZ").alias("at_utc"),
    ).with_columns(filled)  # fmt: skip


_TEXTS = (
    "rule_id", "title_zh", "title_en", "ground_zh", "ground_en", "link", "confidence", "in_force_since", "facts_zh", "facts_en",
)  # fmt: skip


def _line(rule: Any, since: int, said: str) -> dict[str, str]:
    day = date.fromordinal(since + _EPOCH)
    test = next(test for begins, test in rule.dated if begins == day)
    about = rule.about
    return {
        "rule_id": rule.id, "title_zh": about.title["zh"], "title_en": about.title["en"],
        "ground_zh": ground(about, "zh"), "ground_en": ground(about, "en"), "link": about.link,
        "confidence": about.confidence, "in_force_since": day.isoformat(),
        "facts_zh": pattern(test, said, "zh"), "facts_en": pattern(test, said, "en"),
    }  # fmt: skip


def ground(about: Any, lang: Lang) -> str:
    """Instrument and article."""
    article = about.article[lang]
    if lang == "en":
        return f"{about.instrument['en']}, {article}"
    return f"{about.instrument['zh']}" + (f"第{article}条" if article.replace(".", "").isdigit() else article)


def _filled(name: str) -> pl.Expr:
    text = pl.col(name)
    filled = {"{time}": pl.col("local_time"), "{count}": pl.col("count").cast(pl.String), "{rows}": _rows(name)}
    for place, column in filled.items():
        text = text.str.replace(place, column.fill_null(""), literal=True)
    return text


def _rows(name: str) -> pl.Expr:
    zh = name.endswith("zh")
    return pl.lit("第 " if zh else "rows ") + pl.col("rows_named") + pl.lit(" 行" if zh else "")


def _row_name(row: pl.Expr, files: int) -> pl.Expr:
    within = (row % FILE).cast(pl.String)
    return within if files == 1 else (row // FILE + 1).cast(pl.String) + ":" + within
