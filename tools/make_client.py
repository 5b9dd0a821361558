"""`python tools/make_client.py`: writes the models and operations of the Python client from docs/reference/openapi.json."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "reference" / "openapi.json"
FOLDER = ROOT / "clients" / "python" / "fairdue_client"
FREE = ("Situation", "Words", "OfferSituation")  # objects whose keys are many and optional: written as dictionaries
WRITTEN = "Written by tools/make_client.py from docs/reference/openapi.json: do not edit."
HEAD = f'"""{{about}} {WRITTEN}"""\n\nfrom __future__ import annotations\n\n'
WHEN = {"date": "date", "date-time": "datetime"}
PLAIN = {"string": "str", "integer": "int", "boolean": "bool", "number": "float"}


def is_free(name: str) -> bool:
    """Whether a schema is given as a dictionary."""
    return name in FREE or name.startswith(tuple(f"{one}_" for one in FREE))


def class_name(name: str) -> str:
    """`Page_CaseOut_` becomes `CaseOutPage`."""
    page = re.fullmatch(r"Page_(\w+)_", name)
    return f"{page[1]}Page" if page else name


def hint(schema: dict[str, Any]) -> str:  # noqa: PLR0911 - one return a kind of schema reads best
    """The Python type of a schema."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return "dict[str, Any]" if is_free(name) else class_name(name)
    if "anyOf" in schema:
        some = [hint(one) for one in schema["anyOf"] if one.get("type") != "null"]
        return f"{' | '.join(some)} | None"
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema['enum']))}]"
    kind = schema.get("type")
    if kind == "array":
        return f"list[{hint(schema.get('items', {}))}]"
    if kind == "object":
        values = schema.get("additionalProperties", True)
        return f"dict[str, {hint(values) if isinstance(values, dict) else 'Any'}]"
    return WHEN.get(schema.get("format", ""), PLAIN.get(str(kind), "Any"))


def default_of(schema: dict[str, Any], of_type: str) -> str:
    """What a field that need not be said is."""
    if "default" in schema:
        return repr(schema["default"])
    if of_type.startswith("dict["):
        return "field(default_factory=dict)"
    return "field(default_factory=list)" if of_type.startswith("list[") else "None"


def model(name: str, schema: dict[str, Any]) -> Iterator[str]:
    """The lines of one dataclass."""
    yield f"@dataclass(frozen=True, kw_only=True)\nclass {class_name(name)}:"
    about = schema.get("description") or f"A page of {class_name(name).removesuffix('Page')}."
    yield f'    """{first_line(about)}"""\n'
    needed = schema.get("required", [])
    for key, said in schema.get("properties", {}).items():
        of_type = hint(said)
        if key in needed:
            yield f"    {key}: {of_type}"
            continue
        value = default_of(said, of_type)
        open_type = of_type if value != "None" or of_type == "Any" or "None" in of_type else f"{of_type} | None"
        yield f"    {key}: {open_type} = {value}"
    yield "\n"


def first_line(text: str) -> str:
    """The first sentence or line, as a docstring."""
    return text.strip().split("\n", 1)[0].replace('"', "'")


def models(document: dict[str, Any]) -> str:
    """The module of models."""
    named = {name: one for name, one in document["components"]["schemas"].items() if not is_free(name)}
    lines = [
        line
        for name, one in sorted(named.items())
        for line in model(name, one)
        if name not in ("Problem", "FieldProblem")
    ]
    listed = sorted(class_name(name) for name in named if name not in ("Problem", "FieldProblem"))
    head = HEAD.format(about="The models of the API.")
    head += "from dataclasses import dataclass, field\nfrom datetime import date, datetime\nfrom typing import Any, Literal\n\n"
    return head + f"__all__ = {listed!r}\n\n\n" + "\n".join(lines)


def operation(method: str, path: str, said: dict[str, Any]) -> Iterator[str]:
    """The lines of one method, and of its iterator where it gives pages."""
    name, given, writes = said["operationId"], answer_of(said), said["x-scope"].endswith(":write")
    spots = re.findall(r"{(\w+)}", path)
    query = [one for one in said["parameters"] if one.get("in") == "query"]
    body, form = body_of(said)
    arguments = [*(f"{spot}: int" for spot in spots), *([f"body: {body}"] if body else [])]
    later = [f"{one['name']}: {query_hint(one)}" for one in query] + [line for line, _ in form]
    later += ["once: str | None = None"] if writes else []
    star = ["*", *later] if later else []
    yield f"def {name}(self, {', '.join([*arguments, *star])}) -> {given}:"
    yield f'    """{first_line(said["summary"])}."""'
    parts = [f'"{method.upper()}"', f'f"{path}"' if spots else f'"{path}"', given]
    parts += ["query=" + as_dict([one["name"] for one in query])] if query else []
    parts += ["body=body"] if body else []
    parts += ["form=" + as_dict([key for _, key in form if key != "file"]), "file=file"] if form else []
    parts += ["once=once", "writes=True"] if writes else []
    yield f"    found: {given} = self.ask({', '.join(parts)})\n    return found\n"
    if any(one["name"] == "cursor" for one in query) and given.endswith("Page"):
        yield from iterator(name, given, spots, query)


