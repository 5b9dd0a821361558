"""Plans: what may be offered in a situation, asked line by line."""

from __future__ import annotations

import json
import sys

import click

from fairdue.commands import language, says_faults
from fairdue.core.errors import Lang
from fairdue.core.money import format_minor


@click.command()
@click.argument("situations", type=click.Path(exists=True, dir_okay=False, allow_dash=True), default="-")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@says_faults
def offers(situations: str, as_json: bool) -> None:
    """What may be offered, and why not the rest: one situation a line (JSON) in, one choice set a line out."""
    from fairdue.rules.plans.asked import answer_line

    wrong = False
    with click.open_file(situations, "r", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            answer = answer_line(line)
            wrong |= "error" in answer
            click.echo(json.dumps({"line": number, **answer}, ensure_ascii=False) if as_json else _text(number, answer))
    sys.exit(1 if wrong else 0)


def _text(number: int, answer: dict[str, object]) -> str:
    """A choice set for reading: a line an offer, then what is not offered and why."""
    lang = language()
    error = answer.get("error")
    if isinstance(error, dict):
        return f"{number}: {error[lang]}"
    return "\n".join([f"{number}: {answer['id'] or ''}", *_offers(answer, lang), *_refused(answer, lang)])


def _offers(answer: dict[str, object], lang: Lang) -> list[str]:
    rows = answer["offers"] if isinstance(answer["offers"], list) else []
    words = ("共还", "年化成本", "须审批：") if lang == "zh" else ("in all", "yearly cost", "needs approval: ")
    return [
        f"  + {o['title'][lang]} × {o['months']}: {words[0]} {format_minor(o['total'], 2)}, "
        f"{words[1]} {o['eac_ppm'] / 10_000:.2f} %"
        + (f", {words[2]}{'/'.join(o['approvers'])}" if o["approvers"] else "")
        for o in rows
    ]


def _refused(answer: dict[str, object], lang: Lang) -> list[str]:
    rows = [answer["why"]] if answer["why"] else []
    said = [f"  - {w[lang]}" for row in rows if isinstance(row, list) for w in row]
    refused = answer["not_offered"] if isinstance(answer["not_offered"], list) else []
    return said + [f"  - {r['code']} × {r['months']}: {' '.join(w[lang] for w in r['why'])}" for r in refused]


COMMANDS = (offers,)
CHINESE = {
    "offers": "可以提供哪些方案、其余为何不能：每行一个情形（JSON），每行输出一个方案集合。",
    "offers --json": "每行输出一个 JSON 对象。",
}
ARGUMENTS = {"offers SITUATIONS": {"en": "File of situations, one JSON object a line; `-` for standard input.",
                                   "zh": "情形文件，每行一个 JSON 对象；`-` 表示标准输入。"}}  # fmt: skip
