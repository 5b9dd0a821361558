"""People who work with fairdue: one role each, one team, one organisation."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from fairdue.core.codes import Role
from fairdue.store.models.parties import Organisation, choices


class Team(models.Model):
    """A group of collectors with its leads."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    name = models.CharField(max_length=80)
    calendar = models.CharField(
        max_length=8, default="", db_default="", help_text="Public holidays kept, by country; empty: only own days."
    )

    class Meta:
        db_table = "team"
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="team_once")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Creates users with a hashed password."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """A new user; without a password nobody can log in as them."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who logs in to the desk."""

    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=80)
    role = models.SmallIntegerField(choices=choices(Role))
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="members")
    language = models.CharField(max_length=12, default="zh-hans")
    certified = models.BooleanField(null=True, default=None)
    exam_on = models.DateField(null=True, help_text="Last exam passed.")
    is_active = models.BooleanField(default=True)

    speaks_for: ClassVar[int | None] = (
        None  # of one who came by the customer's site: their person; see `access.for_borrower`
    )
    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"

    class Meta:
        db_table = "users"

    def __str__(self) -> str:
        return self.username
