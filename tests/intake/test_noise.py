"""Files with noise in them: whatever the bytes, a file is loaded without losing a row, or refused with a sentence."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pytest
import wrong_bytes
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import load

from fairdue.core.errors import Fault

CSV = 'account_no,customer_ref,balance,name\nA1,C1,"1,000.00",王五\nA2,C2,5,李四\nA3,C3,-7.5,\n'.encode()
SOUND = {
    "noise.csv": CSV,
    "noise.csv.gz": gzip.compress(CSV, mtime=0),
    "noise.xlsx": wrong_bytes._book(
        {"账册": [["account_no", "customer_ref", "balance"], ["A1", "C1", 1], ["A2", "C2", 2.5]]}
    ),
    "noise.parquet": wrong_bytes._parquet(pa.table({"account_no": ["A1"], "customer_ref": ["C1"], "balance": [1.5]})),
}
edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 4), st.binary(max_size=4) | st.sampled_from([b'"', b",", b"\n", b"\r", b"\0"])),
    min_size=1, max_size=4,
)  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
@settings(max_examples=30, deadline=None)
@given(edits=edits)
def test_noise_never_breaks_the_door(
    tmp_path_factory: pytest.TempPathFactory, name: str, edits: list[tuple[float, int, bytes]]
) -> None:
    content = bytearray(SOUND[name])
    for where, cut, put in edits:
        at = int(where * len(content))
        content[at : at + cut] = put
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(bytes(content))
    assert outcome(path)


def outcome(path: Path) -> bool:
    """Loaded whole, or refused in both languages."""
    try:
        whole = load(path)
    except Fault as fault:
        return bool(fault.sentence("zh") and fault.sentence("en"))
    return whole.totals.read == whole.good.height + whole.rejects["row_no"].n_unique()


def test_a_workbook_without_sheets_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "noise.xlsx"
    path.write_bytes(SOUND["noise.xlsx"].replace(b"xl/workbook.xml", b"xl/workbook.xmx"))
    assert outcome(path)
