"""What can be wrong with the order for an audit, each with its sentence and its remedy in both languages."""

from __future__ import annotations

from fairdue.core.errors import Fault


class NotALog(Fault):
    """The mapping is for another kind of file."""

    code = "audit.not-a-log"
    en, en_remedy = (
        "Mapping {mapping} is for a {kind}, not for a contact log.",
        "Use one whose kind is contacts: {known}.",
    )
    zh, zh_remedy = "映射 {mapping} 用于 {kind}，而不是联系日志。", "请使用种类为 contacts 的映射：{known}。"


class NoAssumption(Fault):
    """What is assumed is no fact, or none that may be assumed for every contact alike."""

    code = "audit.no-assumption"
    en = "“{said}” cannot be assumed."
    en_remedy = "Write name=VALUE with one of: {known}."
    zh = "不能作出假定“{said}”。"
    zh_remedy = "请按 名称=取值 填写，可用名称：{known}。"


class NoValue(Fault):
    """The fact is one; the value is none of its own."""

    code = "audit.no-value"
    en, en_remedy = "“{value}” is no value of {name}.", "Use one of {known}."
    zh, zh_remedy = "“{value}”不是 {name} 的有效取值。", "可用取值：{known}。"


class NotAZone(Fault):
    """Not an IANA time zone."""

    code = "audit.not-a-zone"
    en, en_remedy = "“{value}” is not a time zone.", "Use an IANA name such as Asia/Shanghai."
    zh, zh_remedy = "“{value}”不是有效时区。", "请使用 IANA 名称，如 Asia/Shanghai。"


class NothingToJudge(Fault):
    """Every row was rejected."""

    code = "audit.nothing-to-judge"
    en = "None of the {rows} rows could be read; {rejects} says why for each."
    en_remedy = "Mend the rows or the mapping and start again."
    zh = "{rows} 行均无法读取；原因见 {rejects}。"
    zh_remedy = "请修改数据或映射后重试。"


class Stopped(Fault):
    """Somebody asked for it."""

    code = "audit.stopped"
    en, en_remedy = "The audit was stopped.", "Start it again with the same options: it goes on where it stopped."
    zh, zh_remedy = "审计已停止。", "以相同选项再次运行即从中断处继续。"
