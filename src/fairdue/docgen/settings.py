"""The environment variables fairdue reads; a test compares the list with the code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fairdue.docgen.markdown import Both, both, code, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairdue.core.errors import Lang


@dataclass(frozen=True)
class Setting:
    """One variable: what it is without being set (empty: it must be set), and what it does."""

    name: str
    default: Both
    about: Both


def _same(text: str) -> Both:
    return both(f"`{text}`", f"`{text}`")


SETTINGS = (
    Setting("FAIRDUE_SECRET", both("none: it must be set", "无，必须设置"), both(
        "At least 32 characters. The keys that seal names, identity numbers and contact points, and the key that signs "
        "cookies, are derived from it. Whoever loses it cannot read the sealed data again; whoever has it and the "
        "database can.",
        "至少 32 个字符。姓名、证件号码和联系方式的加密密钥以及 Cookie 签名密钥都由它派生。"
        "丢失后，已加密的数据无法再读取；"
        "同时拿到它和数据库的人则可以读取。",
    )),
    Setting("FAIRDUE_PAYMENT_HOOKS", both("none: no payment messages are taken", "无：不接收支付消息"), both(
        "`LENDER=SECRET`, several with spaces between: the secret with which payment messages to `/hooks/payments/LENDER/` are "
        "signed.",
        "`LENDER=SECRET`，多个以空格分隔：发往 `/hooks/payments/LENDER/` 的支付消息的签名密钥。",
    )),
    Setting("FAIRDUE_HOME", _same("var/fairdue"), both(
        "The folder for the SQLite database, rejected rows and whatever else is written. In the demo `var/demo`.",
        "存放 SQLite 数据库、拒收文件等全部写入内容的目录。演示模式为 `var/demo`。",
    )),
    Setting("FAIRDUE_DATABASE_URL", both("empty: SQLite in FAIRDUE_HOME", "空：使用 FAIRDUE_HOME 下的 SQLite"), both(
        "A PostgreSQL address such as `postgresql://fairdue@127.0.0.1/fairdue`, or `key=value` pairs as libpq takes "
        "them. Database, user, password, host and port are used; other parameters are not.",
        "PostgreSQL 地址，例如 `postgresql://fairdue@127.0.0.1/fairdue`，或 libpq 的 `key=value` 写法。"
        "只使用库名、用户、密码、主机和端口，其他参数不起作用。",
    )),
    Setting("FAIRDUE_HOSTS", _same("127.0.0.1,localhost"), both(
        "Host names the desk answers to, with commas and no spaces. A request for any other name is refused.",
        "工作台接受的主机名，以英文逗号分隔，不加空格。对其他主机名的请求一律拒绝。",
    )),
    Setting("FAIRDUE_SITE_HOSTS", _same("127.0.0.1,localhost"), both(
        "The same for the customers' own site (`fairdue serve --site portal`).",
        "同上，适用于客户服务网站（`fairdue serve --site portal`）。",
    )),
    Setting("FAIRDUE_SITE_ADDRESS", _same("http://127.0.0.1:8051"), both(
        "Where customers reach their own site: what an invitation's link begins with.",
        "客户访问客户服务网站的地址，即邀请链接的开头部分。",
    )),
    Setting("FAIRDUE_SITE_ADDRESS_HEADER", both("empty: the address of the connection", "空：使用连接本身的地址"), both(
        "The header in which the web server in front writes the sender's address, such as `X-Forwarded-For` (its last entry "
        "counts). Tries to come in are counted by it. Set it only where that server overwrites the header.",
        "前置网站服务器写入来访地址的请求头，例如 `X-Forwarded-For`（取最后一项）。登录尝试次数按该地址计数。"
        "仅当前置服务器会覆盖该请求头时才可设置。",
    )),
    Setting("FAIRDUE_HTTPS", both("`1`; `0` in the demo", "`1`；演示模式为 `0`"), both(
        "`1`: cookies travel over HTTPS only. `0`: also over plain HTTP, for 127.0.0.1 and nothing else.",
        "`1`：Cookie 只经 HTTPS 传输。`0`：也可经明文 HTTP 传输，仅限本机使用。",
    )),
    Setting("FAIRDUE_UPLOAD_MB", _same("2048"), both(
        "The largest file the desk takes, in megabytes. A file goes to disk as it comes; what is beyond is refused.",
        "工作台接受的最大文件，单位 MB。上传内容边收边写入磁盘，超出的拒收。",
    )),
    Setting("FAIRDUE_SENDERS", _same("`senders.yaml` in `FAIRDUE_HOME`"), both(
        "The file that says by whom messages leave: connectors, prices, pace, registered texts. Without it nothing is sent, "
        "but in the demo.",
        "通道配置文件：由哪些连接器发送消息，以及价格、速率和报备模板。没有该文件则不发送任何消息（演示模式除外）。",
    )),
    Setting("FAIRDUE_WEBHOOK_HOSTS", both("empty", "空"), both(
        "Hosts inside your own network, as `host:port` with commas, to which events may be sent, also over plain HTTP. "
        "Everything else must be https and public.",
        "允许接收事件的内网主机，以 `主机:端口` 书写、英文逗号分隔，可用明文 HTTP。其余地址必须是公网 https。",
    )),
    Setting("FAIRDUE_LANG", both("`LC_ALL`, then `LANG`, else English", "依次取 `LC_ALL`、`LANG`，否则为英文"), both(
        "Language of what the command line says: `zh…` is Chinese, anything else English. "
        "Screens have their own switch.",
        "命令行输出的语言：以 `zh` 开头为中文，其他为英文。页面语言在页面上切换。",
    )),
    Setting("FAIRDUE_DEMO", both("not set", "未设置"), both(
        "`1`: demo mode, with published logins and a clock that anybody who is logged in can move. `fairdue demo` "
        "sets it. Never set it where real people's data are.",
        "`1`：演示模式，账号密码公开，任何登录者都可以移动业务时钟。"
        "由 `fairdue demo` 自动设置。存有真实个人信息的环境不得设置。",
    )),
)  # fmt: skip


def body(lang: Lang) -> Sequence[str]:
    """The page."""
    head = {"en": ("Variable", "If not set", "What it does"), "zh": ("变量", "未设置时", "作用")}[lang]
    rows = [(code(s.name), s.default[lang], s.about[lang]) for s in SETTINGS]
    return [table(head, rows)]
