"""An example for every body and every answer of the document, made from its schema: true to it by test, the same each time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FORMATS = {
    "date": "2026-09-30", "date-time": "2026-09-30T10:00:00+08:00", "binary": "", "uuid": "5f0c1d0e-8a3b-4c53-9f6e-0a9d6a3d2b11",
}  # fmt: skip
# What a text field of this name looks like; others read "text".
TEXTS: Mapping[str, str] = {
    "currency": "CNY", "zh": "示例", "en": "example", "agency": "agency", "reason": "as agreed on 2026-09-30",
    "language": "zh", "customer": "C-000123", "number": "L-2026-000123", "code": "EXAMPLE", "outcome": "RPC_WILLING",
    "text": "您好", "words": "I agree.", "file": "book.csv", "mapping": "canonical-book", "reference": "BANK-0001",
    "point_masked": "138****5678", "next": "WyJjYXNlcyIsNTBd",
}  # fmt: skip
PATTERNS: Mapping[str, str] = {"^evt_[0-9]+$": "evt_42"}
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
PLAIN: Mapping[str, Any] = {"boolean": True, "number": 1.0, "null": None}
DEEPEST = 12


def sample(schema: Mapping[str, Any], parts: Mapping[str, Any], name: str = "", depth: int = 0) -> Any:
    """A value that the schema takes; `parts` are the document's schemas, `name` is the field it is for."""
    for given in ("const", "example", "default"):
        if given in schema and schema[given] is not None:
            return schema[given]
    for several in ("examples", "enum"):
        if schema.get(several):
            return schema[several][0]
    if "$ref" in schema:
        return sample(parts[schema["$ref"].rsplit("/", 1)[1]], parts, name, depth + 1)
    for choice in ("anyOf", "oneOf", "allOf"):
        if schema.get(choice):
            some = [one for one in schema[choice] if one.get("type") != "null"]
            return sample(some[0] if depth < DEEPEST else {"type": "null"}, parts, name, depth + 1)
    return _of_type(schema, parts, name, depth)


def _of_type(schema: Mapping[str, Any], parts: Mapping[str, Any], name: str, depth: int) -> Any:
    kind = schema.get("type", "object")
    kind = next(one for one in kind if one != "null") if isinstance(kind, list) else kind
    if kind == "object":
        fields = schema.get("properties", {})
        return {key: sample(one, parts, key, depth + 1) for key, one in fields.items()}
    if kind == "array":
        one = sample(schema.get("items", {}), parts, name, depth + 1)
        return [one] * max(1, int(schema.get("minItems", 1)))
    if kind == "integer":
        return max(int(schema.get("minimum", 1)), min(1, int(schema.get("maximum", 1))))
    return PLAIN[kind] if kind in PLAIN else _text(schema, name)


def _text(schema: Mapping[str, Any], name: str) -> str:
    if schema.get("format") in FORMATS:
        return FORMATS[str(schema["format"])]
    if schema.get("pattern") in PATTERNS:
        return PATTERNS[str(schema["pattern"])]
    said = SHA256 if "sha256" in name else TEXTS.get(name, "text")
    return said[: int(schema.get("maxLength", len(said)))].ljust(int(schema.get("minLength", 0)), "x")


def give_examples(operation: Mapping[str, Any], parts: Mapping[str, Any]) -> None:
    """Put an example beside every JSON schema of an operation's body and answers that has none."""
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    for body in bodies:
        for media_type, said in body.get("content", {}).items():
            if "json" in media_type and "example" not in said and "examples" not in said:
                said["example"] = sample(said["schema"], parts)
