"""Says how far long work has come; silent where nobody looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn


class Report(Protocol):
    """Told what is being done, how much of it is done, and of how much (None: not known)."""

    def __call__(self, what: str, done: int, total: int | None) -> None:
        """Told at the beginning, after each part, and at the end."""


def silent(what: str, done: int, total: int | None) -> None:
    """Nobody looks."""


WORDS = {
    "read": "读取 / read",
    "publish": "入账 / publish",
    "decide": "逐案决定 / decide",
    "assign": "分案排序 / assign",
    "judge": "逐条判断 / judge",
    "write": "生成报告 / write",
    "replay": "重放 / replay",
    "verify": "核对 / verify",
    "send": "发送 / send",
    "prepare": "准备诉讼材料 / prepare files",
    "daily": "每日作业 / daily",
}


@contextmanager
def on_terminal() -> Iterator[Report]:
    """A bar per kind of work, on stderr; plain lines where stderr is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def report(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(WORDS.get(what, what), total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield report
