"""What a file of sound or words is, told by its content and never by its name; how long it is, and how much of it is silence."""

from __future__ import annotations

import io
import json
import re
import wave
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import filetype
import numpy as np
import numpy.typing as npt

from fairdue.core.errors import Fault
from fairdue.wording.said import WORDS

SOUND_LIMIT = 64 * 1024 * 1024
WORDS_LIMIT = 2 * 1024 * 1024
# What the content says → what it is served as. A video in the same wrapping as m4a is not taken.
TYPES = {"wav": "audio/wav", "mp3": "audio/mpeg", "ogg": "audio/ogg", "m4a": "audio/mp4"}
UNKNOWN = -1
PPM = 1_000_000
WINDOW_MS, QUIET_PPM = 100, 10_000  # a tenth of a second below 1 % of full scale is silence: a judgement of ours
SPEAKER = re.compile(r"^\s*([^:：]{1,20})\s*[:：]\s*(.+)$")
DEBTOR = frozenset(["debtor", "customer", "borrower", "客户", "借款人", "债务人", "本人", "对方", "用户"])


class NotSound(Fault):
    """The content is none of the kinds that are kept."""

    code = "recording.not-sound"
    en, en_remedy = "'{name}' is no sound that can be kept ({found}).", "Give a WAV, MP3, OGG or M4A file."
    zh, zh_remedy = "“{name}”不是可保存的录音（{found}）。", "请提供 WAV、MP3、OGG 或 M4A 文件。"


class SoundTooBig(Fault):
    """Larger than is kept."""

    code = "recording.too-big"
    en, en_remedy = "'{name}' has {size} bytes; at most {limit} are kept.", "Save it with a lower bit rate."
    zh, zh_remedy = "“{name}”有 {size} 字节，超过上限 {limit} 字节。", "请降低码率后再试。"


class NotWords(Fault):
    """The transcript cannot be read."""

    code = "recording.not-words"
    en = "The transcript '{name}' cannot be read: {why}."
    en_remedy = "Give UTF-8: lines such as 'collector: …', or JSON with 'turns' of 'speaker' and 'text'."
    zh = "录音文本“{name}”无法读取：{why_zh}。"
    zh_remedy = "请提供 UTF-8 文本：每行如“催收员：……”，或含 turns（speaker、text）的 JSON。"


@dataclass(frozen=True)
class Turn:
    """One turn of a talk; `speaker` is collector, debtor or other, seconds are -1 where they are not known."""

    speaker: str
    text: str
    start: float = UNKNOWN
    end: float = UNKNOWN


@dataclass(frozen=True)
class Sound:
    """What the content of a sound tells; UNKNOWN where this format is not measured."""

    media_type: str
    seconds: int
    silent_ppm: int


def hear(data: bytes, name: str) -> Sound:
    """Look at a sound. Raises `NotSound`, `SoundTooBig`."""
    if len(data) > SOUND_LIMIT:
        raise SoundTooBig(name=name, size=len(data), limit=SOUND_LIMIT)
    kind = filetype.guess(data[:8192])
    if kind is None or kind.extension not in TYPES:
        raise NotSound(name=name, found=kind.mime if kind else "?")
    seconds, silent = _measured(data) if kind.extension == "wav" else (UNKNOWN, UNKNOWN)
    return Sound(TYPES[kind.extension], seconds, silent)


