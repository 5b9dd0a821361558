"""Keep what was said on a contact, sealed and for as long as records must be kept; note everybody who listens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from fairdue.core.codes import Role
from fairdue.core.errors import Fault
from fairdue.core.tracks import TrackState
from fairdue.rules.retention import longest
from fairdue.store import access, audit, clock, heard, vault
from fairdue.store.access import NotYours
from fairdue.store.models import Attempt, AuditRow, KeptFile, Organisation, Recording, Track, User
from fairdue.store.sound import UNKNOWN, Sound, Turn, as_json, from_json, hear, timed, turns_of

KIND = "recording"
RETAINED = (KIND, "income-proof")  # kept as long as the record of the collection must be, and no longer
ONE_LISTENING = 30  # minutes by the wall clock
RENEW_DAYS = 31  # files are looked at so long before their time is over


class NothingToKeep(Fault):
    """Neither sound nor words."""

    code = "recording.nothing"
    en, en_remedy = "There is neither a sound nor a transcript.", "Choose a file."
    zh, zh_remedy = "没有录音，也没有录音文本。", "请选择文件。"


class KeptAlready(Fault):
    """The same file was attached to this contact before."""

    code = "recording.already"
    en, en_remedy = "'{name}' is attached to this contact already.", "Nothing needs to be done."
    zh, zh_remedy = "“{name}”已附在本次联系上。", "无需再次操作。"


class NoContact(Fault):
    """Only a contact that took place has a recording."""

    code = "recording.no-contact"
    en, en_remedy = "There is no contact {attempt} that took place.", "Give the number of a contact with an outcome."
    zh, zh_remedy = "没有编号为 {attempt} 且已完成的联系。", "请填写已有结果的联系编号。"


@dataclass(frozen=True)
class Given:
    """A file as it came."""

    name: str
    data: bytes


@transaction.atomic
def attach(user: User, attempt_id: int, sound: Given | None, words: Given | None) -> Recording:
    """Attach what the user brings to a contact they may hear. Raises `NotYours` and what `keep` raises."""
    return keep(user.username, access.get_contact(user, attempt_id), sound, words, came_by="PAGE")


@transaction.atomic
def keep(actor: str, attempt: Attempt, sound: Given | None, words: Given | None, *, came_by: str) -> Recording:
    """Check, seal and attach. Raises `NothingToKeep`, `NoContact`, `KeptAlready`, `NotSound`, `SoundTooBig`, `NotWords`."""
    if sound is None and words is None:
        raise NothingToKeep
    if attempt.state != Attempt.CONFIRMED:
        raise NoContact(attempt=attempt.pk)
    heard_sound = hear(sound.data, sound.name) if sound else None
    turns = turns_of(words.data, words.name) if words else ()
    kept_sound = _keep(actor, attempt, sound, heard_sound.media_type) if sound and heard_sound else None
    made = Recording.objects.create(
        attempt=attempt, sound=kept_sound, came_by=came_by, added_by=actor, added_at=clock.now_minute(),
        transcript=_keep(actor, attempt, Given(words.name, as_json(turns)), "application/json") if words else None,
        **_told(attempt, heard_sound, turns),
    )  # fmt: skip
    audit.write(actor, "recording.keep", "recording", made.pk, attempt=attempt.pk, case=attempt.case_id,
                sound=kept_sound and kept_sound.sha256, transcript=made.transcript and made.transcript.sha256)  # fmt: skip
    return made


def _told(attempt: Attempt, sound: Sound | None, turns: tuple[Turn, ...]) -> dict[str, object]:
    """Length, silence and wording, from the sound where it tells, else from the times of the turns."""
    seconds, silent = timed(turns)
    if sound and sound.seconds != UNKNOWN:
        seconds, silent = sound.seconds, sound.silent_ppm
    found = heard.finding(attempt, turns) if turns else None
    return {
        "seconds": seconds, "silent_ppm": silent, "verdict": int(found.verdict) if found else UNKNOWN,
        "codes": ",".join(found.codes) if found else "",
    }  # fmt: skip


def _keep(actor: str, attempt: Attempt, given: Given, media_type: str) -> KeptFile:
    lender = attempt.case.lender
    on = clock.business_date(attempt.at, lender.zone)
    kept = vault.keep(
        given.data, name=given.name, media_type=media_type, kind=KIND, actor=actor, lender=lender,
        keep_until=last_day(lender.lender_kind, on), person=attempt.customer,
    )  # fmt: skip
    mine = Recording.objects.filter(attempt=attempt)
    if mine.filter(sound__sha256=kept.sha256).exists() or mine.filter(transcript__sha256=kept.sha256).exists():
        raise KeptAlready(name=given.name)
    return kept


def last_day(lender_kind: int, last: date) -> date:
    """The last day on which a record must be kept, counted from the last thing that happened."""
    return longest(lender_kind, last)[1] - timedelta(days=1)


@transaction.atomic
def listen(user: User, recording_id: int) -> tuple[KeptFile, bytes]:
    """The sound, and a line in the audit that this user heard it. Raises `NotYours`, `FileGone`."""
    recording = access.get_recording(user, recording_id)
    if recording.sound is None:
        raise NotYours
    data = vault.read(recording.sound)
    _note(user, "recording.listen", recording)
    return recording.sound, data


def _note(user: User, verb: str, recording: Recording) -> None:
    """One line a listening: a player asks for a sound piece by piece, and every piece is part of the same listening."""
    since = clock.wall() - timedelta(minutes=ONE_LISTENING)
    mine = AuditRow.objects.filter(subject="recording", subject_id=recording.pk, verb=verb, actor=user.username)
    if not mine.filter(at__gte=since).exists():
        audit.write(user.username, verb, "recording", recording.pk, attempt=recording.attempt_id)


@transaction.atomic
def read(user: User, recording: Recording) -> tuple[Turn, ...]:
    """The transcript, and a line in the audit; none where there is none or it was dropped."""
    if recording.transcript is None or not recording.transcript.key_sealed:
        return ()
    _note(user, "recording.read", recording)
    return from_json(vault.read(recording.transcript))


@dataclass(frozen=True)
class Retained:
    """What came of files whose time was nearly over."""

    longer: int
    dropped: int


@transaction.atomic
def retain(actor: str, lender: Organisation, today: date) -> Retained:
    """Files that must be kept longer because the case went on are; those whose time is over are dropped. Both in the audit."""
    near = KeptFile.objects.filter(
        lender=lender, kind__in=RETAINED, keep_until__lte=today + timedelta(days=RENEW_DAYS), key_sealed__isnull=False
    ).select_related("lender")
    longer = [kept for kept in near if _renewed(kept, today)]
    if longer:
        audit.write(actor, "recording.keep-longer", "kept_file", None, files={k.pk: k.keep_until for k in longer})
    gone = list(near.filter(keep_until__lt=today))
    for kept in gone:
        vault.drop(actor, kept, f"kept until {kept.keep_until}")
    return Retained(len(longer), len(gone))


def _renewed(kept: KeptFile, today: date) -> bool:
    last = _last(kept, today)
    until = last_day(kept.lender.lender_kind, last) if last else None
    if until is None or kept.keep_until is None or until <= kept.keep_until:
        return False
    kept.keep_until = until
    kept.save(update_fields=["keep_until"])
    return True


def _last(kept: KeptFile, today: date) -> date | None:
    """The last thing that happened to the person's cases: today, while one of them or a track is open."""
    cases = kept.person.cases.all() if kept.person else None
    if cases is None:
        return None
    waiting = Track.objects.filter(case__in=cases, state__in=(TrackState.OPEN, TrackState.HELD)).exists()
    if waiting or cases.filter(closed_on=None).exists():
        return today
    contacts = Attempt.objects.filter(case__in=cases).order_by("-at").values_list("at", flat=True)[:1]
    days = [clock.business_date(at, kept.lender.zone) for at in contacts]
    days += [on for on in cases.values_list("closed_on", flat=True) if on]
    return max(days, default=None)


@transaction.atomic
def drop(user: User, recording_id: int, reason: str) -> None:
    """Delete the files before their time, with a reason: compliance only. Raises `NotYours`, `DropWithoutReason`."""
    recording = access.get_recording(user, recording_id)
    if Role(user.role) != Role.COMPLIANCE:
        raise NotYours
    if not reason.strip():
        raise DropWithoutReason
    for kept in _files(recording):
        vault.drop(user.username, kept, reason.strip())


class DropWithoutReason(Fault):
    """Deleting has a reason."""

    code = "recording.reason-needed"
    en, en_remedy = "Deleting a recording needs a reason.", "Say who asked for it and why; name nobody."
    zh, zh_remedy = "删除录音须填写原因。", "请说明由谁提出及原因；不要写姓名。"


def _files(recording: Recording) -> Iterable[KeptFile]:
    return [kept for kept in (recording.sound, recording.transcript) if kept is not None]
