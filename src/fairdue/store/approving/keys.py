"""Keys to the API that were made at the desk: whoever makes one cannot give themselves rights by it."""

from __future__ import annotations

from fairdue.core.codes import Role
from fairdue.store.actions import keys
from fairdue.store.approving import Kind, Shown, Text
from fairdue.store.models import ApiKey, Approval, User


def _key(approval: Approval) -> ApiKey:
    return ApiKey.objects.select_related("user").get(pk=approval.subject_id)


def show(approval: Approval, user: User) -> Shown:
    """Whose rights, what for, until when."""
    del user
    key = _key(approval)
    role = Role(key.user.role)
    lines: tuple[tuple[Text, str], ...] = (
        ({"zh": "权限来自", "en": "Rights of"}, f"{key.user.username} ({role.zh} / {role.en})"),
        ({"zh": "权限范围", "en": "Scopes"}, ", ".join(key.scopes)),
        ({"zh": "有效至", "en": "Until"}, key.expires_on.isoformat()),
        ({"zh": "每分钟请求数", "en": "Requests a minute"}, str(key.per_minute)),
    )
    return Shown({"zh": f"API 密钥 {key.name}", "en": f"API key {key.name}"}, lines)


def may(approval: Approval, user: User) -> Text:
    """Any of the roles asked may decide it."""
    del approval, user
    return {}


def granted(approval: Approval, user: User, counts: bool) -> None:
    """It opens from now on: the approval itself is what the door asks for."""
    del approval, user, counts


def refused(approval: Approval, user: User, reason: str) -> None:
    """It never opens."""
    del reason
    key = _key(approval)
    keys.revoke(user.username, key.organisation, key.name)


KIND = Kind(keys.KIND, {"zh": "API 密钥", "en": "Key to the API"}, show, may, granted, refused)
