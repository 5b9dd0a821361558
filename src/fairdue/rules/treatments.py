"""Reads a decision table from CSV, so that it can be edited like a sheet, and finds every cell that is wrong."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from fairdue.core.codes import Aim, Behaviour, Channel, Code, Tone
from fairdue.core.strategy import Table, compile_table
from fairdue.rules.reading import Wrong
from fairdue.rules.scripts import load_scripts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fairdue.core.errors import Lang

C = TypeVar("C", bound=Code)
COLUMNS = (
    "stage",
    "band",
    "behaviour",
    "aim",
    "channel",
    "tone",
    "cadence_days",
    "script",
    "priority",
    "why_zh",
    "why_en",
)
ANY = "*"
SHOWN_GAPS = 5
LONGEST_CADENCE = 90


@dataclass(frozen=True)
class Treatment:
    """One row of the table: what is done with a segment, how, how often, and why."""

    line: int
    segment: tuple[str, str, str]  # stage, band, behaviour as written: '*' is any, '|' stands between choices
    aim: Aim
    channel: Channel
    tone: Tone
    cadence_days: int  # days between contacts; where the aim is REST, days from the due date to the review
    script: str
    priority: int
    why: Mapping[Lang, str]


class TreatmentFile:
    """One table being read: its rows so far, and what is wrong with them. `table` is whole only without faults."""

    def __init__(self, path: Path, shown: str, stages: tuple[str, ...], bands: int) -> None:
        """Read the whole file; `shown` is its name in faults."""
        self.shown = shown
        self.faults: list[Wrong] = []
        self.treatments: list[Treatment] = []
        self.known = (stages, tuple(str(i) for i in range(bands)), tuple(Behaviour.__members__))
        self.cells: list[tuple[frozenset[int] | None, ...]] = []
        self._rows(path)
        self.table: Table = compile_table(self.cells, tuple(len(values) for values in self.known))
        if not self.faults:
            self._gaps()
            self._shadowed()

    def _rows(self, path: Path) -> None:
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.reader(file, strict=True))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self._wrong(
                1, f"cannot be read ({error})", "无法读取", "Save it as CSV in UTF-8.", "请另存为 UTF-8 编码的 CSV。"
            )
            return
        if not rows or tuple(rows[0]) != COLUMNS:
            self._wrong(
                1, "the columns differ", "列名不符", f"Write: {','.join(COLUMNS)}.", f"应为：{','.join(COLUMNS)}。"
            )
            return
        for line, cells in enumerate(rows[1:], start=2):
            if len(cells) != len(COLUMNS):
                self._wrong(line, f"the row has {len(cells)} cells, not {len(COLUMNS)}",
                            f"本行有 {len(cells)} 格，应为 {len(COLUMNS)} 格",
                            "Put texts with commas in quotes.", "含逗号的文字请加引号。")  # fmt: skip
                continue
            self._row(line, dict(zip(COLUMNS, cells, strict=True)))

    def _row(self, line: int, row: Mapping[str, str]) -> None:
        dimensions = zip(COLUMNS, self.known, strict=False)
        self.cells.append(tuple(self._some(line, row[name], known) for name, known in dimensions))
        treatment = Treatment(
            line, (row["stage"], row["band"], row["behaviour"]), self._code(line, Aim, row["aim"]),
            self._code(line, Channel, row["channel"]), self._code(line, Tone, row["tone"]),
            self._whole(line, row["cadence_days"], 1, LONGEST_CADENCE), row["script"],
            self._whole(line, row["priority"], 0, 100), {"zh": row["why_zh"], "en": row["why_en"]},
        )  # fmt: skip
        self.treatments.append(treatment)
        if not all(treatment.why.values()):
            self._wrong(
                line,
                "the reason is missing in zh or en",
                "缺少中文或英文的理由",
                "Say why in both.",
                "请补齐两种语言的理由。",
            )
        self._script(treatment)

    def _script(self, treatment: Treatment) -> None:
        script = load_scripts().all.get(treatment.script)
        if script is None:
            known = ", ".join(load_scripts().all)
            self._wrong(treatment.line, f"there is no script '{treatment.script}'", f"没有话术“{treatment.script}”",
                        f"Scripts: {known}.", f"可用话术：{known}。")  # fmt: skip
        elif script.tone != treatment.tone:
            self._wrong(treatment.line, f"script '{treatment.script}' is not in the tone {treatment.tone.name}",
                        f"话术“{treatment.script}”的语气不是“{treatment.tone.zh}”",
                        "Choose one that is.", "请选用语气一致的话术。")  # fmt: skip

    def _some(self, line: int, text: str, known: tuple[str, ...]) -> frozenset[int] | None:
        if text == ANY:
            return None
        words = text.split("|")
        for word in words:
            if word not in known:
                self._wrong(line, f"'{word}' is none of {', '.join(known)}", f"“{word}”不在可选值内",
                            "Write one of them, several with '|', or '*'.",
                            "请填写其中之一，多个用“|”分隔，任意填“*”。")  # fmt: skip
        return frozenset(known.index(word) for word in words if word in known)

    def _code(self, line: int, kind: type[C], text: str) -> C:
        if text in kind.__members__:
            return kind[text]
        self._wrong(line, f"'{text}' is no {kind.__name__.lower()}", f"“{text}”不是有效的 {kind.__name__}",
                    f"Write one of {', '.join(kind.__members__)}.",
                    f"可填：{'、'.join(kind.__members__)}。")  # fmt: skip
        return next(iter(kind))

    def _whole(self, line: int, text: str, least: int, most: int) -> int:
        if text.isascii() and text.isdigit() and least <= int(text) <= most:
            return int(text)
        self._wrong(line, f"'{text}' is no whole number from {least} to {most}",
                    f"“{text}”不是 {least} 至 {most} 的整数",
                    "Mend it.", "请修正。")  # fmt: skip
        return least

    def _gaps(self) -> None:
        gaps = self.table.gaps()
        for cell in gaps[:SHOWN_GAPS]:
            names = [known[i] for known, i in zip(self.known, cell, strict=True)]
            more = f" (one of {len(gaps)} cells)" if len(gaps) > SHOWN_GAPS else ""
            more_zh = f"（共 {len(gaps)} 处）" if more else ""
            self._wrong(1, f"no row decides stage {names[0]}, band {names[1]}, {names[2]}{more}",
                        f"没有覆盖 {names[0]}、金额档 {names[1]}、{Behaviour[names[2]].zh}{more_zh}",
                        "Add a row for it.", "请补充一行。")  # fmt: skip

    def _shadowed(self) -> None:
        for number in self.table.shadowed(len(self.treatments)):
            self._wrong(self.treatments[number].line, "this row never decides: rows above take all its cells",
                        "本行永远不会被采用：上方各行已覆盖其全部情形",
                        "Move it up or remove it.", "请上移或删除。")  # fmt: skip

    def _wrong(self, line: int, what: str, what_zh: str, fix: str, fix_zh: str) -> None:
        self.faults.append(Wrong(file=self.shown, line=line, what=what, what_zh=what_zh, fix=fix, fix_zh=fix_zh))
