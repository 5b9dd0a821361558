"""Writes the same movements in every format statements come in, the way banks and payment services write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape


def cents(minor: int) -> str:
    """1234 → 12.34."""
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"


@dataclass(frozen=True)
class Moved:
    """One movement; `back` names the reference of what was taken back."""

    on: date
    amount: int
    ref: str
    payer: str = ""
    account: str = ""
    said: str = ""
    back: str = ""
    debt: str = ""


def camt(rows: Sequence[Moved], opening: int = 100_000, number: str = "S1") -> str:
    closing = opening + sum(row.amount for row in rows)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>{number}</MsgId></GrpHdr><Stmt><Id>{number}</Id>"
        "<Acct><Id><Othr><Id>6222000011112222</Id></Othr></Id><Ccy>CNY</Ccy></Acct>"
        + _bal("OPBD", opening, rows[0].on) + _bal("CLBD", closing, rows[-1].on) + "".join(map(_ntry, rows))
        + "</Stmt></BkToCstmrStmt></Document>"
    )  # fmt: skip


def _bal(kind: str, amount: int, on: date) -> str:
    mark = "DBIT" if amount < 0 else "CRDT"
    return (f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">{cents(abs(amount))}</Amt>'
            f"<CdtDbtInd>{mark}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>")  # fmt: skip


def _ntry(row: Moved) -> str:
    back = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>" if row.back else ""
    return (
        f'<Ntry><Amt Ccy="CNY">{cents(abs(row.amount))}</Amt><CdtDbtInd>{"DBIT" if row.amount < 0 else "CRDT"}</CdtDbtInd>'
        f"<RvslInd>{str(bool(row.back)).lower()}</RvslInd><BookgDt><Dt>{row.on}</Dt></BookgDt><NtryDtls><TxDtls><Refs>"
        f"<EndToEndId>{row.back or row.ref}</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>{escape(row.payer)}</Nm></Pty></Dbtr>"
        f"<DbtrAcct><Id><Othr><Id>{row.account}</Id></Othr></Id></DbtrAcct></RltdPties>"
        f"<RmtInf><Ustrd>{escape(row.said)}</Ustrd></RmtInf>{back}</TxDtls></NtryDtls></Ntry>"
    )


def mt940(rows: Sequence[Moved], opening: int = 100_000, number: str = "S1") -> str:
    closing = opening + sum(row.amount for row in rows)
    lines = [f":20:{number}", ":25:BANKCN/6222000011112222", ":28C:1/1", f":60F:{_mt_bal(opening, rows[0].on)}"]
    for row in rows:
        mark = "RC" if row.back else "C" if row.amount > 0 else "D"
        lines += [
            f":61:{row.on:%y%m%d}{row.on:%m%d}{mark}{cents(abs(row.amount)).replace('.', ',')}NTRFNONREF//{row.back or row.ref}",
            f":86:166?20EREF+{row.back or row.ref}?21SVWZ+{row.said}?31{row.account}?32{row.payer}",
        ]
    return "\r\n".join([*lines, f":62F:{_mt_bal(closing, rows[-1].on)}", "-"]) + "\r\n"


def _mt_bal(amount: int, on: date) -> str:
    return f"{'D' if amount < 0 else 'C'}{on:%y%m%d}CNY{cents(abs(amount)).replace('.', ',')}"


def ofx(rows: Sequence[Moved], opening: int = 100_000, number: str = "S1") -> str:
    made = "".join(
        f"<STMTTRN><TRNTYPE>{'CREDIT' if r.amount > 0 else 'DEBIT'}\n<DTPOSTED>{r.on:%Y%m%d}120000[+8:CST]\n"
        f"<TRNAMT>{cents(r.amount)}\n"
        f"<FITID>{r.ref}\n<NAME>{escape(r.payer)}\n<MEMO>{escape(r.said)}\n"
        + (f"<CORRECTFITID>{r.back}\n<CORRECTACTION>DELETE\n" if r.back else "") + "</STMTTRN>\n"
        for r in rows
    )  # fmt: skip
    closing = opening + sum(row.amount for row in rows)
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:UTF-8\nCHARSET:NONE\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>"
        f"<CURDEF>CNY\n<BANKACCTFROM><ACCTID>6222000011112222\n</BANKACCTFROM><BANKTRANLIST><DTSTART>{rows[0].on:%Y%m%d}\n"
        f"<DTEND>{rows[-1].on:%Y%m%d}\n{made}</BANKTRANLIST><LEDGERBAL><BALAMT>{cents(closing)}\n<DTASOF>{rows[-1].on:%Y%m%d}\n"
        "</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    )


def _csv(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def bank_cn(rows: Sequence[Moved], opening: int = 100_000, number: str = "S1") -> str:
    balance, made = opening, list[list[str]]()
    for r in rows:
        balance += r.amount
        debit, credit = (cents(-r.amount), "") if r.amount < 0 else ("", f"{r.amount // 100:,}.{r.amount % 100:02}")
        made.append([f"{r.on:%Y/%m/%d}", debit, credit, cents(balance), r.ref, r.payer, r.account,
                     f"退汇 原流水号{r.back}" if r.back else r.said])  # fmt: skip
    head = ["交易日期", "借方发生额", "贷方发生额", "余额", "交易流水号", "对方户名", "对方账号", "摘要"]
    return _csv(
        [
            ["甲银行账户明细查询"],
            ["账号：", "6222000011112222", "币种：", "人民币"],
            head,
            *made,
            ["合计", str(len(made))],
        ]
    )


def alipay(rows: Sequence[Moved], opening: int = 0, number: str = "S1") -> str:
    came = [r for r in rows if r.amount > 0]
    head = ["交易时间", "交易对方", "对方账号", "商品说明", "收/支", "金额", "交易状态", "交易订单号", "备注"]
    made = [[f"{r.on} 10:00:00", r.payer, r.account, r.said, "收入" if r.amount > 0 else "支出", cents(abs(r.amount)),
             "退款成功" if r.back else "交易成功", (r.back or r.ref) + "\t", ""] for r in rows]  # fmt: skip
    return _csv([["支付宝支付科技有限公司 电子客户回单"], [f"收入：{len(came)}笔 {cents(sum(r.amount for r in came))}元"],
                 ["------------------------------------"], head, *made])  # fmt: skip


def wechat(rows: Sequence[Moved], opening: int = 0, number: str = "S1") -> str:
    came = [r for r in rows if r.amount > 0]
    head = [
        "交易时间",
        "交易类型",
        "交易对方",
        "商品",
        "收/支",
        "金额(元)",
        "支付方式",
        "当前状态",
        "交易单号",
        "商户单号",
        "备注",
    ]
    made = [[f"{r.on} 10:00:00", "转账", r.payer, r.said, "收入" if r.amount > 0 else "支出", f"¥{cents(abs(r.amount))}", "/",
             "已全额退款" if r.back else "已收钱", r.back or r.ref, "", "/"] for r in rows]  # fmt: skip
    return _csv(
        [["微信支付账单明细"], [f"收入：{len(came)}笔 {cents(sum(r.amount for r in came))}元"], [], head, *made]
    )


def debit(rows: Sequence[Moved], opening: int = 0, number: str = "S1") -> str:
    head = ["扣款日期", "合同号", "户名", "账号", "扣款金额", "流水号", "返回码", "返回信息", "原流水号"]
    made = [
        [f"{r.on}", r.debt, r.payer, r.account, cents(abs(r.amount)), r.ref, "R" if r.back else "0000", "", r.back]
        for r in rows
    ]
    failed = [f"{rows[0].on}", "L000001", "", "", "10.00", "FAILED1", "51", "余额不足", ""]
    return _csv([head, *made, failed])


def agency(rows: Sequence[Moved], opening: int = 0, number: str = "S1") -> str:
    made = [[f"{r.on}", r.debt, cents(r.amount), r.ref, r.payer, r.account, ""] for r in rows]
    return _csv([["回款日期", "合同号", "回款金额", "流水号", "还款人", "付款账号", "备注"], *made])


def court(rows: Sequence[Moved], opening: int = 0, number: str = "S1") -> str:
    made = [[f"{r.on}", r.debt, cents(r.amount), r.ref, "某区人民法院", "（2026）执1号"] for r in rows]
    return _csv([["发放日期", "合同号", "发放金额", "票据号", "执行法院", "案号"], *made])


WRITERS = {"camt053": camt, "mt940": mt940, "ofx": ofx, "bank-cn": bank_cn, "alipay": alipay, "wechat": wechat,
           "direct-debit": debit, "agency": agency, "court": court}  # fmt: skip
GBK = {"bank-cn", "alipay"}
NO_REVERSALS = {"agency", "court"}


def write(folder: Path, form: str, rows: Sequence[Moved], name: str = "") -> Path:
    """A file as it would come: Chinese banks write GBK."""
    path = folder / (name or f"{form}.dat")
    path.write_bytes(WRITERS[form](rows, number=name or "S1").encode("gb18030" if form in GBK else "utf-8"))
    return path
