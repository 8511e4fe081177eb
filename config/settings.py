"""All settings, read from the environment once, here.

Defaults suit a developer's machine; with KUZNITSA_PRODUCTION=1 a missing secret or host stops the start.
docs/reference/settings.md is generated from this file.
"""

from pathlib import Path

import environ
import structlog
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parent.parent

env = environ.Env()
# Real people use this installation: secrets and hosts must be set, cookies need https, logs are JSON.
PRODUCTION = env.bool("KUZNITSA_PRODUCTION", default=False)
# Pages of errors with all details, and the gallery of components.
DEBUG = env.bool("KUZNITSA_DEBUG", default=False)
# Everything that changes while the product runs: database, uploads, collected static files.
VAR = Path(env("KUZNITSA_VAR", default=str(ROOT / "var")))

if PRODUCTION:
    # Signs sessions and links: long, random, known to this installation only.
    SECRET_KEY = env("KUZNITSA_SECRET_KEY")
    # The names under which the site is reached, with commas between.
    ALLOWED_HOSTS = env.list("KUZNITSA_HOSTS")
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
else:
    SECRET_KEY = env("KUZNITSA_SECRET_KEY", default="not a secret: development only")
    ALLOWED_HOSTS = env.list("KUZNITSA_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

# How the site is reached from outside: the beginning of links in letters.
SITE_URL = env("KUZNITSA_SITE_URL", default="http://127.0.0.1:8000")

# --- applications: the map in ARCHITECTURE.md, from the bottom up ---
# Ours come first: where a library has a template or a translation of the same name, ours is taken.
INSTALLED_APPS = [
    "kuznitsa.base",
    "kuznitsa.ui",
    "kuznitsa.accounts",
    "kuznitsa.classifiers",
    "kuznitsa.organisations",
    "kuznitsa.people",
    "kuznitsa.clusters",
    "kuznitsa.facts",
    "kuznitsa.demand",
    "kuznitsa.agreements",
    "kuznitsa.programmes",
    "kuznitsa.admissions",
    "kuznitsa.placements",
    "kuznitsa.outcomes",
    "kuznitsa.insight",
    "kuznitsa.workspaces",
    "kuznitsa.pages",
    "kuznitsa.demo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "csp",
    "django_htmx",
    "template_partials",
    "django_tables2",
    "django_filters",
    "lucide",
    "allauth",
    "allauth.account",
    "django_q",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kuznitsa.ui.middleware.VaryOnHtmxMiddleware",
    "kuznitsa.base.memo.MemoMiddleware",
    "kuznitsa.base.uploads.UploadLimitMiddleware",
    "kuznitsa.base.middleware.NullCharactersMiddleware",
    "kuznitsa.base.once.OnceMiddleware",
    "kuznitsa.base.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- database: SQLite unless DATABASE_URL names PostgreSQL ---
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR / 'kuznitsa.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers go on while one writes; IMMEDIATE takes the write lock at the start of a
    # transaction, so that two writers queue instead of failing half-way.
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
            "PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY;PRAGMA journal_size_limit=27103364;"
        ),
    }
    _database["CONN_MAX_AGE"] = None
else:
    # Compiling a query takes longer than most of ours take.
    _database["OPTIONS"] = {
        "options": "-c jit=off",
        **_database.get("OPTIONS", {}),
        "pool": {"min_size": 1, "max_size": 8, "timeout": 5},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "workspaces:home"
LOGOUT_REDIRECT_URL = "pages:front"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- languages and time ---
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
# The clock by which days begin and end.
TIME_ZONE = env("KUZNITSA_TIME_ZONE", default="Europe/Moscow")
USE_I18N = USE_TZ = True

# --- files ---
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        # Static files straight from the source folders, not collected: for development.
        if env.bool("KUZNITSA_PLAIN_STATIC", default=DEBUG)
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# The grid of needs: six cells a row.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
# The largest upload, all files of one form together.
MAX_UPLOAD_BYTES = env.int("KUZNITSA_MAX_UPLOAD_MB", default=20) * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "kuznitsa.base.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- security of pages: nothing from elsewhere, nothing inline ---
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Visitors who come by http are sent to https.
    SECURE_SSL_REDIRECT = env.bool("KUZNITSA_SSL_REDIRECT", default=True)
    # For so many seconds browsers remember to come by https only.
    SECURE_HSTS_SECONDS = env.int("KUZNITSA_HSTS_SECONDS", default=3600)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

# --- letters: written to var/mail unless a server is named ---
if env("KUZNITSA_EMAIL_URL", default=""):
    vars().update(env.email("KUZNITSA_EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"
# The sender of letters.
DEFAULT_FROM_EMAIL = env("KUZNITSA_FROM_EMAIL", default="kuznitsa@localhost")

# --- jobs: in the same database as what they work on ---
Q_CLUSTER = {
    "name": "kuznitsa",
    "orm": "default",
    # How many jobs are done at once.
    "workers": env.int("KUZNITSA_WORKERS", default=2),
    "timeout": 600,  # seconds a job may take
    "retry": 900,  # a job not acknowledged by then (its worker was killed) is given out again
    "max_attempts": 5,
    "ack_failures": False,
    "catch_up": False,
    "save_limit": 1000,
    "poll": 1,
    "label": "Jobs",
}

# Jobs run at once, in the process that asked for them, after its transaction.
JOBS_INLINE = env.bool("KUZNITSA_JOBS_INLINE", default=False)

DJANGO_TABLES2_TEMPLATE = "ui/table.html"

# --- logs: one JSON object a line in production, readable lines elsewhere ---
LOG_LEVEL = env("KUZNITSA_LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING")
Q_CLUSTER["log_level"] = LOG_LEVEL
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso"),
            ],
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False)
                if PRODUCTION
                else structlog.dev.ConsoleRenderer(colors=False),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
