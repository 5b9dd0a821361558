"""Whoever takes the own data away gets all of it: every column of the register of personal text, and every paper."""

from __future__ import annotations

import inspect
import io
import json
import zipfile

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

import planning
from fairdue.core.consent import Consent
from fairdue.store.actions import plans
from fairdue.store.models import Case, MeansProof
from fairdue.store.pages import site_data, site_more
from fairdue.store.personal import PERSONAL
from visiting import ID_NO, Visitor, known, png


def told() -> dict[str, str]:
    """Model → what says its rows in the file: the source of its maker, or its columns."""
    person = Case.objects.all()[0].customer
    made = {rows(person).model.__name__: inspect.getsource(make) for rows, make in site_data.TABLES.values()}  # type: ignore[attr-defined]  # query sets
    made["Person"] = inspect.getsource(site_data._person)
    return made | {model: "".join(f".{name}" for name in columns) for model, _, columns in site_more.PLAIN.values()}


def test_every_personal_column_is_in_the_file_or_the_reason_why_not_is_written(case: Case) -> None:
    said = told()
    missing = [
        f"{model}.{column}" for model, columns in PERSONAL.items() for column in columns
        if not column.endswith(site_more.DERIVED) and f"{model}.{column}" not in site_more.EXCUSED
        and f".{column}" not in said.get(model, "")
    ]  # fmt: skip
    assert missing == []


def test_what_is_excused_exists_and_is_not_in_the_file_all_the_same(case: Case) -> None:
    said = told()
    for name, why in site_more.EXCUSED.items():
        model, column = name.split(".")
        assert column in PERSONAL[model]
        assert why
        assert f".{column}" not in said.get(model, "")


def test_every_way_to_a_person_leads_there(case: Case) -> None:
    for name, (model, _, columns) in site_more.PLAIN.items():
        assert {f.name for f in apps.get_model("store", model)._meta.get_fields()} >= set(columns), name
    assert set(site_more.more(case.customer)) == set(site_more.PLAIN)


def test_the_papers_are_in_the_file_and_nobody_elses(case: Case) -> None:
    plan = planning.proposed(approved=True)
    known(plan.case)
    visitor = Visitor().come_in(plan.case, ID_NO)
    plans.accept(plan.proposed_by, plan.pk, Consent.PORTAL, "I agree.")
    visitor.client.post("/feedback/", {"words": "calls at night", "files": [SimpleUploadedFile("note.png", png(2, 2))]})
    visitor.client.post("/budget/", {"adults": "1", "income_WAGE": "9000", "evidenced_WAGE": "on",
                                     "files": [SimpleUploadedFile("slip.png", png(3, 3))]})  # fmt: skip
    pack = zipfile.ZipFile(io.BytesIO(visitor.client.post("/data/file/").content))
    names = set(pack.namelist())
    assert {"my-data.json", "my-data.html", "statement-zh.pdf", "statement-en.pdf"} <= names
    assert {f"agreements/{plan.pk}-zh.pdf", f"agreements/{plan.pk}-en.pdf"} <= names
    assert pack.read(next(name for name in names if name.endswith("note.png"))) == png(2, 2)
    proof = MeansProof.objects.get()
    assert pack.read(f"brought/income-{proof.pk}-slip.png") == png(3, 3)
    assert proof.means.income["WAGE"] == {
        "amount": 900_000,
        "evidenced": True,
    }  # the desk has ticked the same figure before
    text = "".join(PdfReader(io.BytesIO(pack.read("statement-en.pdf"))).pages[0].extract_text().split())
    data = json.loads(pack.read("my-data.json"))
    assert data["complaints"][0]["number"]
    assert data["tasks"]
    assert all("".join(row["amount"].split()) in text for row in data["ledger"][:3])


def test_nobody_shows_their_own_figures_to_be_true(case: Case) -> None:
    visitor = Visitor().come_in(case)
    visitor.post("/budget/", adults="1", income_WAGE="9000", evidenced_WAGE="on")
    assert case.means.latest("pk").income == {"WAGE": {"amount": 900_000, "evidenced": False}}
