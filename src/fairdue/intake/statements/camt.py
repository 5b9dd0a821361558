"""camt.053 (ISO 20022): read as a stream, entry by entry, by a parser that takes no document types and no entities."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date
from xml.parsers import expat

from fairdue.core.errors import Fault
from fairdue.core.statements import Entry, RowFault, Statement
from fairdue.intake.statements.common import Damaged, Dangerous, attempt, day, minor, unreadable

DEEPEST = 60


class _Reader:
    """Builds small trees of the children of each statement, without namespaces, and lets go of each once it is read."""

    def __init__(self, file: str) -> None:
        self.file, self.path, self.builder = file, list[str](), None
        self.statements: list[list[ET.Element]] = []
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.StartDoctypeDeclHandler = self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler = self._text
        self.tree: ET.TreeBuilder | None = None

    def _refuse(self, *_: object) -> None:
        raise Dangerous(file=self.file)

    def _start(self, name: str, said: dict[str, str]) -> None:
        name = name.rpartition("}")[2]
        self.path.append(name)
        if len(self.path) > DEEPEST:
            raise Damaged(file=self.file, why="it is nested too deep", why_zh="嵌套过深")
        if name == "Stmt" and self.tree is None:
            self.statements.append([])
        elif len(self.path) > 1 and self.path[-2] == "Stmt" and self.tree is None:
            self.tree = ET.TreeBuilder()
        if self.tree is not None:
            self.tree.start(name, said)

    def _text(self, text: str) -> None:
        if self.tree is not None:
            self.tree.data(text)

    def _end(self, name: str) -> None:
        name = name.rpartition("}")[2]
        self.path.pop()
        if self.tree is None:
            return
        self.tree.end(name)
        if self.path and self.path[-1] == "Stmt":
            self.statements[-1].append(self.tree.close())
            self.tree = None


def read(data: bytes, file: str) -> tuple[Statement, ...]:
    """Every statement of the message. Raises `Dangerous`, `Damaged`."""
    reader = _Reader(file)
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        where = f"line {error.lineno}, column {error.offset}"
        raise Damaged(file=file, why=f"broken XML in {where}", why_zh=f"XML 有误（{where}）") from None
    if not reader.statements:
        raise Damaged(file=file, why="it holds no statement", why_zh="其中没有对账单")
    return tuple(_statement(parts, file) for parts in reader.statements)


def _statement(parts: list[ET.Element], file: str) -> Statement:
    heads = {part.tag: part for part in parts if part.tag not in {"Ntry", "Bal"}}
    account = heads.get("Acct", ET.Element("Acct"))
    balances = {_at(bal, "Tp/CdOrPrtry/Cd"): _signed(bal) for bal in parts if bal.tag == "Bal"}
    currency = _at(account, "Ccy") or next((a.get("Ccy", "") for p in parts for a in p.iter("Amt")), "")
    entries, faults = list[Entry](), list[RowFault]()
    for row, part in enumerate((p for p in parts if p.tag == "Ntry"), 1):
        try:
            entries += _entries(part, row, currency)
        except (Fault, ValueError, KeyError) as error:
            amount = attempt(lambda part=part: _signed(part))  # type: ignore[misc]  # bound at once
            faults.append(unreadable(row, "Ntry", "".join(part.itertext()), error, amount))
    period = heads.get("FrToDt", ET.Element("FrToDt"))
    first, last = _at(period, "FrDtTm") or _at(period, "FrDt"), _at(period, "ToDtTm") or _at(period, "ToDt")
    identity = heads.get("Id")
    return Statement(
        "camt053", file, currency=currency, account=_at(account, "Id/IBAN") or _at(account, "Id/Othr/Id"),
        bank_ref=(identity.text or "").strip() if identity is not None else "",
        from_on=day(first) if first else _bounds(entries, min), to_on=day(last) if last else _bounds(entries, max),
        opening=balances.get("OPBD", balances.get("PRCD")), closing=balances.get("CLBD"), entries=tuple(entries),
        faults=tuple(faults),
    )  # fmt: skip


def _bounds(entries: list[Entry], which: object) -> date | None:
    days = [entry.on for entry in entries]
    return which(days) if days and callable(which) else None


def _at(part: ET.Element, path: str) -> str:
    return (part.findtext(path) or "").strip()


def _signed(part: ET.Element) -> int:
    amount = part.find("Amt")
    if amount is None or not amount.text:
        raise ValueError("no amount")
    value = minor(amount.text, amount.get("Ccy", ""))
    return -value if _at(part, "CdtDbtInd") == "DBIT" else value


def _entries(part: ET.Element, row: int, currency: str) -> Iterator[Entry]:
    """One entry, or each payment of a batch where their amounts are told and make the sum."""
    total, ccy = _signed(part), part.find("Amt")
    if ccy is not None and ccy.get("Ccy", currency) != currency:
        raise ValueError(f"currency {ccy.get('Ccy')} in a statement in {currency}")
    on = day(_at(part, "ValDt/Dt") or _at(part, "ValDt/DtTm") or _at(part, "BookgDt/Dt") or _at(part, "BookgDt/DtTm"))
    back = _at(part, "RvslInd") in {"true", "1"} or part.find(".//RtrInf") is not None
    details = part.findall("NtryDtls/TxDtls")
    if len(details) <= 1:
        yield _entry(details[0] if details else part, part, row, on, total, back=back)
        return
    sign = -1 if total < 0 else 1
    amounts = [sign * minor(_at(d, "Amt") or _at(d, "AmtDtls/TxAmt/Amt"), currency) for d in details]
    if sum(amounts) != total:
        raise ValueError(f"the batch has {sum(amounts)}, the entry {total}")
    for one, amount in zip(details, amounts, strict=True):
        yield _entry(one, part, row, on, amount, back=back)


def _entry(detail: ET.Element, part: ET.Element, row: int, on: date, amount: int, *, back: bool) -> Entry:
    end_to_end = _at(detail, "Refs/EndToEndId")
    own = _at(detail, "Refs/AcctSvcrRef") or _at(detail, "Refs/TxId") or _at(part, "AcctSvcrRef")
    told = end_to_end if end_to_end not in {"", "NOTPROVIDED"} else ""
    who = "Dbtr" if amount > 0 else "Cdtr"
    said = [text.strip() for text in (e.text or "" for e in detail.iter("Ustrd"))]
    said += [(e.text or "").strip() for e in detail.iterfind("RmtInf/Strd/CdtrRefInf/Ref")]
    parties = "RltdPties"
    return Entry(
        row, on, amount, ref=told or own,
        payer=_at(detail, f"{parties}/{who}/Nm") or _at(detail, f"{parties}/{who}/Pty/Nm"),
        payer_account=_at(detail, f"{parties}/{who}Acct/Id/IBAN") or _at(detail, f"{parties}/{who}Acct/Id/Othr/Id"),
        virtual_account=_at(detail, f"{parties}/CdtrAcct/Id/Othr/Id") if amount > 0 else "",
        said=" ".join(text for text in (*said, told) if text), undoes=told or own if back and amount < 0 else "",
        reason=_at(detail, "RtrInf/Rsn/Cd") or _at(detail, "RtrInf/AddtlInf"),
    )  # fmt: skip
