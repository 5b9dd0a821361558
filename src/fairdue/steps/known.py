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
from fairdue.steps.state import Config, State

Ints = npt.NDArray[np.int64]
STOPS = {"disputed": "DISPUTE", "claims_paid": "CLAIMS_PAID", "ceased": "CEASE", "paused": "PAUSE"}
TRACKS = {"attorney": "ATTORNEY", "bankrupt": "BANKRUPTCY"}
OF_PERSON = (  # what a link says of somebody beside the borrower
    "liable", "guarantee_kind", "guarantee_lapsed", "enforcement_failed", "renounced", "willing_to_repay",
)  # fmt: skip
OF_COURT = ("time_barred", "suit_filed", "judgment")
OWN = {"own_zone": pl.String, "own_from": pl.Int16, "own_to": pl.Int16, "own_refused": pl.Int64}
"""The clock of whom the contact would reach, and the channels they want nothing by, where it is not the customer."""
NOT_RECORDED = ("lost_contact", "moratorium", "synthetic", "consent_frequency", "consent_entry", "consent_attorney")
AS_ITSELF = {OrgRole.LENDER: Poses.LENDER, OrgRole.AGENCY: Poses.AGENCY, OrgRole.DEBT_BUYER: Poses.BUYER}
"""As whom the approved scripts have the caller introduce himself."""


def known(state: State, proposals: pl.DataFrame, points: pl.DataFrame, config: Config) -> kernel.Facts:
    """The facts about proposals, in their order; `points` are those that may be used today."""
    told = _gathered(state, proposals, points)
    zones, zone = _zones(told["zone"])
    column = _Told(told)
    role = _role(column("by_agency"), column("placed"), config)
    return kernel.Facts.of(
        told.height, zones=zones, zone=zone, person=column("reached"), debtor=column("human"), debt=column("human"),
        owed=told["owed"].fill_null(0).to_numpy(), lender_kind=config.lender_kind,
        association_member=config.association_member, role=role, bought=int(config.lender_kind == LenderKind.DEBT_BUYER),
        **{name: column(name) for name in ("at", "channel", "mode", "direction", "purpose", "party", "party_refused")},
        **{name: column(name) for name in ("product", "plan_status", "agreed_from", "agreed_to", "discloses_debt")},
        consent_hours=(told["agreed_from"].fill_null(-1) >= 0).cast(pl.Int8).to_numpy(),
        party_alive=np.where(_dead(told), NO, column("party_alive")),
        **{name: column(name) for name in (*OF_PERSON, *OF_COURT)},
        **{name: told[name].fill_null(NO).to_numpy() for name in (*STOPS, *TRACKS, "reserved_invalid")},
        debtor_incapable=_shown(told["incapable"]), letter_complete=column("letter_complete"),
        channel_refused=_refused(told), offers_opt_out=column("offers_opt_out"),
        **dict.fromkeys(NOT_RECORDED, NO), **_of_point(column), **_of_collector(column, role, config),
    )  # fmt: skip