def _measured(data: bytes) -> tuple[int, int]:
    """Length and silence of uncompressed sound; unknown where it is compressed or cut off."""
    try:
        with wave.open(io.BytesIO(data)) as said:
            rate, channels, width = said.getframerate(), said.getnchannels(), said.getsampwidth()
            frames = said.readframes(said.getnframes())
    except (wave.Error, EOFError):
        return UNKNOWN, UNKNOWN
    if width not in (1, 2) or rate <= 0:
        return UNKNOWN, UNKNOWN
    flat = np.frombuffer(frames[: len(frames) // width * width], np.uint8 if width == 1 else np.dtype("<i2"))
    level = (flat.astype(np.float32) - 128) / 128 if width == 1 else flat.astype(np.float32) / 32768
    level = level[: len(level) // channels * channels]
    return len(level) // channels // rate, _silence(level, rate * channels * WINDOW_MS // 1000)


def _silence(level: npt.NDArray[np.floating[Any]], window: int) -> int:
    """Share of whole windows whose root mean square is quiet, ppm."""
    count = len(level) // max(window, 1)
    if count == 0:
        return UNKNOWN
    loud = np.sqrt((level[: count * window].reshape(count, window) ** 2).mean(axis=1))
    return int((loud < QUIET_PPM / PPM).sum()) * PPM // count


def turns_of(data: bytes, name: str) -> tuple[Turn, ...]:
    """The turns of a transcript. Raises `NotWords`."""
    if len(data) > WORDS_LIMIT:
        raise NotWords(name=name, why=f"more than {WORDS_LIMIT} bytes", why_zh=f"超过 {WORDS_LIMIT} 字节")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotWords(name=name, why="it is not UTF-8", why_zh="不是 UTF-8 编码") from None
    said = text.lstrip()
    found = _json_turns(said, name) if said[:1] in ("{", "[") else _line_turns(text)
    if not found:
        raise NotWords(name=name, why="nobody says anything in it", why_zh="其中没有任何发言")
    return found


def _json_turns(text: str, name: str) -> tuple[Turn, ...]:
    try:
        rows = json.loads(text)
        rows = rows["turns"] if isinstance(rows, dict) else rows
        return tuple(_turn(row) for row in rows if str(row["text"]).strip())
    except (ValueError, KeyError, TypeError) as error:
        raise NotWords(
            name=name, why=f"its JSON has no turns ({error!r})", why_zh=f"JSON 中没有可用的 turns（{error!r}）"
        ) from None


def _turn(row: Any) -> Turn:
    start, end = (float(row[key]) if row.get(key) is not None else float(UNKNOWN) for key in ("start", "end"))
    return Turn(speaker_of(str(row.get("speaker", ""))), str(row["text"]).strip(), start, end)


def _line_turns(text: str) -> tuple[Turn, ...]:
    """Lines with a speaker before a colon; a line without one goes on with the turn before."""
    found: list[Turn] = []
    for line in filter(str.strip, text.splitlines()):
        match = SPEAKER.match(line)
        if match:
            found.append(Turn(speaker_of(match[1]), match[2].strip()))
        elif found:
            found[-1] = Turn(found[-1].speaker, f"{found[-1].text}\n{line.strip()}")
        else:
            found.append(Turn("other", line.strip()))
    return tuple(found)


def speaker_of(said: str) -> str:
    """Who speaks, in our words."""
    word = said.strip().casefold()
    if word in WORDS["speaker"].split():
        return "collector"
    return "debtor" if word in DEBTOR else "other"


def as_json(turns: Sequence[Turn]) -> bytes:
    """The turns as they are kept."""
    return json.dumps({"turns": [asdict(turn) for turn in turns]}, ensure_ascii=False).encode()


def from_json(data: bytes) -> tuple[Turn, ...]:
    """Kept turns."""
    return tuple(Turn(**row) for row in json.loads(data)["turns"])


def timed(turns: Sequence[Turn]) -> tuple[int, int]:
    """Length and silence as the times of the turns tell; unknown where one of them has no times."""
    if not turns or any(turn.start < 0 or turn.end < turn.start for turn in turns):
        return UNKNOWN, UNKNOWN
    length = max(turn.end for turn in turns)
    spoken, until = 0.0, 0.0
    for turn in sorted(turns, key=lambda one: one.start):
        spoken += max(0.0, turn.end - max(turn.start, until))
        until = max(until, turn.end)
    return int(length), int((1 - spoken / length) * PPM) if length > 0 else UNKNOWN
