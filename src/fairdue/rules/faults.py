"""What can be wrong in a rule pack, said once in both languages: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Said(NamedTuple):
    """A fault's sentence and remedy, in the order in which `Reading.wrong` takes them."""

    en: str
    zh: str
    en_remedy: str
    zh_remedy: str


FAULTS: Mapping[str, Said] = {
    "no-such": Said("'{key}' cannot be '{value}'", "“{key}”不能填“{value}”", "It can be {known}.", "可填：{known}。"),
    "bad-value": Said(
        "'{key}' must be {en}, not '{value}'", "“{key}”应为{zh}，不能是“{value}”",
        "Mend the value.", "请修正取值。",
    ),
    "conditions": Said(
        "conditions must be a mapping", "条件应为键值结构", "Write 'fact: [values]'.", "请写成“事实: [取值]”。"
    ),
    "no-list": Said(
        "'{key}' is no fact with a list of values", "“{key}”不是可列举取值的事实",
        "See the catalogue of facts.", "请对照事实目录。",
    ),
    "never-holds": Said(
        "'{key}' has no values, so it can never hold", "“{key}”没有取值，条件永远不成立",
        "List values or remove it.", "请列出取值或删除。",
    ),
    "no-dates": Said(
        "'values' must name a date", "“values”须写明生效日期",
        "Write '2025-02-28: {{…}}'.", "请写成“2025-02-28: {{…}}”。",
    ),
    "no-date": Said("'{value}' is no date", "“{value}”不是日期", "Write YYYY-MM-DD.", "请写成 YYYY-MM-DD。"),
    "not-rising": Said("the dates do not rise", "日期未按先后排列", "Put them in order.", "请按日期排序。"),
    "no-change": Said("nothing changes on this date", "该日期前后没有变化", "Remove the date.", "请删除该日期。"),
    "never-refuses": Said(
        "the rule can never refuse", "该规则永远不会触发", "Mend the conditions or the values.", "请修正条件或取值。"
    ),
    "few-cases": Said(
        "{rule} has fewer than {least} cases", "{rule} 的案例少于 {least} 个",
        "Write an allowed, a refused and a boundary case.", "请写出允许、拒绝和临界三种案例。",
    ),
    "no-case-for": Said(
        "{rule} has no case that comes out {verdict}", "{rule} 没有结果为 {verdict} 的案例",
        "Write one: it shows that the rule can be reached.", "请补充，以证明规则确能触发。",
    ),
    "bad-case": Said(
        "the case cannot be read ({error})", "案例无法读取（{error}）",
        "Write times like 2026-03-02 22:00 and zones like Asia/Shanghai.",
        "时间请写成 2026-03-02 22:00，时区请写成 Asia/Shanghai。",
    ),
    "case-differs": Said(
        "'{title_en}' comes out {found}, not {expected}", "案例“{title_zh}”的结果为 {found}，与预期 {expected} 不符",
        "Mend the rule or the case.", "请修正规则或案例。",
    ),
    "next-differs": Said(
        "'{title_en}': the next lawful minute is {found}", "案例“{title_zh}”的下一可行时间为 {found}",
        "Mend the rule or the case.", "请修正规则或案例。",
    ),
    "stray": Said(
        "nothing reads this file", "该文件不会被读取",
        "A rule is <area>/<rule>/rule.yaml, with cases.yaml beside it.",
        "规则应放在 <领域>/<规则>/rule.yaml，并附 cases.yaml。",
    ),
    "twice": Said(
        "the id {rule} stands in {other} too", "规则编号 {rule} 与 {other} 重复",
        "Give it an id of its own.", "请使用不重复的编号。",
    ),
    "tightens": Said(
        "only a policy tightens a rule", "只有机构制度可以收紧规则", "Remove 'tightens'.", "请删除“tightens”。"
    ),
    "replaces": Said(
        "only a demo pack replaces {law}, and only if it includes it", "只有包含 {law} 的演示规则包才能替换该规则",
        "Remove 'replaces'.", "请删除“replaces”。",
    ),
    "policy-replaces": Said(
        "a policy replaces nothing", "机构制度不得替换规则", "Use 'tightens'.", "请改用“tightens”。"
    ),
    "other-kind": Said(
        "it tightens {law}, which is no rule of its kind in the pack", "所收紧的 {law} 不是规则包内的同类规则",
        "Name a rule of the same kind.", "请填写同类规则的编号。",
    ),
    "only-advises": Said(
        "it is looser than {law}: it only advises", "比 {law} 宽松：仅作提示",
        "A policy may only be stricter.", "机构制度只能更严格。",
    ),
    "narrower": Said(
        "it is looser than {law}: it speaks in fewer situations ({facts})", "比 {law} 宽松：适用情形更少（{facts}）",
        "Widen or remove these conditions.", "请放宽或删除这些条件。",
    ),
    "weaker": Said(
        "it is looser than {law} from {on}", "自 {on} 起比 {law} 宽松",
        "A policy may only be stricter, on every date.", "机构制度在任何日期都只能更严格。",
    ),
    "not-relaxed": Said(
        "{rule} cannot be made advice", "{rule} 不得改为提示",
        "Only a rule with 'severity: should' can.", "只有标为“severity: should”（不宜）的规则可以。",
    ),
    "not-narrowable": Said(
        "the scope of {rule} cannot be narrowed by {facts}", "{rule} 的适用范围不得按 {facts} 缩小",
        "Only a rule that says 'narrowable: [fact]' can, by that fact.", "只有标明“narrowable: [事实]”的规则可按该事实缩小。",
    ),
    "no-zone": Said(
        "'{value}' is no time zone", "“{value}”不是时区名称",
        "Write an IANA name like Asia/Shanghai.", "请写成 IANA 名称，如 Asia/Shanghai。",
    ),
}  # fmt: skip


def said(fault: str, **fields: object) -> Said:
    """The sentences of a fault with its fields filled in."""
    return Said(*(text.format_map(fields) for text in FAULTS[fault]))
