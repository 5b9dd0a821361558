"""What was said is kept by its content, sealed, for its time, and whoever hears it is noted."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

import books
import cast
import sounds
from fairdue.jobs import recordings as job
from fairdue.store import audit, clock, vault
from fairdue.store.access import NotYours
from fairdue.store.actions import recordings
from fairdue.store.actions.recordings import Given, KeptAlready, NoContact
from fairdue.store.models import Attempt, AuditRow, Case, KeptFile, Recording
from fairdue.store.sound import NotSound, NotWords, hear, turns_of
from fairdue.wording import Verdict
from person import Person
from worlds import World

OGG = b"OggS" + bytes(60)
MP3 = b"ID3\x04" + bytes(60)
M4A = b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00" + bytes(60)


def attached(words: str = sounds.CALM) -> Recording:
    attempt = sounds.talk(cast.case_of(cast.COLLECTOR))
    return recordings.attach(
        cast.user(cast.COLLECTOR), attempt.pk, Given("t.wav", sounds.tone(2, 2)), Given("t.txt", words.encode())
    )


SOUNDS = [(OGG, "audio/ogg"), (MP3, "audio/mpeg"), (M4A, "audio/mp4"), (sounds.tone(), "audio/wav")]
OTHERS = [b"", b"MZ" + bytes(80), b"%PDF-1.7" + bytes(80), b"<html>", b"\x00\x00\x00\x18ftypisom" + bytes(80)]


@pytest.mark.parametrize(("data", "kind"), SOUNDS)
def test_the_kind_follows_from_the_content_not_from_the_name(data: bytes, kind: str) -> None:
    assert hear(data, "x.exe").media_type == kind


@pytest.mark.parametrize("data", OTHERS)
def test_what_is_no_sound_is_not_kept(data: bytes) -> None:
    with pytest.raises(NotSound):
        hear(data, "talk.wav")


def test_length_and_silence_are_measured() -> None:
    found = hear(sounds.tone(6, 4), "x.wav")
    assert (found.seconds, found.silent_ppm) == (10, 400_000)


def test_transcripts_come_as_lines_or_as_json_and_whoever_speaks_is_told_apart() -> None:
    assert [t.speaker for t in turns_of(sounds.CALM.encode(), "a.txt")] == ["collector", "debtor"] * 2
    agent = {"speaker": "agent", "text": "Hello", "start": 0, "end": 1.5}
    said = json.dumps({"turns": [agent, {"speaker": "客户", "text": "嗯"}]})
    turns = turns_of(said.encode(), "a.json")
    assert [(t.speaker, t.start) for t in turns] == [("collector", 0.0), ("debtor", -1.0)]
    for wrong in (b"", b"[]", b'{"turns": [{"speaker": "x"}]}', b"{", b"\xff\xfe\x00"):
        with pytest.raises(NotWords):
            turns_of(wrong, "a.json")


def test_only_the_collectors_words_are_judged(both: World) -> None:
    calm = attached("催收员：您好。\n客户：我要杀了你全家！\n")
    assert (calm.verdict, calm.codes) == (Verdict.PASS, "")
    harsh = recordings.attach(cast.user(cast.COLLECTOR), calm.attempt_id, None, Given("h.txt", sounds.HARSH.encode()))
    assert harsh.verdict == Verdict.BLOCK


def test_it_is_sealed_on_disk_read_back_and_kept_for_the_years_the_law_says(desk: World) -> None:
    made = attached()
    assert made.sound is not None
    assert made.transcript is not None
    assert made.sound.keep_until == books.AS_OF.replace(year=2028) - timedelta(days=1)
    assert made.transcript.person == made.attempt.customer, "erasing a person forgets the keys"
    kept, data = recordings.listen(cast.user(cast.LEAD), made.pk)
    assert data == sounds.tone(2, 2)
    assert kept.media_type == "audio/wav"
    with pytest.raises(KeptAlready):
        recordings.attach(cast.user(cast.COLLECTOR), made.attempt_id, Given("other.wav", sounds.tone(2, 2)), None)
    assert audit.verify() is None


def test_who_listens_is_noted_once_a_listening_and_may_jump_to_a_place(desk: World) -> None:
    made = attached()
    lead, size = Person(cast.LEAD), len(sounds.tone(2, 2))
    path = f"/recordings/{made.pk}/sound/"
    whole = lead.client.get(path)
    assert (whole.status_code, whole["Content-Type"], whole["Accept-Ranges"]) == (200, "audio/wav", "bytes")
    part = lead.client.get(path, headers={"Range": "bytes=1000-1999"})
    assert (part.status_code, part["Content-Range"], part.content) == (
        206,
        f"bytes 1000-1999/{size}",
        whole.content[1000:2000],
    )
    assert lead.client.get(path, headers={"Range": "bytes=-10"}).content == whole.content[-10:]
    assert lead.client.get(path, headers={"Range": f"bytes={size}-"}).status_code == 416
    assert AuditRow.objects.filter(verb="recording.listen", actor=cast.LEAD).count() == 1
    for stranger in (cast.COLLEAGUE, cast.OTHER_LEAD, cast.FINANCE, cast.AGENCY, cast.STRANGER):
        assert Person(stranger).client.get(path).status_code == 404
    assert AuditRow.objects.filter(verb="recording.listen").count() == 1


def test_a_file_is_kept_longer_while_the_case_goes_on_and_goes_when_its_time_is_over(desk: World) -> None:
    made = attached()
    lender, case = made.attempt.case.lender, made.attempt.case
    end = made.sound.keep_until  # type: ignore[union-attr]
    assert end is not None
    found = recordings.retain("night", lender, end + timedelta(days=1))
    assert (found.longer, found.dropped) == (2, 0), "the case is open: two years from today"
    closed = end - timedelta(days=400)
    Case.objects.filter(pk=case.pk).update(closed_on=closed)
    KeptFile.objects.update(keep_until=end)
    assert recordings.retain("night", lender, end).longer == 2, "two years from the day it was closed"
    over = closed.replace(year=closed.year + 2)
    assert recordings.retain("night", lender, over) == recordings.Retained(0, 2)
    with pytest.raises(vault.FileGone):
        vault.read(KeptFile.objects.order_by("pk")[0])
    assert AuditRow.objects.filter(verb="file.drop").count() == 2
    page = Person(cast.OFFICER).get(f"/contacts/{made.attempt_id}/")
    assert "deleted" in page or "已删除" in page
    assert audit.verify() is None


def test_compliance_deletes_with_a_reason_and_nobody_else_does(desk: World) -> None:
    made = attached()
    with pytest.raises(NotYours):
        recordings.drop(cast.user(cast.LEAD), made.pk, "why not")
    with pytest.raises(recordings.DropWithoutReason):
        recordings.drop(cast.user(cast.OFFICER), made.pk, " ")
    recordings.drop(cast.user(cast.OFFICER), made.pk, "asked for by the customer on 1 October")
    assert Person(cast.LEAD).client.get(f"/recordings/{made.pk}/sound/").status_code == 410


def test_a_contact_that_did_not_take_place_has_no_recording(desk: World) -> None:
    attempt = sounds.talk(cast.case_of(cast.COLLECTOR))
    Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.RELEASED)
    with pytest.raises(NoContact):
        recordings.attach(cast.user(cast.COLLECTOR), attempt.pk, Given("t.wav", sounds.tone()), None)
    assert not KeptFile.objects.exists()


def listed(folder: Path, rows: list[dict[str, str]]) -> Path:
    path = folder / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, job.COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_list_attaches_many_and_gives_back_the_rows_that_do_not_fit(both: World, tmp_path: Path) -> None:
    one, two = (sounds.talk(cast.case_of(cast.COLLECTOR, place)) for place in (0, 1))
    (tmp_path / "a.wav").write_bytes(sounds.tone())
    (tmp_path / "a.txt").write_text(sounds.CALM, "utf-8")
    (tmp_path / "bad.wav").write_bytes(b"no sound")
    at = clock.from_minute(two.at + 5, "Asia/Shanghai").strftime("%Y-%m-%d %H:%M")
    good = [
        {"attempt": str(one.pk), "sound": "a.wav", "transcript": "a.txt"},
        {"case": str(two.case_id), "at": at, "transcript": "a.txt"},
    ]
    bad = [
        {"attempt": "999999", "sound": "a.wav"},
        {"attempt": str(one.pk), "sound": "bad.wav"},
        {"attempt": str(one.pk), "sound": "../list.csv"},
        {"case": str(one.case_id), "at": "yesterday", "sound": "a.wav"},
    ]
    path = listed(tmp_path, [*good, *bad])
    said = json.loads(both.fairdue("recordings", "import", path, "--lender", "bank", "--json", code=1))
    assert (said["rows"], said["kept"], said["already"], said["rejected"]) == (6, 2, 0, 4)
    with Path(said["rejects"]).open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["fairdue_row"] for row in rows] == ["4", "5", "6", "7"]
    assert [row for row in rows if not row["fairdue_reason"] or not row["fairdue_remedy"]] == []
    (tmp_path / "bad.wav").write_bytes(sounds.tone(1))
    order = ("recordings", "import", said["rejects"], "--folder", tmp_path, "--lender", "bank", "--json")
    mended = json.loads(both.fairdue(*order, code=1))
    assert (mended["kept"], mended["rejected"]) == (1, 3), "what was mended is loaded from the rejects"
    again = json.loads(both.fairdue("recordings", "import", listed(tmp_path, good), "--lender", "bank", "--json"))
    assert (again["kept"], again["already"]) == (0, 2)


def test_retention_is_counted_from_a_leap_day() -> None:
    assert recordings.last_day(0, date(2024, 2, 29)) == date(2026, 2, 28)
