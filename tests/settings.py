"""Settings of the product with what tests need: fast hashes, letters in memory, guards on every answer."""

import atexit
import shutil
import tempfile
from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import DATABASES, MIDDLEWARE, STORAGES, TEMPLATES
from tests.guards import UndefinedVariable

_directory = Path(tempfile.mkdtemp(prefix="kuznitsa-tests-"))
atexit.register(shutil.rmtree, _directory, ignore_errors=True)

# A file, not memory: as in life, every thread has a connection of its own and writers queue.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # The name outside of tests as well: whatever goes wrong, it does not go wrong in a developer's data.
    DATABASES["default"] |= {"NAME": _directory / "no.sqlite3", "TEST": {"NAME": str(_directory / "test.sqlite3")}}
else:
    # A pool would keep connections open to a database that is dropped at the end.
    DATABASES["default"]["OPTIONS"].pop("pool", None)
DATABASES["default"]["CONN_MAX_AGE"] = 0

LOGGING_CONFIG = None  # pytest shows what was logged by a test that fails
JOBS_INLINE = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = _directory / "media"
STATIC_ROOT = _directory / "static"
STATIC_ROOT.mkdir()
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable()
# Around every answer, but inside of what packs it for the way.
MIDDLEWARE.insert(MIDDLEWARE.index("django.middleware.gzip.GZipMiddleware") + 1, "tests.guards.GuardMiddleware")
