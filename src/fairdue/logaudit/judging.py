"""One bucket of contacts judged: breaches with what makes them so, what could not be judged and why, and totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from fairdue.core import dates
from fairdue.core.codes import UNKNOWN
from fairdue.core.guard import WORD, Facts, History, Rule, Rulebook
from fairdue.core.guard_facts import FACTS
from fairdue.logaudit import inorder
from fairdue.logaudit.contacts import CODED, ROW, SECOND, TEXTS, ZONE, zones
from fairdue.logaudit.spill import HOME_BUCKET
from fairdue.rules.load import Pack

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

SHOWN_ROWS = 12  # earlier contacts named per breach, the last ones
HOUSE = "H"  # the confidence of a rule that is no law
EXAMPLES = 8  # rows named per thing that could not be judged
NOT_SAID = frozenset({"at", "zone", "person", "debtor", "debt", "point"})
_EPOCH = date(1970, 1, 1).toordinal()
Schema = dict[str, pl.DataType | type[pl.DataType]]
BREACH: Schema = {
    ROW: pl.Int64, "rule": pl.Int16, "since": pl.Int32, "local": pl.Int64, "said": pl.String, "count": pl.Int32,
    "counted": pl.List(pl.Int64), HOME_BUCKET: pl.Int32,
}  # fmt: skip
OPEN: Schema = {
    "rule": pl.Int16,
    "facts": pl.String,
    "of_the_past": pl.Boolean,
    "contacts": pl.Int64,
    "rows": pl.List(pl.Int64),
}
ADVICE: Schema = {"rule": pl.Int16, "contacts": pl.Int64}


@dataclass
class Judged:
    """What came of the contacts of one bucket in one pass. `frame` has them in the order of time, none twice."""

    frame: pl.DataFrame
    local: I64
    breaches: list[pl.DataFrame] = field(default_factory=list)
    opens: list[pl.DataFrame] = field(default_factory=list)
    advice: list[pl.DataFrame] = field(default_factory=list)
    is_open: Bool = field(default_factory=lambda: np.zeros(0, bool))
    twice: pl.DataFrame = field(default_factory=pl.DataFrame)


def judge_bucket(pack: Pack, keys: frozenset[str], frame: pl.DataFrame) -> Judged:
    """Judge the contacts of a bucket by the rules that count by one of `keys`."""
    frame, twice = in_order(frame)
    columns = _columns(frame)
    log = inorder.Log(columns, zones())
    local = dates.local_minute(columns["at"].astype(np.int64), columns[ZONE], zones())
    found = Judged(frame, local, is_open=np.zeros(frame.height, bool), twice=twice)
    past = log.past
    for book, zone, rows in _groups(pack, keys, columns, local):
        _judge_group(found, _Asked(pack, book, log.facts(rows, zone), past, rows))
    return found


def in_order(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """In the order of time, then of the log; and the rows that stand in it twice (same number, moment, person, point)."""
    frame = frame.sort(SECOND, ROW)
    same = ["contact_id", SECOND, "debtor", "point"]
    known = frame.filter(pl.col("contact_id").is_not_null())
    again = known.with_columns(pl.col(ROW).first().over(same).alias("first")).filter(pl.col("first") != pl.col(ROW))
    twice = again.select(ROW, "first")
    return (frame.join(twice, on=ROW, how="anti", maintain_order="left") if twice.height else frame), twice


def _columns(frame: pl.DataFrame) -> dict[str, npt.NDArray[np.integer]]:
    found = {name: frame[name].to_numpy() for name in (ZONE, *CODED) if name in frame.columns}
    found["at"] = frame[SECOND].to_numpy() // 60
    for name in ("debtor", "person", "debt", "point"):
        codes = frame[name].to_arrow().dictionary_encode().indices
        found[name] = codes.cast("int64").fill_null(UNKNOWN).to_numpy()
    return found


def _groups(
    pack: Pack, keys: frozenset[str], columns: Mapping[str, npt.NDArray[np.integer]], local: I64
) -> Iterator[tuple[Rulebook, int, I64]]:
    """Contacts by the rules in force at their own local date (in UTC where the place is unknown) and by zone."""
    day = np.where(local >= 0, local, columns["at"]) // dates.MINUTES
    changes = np.array([c.toordinal() - _EPOCH for c in pack.changes], np.int64)
    epoch = np.searchsorted(changes, day, "right")
    zone = columns[ZONE].astype(np.int64)
    joint = epoch * (len(zones()) + 1) + zone + 1
    for one in np.unique(joint).tolist():
        rows = np.flatnonzero(joint == one)
        book = pack.at(date.fromordinal(int(day[rows[0]]) + _EPOCH))
        rules = tuple(rule for rule in book.rules if inorder.counts_by(rule.test) in keys)
        if rules:
            yield replace(book, rules=rules), int(zone[rows[0]]), rows


@dataclass(frozen=True)
class _Asked:
    """One group, ready to be judged."""

    pack: Pack
    book: Rulebook
    facts: Facts
    past: History
    rows: I64

    def number(self, rule: Rule) -> int:
        return list(self.pack.by_id).index(rule.id)

    def since(self, rule: Rule) -> int:
        """The day from which the rule has been as it is."""
        dated = self.pack.by_id[rule.id].dated
        return max(day for day, _ in dated if day <= self.book.on).toordinal() - _EPOCH


def _judge_group(found: Judged, asked: _Asked) -> None:
    verdict = inorder.judged(asked.book, asked.facts, asked.past, asked.rows)
    for place, rule in enumerate(asked.book.rules):
        word, bit = place // WORD, np.uint64(1 << (place % WORD))
        refused, unknown, advised = (
            np.flatnonzero(bits[:, word] & bit) for bits in (verdict.refused, verdict.unknown, verdict.advised)
        )
        if len(advised):
            found.advice.append(pl.DataFrame({"rule": [asked.number(rule)], "contacts": [len(advised)]}, schema=ADVICE))
        if len(refused):
            _refused(found, asked, rule, refused)
        if len(unknown):
            _unknown(found, asked, rule, unknown)


def _refused(found: Judged, asked: _Asked, rule: Rule, at: I64) -> None:
    """Breaches, and refusals that rest on something unknown about earlier contacts."""
    facts, place = asked.facts.take(at), asked.rows[at]
    sure = inorder.certain(rule, facts, asked.past, place)
    if not sure.all():
        open_ones, where = facts.take(np.flatnonzero(~sure)), place[~sure]
        lacking = inorder.lacking_of_the_past(rule, open_ones, asked.past, where)
        _open(found, asked, rule, where, _named(lacking, len(where)), of_the_past=True)
    if sure.any():
        found.breaches.append(_breaches(found, asked, rule, facts.take(np.flatnonzero(sure)), place[sure]))


def _breaches(found: Judged, asked: _Asked, rule: Rule, facts: Facts, place: I64) -> pl.DataFrame:
    window = inorder.window(rule, facts, asked.past, place)
    rows = found.frame[ROW].to_numpy()
    counts, listed = _earlier(window, rows) if window else (np.full(len(place), -1), [[] for _ in place])
    home = found.frame[HOME_BUCKET].to_numpy()[place] if HOME_BUCKET in found.frame.columns else np.zeros(len(place))
    return pl.DataFrame({
        ROW: rows[place], "rule": np.full(len(place), asked.number(rule)), "since": np.full(len(place), asked.since(rule)),
        "local": found.local[place], "said": _said(rule, facts), "count": counts, "counted": listed, HOME_BUCKET: home,
    }, schema=BREACH)  # fmt: skip


def _earlier(window: inorder.Window, rows: I64) -> tuple[I64, list[list[int]]]:
    """How many earlier contacts were counted for each breach, and the last of them by their rows."""
    counted = window.rows[window.counted]
    total = np.concatenate(([0], np.cumsum(window.counted)))
    first, last = total[window.start], total[window.end]
    shown = np.maximum(first, last - SHOWN_ROWS)
    lists = [rows[counted[a:b]].tolist() for a, b in zip(shown.tolist(), last.tolist(), strict=True)]
    return last - first, lists


def _said(rule: Rule, facts: Facts) -> list[str]:
    """The facts that a refusal rests on, as `name=VALUE` joined by `;`: few different ones among many contacts."""
    names = [name for name in rule.facts if name not in NOT_SAID]
    if not names:
        return [""] * len(facts)
    texts = []
    pattern, first = _patterns([facts[name] for name in names])
    for one in first.tolist():
        row = facts.take(np.array([one])).row(0)
        texts.append(";".join(f"{name}={row[name]}" for name in names if name in row))
    return [texts[i] for i in pattern.tolist()]


def _patterns(columns: list[npt.NDArray[np.integer]]) -> tuple[I64, I64]:
    """Which combination of values each row has, and a row that stands for each."""
    pattern = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        values, code = np.unique(column, return_inverse=True)
        joint = pattern * len(values) + code
        pattern = np.unique(joint, return_inverse=True)[1]
    first = np.unique(pattern, return_index=True)[1]
    return pattern, first


def _unknown(found: Judged, asked: _Asked, rule: Rule, at: I64) -> None:
    """Contacts on which the rule lacks a fact, by the facts it lacks."""
    facts, place = asked.facts.take(at), asked.rows[at]
    columns = [
        facts[name] if FACTS[name].values is not None else facts.known(name).astype(np.int8) for name in rule.facts
    ]
    pattern, first = _patterns(columns)
    texts = [",".join(rule.lacking(facts.take(np.array([one])))) for one in first.tolist()]
    _open(found, asked, rule, place, [texts[i] for i in pattern.tolist()], of_the_past=False)


def _named(lacking: Mapping[str, Bool], n: int) -> list[str]:
    columns = [mask.tolist() for mask in lacking.values()]
    return [",".join(name for name, mask in zip(lacking, columns, strict=True) if mask[i]) for i in range(n)]


def _open(found: Judged, asked: _Asked, rule: Rule, place: I64, names: list[str], *, of_the_past: bool) -> None:
    if rule.about.confidence != HOUSE:  # that a house rule cannot be judged leaves a contact no less lawful
        found.is_open[place] = True
    rows = found.frame[ROW].to_numpy()[place]
    frame = pl.DataFrame({"facts": names, "row": rows}).group_by("facts").agg(
        pl.len().cast(pl.Int64).alias("contacts"), pl.col("row").bottom_k(EXAMPLES).sort().alias("rows")
    )  # fmt: skip
    found.opens.append(frame.select(
        pl.lit(asked.number(rule), pl.Int16).alias("rule"), "facts", pl.lit(of_the_past).alias("of_the_past"), "contacts", "rows"
    ))  # fmt: skip


SHOWN = (ROW, SECOND, ZONE, "debtor", *TEXTS, "channel")  # what of a contact is shown beside its breaches
