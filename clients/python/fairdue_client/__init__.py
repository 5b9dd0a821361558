"""A typed client for the fairdue API."""

from fairdue_client.api import Client
from fairdue_client.http import Problem
from fairdue_client.models import *  # noqa: F403 - every model is meant to be seen from here

__all__ = ["Client", "Problem"]