def _gathered(state: State, proposals: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    case = state.cases.select(
        "customer", "product", "plan_status", pl.col("balance").alias("owed"), "placed", "told_on", "agency_listed",
        "sub_contracted", "agency_records", "sender_approved", "contract_end", "reviewed_on",
    )  # fmt: skip
    of_point = points.select(
        "point", "number", pl.col("source").alias("point_source"), pl.col("status").alias("point_status"),
        pl.col("reserved").alias("point_reserved"), pl.col("kind").alias("point_kind"),
    )  # fmt: skip
    told = proposals.join(of_point, on="point", how="left", maintain_order="left")
    for more in (
        case,
        state.facts.persons,
        _stops(state.facts.stops),
        _reserved(state.facts.points),
        state.facts.legal,
    ):
        told = told.join(more, on="customer", how="left", maintain_order="left")
    other = pl.col("own_zone").is_not_null()
    return told.with_columns(
        pl.when(pl.col("reached") < 0).then("human").otherwise("reached").alias("reached"),
        pl.when(other).then("own_zone").otherwise("zone").alias("zone"),
        pl.when(other).then("own_from").otherwise("agreed_from").alias("agreed_from"),
        pl.when(other).then("own_to").otherwise("agreed_to").alias("agreed_to"),
    )


def _of_point(column: _Told) -> Mapping[str, Ints]:
    """Whose point it is, and what sort: a point is only ever offered for the person it is recorded with."""
    number = column("number")
    names = ("point_source", "point_status", "point_reserved", "point_kind")
    own = np.where(number >= 0, YES, UNKNOWN)
    return {"point": number, "point_own": own, **{name: column(name) for name in names}}


def _of_collector(column: _Told, role: Ints, config: Config) -> Mapping[str, npt.ArrayLike]:
    """Who calls: scripts say who and for whom and check identity first; recording and contracts are as recorded."""
    ends = column.day("contract_end")
    as_of = np.datetime64(config.as_of, "D").astype(np.int64)
    return {
        "introduces_as": np.select([role == r for r in AS_ITSELF], list(AS_ITSELF.values()), UNKNOWN),
        "names_lender": YES, "identity_first": YES,
        "recording": np.where(role == OrgRole.AGENCY, column("agency_records"), config.records_calls),
        "operator_certified": column("operator_certified"), "exam_on": column.day("exam_on"),
        "borrower_notified_on": column.day("told_on"), "reviewed_on": column.day("reviewed_on"),
        "sender_approved": column("sender_approved"),
        "agency_listed": column("agency_listed"), "sub_contracted": column("sub_contracted"),
        "contract_live": np.where(ends == UNKNOWN_MONEY, UNKNOWN, ends >= as_of),
    }  # fmt: skip


def _role(by_agency: Ints, placed: Ints, config: Config) -> Ints:
    """Who acts: the organisation of whoever asks; where nobody asks yet, the one the case is placed with."""
    own = OrgRole.DEBT_BUYER if config.lender_kind == LenderKind.DEBT_BUYER else OrgRole.LENDER
    agency = np.where(by_agency >= 0, by_agency, placed) == YES
    return np.where(agency, int(OrgRole.AGENCY), int(own))


def _refused(told: pl.DataFrame) -> npt.NDArray[np.int64]:
    """Where whom the contact reaches has refused its channel: every refusal is on record, so none there is a No."""
    bits = told["own_refused"].fill_null(told["refused"]).fill_null(0).to_numpy()
    return (bits >> np.maximum(told["channel"].cast(pl.Int64).fill_null(0).to_numpy(), 0)) & YES


def _dead(told: pl.DataFrame) -> npt.NDArray[np.bool_]:
    """Where the contact would go to a borrower whose death was reported."""
    return ((told["party"] == int(Party.BORROWER)) & (told["dead"].fill_null(NO) == YES)).to_numpy()


def _shown(flag: pl.Series) -> npt.NDArray[np.int8]:
    """Yes where it was shown; where it was not nobody knows, and a rule that needs it refuses."""
    return flag.fill_null(NO).replace_strict({NO: UNKNOWN, YES: YES}, return_dtype=pl.Int8).to_numpy()


class _Told:
    """A column as the kernel wants it: what is not known is UNKNOWN, never NO."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    def __call__(self, name: str) -> Ints:
        return self.frame[name].cast(pl.Int64).fill_null(UNKNOWN).to_numpy()

    def day(self, name: str) -> Ints:
        """A date as days since 1970."""
        return self.frame[name].cast(pl.Int32).cast(pl.Int64).fill_null(UNKNOWN_MONEY).to_numpy()


def _stops(stops: pl.DataFrame) -> pl.DataFrame:
    kinds, tracks = {**STOPS, "incapable": "INCAPABLE"}, {**TRACKS, "dead": "DEATH"}
    flags = [(pl.col("kind") == kind).any().cast(pl.Int8).alias(name) for name, kind in kinds.items()]
    flags += [(pl.col("track") == kind).any().cast(pl.Int8).alias(name) for name, kind in tracks.items()]
    return stops.group_by("customer").agg(flags)


def _reserved(points: pl.DataFrame) -> pl.DataFrame:
    """Customers who reserved telephone numbers, and whether none of them exists any more."""
    phones = points.filter((pl.col("channel") == int(Channel.CALL)) & (pl.col("reserved") == YES))
    gone = (pl.col("status") == int(PointStatus.INVALID)).all().cast(pl.Int8).alias("reserved_invalid")
    return phones.group_by("customer").agg(gone)


def _zones(zone: pl.Series) -> tuple[tuple[str, ...], npt.NDArray[np.int16]]:
    names = tuple(sorted({z for z in zone.to_list() if z}))
    codes = {name: i for i, name in enumerate(names)}
    return names, np.array([codes.get(z, UNKNOWN) for z in zone.to_list()], np.int16)
