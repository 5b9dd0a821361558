from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import zipfile
from datetime import timedelta
from urllib.parse import quote

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import books
import cast
import track_lives
from fairdue.core.errors import Lang
from fairdue.core.tracks import TrackState, claim_on_heir
from fairdue.documents import typeset
from fairdue.documents.answer import Answer, answer_letter
from fairdue.documents.heirs import Notice, heir_notice
from fairdue.rules.complaints import load_taxonomy
from fairdue.rules.tracks import load_tracks
from fairdue.store import audit, pack
from fairdue.store.actions import answers, track_faults, tracks
from fairdue.store.actions.answers import Findings, Letter, ToHeir
from fairdue.store.models import AuditRow, Complaint, Track, TrackEvidence
from person import Person
from worlds import World

SORTED = Findings(
    category="TIME", came_by="PHONE", root_cause="TRAINING", wants="an apology", findings="called at 22:05",
    redress="an apology in writing", learned="the dialler stops at 21:30",
)  # fmt: skip


def opened(kind: str = "COMPLAINT", said: str = "called me after ten at night") -> Track:
    return tracks.open_track(cast.user(cast.COLLECTOR), track_lives.case().pk, kind, said)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", sorted(load_tracks()))
def test_every_kind_has_a_page_in_both_languages(desk: World, kind: str, language: str) -> None:
    track = opened(kind)
    page = Person(cast.OFFICER, language).get(reverse("track", args=[track.pk]))
    known = load_tracks()[kind]
    said: Lang = "en" if language == "en" else "zh"
    assert known.title[said] in page
    for choice in known.decisions:
        assert choice.label[said] in html.unescape(page)
    assert "after" in page if said == "en" else "次日起" in page, "the clock says what it follows from"


def test_a_collector_opens_a_track_from_the_case_and_nothing_is_offered_any_more(desk: World) -> None:
    case = track_lives.case()
    person = Person(cast.COLLECTOR)
    before = person.get(reverse("case", args=[case.pk]))
    assert "<kbd>c</kbd></button>" in before
    page = person.post(reverse("track-open", args=[case.pk]), kind="DISPUTE", said="never borrowed it", since="")
    assert "never borrowed it" in page
    after = person.get(reverse("case", args=[case.pk]))
    assert "<kbd>c</kbd></button>" not in after
    assert "Waiting does not change this." in after
    assert Track.objects.get().due_on == books.AS_OF + timedelta(days=15)


def test_what_is_refused_is_said_and_what_was_typed_stays(desk: World) -> None:
    track = opened("DISPUTE")
    address = reverse("track-step", args=[track.pk])
    page = Person(cast.LEAD).post(address, do="decide", code="REJECTED", reason="the ledger agrees, see line 7")
    assert "This decision needs:" in page
    assert "the ledger agrees, see line 7" in page
    assert Person(cast.LEAD).status(address, post=True, do="nonsense") == 422
    assert Track.objects.get().state == TrackState.OPEN
    page = Person(cast.COLLECTOR).get(reverse("track", args=[track.pk]))
    assert page.count("This is done by: team lead, compliance officer.") == 3, "refused decisions stay in sight"


def test_a_file_is_uploaded_and_read_back_and_both_are_on_record(desk: World) -> None:
    track = opened("DISPUTE")
    person = Person(cast.COLLECTOR)
    sent = SimpleUploadedFile("合同 2024.pdf", b"%PDF-1.7 contract")
    answer = person.client.post(
        reverse("track-step", args=[track.pk]), {"do": "evidence", "code": "CONTRACT", "reason": "", "file": sent}
    )
    assert answer.status_code == 302
    made = TrackEvidence.objects.get(code="CONTRACT")
    got = person.client.get(reverse("track-file", args=[track.pk, made.pk]))
    assert got.content == b"%PDF-1.7 contract"
    assert got.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote('合同 2024.pdf')}"
    assert AuditRow.objects.filter(verb="track.read-file", actor=cast.COLLECTOR).count() == 1
    words = track.evidence.get(code="CUSTOMER").pk
    assert person.status(reverse("track-file", args=[track.pk, words])) == 404, "words are no file"
    for stranger in (cast.COLLEAGUE, cast.OTHER_LEAD, cast.STRANGER):
        assert Person(stranger).status(reverse("track-file", args=[track.pk, made.pk])) == 404
        assert Person(stranger).status(reverse("track", args=[track.pk])) == 404
        assert (
            Person(stranger).status(reverse("track-step", args=[track.pk]), post=True, do="resume", reason="x") == 404
        )


