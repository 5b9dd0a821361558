"""Turns stored verdicts and reason codes back into sentences, articles and confidence, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fairdue.core.decision import Action, DecisionReason
from fairdue.core.errors import Lang
from fairdue.core.guard import About
from fairdue.core.guard_facts import FACTS
from fairdue.rules.load import load_pack
from fairdue.rules.schema import CONFIDENCE
from fairdue.store import packs
from fairdue.store.models import Decision, Organisation


@dataclass(frozen=True)
class Why:
    """One rule's part in a verdict, ready to show."""

    rule: str
    status: str  # REFUSED, UNKNOWN, ADVISED
    title: Mapping[Lang, str]
    instrument: Mapping[Lang, str]
    article: Mapping[Lang, str]
    link: str
    confidence: str
    confidence_label: Mapping[Lang, str]
    remedy: Mapping[Lang, str]
    missing: tuple[Mapping[Lang, str], ...]


def whys(lender: Organisation, verdict: list[dict[str, Any]]) -> tuple[Why, ...]:
    """The rules named in a stored verdict, with their texts."""
    pack = load_pack(lender.pack, lender.policy)
    return tuple(_why(pack.by_id[said["rule"]].about, said) for said in verdict)


def _why(about: About, said: dict[str, Any]) -> Why:
    missing: tuple[Mapping[Lang, str], ...] = tuple({"zh": FACTS[m].zh, "en": FACTS[m].en} for m in said["missing"])
    return Why(
        said["rule"], said["status"], about.title, about.instrument, about.article, about.link, about.confidence,
        CONFIDENCE[about.confidence], about.remedy, missing,
    )  # fmt: skip


def of_decision(decision: Decision) -> tuple[Why, ...]:
    """The rules a stored decision names, with the texts of its own day."""
    said = json.loads(decision.verdict)
    if not said:
        return ()
    kept = packs.texts(decision.pack_revision)
    if kept is None:  # made before packs were kept
        return whys(decision.case.lender, said)
    return tuple(_why(kept.by_id[one["rule"]].about, one) for one in said)


def titles_of(lender: Organisation, rules: Iterable[str]) -> dict[str, Mapping[Lang, str]]:
    """The titles of rules, of today's pack; a rule that is there no more is named by its id."""
    pack = load_pack(lender.pack, lender.policy)
    return {
        rule: pack.by_id[rule].about.title if rule in pack.by_id else {"zh": rule, "en": rule} for rule in rules
    }  # fmt: skip


def place_reason(reason: int, action: int) -> tuple[str, str]:
    """Why a case stands on a list, in Chinese and English; empty before the first decision."""
    if reason < 0:
        return "", ""
    why = DecisionReason(reason)
    return (f"{Action(action).zh}：{why.zh}", f"{Action(action).en}: {why.en}")
