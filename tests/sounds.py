"""Sounds and talks made in code: what recordings in tests are."""

from __future__ import annotations

import io
import wave

import numpy as np

import books
from fairdue.core.codes import Channel
from fairdue.store.actions import contacts
from fairdue.store.actions.contacts import Proposed, Reservation
from fairdue.store.models import Attempt, Case

CALM = "催收员：您好，我是甲银行的工作人员，通话有录音。\n客户：你好。\n催收员：请问方便说一下情况吗？\n客户：最近手头紧。\n"
HARSH = "催收员：你再不还钱我就去你单位贴大字报，让你全家都抬不起头！\n客户：你们要打我？我要杀了你全家。\n"


def tone(seconds: int = 2, silent: int = 0, rate: int = 8000) -> bytes:
    """A WAV with so many seconds of a tone and then so many of silence."""
    at = np.arange(seconds * rate) / rate
    loud = (np.sin(2 * np.pi * 440 * at) * 12000).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.concatenate([loud, np.zeros(silent * rate, "<i2")]).tobytes())
    return out.getvalue()


def talk(case: Case, outcome: str = "RPC_WILLING", note: str = "") -> Attempt:
    """A call of the owner with an outcome."""
    point = case.customer.points.filter(channel=Channel.CALL)[0]
    held = contacts.reserve(books.owner_of(case), case.pk, Proposed(Channel.CALL, point.pk))
    assert isinstance(held, Reservation), held
    contacts.record(books.owner_of(case), held.attempt_id, outcome, note=note)
    return Attempt.objects.get(pk=held.attempt_id)
