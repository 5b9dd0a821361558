from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import asking
import books
import cast
from fairdue.core.codes import Channel, Mode, PointStatus
from fairdue.jobs import dialler as job
from fairdue.jobs.progress import silent
from fairdue.rules.dialler import read_words, shipped
from fairdue.rules.reading import WrongFiles
from fairdue.store import audit, clock
from fairdue.store.actions import contacts, dialler
from fairdue.store.actions.contacts import Proposed, Refusal
from fairdue.store.models import Attempt, Case, Organisation, Point
from worlds import World


def lender() -> Organisation:
    return cast.case_of(cast.COLLECTOR).lender


def listed(folder: Path, name: str = "morning", **said: object) -> list[dict[str, str]]:
    """The lines of a list."""
    given: dict[str, object] = {"owner": cast.user(cast.COLLECTOR), "limit": 4, "robot": False, "report": silent} | said
    found = job.export(lender(), folder / f"{name}.csv", name, **given)  # type: ignore[arg-type]
    assert found.file.stat().st_mode & 0o077 == 0, "numbers in clear are for their owner only"
    return list(csv.DictReader(io.StringIO(found.file.read_text("utf-8-sig"))))


def results(path: Path, lines: list[dict[str, str]], **said: str) -> Path:
    """A file as a Chinese dialler writes it."""
    rows = [{"行号": one["line"], "拨打时间": "2026-09-30 10:05", "结果": "无人接听"} | said for one in lines]
    with path.open("w", encoding="gb18030", newline="") as file:
        sheet = csv.DictWriter(file, list(rows[0]))
        sheet.writeheader()
        sheet.writerows(rows)
    return path


def loaded(path: Path) -> job.Imported:
    return job.load(lender(), path, shipped(), cast.ZONE, "en", silent)


def test_a_list_holds_its_places_until_its_windows_end_and_no_longer(both: World, tmp_path: Path) -> None:
    lines = listed(tmp_path)
    assert lines
    for line in lines:
        begin, end = (datetime.fromisoformat(line[name]) for name in ("window_from", "window_until"))
        assert begin < end
        attempt = Attempt.objects.get(pk=line["line"])
        assert (attempt.state, clock.from_minute(attempt.expires_at, cast.ZONE)) == ("RESERVED", end)
        assert len(line["number"]) == 11
    assert audit.verify() is None


def test_the_end_of_a_window_is_the_first_minute_that_is_refused(desk: World, tmp_path: Path) -> None:
    line = listed(tmp_path, limit=1)[0]
    Attempt.objects.filter(pk=line["line"]).update(state=Attempt.RELEASED)
    end = clock.to_minute(datetime.fromisoformat(line["window_until"]))
    case = Case.objects.get(pk=line["case"])
    wanted = Proposed(Channel.CALL, Attempt.objects.get(pk=line["line"]).point_id)
    clock.set_demo(end)
    assert isinstance(contacts.reserve(cast.user(cast.COLLECTOR), case.pk, wanted), Refusal)
    clock.set_demo(end - 1)
    assert not isinstance(contacts.reserve(cast.user(cast.COLLECTOR), case.pk, wanted), Refusal)


def test_the_same_list_again_is_the_same_list(desk: World, tmp_path: Path) -> None:
    assert listed(tmp_path) == listed(tmp_path)
    assert Attempt.objects.count() == len(listed(tmp_path))


def test_a_robot_is_labelled_and_counted_as_one(desk: World, tmp_path: Path) -> None:
    line = listed(tmp_path, limit=1, robot=True)[0]
    assert line["mode"] == "NOTIFY"
    assert "自动语音" in line["announce"]
    assert Attempt.objects.get(pk=line["line"]).mode == Mode.NOTIFY


def test_what_may_not_be_dialled_is_not_on_the_list(desk: World, tmp_path: Path) -> None:
    mine = Case.objects.filter(owner=cast.user(cast.COLLECTOR), closed_on=None)
    Point.objects.filter(person__in=mine.values("customer")).update(status=PointStatus.INVALID)
    assert listed(tmp_path) == []
    clock.set_demo(cast.at(23))
    assert listed(tmp_path, "night") == []


