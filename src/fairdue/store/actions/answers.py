"""The written answer: set as a letter, kept among the evidence under its hash, and what a complaint adds to its track."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from django.db import transaction

from fairdue.core.codes import Role
from fairdue.core.errors import Fault, Lang
from fairdue.core.money import format_minor
from fairdue.core.tracks import TrackState, claim_on_heir, missing, stops
from fairdue.documents.answer import Answer, answer_letter
from fairdue.documents.heirs import Notice, heir_notice
from fairdue.rules.complaints import load_taxonomy
from fairdue.rules.tracks import TrackKind
from fairdue.rules.tracks.parts import Choice
from fairdue.store import access, audit
from fairdue.store.actions import track_faults as faults
from fairdue.store.actions import track_work as work
from fairdue.store.locks import lock_person
from fairdue.store.models import Complaint, Track, TrackEvidence, User
from fairdue.store.seal import sealer

SORTERS = frozenset({Role.COMPLIANCE})
LISTS = {"category": "categories", "came_by": "came_by", "root_cause": "root_causes", "regulator_class": "classes"}


class NoAnswerHere(Fault):
    """The track is not answered in writing."""

    code = "track.no-answer-here"
    en, en_remedy = "This track is not answered by a letter.", "Add its evidence and decide."
    zh, zh_remedy = "该处理不需要书面答复。", "请补充材料并作出决定。"


class NotInList(Fault):
    """A code outside the closed lists of rules/complaints.yaml."""

    code = "complaint.not-in-list"
    en, en_remedy = "'{value}' cannot be chosen for {field}.", "Choose one of those shown."
    zh, zh_remedy = "{field} 不能选择“{value}”。", "请从列出的选项中选择。"


class HeirIncomplete(Fault):
    """Without the value of what is inherited nothing may be claimed."""

    code = "track.heir-incomplete"
    en = "The notice needs the heir's name and the value of what they inherit; zero is a value."
    en_remedy = "Ask for it in writing; do not guess it."
    zh, zh_remedy = "告知须写明继承人姓名和所得遗产价值（可以为零）。", "请书面询问，不得推测。"


class ReasonsNeeded(Fault):
    """A letter without reasons answers nothing."""

    code = "track.reasons-needed"
    en, en_remedy = "The letter needs the reasons.", "Write what was checked and what was found, in plain words."
    zh, zh_remedy = "答复须写明理由和依据。", "请用平实的语言写明核查了什么、查明了什么。"


@dataclass(frozen=True)
class Letter:
    """What somebody writes into an answer."""

    choice: str
    reasons: str
    redress: str
    lang: Lang


@transaction.atomic
def write_answer(user: User, track_id: int, letter: Letter) -> TrackEvidence:
    """Set the letter and keep it as evidence; a later one does not replace it.

    Raises `NotYours`, `NoAnswerHere`, `UnknownDecision`, `RoleCannot`, `ReasonsNeeded`, `OwnMatter`, `NoChineseFont`.
    """
    track = _locked(user, track_id)
    kind = work.kind_of(track.kind)
    choice = _may_answer(user, track, kind, letter)
    today = work.today_of(track.case)
    content = answer_letter(_answer(track, kind, choice, letter))
    made = work.keep(
        track, "ANSWER", letter.reasons.strip(), f"{number_of(track)}-{letter.lang}.pdf", content, user.username
    )
    Complaint.objects.filter(track=track).update(answered_on=today, answer_sha256=made.file_sha256)
    work.note(track, user.username, "ANSWERED", letter.reasons.strip(), sha256=made.file_sha256, evidence=made.pk)
    audit.write(user.username, "track.answer", "track", track.pk, sha256=made.file_sha256, choice=letter.choice)
    return made


def _may_answer(user: User, track: Track, kind: TrackKind, letter: Letter) -> Choice:
    if "ANSWER" not in {known.code for known in kind.evidence} or not stops(TrackState(track.state)):
        raise NoAnswerHere
    choice = kind.choice(letter.choice)
    if choice is None:
        raise faults.UnknownDecision(code=letter.choice)
    work.may(user, choice.by)
    if Complaint.objects.filter(track=track, about_user=user).exists():
        raise faults.OwnMatter
    if not letter.reasons.strip():
        raise ReasonsNeeded
    return choice


def _answer(track: Track, kind: TrackKind, choice: Choice, letter: Letter) -> Answer:
    lender, person = track.lender, track.case.customer
    complaint = Complaint.objects.filter(track=track).first()
    asked = (complaint.wants if complaint else "") or track.said
    name = sealer().open(bytes(person.name_sealed)) if person.name_sealed else person.ref
    return Answer(
        letter.lang, lender.name_zh if letter.lang == "zh" else lender.name_en, name, number_of(track),
        kind.title[letter.lang], track.since, work.today_of(track.case), asked, choice.label[letter.lang],
        letter.reasons, letter.redress,
    )  # fmt: skip


@dataclass(frozen=True)
class ToHeir:
    """To whom a notice goes, and the value of what they inherit in minor units, as they told it."""

    name: str
    share: int
    lang: Lang


@transaction.atomic
def write_heir_notice(user: User, track_id: int, to: ToHeir) -> TrackEvidence:
    """Set the notice to an heir, which claims no more than is inherited, and keep it as evidence.

    Raises `NotYours`, `NoAnswerHere`, `RoleCannot`, `HeirIncomplete`, `faults.EvidenceMissing` before the death is shown.
    """
    track = _locked(user, track_id)
    kind = work.kind_of(track.kind)
    if kind.id != "DEATH" or not stops(TrackState(track.state)):
        raise NoAnswerHere
    work.may(user, kind.deciders)
    if not to.name.strip() or to.share < 0:
        raise HeirIncomplete
    lacking = missing(("DEATH",), track.evidence.values_list("code", flat=True))
    if lacking:
        raise faults.lacking(lacking, kind.evidence)
    claim = int(claim_on_heir(np.array([track.case.balance]), np.array([to.share]))[0])
    content = heir_notice(_notice(track, to, claim))
    made = work.keep(track, "NOTICE", to.name.strip(), f"{number_of(track)}-heir-{to.lang}.pdf", content, user.username)
    work.note(track, user.username, "HEIR_TOLD", to.name.strip(), share=to.share, claim=claim, sha256=made.file_sha256)
    audit.write(user.username, "track.heir-notice", "track", track.pk, claim=claim, sha256=made.file_sha256)
    return made


def _notice(track: Track, to: ToHeir, claim: int) -> Notice:
    lender = track.lender
    owed, share, most = (
        f"{lender.currency} {format_minor(amount, lender.exponent)}" for amount in (track.case.balance, to.share, claim)
    )
    name = lender.name_zh if to.lang == "zh" else lender.name_en
    return Notice(
        to.lang, name, to.name.strip(), number_of(track), work.today_of(track.case), owed, share, most if claim else ""
    )


def number_of(track: Track) -> str:
    """The number a track goes by in letters."""
    return f"{track.since.year}-{track.pk:07}"


@dataclass(frozen=True)
class Findings:
    """How a complaint is sorted and what was found; empty fields are not known yet."""

    category: str = ""
    came_by: str = ""
    root_cause: str = ""
    regulator_class: str = ""
    wants: str = ""
    findings: str = ""
    redress: str = ""
    learned: str = ""
    about_user: str = ""


@transaction.atomic
def sort_complaint(user: User, track_id: int, said: Findings) -> Complaint:
    """Sort a complaint and record what was found. Raises `NotYours`, `RoleCannot`, `NotInList`, `OwnMatter`.

    Without a class of its own the complaint gets the one of its category.
    """
    track = _locked(user, track_id)
    work.may(user, SORTERS)
    complaint = Complaint.objects.filter(track=track).first()
    if complaint is None:
        raise access.NotYours
    if complaint.about_user_id == user.pk:
        raise faults.OwnMatter
    chosen = _chosen(replace(said, came_by=said.came_by or complaint.came_by))
    for field, value in chosen.items():
        setattr(complaint, field, value)
    for field in ("wants", "findings", "redress", "learned"):
        setattr(complaint, field, getattr(said, field).strip())
    complaint.about_user = _about(user, said.about_user)
    complaint.handler = user
    complaint.save()
    work.note(track, user.username, "SORTED", complaint.findings, **chosen, learned=complaint.learned)
    audit.write(user.username, "complaint.sort", "track", track.pk, **chosen)
    return complaint


def _chosen(said: Findings) -> dict[str, str]:
    lists: Mapping[str, Mapping[str, object]] = vars(load_taxonomy())
    chosen = {field: getattr(said, field) for field in LISTS}
    for field, value in chosen.items():
        if value and value not in lists[LISTS[field]]:
            raise NotInList(field=field, value=value)
    if chosen["category"] and not chosen["regulator_class"]:
        chosen["regulator_class"] = load_taxonomy().class_of[chosen["category"]]
    return chosen


def _about(user: User, username: str) -> User | None:
    if not username:
        return None
    found = User.objects.filter(username=username, organisation_id=user.organisation_id).first()
    if found is None:
        raise NotInList(field="about_user", value=username)
    return found


def _locked(user: User, track_id: int) -> Track:
    lock_person(access.get_track(user, track_id).case.customer_id)
    return access.get_track(user, track_id)
