"""The kinds of task: a closed list, so that a task of every slice is named the same on every page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fairdue.core.errors import Lang
from fairdue.rules.reading import Reading, WrongFiles

FILE = Path(__file__).parent / "tasks.yaml"
CODE = re.compile(r"[A-Z][A-Z_]*")
ENDS = {"by": True, "system": False}


@dataclass(frozen=True)
class TaskKind:
    """One kind: what is to be done, and whether a person may say that it is done."""

    code: str
    label: Mapping[Lang, str]
    by_hand: bool


@cache
def load_task_kinds() -> Mapping[str, TaskKind]:
    """Load the shipped list. Raises `WrongFiles`."""
    return read_task_kinds(FILE)


def read_task_kinds(path: Path) -> Mapping[str, TaskKind]:
    """Read the list in a file. Raises `WrongFiles` with every fault, each with its line."""
    reading = Reading(path, path.name)
    found = {}
    for code, said in (reading.data or {}).items():
        line = reading.data.line_of(code)
        if not CODE.fullmatch(code):
            reading.wrong(line, f"'{code}' is no code", f"“{code}”不是有效的代码",
                          "Write capital letters.", "请使用大写字母。")  # fmt: skip
        if not reading.keys(said, ("zh", "en", "ends"), (), code):
            continue
        if said.get("ends") not in ENDS:
            reading.wrong(said.line_of("ends"), f"{code}, ends: '{said.get('ends')}' is not possible",
                          f"{code}，ends：取值无效", "Write by or system.", "可填：by 或 system。")  # fmt: skip
        found[code] = TaskKind(code, {"zh": said.get("zh"), "en": said.get("en")}, ENDS.get(said.get("ends"), True))
    if reading.faults:
        raise WrongFiles(reading.faults)
    return found
