"""What is known about proposed contacts, as the facts the guard asks for: what no record tells stays unknown.

"Nothing on record" is a No only where the record is the whole truth: consents, stops, refusals, evidence of lost contact.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from fairdue.core import guard as kernel
from fairdue.core.codes import NO, UNKNOWN, YES, Channel, LenderKind, OrgRole, Party, PointStatus, Poses
from fairdue.core.guard import UNKNOWN_MONEY
from fairdue.steps.rows import row_of, taken
from fairdue.steps.state import Config, State

Ints = npt.NDArray[np.int64]
Columns = dict[str, Ints]
STOPS = {"disputed": "DISPUTE", "claims_paid": "CLAIMS_PAID", "ceased": "CEASE", "paused": "PAUSE"}
KINDS = {**STOPS, "incapable": "INCAPABLE"}
TRACKS = {"attorney": "ATTORNEY", "bankrupt": "BANKRUPTCY", "dead": "DEATH"}
OF_PERSON = (  # what a link says of somebody beside the borrower
    "liable", "guarantee_kind", "guarantee_lapsed", "enforcement_failed", "recourse_waived", "renounced", "willing_to_repay",
)  # fmt: skip
OF_COURT = ("time_barred", "suit_filed", "judgment")
OF_PROPOSAL = (
    "customer", "reached", "at", "channel", "mode", "direction", "purpose", "party", "party_refused", "discloses_debt",
    "operator_certified", "party_alive", "by_agency", "letter_complete", "offers_opt_out", "own_from", "own_to", "own_refused",
    *OF_PERSON,
)  # fmt: skip
OF_CASE = (
    "product", "plan_status", "placed", "agency_listed", "sub_contracted", "agency_records", "sender_approved",
)  # fmt: skip
AS_SAID = (
    "at", "channel", "mode", "direction", "purpose", "party", "party_refused", "product", "plan_status",
    "discloses_debt", "letter_complete", "offers_opt_out", *OF_PERSON, *OF_COURT,
)  # fmt: skip
OWN = {"own_zone": pl.String, "own_from": pl.Int16, "own_to": pl.Int16, "own_refused": pl.Int64}
"""The clock of whom the contact would reach, and the channels they want nothing by, where it is not the customer."""
NOT_RECORDED = ("lost_contact", "moratorium", "synthetic", "consent_frequency", "consent_entry", "consent_attorney")
AS_ITSELF = {OrgRole.LENDER: Poses.LENDER, OrgRole.AGENCY: Poses.AGENCY, OrgRole.DEBT_BUYER: Poses.BUYER}
"""As whom the approved scripts have the caller introduce himself."""


def known(state: State, proposals: pl.DataFrame, points: pl.DataFrame, config: Config) -> kernel.Facts:
    """The facts about proposals, in their order; `points` are those that may be used today."""
    told = _told(state, proposals, points)
    customer, other = told["customer"], proposals["own_zone"].is_not_null().to_numpy()
    zones, zone = _zones(proposals["own_zone"], state.facts.persons, customer)
    role = _role(told["by_agency"], told["placed"], config)
    agreed_from = np.where(other, told["own_from"], told["agreed_from"])
    stops = _stops(state.facts.stops, customer)
    dead, incapable = stops.pop("dead"), stops.pop("incapable")
    return kernel.Facts.of(
        proposals.height, zones=zones, zone=zone, debtor=told["human"], debt=told["human"],
        person=np.where(told["reached"] < 0, told["human"], told["reached"]),
        owed=told["balance"], lender_kind=config.lender_kind, association_member=config.association_member,
        role=role, bought=int(config.lender_kind == LenderKind.DEBT_BUYER),
        **{name: told[name] for name in AS_SAID},
        agreed_from=agreed_from, agreed_to=np.where(other, told["own_to"], told["agreed_to"]),
        consent_hours=(agreed_from >= 0).astype(np.int8),
        party_alive=np.where(dead & (told["party"] == Party.BORROWER), NO, told["party_alive"]),
        **{name: stands.astype(np.int8) for name, stands in stops.items()},
        reserved_invalid=_reserved_invalid(state.facts.points, customer),
        channel_refused=_refused(told),
        debtor_incapable=np.where(incapable, YES, UNKNOWN),  # not shown is not known: a rule that needs it refuses
        **dict.fromkeys(NOT_RECORDED, NO), **_of_point(told), **_of_collector(told, role, config),
    )  # fmt: skip


def _told(state: State, proposals: pl.DataFrame, points: pl.DataFrame) -> Columns:
    """What each table says of each proposal, by column: what is not known is UNKNOWN (a day: UNKNOWN_MONEY), never NO."""
    customer = proposals["customer"].to_numpy()
    facts, cases = state.facts, state.cases
    of_case = row_of(cases["customer"].to_numpy(), customer)
    of_person = row_of(facts.persons["customer"].to_numpy(), customer)
    of_point = row_of(points["point"].to_numpy(), proposals["point"].fill_null(UNKNOWN).to_numpy())
    of_court = row_of(facts.legal["customer"].to_numpy(), customer)
    itself = np.arange(len(customer))
    return {
        **_columns(proposals, itself, OF_PROPOSAL, ("exam_on",)),
        **_columns(points, of_point, ("number", "source", "status", "reserved", "kind")),
        **_columns(cases, of_case, OF_CASE, ("told_on", "contract_end", "reviewed_on")),
        "balance": taken(cases["balance"].to_numpy(), of_case, 0),
        **_columns(facts.persons, of_person, ("human", "agreed_from", "agreed_to", "refused")),
        **_columns(facts.legal, of_court, OF_COURT),
    }


def _columns(frame: pl.DataFrame, rows: Ints, codes: tuple[str, ...], days: tuple[str, ...] = ()) -> Columns:
    """Columns of a table at the given rows, days as days since 1970."""
    plain = frame.select(
        pl.col(codes).cast(pl.Int64).fill_null(UNKNOWN),
        pl.col(days).to_physical().cast(pl.Int64).fill_null(UNKNOWN_MONEY),
    )
    return {
        name: taken(plain[name].to_numpy(), rows, UNKNOWN_MONEY if name in days else UNKNOWN)
        for name in (*codes, *days)
    }


def _of_point(told: Columns) -> Columns:
    """Whose point it is, and what sort: a point is only ever offered for the person it is recorded with."""
    number = told["number"]
    return {
        "point": number, "point_own": np.where(number >= 0, YES, UNKNOWN), "point_source": told["source"],
        "point_status": told["status"], "point_reserved": told["reserved"], "point_kind": told["kind"],
    }  # fmt: skip


def _of_collector(told: Columns, role: Ints, config: Config) -> Mapping[str, npt.ArrayLike]:
    """Who calls: scripts say who and for whom and check identity first; recording and contracts are as recorded."""
    ends = told["contract_end"]
    as_of = np.datetime64(config.as_of, "D").astype(np.int64)
    return {
        "introduces_as": np.select([role == r for r in AS_ITSELF], list(AS_ITSELF.values()), UNKNOWN),
        "names_lender": YES, "identity_first": YES,
        "recording": np.where(role == OrgRole.AGENCY, told["agency_records"], config.records_calls),
        "operator_certified": told["operator_certified"], "exam_on": told["exam_on"],
        "borrower_notified_on": told["told_on"], "reviewed_on": told["reviewed_on"],
        "sender_approved": told["sender_approved"],
        "agency_listed": told["agency_listed"], "sub_contracted": told["sub_contracted"],
        "contract_live": np.where(ends == UNKNOWN_MONEY, UNKNOWN, ends >= as_of),
    }  # fmt: skip


def _refused(told: Columns) -> Ints:
    """Where whom the contact reaches has refused its channel: every refusal is on record, so none there is a No."""
    bits = np.maximum(np.where(told["own_refused"] >= 0, told["own_refused"], told["refused"]), 0)
    found: Ints = (bits >> np.maximum(told["channel"], 0)) & YES
    return found


def _role(by_agency: Ints, placed: Ints, config: Config) -> Ints:
    """Who acts: the organisation of whoever asks; where nobody asks yet, the one the case is placed with."""
    own = OrgRole.DEBT_BUYER if config.lender_kind == LenderKind.DEBT_BUYER else OrgRole.LENDER
    agency = np.where(by_agency >= 0, by_agency, placed) == YES
    return np.where(agency, int(OrgRole.AGENCY), int(own))


def _stops(stops: pl.DataFrame, customer: Ints) -> dict[str, npt.NDArray[np.bool_]]:
    """Which stops and tracks stand against each customer."""
    whom, kind, track = (stops[name].to_numpy() for name in ("customer", "kind", "track"))
    flags = {name: np.isin(customer, whom[kind == said]) for name, said in KINDS.items()}
    return flags | {name: np.isin(customer, whom[track == said]) for name, said in TRACKS.items()}


def _reserved_invalid(points: pl.DataFrame, customer: Ints) -> npt.NDArray[np.int8]:
    """Yes for customers who reserved telephone numbers of which none exists any more."""
    whom = points["customer"].to_numpy()
    phones = (points["channel"].to_numpy() == Channel.CALL) & (points["reserved"].to_numpy() == YES)
    there = phones & (points["status"].to_numpy() != PointStatus.INVALID)
    return (np.isin(customer, whom[phones]) & ~np.isin(customer, whom[there])).astype(np.int8)


def _zones(own: pl.Series, persons: pl.DataFrame, customer: Ints) -> tuple[tuple[str, ...], npt.NDArray[np.int16]]:
    """The clock of whom each contact would reach: their own where it is not the customer."""
    theirs = [*persons["zone"].to_list(), None]  # the last: nobody of that number
    rows = row_of(persons["customer"].to_numpy(), customer).tolist()
    zone = [theirs[row] if said is None else said for said, row in zip(own.to_list(), rows, strict=True)]
    names = tuple(sorted({z for z in zone if z}))
    codes = {name: i for i, name in enumerate(names)}
    return names, np.array([codes.get(z, UNKNOWN) if z else UNKNOWN for z in zone], np.int16)
