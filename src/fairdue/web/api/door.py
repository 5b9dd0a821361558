"""Who may call what: the key, its rate, its scopes, its role; then the call as every operation sees it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest
from ninja.security.base import AuthBase

from fairdue.core.codes import Role
from fairdue.core.errors import Lang
from fairdue.store.actions import keys
from fairdue.store.actions.keys import Rate
from fairdue.store.models import ApiKey, Caller
from fairdue.web.api.faults import NoKey, NoScope, NotForRole, TooManyRequests
from fairdue.web.api.problems import language

RATE = "fairdue.rate"  # in `request.META`: what is left, for the headers of the answer
BEARER = "bearer "


@dataclass(frozen=True)
class Call:
    """A request of somebody who may make it."""

    key: ApiKey
    user: Caller
    lang: Lang


class KeyAuth(AuthBase):
    """A key in force, with the scope, of a role that does this. Raises what is missing, in that order."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "A key as it was shown when it was made: `Authorization: Bearer fdk_…`."

    def __init__(self, scope: str, roles: Collection[Role]) -> None:
        super().__init__()
        self.scope, self.roles = scope, frozenset(roles)

    def __call__(self, request: HttpRequest) -> Call:
        """The call. Raises `NoKey`, `TooManyRequests`, `NoScope`, `NotForRole`."""
        key, user = _known(request)
        rate = keys.take_token(key)
        request.META[RATE] = rate
        if rate.wait:
            raise TooManyRequests(limit=rate.limit, wait=rate.wait)
        if self.scope not in key.scopes:
            raise NoScope(scope=self.scope)
        role = Role(user.role)
        if role not in self.roles:
            raise NotForRole(role=role.en.lower(), role_zh=role.zh)
        return Call(key, user, language(request))


def _known(request: HttpRequest) -> tuple[ApiKey, Caller]:
    said = request.headers.get("Authorization", "")
    key = keys.find(said[len(BEARER) :].strip()) if said.lower().startswith(BEARER) else None
    user = keys.caller(key) if key is not None and keys.opens(key) else None
    if key is None or user is None:
        raise NoKey
    return key, user


def call_of(request: HttpRequest) -> Call:
    """The call of a request that came through the door."""
    found = getattr(request, "auth", None)
    if not isinstance(found, Call):
        raise NoKey
    return found


def rate_headers(rate: Rate) -> dict[str, str]:
    """What is left, as the IETF draft `ratelimit-headers` writes it."""
    said = {
        "RateLimit-Policy": f'"requests";q={rate.limit};w=60',
        "RateLimit": f'"requests";r={rate.left};t={rate.full}',
    }
    return said | ({"Retry-After": str(rate.wait)} if rate.wait else {})
