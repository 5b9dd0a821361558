"""A desk with the standing cast, fresh for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

import cast
from worlds import World, Worlds, opened, worlds

__all__ = ["worlds"]


@pytest.fixture
def desk(worlds: Worlds) -> Iterator[World]:
    """A database with the cast and a worked book, thrown away afterwards."""
    with opened(worlds, "sqlite", cast.engage) as world:
        yield world


class Person:
    """Somebody of the cast in front of the desk, in one of its languages."""

    def __init__(self, username: str, language: str = "en") -> None:
        self.client = Client()
        self.client.cookies["django_language"] = language
        if username:
            self.user = cast.user(username)
            self.client.force_login(self.user)

    def get(self, path: str, **query: str) -> str:
        """The text of a page that must be there."""
        answer = self.client.get(path, query)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()

    def status(self, path: str, *, post: bool = False, **said: object) -> int:
        """Only how the desk answers."""
        return (self.client.post if post else self.client.get)(path, said).status_code

    def post(self, path: str, **said: object) -> str:
        """Send a form and follow to the page it leads to."""
        answer = self.client.post(path, said, follow=True)
        assert answer.status_code in {200, 422}, (path, answer.status_code)
        return answer.content.decode()
