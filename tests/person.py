"""Somebody of the cast in front of the desk, without a browser."""

from __future__ import annotations

from django.test import Client

import cast


class Person:
    """Somebody of the cast, logged in, in one of the desk's languages; an empty name is nobody."""

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

    def status(self, path: str, *, post: bool = False, **said: str | int) -> int:
        """Only how the desk answers."""
        answer = (self.client.post if post else self.client.get)(path, said)
        answer.close()  # a file that is sent is open until then
        return answer.status_code

    def post(self, path: str, **said: str | int) -> str:
        """Send a form and follow to the page it leads to."""
        answer = self.client.post(path, said, follow=True)
        assert answer.status_code in {200, 422}, (path, answer.status_code)
        return answer.content.decode()
