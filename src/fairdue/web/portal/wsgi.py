"""The customer's own site as a WSGI application."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "fairdue.web.sites.portal"

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is missing
application = get_wsgi_application()
