"""What the pages about audits of logs need: a step in words, the time that is left, the verdict in a sentence."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairdue.intake.canonical import CONTACTS
from fairdue.logaudit import html
from fairdue.logaudit.preview import Seen
from fairdue.logaudit.sentences import fact_label
from fairdue.web.ui.lang import lang

register = template.Library()


@register.filter
def read_as(chosen: Seen, column: str) -> list[str]:
    """What a column of the log is read as, in words."""
    labels = {one.name: one.zh if lang() == "zh" else one.en for one in CONTACTS}
    return [labels.get(name, fact_label(name, lang())) for name in chosen.read_as.get(column, ())]


@register.filter
def step_word(name: str) -> str:
    """A step of the work."""
    words = {
        "wait": _("Wait for its turn"), "read": _("Read the log"), "judge": _("Judge every contact"),
        "write": _("Write the report"),
    }  # fmt: skip
    return words.get(name, name)


@register.simple_tag
def left(seconds: int) -> str:
    """About how long the step will take."""
    if seconds < 60:  # noqa: PLR2004 - a minute
        return _("Less than a minute left in this step; you may leave this page.")
    minutes = -(-seconds // 60)
    text = ngettext(
        "About %(n)d minute left in this step; you may leave this page.",
        "About %(n)d minutes left in this step; you may leave this page.",
        minutes,
    )
    return text % {"n": minutes}


@register.filter
def verdict(found: dict[str, Any]) -> str:
    """The report in one sentence."""
    return html.verdict(found, lang())


@register.filter
def law_first(found: dict[str, Any]) -> list[dict[str, Any]]:
    """What could not be judged: the law first, then house rules."""
    return html.not_judged_rows(found)


@register.filter
def file_words(name: str) -> str:
    """What a file holds."""
    words = {
        "report.zh.html": _("Report in Chinese, page"), "report.en.html": _("Report in English, page"),
        "report.zh.pdf": _("Report in Chinese, PDF"), "report.en.pdf": _("Report in English, PDF"),
        "summary.json": _("All figures"), "missing.csv": _("What could not be judged"),
        "duplicates.csv": _("Rows that stand twice"),
        "breaches.csv": _("Every breach, for a spreadsheet"), "breaches.parquet": _("Every breach, for programs"),
        "rejects.csv": _("Rows that could not be read, with the reasons"),
    }  # fmt: skip
    return words.get(name, name)


@register.simple_tag
def pick(one: dict[str, Any], name: str) -> str:
    """A text that stands in both languages under two names."""
    return str(one[f"{name}_{lang()}"])