def test_the_board_shows_the_clock_that_runs_out_first_and_warns(desk: World) -> None:
    soon = opened()
    other = tracks.open_track(cast.user(cast.LEAD), cast.case_of(cast.COLLECTOR).pk, "FRAUD", "not me")
    page = Person(cast.OFFICER).get("/clocks/")
    assert page.index(f"/tracks/{soon.pk}/") < page.index(f"/tracks/{other.pk}/")
    assert "Soon" not in page
    track_lives.at(soon.due_on - timedelta(days=2))
    assert "Soon" in Person(cast.OFFICER).get("/clocks/")
    track_lives.at(soon.due_on + timedelta(days=1))
    assert "Overdue" in Person(cast.OFFICER).get("/clocks/")
    assert f"/tracks/{other.pk}/" not in Person(cast.OFFICER).get("/clocks/", kind="COMPLAINT")
    assert f"/tracks/{soon.pk}/" not in Person(cast.OTHER_LEAD).get("/clocks/")


def test_the_board_asks_as_often_for_many_as_for_few(desk: World) -> None:
    officer = Person(cast.OFFICER)
    opened()
    with CaptureQueriesContext(connection) as few:
        officer.get("/clocks/")
    for _ in range(3):
        tracks.open_track(cast.user(cast.LEAD), cast.case_of(cast.COLLECTOR).pk, "COMPLAINT", "too often, and at work")
    with CaptureQueriesContext(connection) as many:
        officer.get("/clocks/")
    assert len(many) == len(few)


def test_a_complaint_is_sorted_answered_and_only_then_decided(desk: World) -> None:
    track = opened()
    officer = cast.user(cast.OFFICER)
    tracks.add_evidence(officer, track.pk, "ANSWER", "sent by post")
    with pytest.raises(track_faults.ComplaintUnsorted):
        tracks.decide_track(officer, track.pk, "UPHELD", "it was late")
    made = answers.sort_complaint(officer, track.pk, SORTED)
    assert (made.regulator_class, made.number) == ("COLLECTION", f"2026-{track.pk:07}")
    tracks.decide_track(officer, track.pk, "UPHELD", "it was late")
    assert Track.objects.get().state == TrackState.RESUMED
    page = Person(cast.OFFICER).get("/clocks/")
    assert "Training" in page
    assert audit.verify() is None


def test_nobody_judges_a_complaint_about_themselves(desk: World) -> None:
    track = opened()
    officer = cast.user(cast.OFFICER)
    answers.sort_complaint(officer, track.pk, Findings(about_user=cast.OFFICER, category="CONDUCT"))
    for step in (
        lambda: answers.sort_complaint(officer, track.pk, SORTED),
        lambda: answers.write_answer(officer, track.pk, Letter("NOT_UPHELD", "all was well", "", "zh")),
    ):
        with pytest.raises(track_faults.OwnMatter):
            step()
    assert Complaint.objects.get().learned == ""


def test_only_compliance_sorts_and_only_from_the_lists(desk: World) -> None:
    track = opened()
    with pytest.raises(track_faults.RoleCannot):
        answers.sort_complaint(cast.user(cast.LEAD), track.pk, SORTED)
    for wrong in (Findings(category="NOISE"), Findings(root_cause="MOON"), Findings(about_user=cast.STRANGER)):
        with pytest.raises(answers.NotInList):
            answers.sort_complaint(cast.user(cast.OFFICER), track.pk, wrong)
    assert Person(cast.OFFICER).status(reverse("complaint-sort", args=[track.pk]), post=True, category="NOISE") == 422


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_answer_is_a_letter_kept_under_its_hash(desk: World, lang: str) -> None:
    track = opened()
    letter = Letter("UPHELD", "The third call was at 22:05.\n第三次来电在22:05。", "We apologise.", lang)  # type: ignore[arg-type]
    made = answers.write_answer(cast.user(cast.OFFICER), track.pk, letter)
    content = tracks.read_file(cast.user(cast.OFFICER), track.pk, made.pk)[1]
    assert content[:5] == b"%PDF-"
    complaint = Complaint.objects.get()
    assert complaint.answer_sha256 == hashlib.sha256(content).hexdigest() == made.file_sha256
    assert complaint.answered_on == books.AS_OF


