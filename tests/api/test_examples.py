"""Every operation of the document has an example for what it takes and gives, and each is true to its schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema_rs import Draft202012Validator

from fairdue.web.api.document import document
from fairdue.web.api.operations import OPERATIONS


def contents() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Operation, where, and what is said of a JSON body there."""
    for way in document()["paths"].values():
        for operation in way.values():
            bodies = {"body": operation.get("requestBody", {})} | operation["responses"]
            for where, body in bodies.items():
                for media_type, said in body.get("content", {}).items():
                    if "json" in media_type:
                        yield operation["operationId"], where, said


def test_every_body_and_answer_has_an_example_that_its_schema_takes() -> None:
    parts, seen = document()["components"], set()
    for name, where, said in contents():
        validator = Draft202012Validator({**said["schema"], "components": parts}, validate_formats=True)
        faults = [fault.message for fault in validator.iter_errors(said["example"])]
        assert not faults, (name, where, faults[0])
        seen.add(name)
    assert seen == set(OPERATIONS)