def test_results_are_recorded_once_at_the_time_of_the_dial(both: World, tmp_path: Path) -> None:
    lines = listed(tmp_path, limit=2)
    clock.set_demo(cast.at(11))
    file = results(tmp_path / "done.csv", lines)
    assert loaded(file).as_dict() | {"rejects": None} == {
        "read": 2, "recorded": 2, "again": 0, "outside": [], "rejected": 0, "rejects": None,
    }  # fmt: skip
    for line in lines:
        attempt = Attempt.objects.get(pk=line["line"])
        assert (attempt.state, attempt.outcome) == ("CONFIRMED", "NA")
        assert clock.from_minute(attempt.at, cast.ZONE).strftime("%H:%M") == "10:05"
    assert (loaded(file).recorded, loaded(file).again) == (0, 2)


def test_a_dial_outside_its_window_counts_and_is_named(desk: World, tmp_path: Path) -> None:
    lines = listed(tmp_path, limit=1)
    late = (books.AS_OF + timedelta(days=0)).isoformat() + " 23:10"
    clock.set_demo(cast.at(23) + 30)
    found = loaded(results(tmp_path / "late.csv", lines, 拨打时间=late))
    assert found.outside == (int(lines[0]["line"]),)
    assert Attempt.objects.get(pk=lines[0]["line"]).state == "CONFIRMED"


def test_what_cannot_be_recorded_is_mended_and_loaded_again(desk: World, tmp_path: Path) -> None:
    lines = listed(tmp_path, limit=2)
    file = results(tmp_path / "half.csv", lines)
    text = file.read_text("gb18030").splitlines()
    text[1] = text[1].replace("无人接听", "莫名其妙")
    text += [
        "999999,2026-09-30 10:05,占线",
        f"{lines[0]['line']},gestern,占线",
        f"{lines[0]['line']},2026-09-30 09:00,占线",
    ]
    file.write_text("\n".join(text), "utf-8")
    found = loaded(file)
    assert (found.recorded, found.rejected) == (1, 4)
    assert found.rejects is not None
    bad = found.rejects.read_text("utf-8-sig")
    for word in ("莫名其妙", "no line 999999", "'gestern' is no time", "before it was on a list"):
        assert word in bad
    found.rejects.write_text(bad.replace("莫名其妙", "占线"), "utf-8")
    assert loaded(found.rejects).recorded == 1


def test_a_file_without_the_columns_is_refused_whole(desk: World, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(job.NotAResult, match="line, at, outcome"):
        loaded(file)


def test_words_that_lead_nowhere_are_named_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "words.yaml"
    file.write_text("columns: {line: [a], at: [b], outcome: [c]}\noutcomes:\n  ok: NOTHING\n", "utf-8")
    with pytest.raises(WrongFiles, match=r"words.yaml, line 3: 'NOTHING' is no outcome"):
        read_words(file)


def test_the_commands_write_a_list_and_take_its_results(desk: World, tmp_path: Path) -> None:
    made = json.loads(desk.fairdue("dialler", "export", tmp_path / "l.csv", "--name", "x", "--limit", 2, "--json",
                                   "--lender", lender().code))  # fmt: skip
    lines = list(csv.DictReader(io.StringIO((tmp_path / "l.csv").read_text("utf-8-sig"))))
    assert made["lines"] == len(lines) > 0
    clock.set_demo(cast.at(11))
    done = json.loads(
        desk.fairdue("dialler", "import", results(tmp_path / "r.csv", lines), "--json", "--lender", lender().code)
    )
    assert done["recorded"] == len(lines)


def test_a_line_that_is_none_of_a_list_is_refused(desk: World) -> None:
    with pytest.raises(dialler.NoLine):
        dialler.report("cli", lender().pk, dialler.Dialled(12345, clock.now_minute(), "NA"))


def test_a_program_takes_a_list_and_reports_its_results(desk: World) -> None:
    asker = asking.program(cast.OPERATOR)
    made = json.loads(asker.send("POST", "/dialler/lists", {"name": "robot", "limit": 2, "robot": True}).content)
    assert made["lines"]
    line = made["lines"][0]
    assert (line["mode"], "automated" in line["announce"]) == ("NOTIFY", True)
    clock.set_demo(cast.at(11))
    said = {"at": "2026-09-30T10:05:00+08:00", "outcome": "NA"}
    path = f"/dialler/lines/{line['line']}/result"
    found = [json.loads(asker.send("POST", path, said).content) for _ in range(2)]
    assert [one["again"] for one in found] == [False, True]
    attempt = Attempt.objects.get(pk=line["line"])
    assert (attempt.state, attempt.mode, attempt.outcome) == ("CONFIRMED", Mode.NOTIFY, "NA")
    assert asker.send("POST", "/dialler/lines/999999/result", said).status_code == 422