def test_a_letter_is_the_same_bytes_for_the_same_facts_and_says_them() -> None:
    import subprocess

    answer = Answer(
        "en", "Bank A", "王小明", "2026-0000012", "Complaint", books.AS_OF, books.AS_OF, "Calls after ten", "Upheld",
        "The third call was at 22:05.", "",
    )  # fmt: skip
    made = answer_letter(answer)
    assert made == answer_letter(answer)
    text = subprocess.run(["pdftotext", "-", "-"], input=made, capture_output=True, check=True).stdout.decode()
    for said in ("Bank A", "王小明", "2026-0000012", "Upheld", "22:05", "held against you"):
        assert said in text, said
    assert "What we will do" not in text, "an empty part is left out"


def test_a_letter_without_chinese_characters_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeset, "CHINESE_FONTS", ("No Such Font",))
    typeset.chinese_font.cache_clear()
    with pytest.raises(typeset.NoChineseFont) as none:
        typeset.chinese_font()
    typeset.chinese_font.cache_clear()
    assert "fonts-noto-cjk" in none.value.sentence("en")


def test_an_answer_needs_reasons_a_decision_and_a_track_that_is_answered(desk: World) -> None:
    track = opened()
    officer = cast.user(cast.OFFICER)
    for letter, fault in (
        (Letter("UPHELD", " ", "", "zh"), answers.ReasonsNeeded), (Letter("SHRUG", "x", "", "zh"), track_faults.UnknownDecision),
    ):  # fmt: skip
        with pytest.raises(fault):
            answers.write_answer(officer, track.pk, letter)
    paid = tracks.open_track(cast.user(cast.LEAD), cast.case_of(cast.COLLECTOR).pk, "ALREADY_PAID", "paid it")
    with pytest.raises(answers.NoAnswerHere):
        answers.write_answer(officer, paid.pk, Letter("FOUND", "x", "", "zh"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pack_holds_everything_under_its_hash_and_is_the_same_twice(desk: World, lang: str) -> None:
    case = track_lives.case()
    track = track_lives.call(case, "RPC_COMPLAINT", note="=cmd|' /C calc'!A0 深夜来电")
    tracks.add_evidence(cast.user(cast.OFFICER), track.pk, "RECORDINGS", "", "talk.ogg", b"OggS sound")
    name, content = pack.evidence_pack(cast.user(cast.OFFICER), track.pk, lang)  # type: ignore[arg-type]
    assert name == f"2026-{track.pk:07}.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {entry: archive.read(entry) for entry in archive.namelist()}
    listed = dict(line.split("  ")[::-1] for line in files.pop("MANIFEST.sha256").decode().splitlines())
    assert listed == {entry: hashlib.sha256(one).hexdigest() for entry, one in files.items()}
    assert files["evidence/02-RECORDINGS-talk.ogg"] == b"OggS sound"
    contacts = list(csv.reader(io.StringIO(files["contacts.csv"].decode("utf-8-sig"))))
    assert contacts[1][3].startswith("'=cmd"), "words do not become a formula"
    decisions = [json.loads(line) for line in files["decisions.jsonl"].decode().splitlines()]
    assert {"night", "contact", "outcome"} <= {one["kind"] for one in decisions}
    assert all(one["facts"] for one in decisions)
    assert case.customer.name_masked in files["index.html"].decode()
    assert "RPC_COMPLAINT" in files["index.html"].decode()
    assert len(list(csv.reader(io.StringIO(files["statement.csv"].decode("utf-8-sig"))))) > 1
    again = pack.evidence_pack(cast.user(cast.OFFICER), track.pk, lang)[1]  # type: ignore[arg-type]
    with zipfile.ZipFile(io.BytesIO(again)) as archive:
        same = {entry: archive.read(entry) for entry in archive.namelist() if entry not in {"audit.csv", "index.html"}}
    assert all(files[entry] == one for entry, one in same.items() if entry != "MANIFEST.sha256")
    rows = AuditRow.objects.filter(verb="track.pack").order_by("pk")
    assert json.loads(rows[0].data)["sha256"] == hashlib.sha256(content).hexdigest()


def test_a_pack_is_made_by_a_lead_or_compliance_only(desk: World) -> None:
    track = opened()
    for name, found in (
        (cast.OFFICER, 200), (cast.LEAD, 200), (cast.COLLECTOR, 404), (cast.FINANCE, 404), (cast.OTHER_LEAD, 404),
        (cast.STRANGER, 404),
    ):  # fmt: skip
        assert Person(name).status(reverse("track-pack", args=[track.pk]), post=True) == found, name


def test_signs_are_shown_to_those_who_look_at_them_only(desk: World) -> None:
    track = opened("DISPUTE")
    Track.objects.filter(pk=track.pk).update(flagged=[{"code": "SAME_WORDS", "count": 7}])
    address = reverse("track", args=[track.pk])
    assert "Nearly the same words" in Person(cast.OFFICER).get(address)
    assert "Nearly the same words" not in Person(cast.COLLECTOR).get(address)


def test_every_category_has_a_class_and_every_list_both_languages() -> None:
    known = load_taxonomy()
    assert set(known.class_of) == set(known.categories)
    assert set(known.class_of.values()) <= set(known.classes)
    for words in (known.came_by, known.categories, known.root_causes, known.classes):
        assert all(text["zh"] and text["en"] for text in words.values())


def test_an_heir_is_never_asked_for_more_than_is_inherited(desk: World) -> None:
    case = track_lives.case()
    track = track_lives.call(case, "DECEASED", note="the son answered")
    officer = cast.user(cast.OFFICER)
    with pytest.raises(track_faults.EvidenceMissing):
        answers.write_heir_notice(officer, track.pk, ToHeir("王小明", 100_00, "zh"))
    track_lives.bring(track, "DEATH", "HEIRS", "ESTATE")
    owed = type(case).objects.get(pk=case.pk).balance
    for share, claim in ((100_00, 100_00), (0, 0), (owed + 1, owed)):
        answers.write_heir_notice(officer, track.pk, ToHeir("王小明", share, "zh"))
        assert track.events.latest("pk").data["claim"] == claim
    for to in (ToHeir(" ", 1, "zh"), ToHeir("王小明", -1, "zh")):
        with pytest.raises(answers.HeirIncomplete):
            answers.write_heir_notice(officer, track.pk, to)
    with pytest.raises(track_faults.RoleCannot):
        answers.write_heir_notice(cast.user(cast.LEAD), track.pk, ToHeir("王小明", 1, "zh"))
    person = Person(cast.OFFICER)
    step = reverse("track-step", args=[track.pk])
    assert person.status(step, post=True, do="heir", name="王小明", share="12,000.50", language="en") == 302
    assert track.events.latest("pk").data["share"] == 12_000_50
    assert person.status(step, post=True, do="heir", name="王小明", share="a house") == 422
    tracks.decide_track(officer, track.pk, "ESTATE_CLAIM", "two heirs, told in writing")
    assert person.status(step, post=True, do="heir", name="王小明", share="1.00") == 302, "also after it was diverted"


def test_the_claim_on_an_heir_is_the_smaller_of_debt_and_share_over_columns() -> None:
    owed, share = np.array([5, 5, 0, -3, 7]), np.array([3, 9, 9, 9, -1])
    assert claim_on_heir(owed, share).tolist() == [3, 5, 0, 0, 0]


def test_the_notice_says_the_limit_and_that_one_may_renounce() -> None:
    import subprocess

    notice = Notice("en", "Bank A", "Li Hua", "2026-0000007", books.AS_OF, "CNY 9.00", "CNY 4.00", "CNY 4.00")
    said = subprocess.run(
        ["pdftotext", "-", "-"], input=heir_notice(notice), capture_output=True, check=True
    ).stdout.decode()
    said = " ".join(said.split())
    for words in ("article 1161", "at most: CNY 4.00", "whoever renounces the inheritance pays nothing"):
        assert words in said, words


def test_what_is_held_comes_up_for_its_review(desk: World) -> None:
    track = opened("ILLNESS", "in hospital")
    tracks.decide_track(cast.user(cast.LEAD), track.pk, "RESTS", "left in peace")
    held = Track.objects.get()
    assert held.review_on is not None
    track_lives.at(held.review_on + timedelta(days=1))
    page = Person(cast.LEAD).get("/clocks/")
    assert f"/tracks/{track.pk}/" in page
    assert "Overdue" in page
