"""MT940: the statement message of SWIFT, with the subfields of tag 86 as banks fill them (?20 … or /NAME/ …)."""

from __future__ import annotations

import re
from datetime import date

from fairdue.core.errors import Fault
from fairdue.core.statements import Entry, RowFault, Statement
from fairdue.intake.statements.common import Damaged, minor, unreadable

TAG = re.compile(r"^:(\d{2}[A-Z]?):", re.MULTILINE)
LINE = re.compile(
    r"(?P<day>\d{6})(?P<entry>\d{4})?(?P<mark>R?[CD])(?P<funds>[A-Z])?(?P<amount>\d[\d,]*)(?P<kind>[A-Z][A-Z0-9]{3})"
    r"(?P<ref>[^/\r\n]*)(?://(?P<bank>[^\r\n]*))?(?:\r?\n(?P<more>[^\r\n]*))?"
)
BALANCE = re.compile(r"(?P<mark>[CD])(?P<day>\d{6})(?P<currency>[A-Z]{3})(?P<amount>[\d,]+)")
Field = tuple[str, str]


def read(data: bytes, file: str) -> tuple[Statement, ...]:
    """Every message of the file. Raises `Damaged`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    fields = _fields(text)
    starts = [at for at, (tag, _) in enumerate(fields) if tag == "20"]
    if not starts:
        raise Damaged(file=file, why="it holds no tag :20:", why_zh="其中没有 :20: 标签")
    ends = [*starts[1:], len(fields)]
    return tuple(_statement(fields[a:b], file) for a, b in zip(starts, ends, strict=True))


def _fields(text: str) -> list[Field]:
    marks = list(TAG.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)] * bool(marks)
    return [
        (m[1], re.split(r"\n-\}?|\{5:", text[m.end() : end])[0].strip("\r\n "))
        for m, end in zip(marks, ends, strict=True)
    ]


def _statement(fields: list[Field], file: str) -> Statement:
    said = dict(reversed(fields))
    first, last = (_balance(said, tags, file) for tags in (("60F", "60M"), ("62F", "62M")))
    currency = first["currency"]
    entries, faults = list[Entry](), list[RowFault]()
    row = 0
    for at, (tag, value) in enumerate(fields):
        if tag != "61":
            continue
        row += 1
        about = fields[at + 1][1] if at + 1 < len(fields) and fields[at + 1][0] == "86" else ""
        try:
            entries.append(_entry(row, value, about, currency))
        except (Fault, ValueError) as error:
            faults.append(unreadable(row, ":61:", value, error, None))
    return Statement(
        "mt940", file, currency=currency, account=said.get("25", "").rpartition("/")[2],
        bank_ref=f"{said['20']} {said.get('28C', '')}".strip(), from_on=_day(first["day"]), to_on=_day(last["day"]),
        opening=_signed(first), closing=_signed(last), entries=tuple(entries), faults=tuple(faults),
    )  # fmt: skip


def _balance(said: dict[str, str], tags: tuple[str, ...], file: str) -> dict[str, str]:
    text = next((said[tag] for tag in tags if tag in said), "")
    found = BALANCE.match(text)
    if found is None:
        raise Damaged(file=file, why=f"no balance in :{tags[0]}:", why_zh=f":{tags[0]}: 中没有余额")
    return found.groupdict()


def _signed(balance: dict[str, str]) -> int:
    value = _amount(balance["amount"], balance["currency"])
    return -value if balance["mark"] == "D" else value


def _amount(text: str, currency: str) -> int:
    whole, _, rest = text.partition(",")
    return minor(f"{whole}.{rest}" if rest else whole, currency)


def _day(text: str) -> date:
    return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:6]))


def _entry(row: int, value: str, about: str, currency: str) -> Entry:
    found = LINE.match(value)
    if found is None:
        raise ValueError(value)
    amount, mark = _amount(found["amount"], currency), found["mark"]
    signed = amount if mark in {"C", "RD"} else -amount
    told = _about(about)
    ref = (found["bank"] or "").strip() or ("" if found["ref"].strip() == "NONREF" else found["ref"].strip())
    ref = told.get("EREF", "") or ref
    said = " ".join(
        filter(None, (told.get("said", ""), found["ref"].strip() if found["ref"].strip() != "NONREF" else ""))
    )
    return Entry(row, _day(found["day"]), signed, ref=ref, payer=told.get("name", ""), payer_account=told.get("account", ""),
                 virtual_account=told.get("virtual", ""), said=said, undoes=ref if mark == "RC" else "")  # fmt: skip


def _about(text: str) -> dict[str, str]:
    flat = re.sub(r"\r?\n", "", text)
    if re.match(r"\d{3}\?", flat):
        parts = dict(re.findall(r"\?(\d\d)([^?]*)", flat))
        said = "".join(parts.get(str(code), "") for code in (*range(20, 30), *range(60, 64)))
        eref = re.search(r"EREF\+(.*?)(?:[A-Z]{4}\+|$)", said)
        return {"said": said, "name": parts.get("32", "") + parts.get("33", ""), "account": parts.get("31", ""),
                "EREF": eref[1].strip() if eref else ""}  # fmt: skip
    slashed = dict(re.findall(r"/(EREF|NAME|REMI|IBAN|ORDP|VACC)/([^/]*)", flat))
    if slashed:
        return {"said": slashed.get("REMI", ""), "name": slashed.get("NAME", ""), "account": slashed.get("IBAN", ""),
                "EREF": slashed.get("EREF", ""), "virtual": slashed.get("VACC", "")}  # fmt: skip
    return {"said": flat}
