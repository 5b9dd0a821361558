"""The full text of a rule pack, to be kept and read again: a decision is re-evaluated by the rules of its day."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from fairdue.core.errors import Fault
from fairdue.rules.load import Pack
from fairdue.rules.reading import Reading, WrongFiles
from fairdue.rules.schema import RuleFile, read_rule


class PackAltered(Fault):
    """The kept text is not the one the decision was made under."""

    code = "rules.pack-altered"
    en = "The kept text of pack '{name}' does not give revision {revision}: it was altered."
    en_remedy = "Restore the row of pack_revision from a backup."
    zh = "规则包“{name}”的存档文本与版本 {revision} 不符：文本已被改动。"
    zh_remedy = "请从备份恢复 pack_revision 中的对应记录。"


def text_of(pack: Pack) -> str:
    """Every rule with its severity and its file as it was read, as JSON with one spelling."""
    rules = [
        {"severity": rule.severity, "file": rule.file, "said": rule.said, "when": _bounds(rule)} for rule in pack.rules
    ]
    said = {"name": pack.name, "title": dict(pack.title), "demo": pack.demo, "rules": rules}
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def pack_of(text: str, revision: str) -> Pack:
    """The pack a text was made of. Raises `PackAltered` where it does not give the revision, `WrongFiles`."""
    said = json.loads(text)
    with tempfile.TemporaryDirectory(prefix="fairdue-pack-") as folder:
        rules = tuple(_rule(Path(folder) / f"{n}.yaml", one) for n, one in enumerate(said["rules"]))
    pack = Pack(said["name"], said["title"], rules, (), said["demo"])
    if pack.revision != revision:
        raise PackAltered(name=pack.name, revision=revision[:16])
    return pack


def _rule(path: Path, said: dict[str, Any]) -> RuleFile:
    path.write_text(said["said"], "utf-8")  # JSON is YAML
    reading = Reading(path, said["file"])
    rule = read_rule(reading)
    if rule is None:
        raise WrongFiles(reading.faults)
    when = {name: frozenset(values) for name, values in said["when"].items()} if "when" in said else rule.when
    return dataclasses.replace(rule, severity=said["severity"], said=said["said"], when=when)


def _bounds(rule: RuleFile) -> dict[str, list[int]]:
    """The conditions as they stand: a policy may have narrowed those of the file."""
    return {name: sorted(values) for name, values in rule.when.items()}


def _content(rule: RuleFile) -> tuple[str, str, str, str]:
    return rule.id, rule.severity, rule.said, json.dumps(_bounds(rule), sort_keys=True)


def policy_revision(pack: Pack, law: Pack) -> str:
    """What a policy adds to the law, as one hash; empty where it adds nothing."""
    known = {_content(rule) for rule in law.rules}
    own = sorted({_content(rule) for rule in pack.rules} - known)
    return sha256(json.dumps(own, ensure_ascii=False).encode()).hexdigest() if own else ""
