"""Sets a paper from a template and its facts as PDF/A-2b: the same facts on the same day give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from fairdue.core.errors import Fault

TEMPLATES = Path(__file__).parent / "templates"
FONTS = str(Path(__file__).parent / "fonts")  # a Chinese font comes with us, for machines that have none
CHINESE_FONTS = (
    "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Noto Sans CJK SC", "Noto Sans SC",
    "Source Han Sans SC", "SimSun", "Songti SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei",
)  # fmt: skip


PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/svg+xml": "svg"}


class NoChineseFont(Fault):
    """A letter with empty boxes is no letter."""

    code = "documents.no-chinese-font"
    en = "No font with Chinese characters is installed; tried {fonts}."
    en_remedy = "Install one, such as the package fonts-noto-cjk, and try again."
    zh, zh_remedy = "未安装中文字体（已查找 {fonts}）。", "请安装中文字体（如 fonts-noto-cjk）后重试。"


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(font_paths=[FONTS])


@cache
def chinese_font() -> str:
    """The first Chinese font of our list that this machine has. Raises `NoChineseFont`."""
    there = set(_fonts().families())
    found = next((font for font in CHINESE_FONTS if font in there), None)
    if found is None:
        raise NoChineseFont(fonts=", ".join(CHINESE_FONTS))
    return found


def picture(title: str, data: bytes, media_type: str, on: date) -> bytes:
    """A picture on a page of its own. Raises `NoChineseFont`, and ValueError where the bytes are no such picture."""
    name = f"picture.{PICTURES[media_type]}"
    with TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(data)
        try:
            return pdf("image", {"title": title, "file": name}, on, archival=False, root=folder.encode())
        except typst.TypstError as broken:
            raise ValueError(title) from broken


def stamps(total: int, on: date) -> bytes:
    """So many empty pages with their numbers at the foot, to be laid over others. Raises `NoChineseFont`."""
    return pdf("stamps", {"total": total}, on, archival=False)


def pdf(
    template: str, facts: Mapping[str, Any], on: date, *, archival: bool = True, root: bytes | None = None
) -> bytes:
    """Set `templates/<template>.typ` with the facts. Raises `NoChineseFont`."""
    told = {**facts, "font": chinese_font()}
    made = typst.compile(
        (TEMPLATES / f"{template}.typ").read_bytes(), sys_inputs={"facts": json.dumps(told, ensure_ascii=False)},
        font_paths=_fonts(), format="pdf", pdf_standards=["a-2b"] if archival else [], root=root,
        timestamp=int(datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp()),
    )  # fmt: skip
    return bytes(made)
