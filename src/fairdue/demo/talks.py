"""A few calls of the demo with a sound made in code and invented words; drawn, one of them reviewed: quality is alive."""

from __future__ import annotations

import io
import wave
from datetime import date

import numpy as np

from fairdue.core.codes import Channel
from fairdue.rules.quality import load_scorecard
from fairdue.store.actions import contacts, quality, recordings, sampling
from fairdue.store.actions.contacts import Proposed, Reservation
from fairdue.store.actions.quality import Judged
from fairdue.store.actions.recordings import Given
from fairdue.store.models import Attempt, Case, Organisation, Recording, Sample, User

COLLECTOR, REVIEWER = "zhao", "he"
RATE = 8000
CALM = """催收员：您好，我是示范银行的工作人员，本次通话有录音。请问是本人吗？
客户：是我。
催收员：您的账户有一笔款项已过还款日，想了解一下是什么原因？
客户：这个月工资晚发了。
催收员：明白了。您看哪一天、还多少比较合适？
客户：下周五可以先还一部分。
"""
SHARP = """催收员：怎么又不接电话？
客户：我在上班。
催收员：你再不还钱，我就去你单位找你领导谈谈。
客户：我月底发工资就还。
"""
TALKS = ((CALM, "RPC_WILLING", 700, 60), (SHARP, "RPC_WILLING", 250, 20), (CALM, "RPC_REFUSE", 500, 90))


def show(lender: Organisation, today: date) -> None:
    """Make the calls once; a call the guard refuses is not made."""
    if Recording.objects.exists():
        return
    user = User.objects.get(username=COLLECTOR, organisation=lender)
    cases = Case.objects.filter(owner=user, closed_on=None, work__position__gt=0, action=0).order_by("work__position")
    made = [_talk(user, case, *talk) for case, talk in zip(cases, TALKS, strict=False)]
    if any(made):
        sampling.draw("demo", lender, today, today)
        _review(lender)


def _talk(user: User, case: Case, words: str, outcome: str, pitch: int, seconds: int) -> Attempt | None:
    point = case.customer.points.filter(channel=Channel.CALL).first()
    held = contacts.reserve(user, case.pk, Proposed(Channel.CALL, point.pk)) if point else None
    if not isinstance(held, Reservation):
        return None
    contacts.record(user, held.attempt_id, outcome)
    sound, said = Given("talk.wav", _tone(pitch, seconds)), Given("talk.txt", words.encode())
    recordings.attach(user, held.attempt_id, sound, said)
    return Attempt.objects.get(pk=held.attempt_id)


def _tone(pitch: int, seconds: int) -> bytes:
    """A tone that comes and goes every second: nobody's voice."""
    at = np.arange(seconds * RATE) / RATE
    loud = np.sin(2 * np.pi * pitch * at) * (np.floor(at) % 2 == 0)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((loud * 6000).astype("<i2").tobytes())
    return out.getvalue()


def _review(lender: Organisation) -> None:
    """The first of the samples is judged, so that a result can be seen."""
    reviewer = User.objects.get(username=REVIEWER, organisation=lender)
    sample = Sample.objects.filter(organisation=lender).order_by("pk").first()
    if sample is None:
        return
    scores = {code: Judged(item.most) for code, item in load_scorecard().items.items()}
    scores["RECORD"] = Judged(1, "还款日期未记入备注")
    quality.review(reviewer, sample.pk, scores, "先问原因、再谈金额，很好。请把客户说的日期记下来。")
