"""Rules, kinds of rules, facts and outcome codes, as they were loaded."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import TYPE_CHECKING

from fairdue.core.guard_catalogue import FACTS, Fact
from fairdue.core.guard_history import LeavesOut, Scope, Unit
from fairdue.core.guard_vocabulary import KINDS
from fairdue.docgen.markdown import Both, both, code, codes, fenced, of, table
from fairdue.rules.load import PACKS, POLICIES, Pack, load_pack, names, policy_base
from fairdue.rules.outcomes import Outcome, load_outcomes
from fairdue.rules.reading import Reading
from fairdue.rules.schema import CONFIDENCE, SEVERITIES, RuleFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from fairdue.core.errors import Lang

SEVERITIES_ZH: dict[str, str] = {
    "refuse": "拒绝联系",
    "should": "原文用语为“不宜”：默认拒绝，机构制度可将其改为提示",
    "advise": "仅作提示，从不拒绝",
}
OUTCOME_CLASSES: dict[str, Both] = {
    "right_party": both("right party", "本人"),
    "connected": both("connected, not verified", "接通未核身"),
    "third_party": both("third party", "第三人"),
    "wrong_party": both("wrong party", "非本人"),
    "no_contact": both("no contact", "未接通"),
    "invalid": both("invalid point", "号码无效"),
    "special": both("special", "特殊"),
    "field": both("field visit", "外访"),
    "digital": both("digital", "数字渠道"),
}
YES_NO: dict[int, Both] = {1: both("yes", "是"), 0: both("no", "否"), -1: both("unknown", "未知")}
NEEDS: dict[str, Both] = {
    "": both("", ""),
    "promise": both("amount and day", "金额和日期"),
    "date": both("day", "日期"),
    "note": both("note", "备注"),
}
STOPS: dict[str, Both] = {
    "": both("", ""),
    "DISPUTE": both("until the dispute is looked into", "异议核查期间停催"),
    "CLAIMS_PAID": both("until the payment is looked for", "查账期间停催"),
    "CEASE": both("no more contact on our part", "不再主动联系"),
    "PAUSE": both("until somebody takes it over", "停催，转专人处理"),
}


def facts(lang: Lang) -> Sequence[str]:
    """The catalogue of facts."""
    intro = both(
        "A rule that needs a fact which is not known refuses, and names the fact. "
        "The third column is where a written situation says it.",
        "规则所需的事实若不知道，该规则即拒绝，并指出缺少哪一项。第三列为书面情形中的写法。",
    )[lang]
    head = {"en": ("Fact", "Meaning", "In a situation", "Values"), "zh": ("事实", "含义", "情形中的写法", "取值")}[lang]
    rows = [(code(name), of(fact)[lang], code(fact.path), _values(fact, lang)) for name, fact in FACTS.items()]
    return [intro, table(head, rows)]


def _values(fact: Fact, lang: Lang) -> str:
    if fact.values is None:
        return fact.form.value[lang == "en"]
    return "<br>".join(f"`{value.name}` {of(value)[lang]}" for value in fact.values)


def kinds(lang: Lang) -> Sequence[str]:
    """The closed vocabulary of kinds, each with a rule that ships."""
    intro = both(
        "The vocabulary is closed: a rule file names one of these kinds and gives its values by date. "
        "A rule speaks only where all of `when` holds.",
        "规则类型是封闭的：规则文件指明其中一种，并按生效日期给出取值。仅当 `when` 中的条件全部成立时，规则才起作用。",
    )[lang]
    return [intro, *_severities(lang), *(part for name in KINDS for part in _kind(name, lang)), *_counting(lang)]


def _severities(lang: Lang) -> Iterator[str]:
    head = {"en": ("`severity`", "What it does"), "zh": ("`severity`", "效力")}[lang]
    yield table(head, [(code(s), {"en": en, "zh": SEVERITIES_ZH[s]}[lang]) for s, en in SEVERITIES.items()])


def _kind(name: str, lang: Lang) -> Iterator[str]:
    kind = KINDS[name]
    yield f"## `{name}`: {of(kind)[lang]}" if lang == "en" else f"## `{name}`：{of(kind)[lang]}"
    forms = [(field.name, field.metadata["form"]) for field in dataclasses.fields(kind)]
    if forms:
        head = {"en": ("Value", "Written as"), "zh": ("取值", "写法")}[lang]
        yield table(head, [(code(key), of(form)[lang]) for key, form in forms])
    if (example := _example(name)) is None:
        return
    rule, path = example
    about = both(f"Example, {rule.id} (`{rule.file}`):", f"示例，{rule.id}（`{rule.file}`）：")[lang]
    yield about
    yield fenced(path.read_text("utf-8"), "yaml")


def _example(kind: str) -> tuple[RuleFile, Path] | None:
    """The first rule of a kind, in the law of mainland China where it has one; one without a remark where there is one."""
    packs = sorted((name for name in names(PACKS)), key=lambda name: (name != "cn", name))
    rules = [rule for name in packs for rule in load_pack(name).rules if rule.kind == kind]
    found = sorted(rules, key=lambda rule: (not rule.file.startswith("cn/"), bool(rule.note), rule.id))
    return (found[0], PACKS / found[0].file) if found else None


def _counting(lang: Lang) -> Iterator[str]:
    yield {"en": "## What a cap counts", "zh": "## 频次统计口径"}[lang]
    head = {"en": ("Word", "Meaning"), "zh": ("写法", "含义")}[lang]
    yield table(
        head, [(code(word.name.lower()), of(word)[lang]) for words in (Scope, Unit, LeavesOut) for word in words]
    )


def rules(lang: Lang) -> Sequence[str]:
    """Every rule of every pack and policy."""
    confidence = table(
        {"en": ("Mark", "Confidence"), "zh": ("标记", "依据的可靠程度")}[lang],
        [(code(mark), words[lang]) for mark, words in CONFIDENCE.items()],
    )
    parts = [_intro(lang), confidence]
    for folder, title, pack in _packs():
        own = sorted((rule for rule in pack.rules if rule.file.startswith(f"{folder}/")), key=lambda rule: rule.id)
        parts.append(f"## `{folder}`: {title[lang]}" if lang == "en" else f"## `{folder}`：{title[lang]}")
        parts.append(table(_HEAD[lang], [_row(rule, lang) for rule in own]))
    return parts


_HEAD: dict[Lang, tuple[str, ...]] = {
    "en": ("Rule", "Title", "Ground", "Mark", "Kind, effect", "From"),
    "zh": ("规则", "内容", "依据", "标记", "类型与效力", "生效日期"),
}


def _intro(lang: Lang) -> str:
    return both(
        "These are not legal advice. Each mark says how sure we are of the text; check the official text before you "
        "rely on a rule. A pack may include others; each rule is listed once, where it is written.",
        "本页不构成法律意见。标记表示我们对条文的把握程度；据以作业前，请核对官方原文。"
        "规则包可以包含其他规则包，每条规则只在其所在处列出一次。",
    )[lang]


def _packs() -> Iterator[tuple[str, Both, Pack]]:
    """Folder, title and content of every pack, then of every policy with the pack it stands on."""
    for name in names(PACKS):
        yield name, load_pack(name).title, load_pack(name)
    for name in names(POLICIES):
        title = Reading(POLICIES / name / "pack.yaml", name).data["title"]
        yield name, title, load_pack(policy_base(name), name)


def _row(rule: RuleFile, lang: Lang) -> tuple[str, ...]:
    about = rule.about
    parts = [part for part in (about.instrument[lang], about.article[lang]) if part != "—"]
    ground = (", " if lang == "en" else " ").join(parts)
    linked = f"[{ground}]({about.link})" if about.link else ground
    effect = code(rule.kind) + " " + code(rule.severity)
    if rule.tightens:
        effect += {"en": f"<br>tightens {rule.tightens}", "zh": f"<br>严于 {rule.tightens}"}[lang]
    return code(rule.id), about.title[lang], linked, about.confidence, effect, _dates(rule, lang)


def _dates(rule: RuleFile, lang: Lang) -> str:
    ends = {"en": "abolished", "zh": "废止"}[lang]
    said = (f"{since}" if test is not None else f"{since} {ends}" for since, test in rule.dated)
    always = {"en": "always", "zh": "始终"}[lang]
    return ", ".join(said).replace(str(date(1970, 1, 1)), always)


def outcomes(lang: Lang) -> Sequence[str]:
    """Every code, and the keys of the likely ones."""
    found = load_outcomes()
    head = {
        "en": (
            "Code",
            "Meaning",
            "Class",
            "Channels",
            "Answered",
            "Talk",
            "Number becomes",
            "Needs",
            "Stops work",
            "Opens",
            "Next aim",
        ),
        "zh": (
            "结果码",
            "含义",
            "类别",
            "渠道",
            "接通",
            "有效通话",
            "号码状态变为",
            "须填写",
            "停催",
            "开启",
            "下一目标",
        ),
    }[lang]
    keys = [f"- `{channel.name}`: {codes(o.code for o in likely)}" for channel, likely in found.likely.items()]
    intro = both("Keys 1 to 9 on the case page, per channel:", "案件页按键 1–9 对应的结果码，按渠道：")[lang]
    return [table(head, [_outcome(o, lang) for o in found.all.values()]), intro, "\n".join(keys)]


def _outcome(o: Outcome, lang: Lang) -> tuple[str, ...]:
    return (
        code(o.code), o.label[lang], OUTCOME_CLASSES[o.kind][lang], codes(c.name for c in sorted(o.channels)),
        YES_NO[o.answered][lang], YES_NO[o.talked][lang], "" if o.point_status is None else of(o.point_status)[lang],
        NEEDS[o.needs][lang], STOPS[o.stop][lang], code(o.track) if o.track else "", of(o.next_aim)[lang],
    )  # fmt: skip
