"""Settings, read from the environment.

ONROLL_HOME is the folder that holds the database (unless DATABASE_URL names another), the files
and the keys. Nothing secret is in the repository.
"""

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

CHECKOUT = Path(__file__).resolve().parents[2]
ONROLL_HOME = Path(os.environ.get("ONROLL_HOME", CHECKOUT / "var")).resolve()
ONROLL_HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
KEYS_FOLDER = ONROLL_HOME / "keys"
FILES_FOLDER = ONROLL_HOME / "files"
# The malware scanner of documents, if there is one: see onroll/documents/scanning.py.
SCANNER = os.environ.get("ONROLL_SCANNER", "")


def _secret(name: str) -> str:
    """A secret of this installation, made once and kept outside the database."""
    path = KEYS_FOLDER / name
    if not path.exists():
        KEYS_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text()


SECRET_KEY = os.environ.get("ONROLL_SECRET_KEY") or _secret("signing")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("ONROLL_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

INSTALLED_APPS = [
    "onroll.site",
    "onroll.administration",
    "onroll.exports",
    "onroll.exchange",
    "onroll.profile",
    "onroll.reports",
    "onroll.plans",
    "onroll.peps",
    "onroll.attainment",
    "onroll.measures",
    "onroll.looks",
    "onroll.documents",
    "onroll.children",
    "onroll.people",
    "onroll.schools",
    "onroll.authorities",
    "onroll.design",
    "onroll.history",
    "onroll.access",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "template_partials",
    "csp",
]

MIDDLEWARE = [
    "onroll.site.https.OnlyHttps",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "onroll.site.visits.Visits",
    "onroll.access.middleware.ActorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "onroll.site.urls"
WSGI_APPLICATION = "onroll.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "onroll.site.context.page",
            ],
        },
    }
]
FORM_RENDERER = "onroll.design.forms.GovukRenderer"

_sqlite: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": ONROLL_HOME / "onroll.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # recursive_triggers: without it, INSERT OR REPLACE deletes a row that no trigger sees
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
        ),
    },
}
if os.environ.get("DATABASE_URL"):
    _database: dict[str, Any] = dict(dj_database_url.parse(os.environ["DATABASE_URL"], conn_health_checks=True))
    _database["OPTIONS"] = {**_database.get("OPTIONS", {}), "pool": {"min_size": 1, "max_size": 20, "timeout": 5}}
else:
    _database = _sqlite
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.Account"
# E-mail addresses are unique whatever their capitals, by a constraint that the check does not see.
# W008: a request without https is refused and not sent on, so that nobody gets used to it. W021: whether a whole domain
# is on the browsers' preload list is for the domain's owner.
SILENCED_SYSTEM_CHECKS = ["auth.E003", "security.W008", "security.W021"]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
# The second factors are django-allauth's; its pages and its own way of signing in are not used.
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_ADAPTER = "allauth.account.adapter.DefaultAccountAdapter"
MFA_ADAPTER = "onroll.access.secrets_at_rest.FactorAdapter"
# Clocks of phones are a little off: the code before and the code after are taken too.
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "onroll.access.passwords.NotTooLong"},
    {"NAME": "onroll.access.passwords.NoContextWords"},
]
# The longest that a link in a message lasts. Each kind says how long it does: onroll/access/tokens.py.
PASSWORD_RESET_TIMEOUT = 7 * 24 * 60 * 60
LOGIN_URL = "access:sign_in"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["onroll.site.formats"]

STATIC_URL = "static/"
STATIC_ROOT = ONROLL_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_FOLDER}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Who else vouches for people, by the name that stands in addresses: onroll/access/single_sign_on.py.
SINGLE_SIGN_ON = os.environ.get("ONROLL_SINGLE_SIGN_ON", "")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# On loopback plain http is fine, and every page says that nobody else reaches it. Served in any other way, every
# request must have come over https.
LOOPBACK_ONLY = os.environ.get("ONROLL_LOOPBACK") == "1"
BEHIND_PROXY = os.environ.get("ONROLL_BEHIND_PROXY") == "1"
if not LOOPBACK_ONLY:
    SESSION_COOKIE_NAME = "__Host-session"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-form"
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SESSION_ENGINE = "onroll.access.sessions"
# A sign-in is over sooner: onroll/access/middleware.py. Its row stays for a day, so that whose it was is still known
# when somebody comes back to a form they were writing.
SESSION_COOKIE_AGE = 24 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "onroll.site.errors.form_out_of_date"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# Above the largest upload there is (an import of 50 MB), so that no upload lies on the disk before it is encrypted.
FILE_UPLOAD_MAX_MEMORY_SIZE = 52 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# Whoever chooses a folder of files is told by the page how many it takes.
DATA_UPLOAD_MAX_NUMBER_FILES = 1000
FILE_UPLOAD_PERMISSIONS = 0o600

# Messages go out when ONROLL_MAIL_HOST names a server that takes them. Until then they wait in the outbox.
MAIL_IS_SET_UP = bool(os.environ.get("ONROLL_MAIL_HOST"))
EMAIL_HOST = os.environ.get("ONROLL_MAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("ONROLL_MAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("ONROLL_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("ONROLL_MAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("ONROLL_MAIL_TLS", "1") == "1"
EMAIL_TIMEOUT = 20
# Where people open Onroll, for the links in messages.
ONROLL_ADDRESS = os.environ.get("ONROLL_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
MAIL_DOMAIN = ONROLL_ADDRESS.partition("://")[2].partition(":")[0]
DEFAULT_FROM_EMAIL = os.environ.get("ONROLL_MAIL_FROM", f"onroll@{MAIL_DOMAIN}")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "onroll.site.logs.NoChildren"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
