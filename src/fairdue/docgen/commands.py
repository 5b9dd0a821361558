"""Every command with its options, read from the command line itself. What has no words in both languages is a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fairdue.cli import main
from fairdue.commands import areas
from fairdue.docgen.markdown import Both, both, code, codes, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fairdue.core.errors import Lang

# English stands in the command itself; arguments have no help there, so theirs stands here too.
ARGUMENTS: dict[str, Both] = {
    "import KIND": both("What the file holds:", "文件内容的种类："),
    "import PATH": both("The file.", "文件路径。"),
    "pause ACCOUNT": both("Account number.", "账号。"),
    "payment reverse ACCOUNT": both("Account number.", "账号。"),
    "payment reverse REFERENCE": both("Reference of the payment.", "还款流水号。"),
    "explain CASE": both("Number of the case, or the customer's reference.", "案件编号，或客户编号。"),
    "lender add CODE": both(
        "A short name in Latin letters, by which commands know the lender.", "机构代码，用拉丁字母书写。"
    ),
    "user add USERNAME": both("The name to log in with.", "登录用户名。"),
    "user exam USERNAME": both("The name to log in with.", "登录用户名。"),
}
CHINESE: dict[str, str] = {
    "": "贷后催收：有力、公道、处处经得起核查。",
    "--demo": "使用演示数据（var/demo）。",
    "--version": "显示版本号。",
    "migrate": "更新数据库结构。安装后和每次升级后各运行一次。",
    "lender": "账册所属的贷款机构。",
    "lender add": "新增贷款机构。",
    "lender add --name-zh": "中文名称。",
    "lender add --name-en": "英文名称。",
    "lender add --kind": "机构类型：",
    "lender add --currency": "币种，ISO 4217 代码。",
    "lender add --exponent": "金额的小数位数。",
    "lender add --zone": "时区，IANA 名称。",
    "lender add --pack": "法规规则包。",
    "lender add --policy": "本机构更严的制度。",
    "lender add --strategy": "策略。",
    "lender add --floor": "逾期金额不超过此数（最小货币单位）不立案。",
    "lender add --list-length": "每位催收员每日清单的案件数。",
    "lender add --association-member": "是否为银行业协会会员；不填视为未知。",
    "lender add --records-calls": "每次通话和外访均全程录音录像。",
    "lender add --owns-ledger": "以本系统账务为准；否则以机构的余额为准。",
    "lender recording": "登记机构是否对每次通话和外访全程录音录像。",
    "lender recording --on": "是否全程录音录像。",
    "pause": "使若干天不计入账户的逾期天数，可事后补录；下一次夜间跑批生效。",
    "pause --from": "不计逾期的首日。",
    "pause --until": "恢复计算逾期的首日。",
    "pause --reason": "原因，记入审计日志。",
    "payment": "账务中的还款；还款由 `fairdue import payments` 导入。",
    "payment reverse": "以反向分录冲正一笔还款；原还款仍保留在对账单上。",
    "payment reverse --on": "冲正起息日。",
    "payment reverse --reason": "原因，记入审计日志。",
    "user": "登录工作台的人员。",
    "user add": "新增用户；密码另行输入，不回显。",
    "user add --role": "角色：",
    "user add --name": "显示的姓名，也用于向借款人自报姓名。",
    "user add --team": "所属小组。",
    "user add --exam-on": "最近一次考核合格之日，十二个月内有效。",
    "user exam": "登记催收员考核合格，同时视为持证。",
    "user exam --on": "考核合格之日，十二个月内有效。",
    "user add --certified": "已经培训考核合格，可以联系借款人。",
    "user add --password": "密码；省略则在提示下输入。",
    "import": "导入文件：账册、人员信息、还款计划或还款流水。合格的行入库；"
    "不合格的行连同原因写入拒收文件，修改后可再次导入。同一文件重复导入不产生任何变化。",
    "import --mapping": "随附映射的名称，或 YAML 文件路径。",
    "import --as-of": "文件数据的账面日期。导入账册时必填。",
    "import --expect-rows": "控制总数：委托方告知的行数。",
    "import --expect-total": "控制总数：委托方告知的余额合计，以最小货币单位计。",
    "night": "跑批：计息、计算逾期、分段、分群、规则判断、决定、分案并生成当日名单。中断后再次运行即继续。",
    "night --as-of": "业务日期。",
    "night --dry-run": "走完全部流程后回滚。",
    "explain": "说明理由：依据已存记录，列出某案件在某一时刻的事实、规则判断和决定。",
    "explain --on": "当地日期和时间，例如 2026-09-30T23:00。",
    "serve": "启动工作台或客户服务网站。",
    "serve --workers": "处理请求的进程数；不指定时每个处理器两个。",
    "serve --site": "desk 为工作台，portal 为客户服务网站。",
    "serve --host": "监听地址。",
    "serve --port": "监听端口。",
    "demo": "演示：真实的信用卡账册、一家虚构的小银行、每种角色一个账号；导入、跑批后在 127.0.0.1 提供服务。",
    "demo --port": "监听端口。",
    "demo --no-serve": "导入并跑批后即结束，不启动服务。",
    "--lender": "贷款机构代码；只有一家机构时可省略。",
    "--json": "输出一个 JSON 对象。",
}
ENGLISH: dict[str, str] = {
    "lender add --name-zh": "Its name in Chinese.",
    "lender add --name-en": "Its name in English.",
    "lender add --kind": "What kind of lender it is:",
    "lender add --strategy": "Strategy.",
    "user add --role": "Who the person is:",
    "user add --team": "The team, made where it is not there yet.",
    "user add --password": "The password; asked for where it is left out.",
    "serve --host": "Address to listen on.",
    "serve --port": "Port to listen on.",
    "demo --port": "Port to listen on.",
}


for _area in areas():
    CHINESE |= _area.CHINESE
    ARGUMENTS |= getattr(_area, "ARGUMENTS", {})


class NoWords(LookupError):
    """A command or option that nobody described."""


def walk(group: click.Group = main, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """The whole command, then every command in it with its full name, groups before what is in them."""
    if not before:
        yield "", group
    for name, command in sorted(group.commands.items()):
        yield before + name, command
        if isinstance(command, click.Group):
            yield from walk(command, f"{before}{name} ")


def body(lang: Lang) -> Sequence[str]:
    """The page."""
    intro = {
        "en": "A command ends with 0 when all went well, with 1 when something is wrong (the sentence is on stderr; "
        "with `--json` it is an object with the key `error` on stdout), with 2 when it was called wrongly.",
        "zh": "正常结束返回 0；出错返回 1（说明写到标准错误；加 `--json` 时，标准输出为一个含 `error` 键的对象）；"
        "命令写法有误返回 2。",
    }[lang]
    return [intro, *(part for name, command in walk() for part in _command(name, command, lang))]


def _command(name: str, command: click.Command, lang: Lang) -> Iterator[str]:
    usage = " ".join(("fairdue", *name.split(), *command.collect_usage_pieces(click.Context(command))))
    yield f"## `{usage}`"
    yield _words(name, " ".join((command.help or "").split()), lang)
    rows = [(code(_called(p)), _about(name, p, lang), _default(p, lang)) for p in command.params]
    if rows:
        yield table({"en": ("Option", "Meaning", "Default"), "zh": ("参数", "含义", "默认值")}[lang], rows)


def _called(param: click.Parameter) -> str:
    return param.opts[0] if isinstance(param, click.Option) else str(param.name).upper()


def _about(name: str, param: click.Parameter, lang: Lang) -> str:
    key = f"{name} {_called(param)}"
    if isinstance(param, click.Option):
        known = key if key in CHINESE else _called(param)
        about = _words(known, param.help or ENGLISH.get(key, ""), lang)
    elif key in ARGUMENTS:
        about = ARGUMENTS[key][lang]
    else:
        raise NoWords(key)
    return about + _choices(param)


def _choices(param: click.Parameter) -> str:
    return f" {codes(param.type.choices)}" if isinstance(param.type, click.Choice) else ""


def _words(key: str, english: str, lang: Lang) -> str:
    if not english or key not in CHINESE:
        raise NoWords(key)
    return english if lang == "en" else CHINESE[key]


def _default(param: click.Parameter, lang: Lang) -> str:
    if param.required:
        return {"en": "needed", "zh": "必填"}[lang]
    if (
        isinstance(param, click.Option)
        and not param.is_flag
        and isinstance(param.default, (str, int))
        and param.default != ""
    ):
        return code(param.default)
    return ""
