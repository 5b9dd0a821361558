"""The published logins of the demo, for its login page."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from fairdue.store.models import User


@dataclass(frozen=True)
class Login:
    """One published login."""

    username: str
    display_name: str
    role: int
    team: str


def demo_logins() -> tuple[Login, ...]:
    """Everybody who can sign in at the demo; nobody outside demo mode."""
    if not settings.DEMO:
        return ()
    people = User.objects.filter(is_active=True).select_related("team").order_by("role", "pk")
    return tuple(Login(u.username, u.display_name, u.role, u.team.name if u.team else "") for u in people)
