"""Bytes that are wrong in ways a text file cannot show: one function per file."""

from __future__ import annotations

import gzip
import io

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

HEADER = "account_no,customer_ref,balance,name\n"
ROWS = "A1,C1,100.00,王五\nA2,C2,200.00,李四\n"


def empty() -> bytes:
    return b""


def mixed_encodings() -> bytes:
    return HEADER.encode() + "A1,C1,100.00,王五\n".encode() + "A2,C2,200.00,李四\n".encode("gb18030")


def broken_gb18030() -> bytes:
    return HEADER.encode() + "A1,C1,100.00,王五\n".encode("gb18030") + b"A2,C2,200.00,\xd5\n"


def utf8_with_a_broken_name() -> bytes:
    """Read as GB18030 it would load, with every name garbled."""
    return HEADER.encode() + "A1,C1,100.00,王五\n".encode() + b"A2,C2,200.00,\xe6\x9d\n"


def bom_but_not_utf8() -> bytes:
    return b"\xef\xbb\xbf" + HEADER.encode() + ROWS.encode("gb18030")


def utf16_without_mark() -> bytes:
    return (HEADER + ROWS).encode("utf-16-le")


def utf16_broken() -> bytes:
    return (HEADER + ROWS).encode("utf-16")[:-1]


def nul_bytes() -> bytes:
    return HEADER.encode() + b"A1,C1,100.00,\0\nA2,C2,200.00,x\n"


def no_line_ends() -> bytes:
    return HEADER.encode() + b"A1,C1,100.00,x," * 90_000


def truncated_gzip() -> bytes:
    return gzip.compress((HEADER + ROWS * 500).encode())[:-40]


def not_gzip() -> bytes:
    return (HEADER + ROWS).encode()


def corrupt_xlsx() -> bytes:
    return _book({"委案": [["account_no"], ["A1"]]})[:-200]


def csv_called_xlsx() -> bytes:
    return (HEADER + ROWS).encode()


def wrong_sheet() -> bytes:
    return _book({"Sheet1": [["account_no", "customer_ref", "balance"], ["A1", "C1", 1]], "对账": [["x"]]})


def merged_header() -> bytes:
    return _book(
        {"委案": [["2026 年 9 月委案明细", None, None], ["account_no", "customer_ref", "balance"], ["A1", "C1", 1]]}
    )


def address_book_sheet() -> bytes:
    return _book({"委案": [["account_no", "customer_ref", "balance"], ["A1", "C1", 1]], "通讯录": [["姓名"], ["王五"]]})


def empty_sheet() -> bytes:
    return _book({"委案": []})


def formula_errors() -> bytes:
    """Row 2 divides by zero in the balance, row 3 looks up a name that is not there, row 4 is good."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("委案")
    sheet.write_row(0, 0, ["account_no", "customer_ref", "balance", "name"])
    sheet.write_row(1, 0, ["A1", "C1"])
    sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    sheet.write_row(2, 0, ["A2", "C2", 12.5])
    sheet.write_formula(2, 3, "=NA()", None, "#N/A")
    sheet.write_row(3, 0, ["A3", "C3", 12.5, "王五"])
    book.close()
    return out.getvalue()


def corrupt_parquet() -> bytes:
    return _parquet(pa.table({"account_no": ["A1"]}))[:-6] + b"xxPAR1"


def nested_parquet() -> bytes:
    return _parquet(pa.table({"account_no": ["A1"], "customer_ref": ["C1"], "balance": [1], "phones": [["1", "2"]]}))


def pdf() -> bytes:
    return b"%PDF-1.7"


def _parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def _book(sheets: dict[str, list[list[object]]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()
    return out.getvalue()
