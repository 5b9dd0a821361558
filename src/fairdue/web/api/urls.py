"""Every address of the API, version 1."""

from django.urls import path

from fairdue.web.api import document
from fairdue.web.api.site import api

urlpatterns = [path("openapi.json", document.serve, name="openapi"), *api.urls[0]]