def as_dict(names: list[str]) -> str:
    """A dictionary of arguments under their own names."""
    return "{" + ", ".join(f'"{name}": {name}' for name in names) + "}"


def iterator(name: str, given: str, spots: list[str], query: list[dict[str, Any]]) -> Iterator[str]:
    """A method that goes through all pages."""
    item = "EventOut" if given == "EventPage" else given.removesuffix("Page")
    rest = [one for one in query if one["name"] not in ("cursor", "limit")]
    star = ["*", *(f"{one['name']}: {query_hint(one)}" for one in rest)] if rest else []
    yield f"def iter_{name}(self, {', '.join([*(f'{spot}: int' for spot in spots), *star])}) -> Iterator[{item}]:"
    yield f'    """Every row of `{name}`, page by page."""'
    passed = ", ".join([*spots, *(f"{one['name']}={one['name']}" for one in rest), "cursor=cursor", "limit=200"])
    yield "    cursor: str | None = None\n    while True:"
    yield f"        page = self.{name}({passed})\n        yield from page.items"
    end = "not page.items" if given == "EventPage" else "page.next is None"
    yield f"        if {end}:\n            return\n        cursor = page.next\n"


def query_hint(one: dict[str, Any]) -> str:
    """The type of a parameter with its default."""
    schema = one["schema"]
    if "default" in schema and schema["default"] is not None:
        return f"{hint(schema)} = {schema['default']!r}"
    return f"{hint(schema)} | None = None"


def answer_of(said: dict[str, Any]) -> str:
    """What an operation gives when all is well."""
    status = next(one for one in said["responses"] if one.startswith("2"))
    kind, content = next(iter(said["responses"][status]["content"].items()))
    return hint(content["schema"]) if kind == "application/json" else "bytes"


def body_of(said: dict[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    """The type of a JSON body; or the fields of a form, as arguments and by name."""
    content = said.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        return hint(content["application/json"]["schema"]), []
    form = next(iter(content.values()))["schema"] if content else {}
    made = []
    for key, one in form.get("properties", {}).items():
        of_type = "tuple[str, bytes]" if key == "file" else hint(one)
        made.append((f"{key}: {of_type}" + ("" if key in form["required"] else " = None"), key))
    return "", made


def api(document: dict[str, Any]) -> str:
    """The module with one method an operation."""
    lines = [
        f"    {line}".replace("\n", "\n    ").rstrip(" ")
        for path, ways in document["paths"].items()
        for method, said in ways.items()
        for line in operation(method, path, said)
    ]
    body = "\n".join(lines)
    used = sorted(
        {class_name(n) for n in document["components"]["schemas"] if re.search(rf"\b{class_name(n)}\b", body)}
    )
    head = HEAD.format(about="The operations of the API.")
    head += "from collections.abc import Iterator\nfrom datetime import date\nfrom typing import Any, Literal\n\n"
    head += f"from fairdue_client.http import Caller\nfrom fairdue_client.models import {', '.join(used)}\n\n\n"
    about = '"""One method an operation; a list has an iterator over all its pages besides."""'
    return f"{head}class Client(Caller):\n    {about}\n\n{body}"


def formatted(text: str) -> str:
    """As the formatter of the project writes it."""
    ruff = str(Path(sys.executable).with_name("ruff"))
    for said in (["check", "--fix", "--exit-zero", "--quiet"], ["format", "--quiet"]):
        name = ["--stdin-filename", str(FOLDER / "api.py"), "-"]
        text = subprocess.run(
            [ruff, *said, *name], input=text, capture_output=True, text=True, check=True, cwd=ROOT
        ).stdout
    return text


def made() -> dict[str, str]:
    """The text of each module that is written."""
    document = json.loads(DOCUMENT.read_text("utf-8"))
    return {"models.py": formatted(models(document)), "api.py": formatted(api(document))}


if __name__ == "__main__":
    for file, text in made().items():
        (FOLDER / file).write_text(text, "utf-8", newline="\n")
        print(FOLDER / file)
