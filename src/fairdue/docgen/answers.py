"""What the commands answer with `--json`: stable keys, never renamed. A test compares them with real answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairdue.docgen.markdown import Both, both, code, table
from fairdue.rules.plans.asked import KEYS as SITUATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairdue.core.errors import Lang

Keys = dict[str, Both]

IMPORT: Keys = {
    "batch": both("Number of the batch.", "批次编号。"),
    "kind": both("`book`, `people`, `schedule` or `payments`.", "`book`、`people`、`schedule` 或 `payments`。"),
    "file": both("Name of the file.", "文件名。"),
    "sha256": both("SHA-256 of the file as it came.", "原文件的 SHA-256。"),
    "mapping": both("Name of the mapping.", "映射名称。"),
    "as_of": both("The date the figures are of, or null.", "账面日期，或 null。"),
    "state": both("`LOADED` when everything good is in the book.", "`LOADED` 表示合格行已全部入库。"),
    "already_loaded": both(
        "True: the same file had been loaded before, nothing was changed.", "true：同一文件此前已入库，未作改动。"
    ),
    "rows": both("Rows: `read`, `loaded`, `rejected`.", "行数：`read` 读入、`loaded` 入库、`rejected` 拒收。"),
    "control": both("Control totals, as the intake counted them.", "导入时统计的控制总数。"),
    "rejects_file": both("Path of the rejected rows with their reasons, or null.", "拒收文件路径（含原因），或 null。"),
}
NIGHT: Keys = {
    "lender": both("Code of the lender.", "贷款机构代码。"),
    "currency": both("Currency of every amount.", "金额的币种。"),
    "exponent": both(
        "Decimals of the currency: amounts are whole minor units.", "币种小数位数：金额均为最小货币单位的整数。"
    ),
    "as_of": both("Business date.", "业务日期。"),
    "accounts": both("Accounts looked at.", "处理的账户数。"),
    "cases": both("Cases in arrears.", "逾期案件数。"),
    "balance": both("What they owe together.", "逾期案件欠款合计。"),
    "stages": both("Per stage: `stage`, `cases`, `balance`.", "各阶段：`stage`、`cases`、`balance`。"),
    "reconciliation": both(
        "Every account once, by why it is in a case or left out: `standing`, `zh`, `en`, `accounts`, `balance`.",
        "每个账户恰好列入一项，说明在案或未在案的原因：`standing`、`zh`、`en`、`accounts`、`balance`。",
    ),
    "terms_unknown": both(
        "Accounts on which nothing could be accrued, because a rate or another term is unknown.",
        "因利率或其他计息条件不明而未计息的账户数。",
    ),
    "listed": both("Places on today's lists.", "列入当日名单的案件数。"),
    "state": both("`PUBLISHED`, or `ABANDONED` after a dry run.", "`PUBLISHED` 已发布；试运行后为 `ABANDONED`。"),
    "run": both("Number of the run.", "跑批编号。"),
}
EXPLAIN: Keys = {
    "case": both("Number of the case.", "案件编号。"),
    "customer": both("The customer's reference.", "客户编号。"),
    "at": both("When it was decided, with the offset of the lender's place.", "决定时间，含机构所在地时差。"),
    "kind": both("`night`, `contact` (somebody asked) or `outcome` (something happened).",
                 "`night` 跑批、`contact` 申请联系、`outcome` 记录结果后。"),
    "facts": both("What was known: `case` for the decision, `contact` for the guard, in names of the catalogue.",
                  "当时掌握的事实：`case` 用于决定，`contact` 用于规则判断，名称见事实目录。"),
    "guard": both("`allowed`, `pack`, `pack_revision`, `next_lawful` (or null) and `reasons`.",
                  "`allowed`、`pack`、`pack_revision`、`next_lawful`（或 null）和 `reasons`。"),
    "decision": both("`action`, `aim`, `reason`, `not_before`, `strategy_revision`, `value` (term by term), `actor`.",
                     "`action`、`aim`、`reason`、`not_before`、`strategy_revision`、`value`（逐项）、`actor`。"),
}  # fmt: skip
GUARD: Keys = {
    "allowed": both("Whether the contact may be made.", "是否允许联系。"),
    "pack": both("Name of the rule pack.", "规则包名称。"),
    "pack_revision": both("SHA-256 of the rules it was judged by.", "所依据规则内容的 SHA-256。"),
    "reasons": both("Each rule that spoke.", "起作用的各条规则。"),
    "next_lawful": both(
        "From when it may be made; null: no passage of time is known to help.",
        "最早可联系时间；null 表示等待无济于事。",
    ),
}
REASON: Keys = {
    "rule": both("Id of the rule.", "规则编号。"),
    "status": both(
        "`REFUSED`, `UNKNOWN` (a fact is missing) or `ADVISED`.", "`REFUSED` 拒绝、`UNKNOWN` 事实不全、`ADVISED` 提示。"
    ),
    "title": both("Title in `zh` and `en`.", "标题，`zh` 与 `en`。"),
    "article": both("Instrument and article.", "文件与条款。"),
    "confidence": both("Mark of confidence.", "依据可靠程度标记。"),
    "missing": both("Facts that were missing.", "缺少的事实。"),
}
DECISION: Keys = {
    "action": both(
        "`CONTACT`, `WAIT`, `REST`, `STOP` or `REPAIR`.",
        "`CONTACT` 联系、`WAIT` 稍后、`REST` 暂不、`STOP` 停止、`REPAIR` 补充联系方式。",
    ),
    "aim": both("Aim of the contact, or null.", "联系目标，或 null。"),
    "reason": both("Why.", "理由。"),
    "not_before": both("Not before this time, or null.", "不早于此时，或 null。"),
    "strategy_revision": both("SHA-256 of the version of the strategy.", "策略版本的 SHA-256。"),
    "value": both(
        "Expected value of acting now, term by term; empty where none was worked out.",
        "此刻联系的期望价值，逐项列出；未计算时为空。",
    ),
    "actor": both("Login of who asked, or `night`.", "操作人账号，或 `night`。"),
}
RULES_CHECK: Keys = {
    "ok": both("Nothing is wrong.", "全部正确。"),
    "packs": both(
        "Per pack: `name`, `rules`, `cases`, `revision`, `redundant`.",
        "各规则包：`name`、`rules`、`cases`、`revision`、`redundant`。",
    ),
    "others": both(
        "Strategies, scripts, frames and outcome codes that hold.", "通过检查的策略、话术、消息模板和结果码。"
    ),
    "faults": both("What is wrong, as under `error`.", "错误清单，结构同 `error`。"),
}
AUDIT_VERIFY: Keys = {
    "holds": both("The chain holds.", "审计链完整。"),
    "row": both("The first row at which it does not, or null.", "第一处不符的记录编号，或 null。"),
    "why": both(
        "`altered`, `missing`, `moved`, `missing at the end`, `decision altered`, `not the anchored row`, or null.",
        "`altered` 被改动、`missing` 缺失、`moved` 被移位、`missing at the end` 链尾被截断、"
        "`decision altered` 所证明的决定被改动、`not the anchored row` 与锚点不符，或 null。",
    ),
    "anchors": both("How many anchors the chain was led through.", "核对的锚点数。"),
}
REPLAY: Keys = {
    "decisions": both("Decisions asked again.", "重放的决定数。"),
    "differing": both("Of these, how many come out otherwise.", "其中结果不同的数量。"),
    "untold": both("Decisions whose record says too little to be asked again.", "记录不足、无法重放的决定数。"),
    "differences": both(
        "The first 100: `decision`, and each part that differs with `stored` and `now`; or `fault` in `zh` and `en`.",
        "前 100 处不同：`decision` 及各不同部分的 `stored` 与 `now`；无法重放时为 `fault`（`zh`、`en`）。",
    ),
}
LAPSE: Keys = {"lapsed": both("Reservations marked as lapsed.", "标记为失效的预占数。")}
OFFERS_ASKED: Keys = {
    key: both(f"{'' if needed else 'May be left out. '}{en}", f"{'' if needed else '可省略。'}{zh}")
    for key, (needed, en, zh) in SITUATION.items()
}
OFFERS: Keys = {
    "line": both("Number of the line.", "行号。"),
    "id": both("Your own name for the situation.", "自定的情形名称。"),
    "afford": both(
        "What can be spared a month: `income`, `living`, `protected`, `debts`, `left` (-1: cannot be told), the minimum "
        "and its source, and what must still be asked (`needs`).",
        "每月可负担情况：`income`、`living`、`protected`、`debts`、`left`（-1 为无法判断），"
        "最低标准及来源，尚需了解的内容（`needs`）。",
    ),
    "offers": both("What may be offered, most likely kept first.", "可提供的方案，预计最可能履行的在前。"),
    "not_offered": both("What may not: `code`, `kind`, `months` and `why` (`reason`, `rule`, `fields`, `zh`, `en`).",
                        "不可提供的方案：`code`、`kind`、`months` 和 `why`（`reason`、`rule`、`fields`、`zh`、`en`）。"),
    "why": both("Why nothing at all can be worked out; else empty.", "完全无法计算时的原因，否则为空。"),
    "referrals": both("Where else to turn.", "其他可求助的途径。"),
    "revision": both("SHA-256 of the terms, the matrix and the law used.", "所用条款、权限和法规内容的 SHA-256。"),
}  # fmt: skip
OFFER: Keys = {
    "code": both("Code of the option in the terms.", "条款中的方案代码。"),
    "title": both("Its name in `zh` and `en`.", "名称，`zh` 与 `en`。"),
    "kind": both("Kind of way out.", "方案类别。"),
    "months": both("Payments, or months of deferral.", "期数，或延期月数。"),
    "payments": both("`on`, `amount`, `interest` (part of the amount).", "`on`、`amount`、`interest`（含在金额内）。"),
    "total": both("What is paid in all.", "应还合计。"),
    "interest": both("Interest of the plan in it.", "其中方案利息。"),
    "annual_ppm": both("Rate the plan bears, ppm a year.", "方案计息年利率，百万分比。"),
    "eac_ppm": both("Effective annual cost, ppm, never understated.", "实际年化成本，百万分比，只高不低。"),
    "waived": both("What is let off, by component.", "按构成列出的减免额。"),
    "waived_at_end": both("True: let off once all is paid; false: at once.", "true：还清后减免；false：立即减免。"),
    "pv": both("Worth to the lender if kept.", "如约履行时对机构的现值。"),
    "expected": both("That times the chance that it is kept.", "现值乘以履行可能性。"),
    "risk_ppm": both("Risk of breaking, ppm.", "违约可能性，百万分比。"),
    "risk_is": both("`judgement`: not measured.", "`judgement`：为判断值，未经实测。"),
    "share_ppm": both("Part of what may be used that the largest payment takes.", "最大一期占可用额度的比例。"),
    "review_on": both("Day of the review of a deferral, or null.", "延期方案的复核日，或 null。"),
    "approvers": both("Roles one of which must approve; empty: none.", "须由其中一方审批的角色；空为无须审批。"),
    "counts": both("Whether it counts for performance.", "是否计入考核。"),
    "order": both("Allocation order of the payments.", "还款冲还顺序。"),
}
TRACKS_DUE: Keys = {
    "today": both("Business date at the lender's place.", "机构所在地业务日期。"),
    "within": both("Days from today that were looked at.", "查看的天数。"),
    "late": both("How many are overdue.", "已超期的数量。"),
    "tracks": both(
        "Per track: `number`, `kind`, `case`, `due_on`, `days_left` (negative: overdue), `extension_asked`.",
        "逐项：`number`、`kind`、`case`、`due_on`、`days_left`（负数为超期）、`extension_asked`。",
    ),
}
COMPLAINTS: Keys = {
    "first": both("First day of the period.", "期间首日。"),
    "last": both("Last day of the period.", "期间末日。"),
    "received": both("Complaints received in it.", "期间收到的投诉数。"),
    "decided": both("Of these, decided.", "其中已作出决定的数量。"),
    "in_time": both("Of these, decided by the last day of the clock.", "其中在期限内作出决定的数量。"),
    "rows": both(
        "Per combination: `regulator_class`, `category`, `came_by`, `root_cause`, `decision` (empty: not yet), `count`.",
        "按组合：`regulator_class`、`category`、`came_by`、`root_cause`、`decision`（空为未决定）、`count`。",
    ),
}
ERROR: Keys = {
    "code": both("Stable code of the fault.", "稳定的错误代码。"),
    "fields": both("What the sentence was made with.", "错误涉及的各项内容。"),
    "en": both("The sentence in English.", "英文说明。"),
    "zh": both("The sentence in Chinese.", "中文说明。"),
}

ANSWERS: dict[str, Keys] = {
    "fairdue import --json": IMPORT,
    "fairdue night --json": NIGHT,
    "fairdue explain --json": EXPLAIN,
    "fairdue explain --json: guard": GUARD,
    "fairdue explain --json: guard.reasons[]": REASON,
    "fairdue explain --json: decision": DECISION,
    "fairdue rules check --json": RULES_CHECK,
    "fairdue audit verify --json": AUDIT_VERIFY,
    "fairdue replay --json": REPLAY,
    "fairdue reservations lapse --json": LAPSE,
    "fairdue offers: each line in": OFFERS_ASKED,
    "fairdue offers --json: each line out": OFFERS,
    "fairdue offers --json: offers[]": OFFER,
    "fairdue tracks due --json": TRACKS_DUE,
    "fairdue tracks complaints --json": COMPLAINTS,
    "error": ERROR,
}


def body(lang: Lang) -> Sequence[str]:
    """The page."""
    intro = both(
        "Each answer is one JSON object on stdout. Keys are added over time and never renamed. Amounts are whole "
        "minor units of the currency; dates are `YYYY-MM-DD`, instants have their offset.",
        "每个命令在标准输出写出一个 JSON 对象。键只增加，不改名。"
        "金额为最小货币单位的整数；日期写作 `YYYY-MM-DD`，时刻带时差。",
    )[lang]
    head = {"en": ("Key", "Meaning"), "zh": ("键", "含义")}[lang]
    parts = [intro]
    for name, keys in ANSWERS.items():
        parts += [f"## `{name}`", table(head, [(code(key), about[lang]) for key, about in keys.items()])]
    return parts
