"""Rejected rows go out as they were, are mended, and come back; and the sums are those that were announced."""

from __future__ import annotations

import csv
import stat
from pathlib import Path
from typing import Literal

import polars as pl
import pytest
from loading import AS_OF, load, write

from fairdue import intake

TEXT = """account_no,customer_ref,balance,备注
A1,C1,100.00,好
A2,C2,abc,"含,逗号"
A3,,x,
A4,C4,1,234.00,x
A5,C5,5.00,"两
行"
"""


def split(path: Path, out: Path, lang: Literal["zh", "en"] = "zh", size: int = 2) -> intake.ControlTotals:
    mapping = intake.load_mapping("canonical-book")
    source = intake.open_source(path, mapping)
    context, totals = intake.Context(as_of=AS_OF, currency="CNY"), intake.ControlTotals()
    with intake.RejectsWriter(out, source.columns, lang) as writer:
        for frame in source.chunks(size):
            parsed = intake.parse_chunk(mapping, frame, context)
            totals.add(parsed)
            writer.add(frame, parsed.rejects)
    assert writer.rows == totals.rejected
    return totals


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_rejected_rows_are_written_as_they_were_with_all_their_reasons(tmp_path: Path) -> None:
    split(write(tmp_path / "b.csv", TEXT, "gb18030"), tmp_path / "rejects.csv")
    rows = rows_of(tmp_path / "rejects.csv")
    assert [row["fairdue_row"] for row in rows] == ["3", "4", "5"]
    assert [row["备注"] for row in rows] == ["含,逗号", "", "234.00"]
    assert rows[1]["fairdue_reason"] == "第 4 行“customer_ref”列：单元格为空。 | 第 4 行“balance”列：“x”不是金额。"
    assert rows[1]["fairdue_field"] == "customer_ref; balance"


def test_the_file_opens_in_a_spreadsheet_and_for_its_owner_only(tmp_path: Path) -> None:
    out = tmp_path / "rejects.csv"
    split(write(tmp_path / "b.csv", TEXT), out, "en")
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_what_stood_behind_the_last_column_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "rejects.csv"
    split(write(tmp_path / "b.csv", "account_no,customer_ref,balance\nA1,C1,1,234.00\n"), out)
    [row] = rows_of(out)
    assert (row["balance"], row["fairdue_extra"]) == ("1", "234.00")


def test_without_rejected_rows_there_is_no_file_and_an_old_one_goes(tmp_path: Path) -> None:
    out = write(tmp_path / "rejects.csv", "old")
    split(write(tmp_path / "b.csv", "account_no,customer_ref,balance\nA1,C1,1\n"), out)
    assert not out.exists()


def test_a_mended_file_loads_with_the_same_mapping(tmp_path: Path) -> None:
    out = tmp_path / "rejects.csv"
    split(write(tmp_path / "b.csv", TEXT), out)
    mended = (
        out.read_text("utf-8-sig")
        .replace("abc", "7.00")
        .replace("A3,,x", "A3,C3,8.00")
        .replace("1,234.00,5", "1234.00,,5")
    )
    whole = load(write(tmp_path / "mended.csv", mended, "utf-8-sig"))
    assert whole.good.select("account_no", "balance").rows() == [("A2", 700), ("A3", 800), ("A4", 123400)]
    assert whole.totals.rejected == 0


def test_loaded_and_left_out_add_up_to_what_was_read(tmp_path: Path) -> None:
    totals = split(write(tmp_path / "b.csv", "account_no,customer_ref,balance\nA1,C1,1.50\nA1,C1,2.25\nA2,,4\nA3,C3,z\n"),
                   tmp_path / "r.csv")  # fmt: skip
    assert totals.as_dict() == {
        "read": 4, "loaded": 1, "rejected": 3, "owe_nothing_but_late": 0,
        "reasons": {"row.blank": 1, "row.not-an-amount": 1, "row.twice": 1},
        "sums": {"CNY": {"read": 775, "loaded": 150, "left_out": 625, "unreadable": 1}},
    }  # fmt: skip


def test_sums_beyond_64_bits_are_exact(tmp_path: Path) -> None:
    most = 2**63 - 1
    path = write(tmp_path / "b.csv", "account_no,customer_ref,balance,currency\n" + "".join(
        f"A{at},C{at},{most},JPY\n" for at in range(5)))  # fmt: skip
    assert load(path).totals.sums["JPY"].loaded == 5 * most


@pytest.mark.parametrize(
    ("rows", "total", "codes"),
    [(None, None, []), (2, 300, []), (3, 300, ["intake.rows-differ"]), (2, 301, ["intake.total-differs"]),
     (1, 0, ["intake.rows-differ", "intake.total-differs"])],
)  # fmt: skip
def test_what_the_sender_announced_is_compared(
    tmp_path: Path, rows: int | None, total: int | None, codes: list[str]
) -> None:
    path = write(tmp_path / "b.csv", "account_no,customer_ref,balance\nA1,C1,1\nA2,C2,2\n")
    assert [fault.code for fault in load(path).totals.check(rows, total)] == codes


def test_a_total_cannot_be_confirmed_over_unreadable_rows(tmp_path: Path) -> None:
    path = write(tmp_path / "b.csv", "account_no,customer_ref,balance\nA1,C1,1\nA2,C2,?\n")
    [fault] = load(path).totals.check(2, 100)
    assert fault.code == "intake.total-unproven"
    with pytest.raises(intake.FileFault, match="1 rows"):
        intake.raise_all([fault])


def test_one_total_says_nothing_about_several_currencies(tmp_path: Path) -> None:
    path = write(tmp_path / "b.csv", "account_no,customer_ref,balance,currency\nA1,C1,1,CNY\nA2,C2,2,USD\n")
    [fault] = load(path).totals.check(2, 300)
    assert fault.code == "intake.total-of-several-currencies"


def test_several_faults_are_said_together(tmp_path: Path) -> None:
    path = write(tmp_path / "b.csv", "account_no,customer_ref,balance\nA1,C1,1\n")
    with pytest.raises(intake.FileFault) as said:
        intake.raise_all(load(path).totals.check(2, 7))
    assert said.value.sentence("zh").count("\n") == 1
    assert len(said.value.as_dict()["fields"]["faults"]) == 2  # type: ignore[index] # a dictionary of plain values


def test_reasons_count_rows_not_columns(tmp_path: Path) -> None:
    path = write(tmp_path / "b.csv", "account_no,customer_ref,balance\n,,1\n")
    assert load(path).totals.reasons == {"row.blank": 1}
    assert load(path).rejects.height == 2
    assert isinstance(load(path).rejects, pl.DataFrame)
