"""The OpenAPI document: what the framework finds in the code, and what it cannot find there."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse

from fairdue.rules import situations
from fairdue.store.scopes import RESOURCES
from fairdue.web.api.operations import PARAMETERS
from fairdue.web.api.problems import Problem
from fairdue.web.api.routes import offers
from fairdue.web.api.samples import give_examples
from fairdue.web.api.site import api
from fairdue.wording.said import SCHEMA

RATE_HEADERS = {
    "RateLimit-Policy": ("How many requests a minute the key may make.", '"requests";q=600;w=60'),
    "RateLimit": ("How many are left, and in how many seconds all are back.", '"requests";r=599;t=1'),
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def document() -> dict[str, Any]:
    """The whole document, OpenAPI 3.1."""
    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/")))
    made["jsonSchemaDialect"] = DIALECT
    parts = made["components"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts["schemas"] |= {"Problem": _plain(problem), **problem.get("$defs", {})}
    parts["schemas"] |= _named("Situation", situations.json_schema(), situations.EXAMPLE)
    parts["schemas"] |= _named("Words", SCHEMA, {"id": "m1", "lang": "zh", "text": "您好，请于本周五前还款。"})
    parts["schemas"] |= _named("OfferSituation", offers.situation_schema(), offers.EXAMPLE)
    parts["parameters"] = PARAMETERS
    parts["headers"] = {
        name: {"description": about, "schema": {"type": "string"}, "example": example}
        for name, (about, example) in RATE_HEADERS.items()
    }
    made["tags"] = [{"name": name, "description": words["en"].capitalize()} for name, (words, _) in RESOURCES.items()]
    for way in made["paths"].values():
        for operation in way.values():
            _finish(operation)
            give_examples(operation, parts["schemas"])
    return made


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "$defs"}


def _named(name: str, schema: dict[str, Any], example: Any) -> dict[str, Any]:
    """A schema with its definitions as components, each under a name of its own."""
    text = json.dumps(schema, ensure_ascii=False).replace("#/$defs/", f"#/components/schemas/{name}_")
    said: dict[str, Any] = json.loads(text)
    parts = {f"{name}_{part}": one for part, one in said.pop("$defs", {}).items()}
    said.pop("$schema", None)
    return {name: said | {"examples": [example]}, **parts}


def _finish(operation: dict[str, Any]) -> None:
    for parameter in operation["parameters"]:
        _said_or_left_out(parameter)
    summary, about = operation["summary"], operation.get("description", "")
    operation["description"] = about.removeprefix(f"{summary}.").strip() or summary
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in RATE_HEADERS}
    operation["responses"] = dict(sorted(operation["responses"].items()))
    for status, answer in operation["responses"].items():
        answer["headers"] = {} if status == "401" else dict(headers)
        if status == "429":
            answer["headers"]["Retry-After"] = {"schema": {"type": "integer"}, "description": "Seconds.", "example": 3}


def _said_or_left_out(parameter: dict[str, Any]) -> None:
    """What is not asked for is left out of the address: nobody can write null there."""
    said = parameter.get("schema", {})
    if "anyOf" in said:
        some = next(one for one in said.pop("anyOf") if one.get("type") != "null")
        parameter["schema"] = said | some
        parameter["schema"].pop("default", None)


def text() -> str:
    """The document as it is stored and served."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def serve(_request: HttpRequest) -> HttpResponse:
    """The document, for anybody: it says nothing about anybody."""
    return HttpResponse(text(), content_type="application/json; charset=utf-8")
