"""How an operation is declared: its address, scope, roles, what it gives, and every error it may answer with."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Any, get_type_hints

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from fairdue.core.codes import Role
from fairdue.web.api.door import KeyAuth, call_of
from fairdue.web.api.faults import UnknownWord
from fairdue.web.api.once import HEADER, REPLAYED, once
from fairdue.web.api.problems import MEDIA_TYPE

View = Callable[..., Any]
WHY = {
    400: "The body or the Idempotency-Key cannot be read.",
    401: "No key, or one that does not open.",
    403: "The key has not the scope, or its user not the role.",
    404: "No such row, or not one the key may see: which of the two is not said.",
    409: "As things stand this cannot be done; nothing was changed.",
    413: "The body is too large.",
    415: "Not the media type this operation takes.",
    422: "Fields are missing or wrong, or the business rules refuse what they say; nothing was changed.",
    429: "Too many requests; Retry-After says how many seconds to wait.",
    500: "A fault of ours; nothing was changed.",
}


@dataclass(frozen=True)
class Declared:
    """An operation as it was declared."""

    name: str
    method: str
    path: str
    scope: str
    roles: frozenset[Role]
    writes: bool


OPERATIONS: dict[str, Declared] = {}


def operation(
    router: Router, method: str, path: str, *, scope: str, roles: Collection[Role], gives: Any, status: int = 200,
    conflicts: bool = False, media_type: str = "",
) -> Callable[[View], View]:  # fmt: skip
    """Declare an operation: its view's name is its id, its docstring what is said of it.

    Whatever has a scope to write is carried out once per Idempotency-Key, answer and effect in one transaction. `media_type`:
    it gives a file of that type instead of JSON.
    """

    def declare(view: View) -> View:
        name, writes = view.__name__, scope.endswith(":write")
        OPERATIONS[name] = Declared(name, method, path, scope, frozenset(roles), writes)
        title, _, more = inspect.cleandoc(view.__doc__ or "").partition("\n")
        extra = _extra(method, path, scope, writes=writes, conflicts=conflicts)
        if media_type:
            binary = {"type": "string", "format": "binary"}
            extra["responses"][status] = {"description": title, "content": {media_type: {"schema": binary}}}
        router.api_operation(
            [method], path, auth=KeyAuth(scope, roles), response={status: None if media_type else gives},
            operation_id=name, summary=title.rstrip("."), description=more.strip() or None, tags=[scope.partition(":")[0]],
            openapi_extra=extra,
        )(_of_known_words(_once(view, status) if writes else view, path))  # fmt: skip
        return view

    return declare


def _of_known_words(view: View, path: str) -> View:
    """A word in the query that nobody knows is refused, not passed over: a filter that is misspelt would widen the answer."""
    known = {name for name in inspect.signature(view).parameters if f"{{{name}}}" not in path}

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        unknown = sorted(set(request.GET) - known)
        if unknown:
            raise UnknownWord(words=", ".join(repr(word) for word in unknown))
        return view(request, *args, **kwargs)

    return _looks_like(run, view)


def _once(view: View, status: int) -> View:
    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return once(request, call_of(request).key, lambda: as_answer(view(request, *args, **kwargs), status))

    return _looks_like(run, view)


def _looks_like(run: View, view: View) -> View:
    hints = get_type_hints(view, include_extras=True)  # where the view stands: the framework would look here
    said = inspect.signature(view)
    named = [p.replace(annotation=hints.get(p.name, p.annotation)) for p in said.parameters.values()]
    run.__signature__ = said.replace(parameters=named)  # type: ignore[attr-defined]
    return run


def as_answer(given: Schema | HttpResponse, status: int) -> HttpResponse:
    """What a view gives, as the bytes that are sent."""
    if isinstance(given, HttpResponse):
        return given
    return HttpResponse(given.model_dump_json(), status=status, content_type="application/json; charset=utf-8")


def _extra(method: str, path: str, scope: str, *, writes: bool, conflicts: bool) -> dict[str, Any]:
    """What the document says besides what is found from the view: errors, headers, the Idempotency-Key."""
    bodies = method == "POST"
    statuses = {401, 403, 422, 429, 500}
    statuses |= {404} if "{" in path else set()
    statuses |= {400, 413, 415} if bodies else set()
    statuses |= {409} if conflicts else set()
    extra: dict[str, Any] = {"responses": {status: _problem(status) for status in sorted(statuses)}, "x-scope": scope}
    if writes:
        extra["parameters"] = [{"$ref": f"#/components/parameters/{HEADER}"}]
    return extra


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": WHY[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


PARAMETERS = {
    HEADER: {
        "name": HEADER, "in": "header", "required": True,
        "description": "Your own key for this request, such as a UUID: the same one again gives the same answer for 48 hours "
        f"(with the header {REPLAYED}) and does nothing; with another body it is refused.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$", "minLength": 8, "maxLength": 64},
        "example": "5f0c1d0e-8a3b-4c53-9f6e-0a9d6a3d2b11",
    },
}  # fmt: skip
