"""The one Django app with models."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Named so that tables and migrations read `store`."""

    name = "fairdue.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
