"""The WSGI entry that the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from kuznitsa.base.warm import settle  # noqa: E402 (the applications are loaded by the line above)

settle()
