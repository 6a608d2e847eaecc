"""Settings. Everything that differs between installations comes from the environment or the data directory."""

import os
import sys
from pathlib import Path

from csp.constants import NONCE, SELF

from huiyin.config import endpoints, keys
from huiyin.config.embedded import data_dir, database_settings, is_demo

BASE = Path(__file__).resolve().parents[1]
#: Where `bpmn/` and `forms/` lie: beside `platform/` in a checkout, under the prefix after an install.
ROOT = BASE.parents[1] if (BASE.parents[1] / "bpmn").is_dir() else Path(sys.prefix) / "share" / "huiyin"

SECRET_KEY = keys.secret_key()
FIELD_KEYS = keys.field_keys()
DEBUG = os.environ.get("HUIYIN_DEBUG") == "1"
DEMO = is_demo()
ALLOWED_HOSTS = os.environ.get("HUIYIN_HOSTS", "*" if DEMO or DEBUG else "localhost,127.0.0.1,[::1]").split(
    ","
)

INSTALLED_APPS = [
    "huiyin.config.apps.ConfigConfig",
    "huiyin.directory",
    "huiyin.rules",
    "huiyin.history",
    "huiyin.jobs",
    "huiyin.files",
    "huiyin.forms",
    "huiyin.definitions",
    "huiyin.notices",
    "huiyin.cases",
    "huiyin.congress",
    "huiyin.lifecycle",
    "huiyin.opinion",
    "huiyin.supervision",
    "huiyin.web",
    "api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "huiyin.web.middleware.CleanAddressMiddleware",
    "huiyin.web.middleware.ActorMiddleware",
    "huiyin.web.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "huiyin.config.urls"
WSGI_APPLICATION = "huiyin.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "huiyin.web.context.shell",
            ],
        },
    }
]

DATABASES = {"default": database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "directory.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "huiyin.config.demo_accounts.GuardedBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "tasks"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "web/locked_out.html"
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = os.environ.get("HUIYIN_STATIC_ROOT")
MEDIA_ROOT = data_dir() / "media"
MEDIA_URL = "media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# More than any form takes, so that the form says how many it takes, and keeps the words.
DATA_UPLOAD_MAX_NUMBER_FILES = 100

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "style-src": [SELF, "'unsafe-inline'"],  # bpmn-js writes style attributes
        "script-src": [SELF, NONCE],
        "media-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("HUIYIN_HTTPS") == "1"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("HUIYIN_BEHIND_PROXY") == "1" else None
)
SECURE_REFERRER_POLICY = "same-origin"

CELERY_BROKER_URL = os.environ.get("HUIYIN_REDIS_URL", "")
CELERY_DB_REUSE_MAX = 1000
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 3,
    "socket_connect_timeout": 3,
    # A page that enqueues tells the broker once and does not wait for one that is away: the sweep finds the row.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
}
#: Who is told of rows that are due now; empty for the embedded loop, which looks every second.
JOBS_WAKER = "huiyin.jobs.celery_tasks.wake" if CELERY_BROKER_URL else ""
#: kind of job -> seconds between turns; what comes once a day comes at night
PERIODIC_JOBS = {
    "history.seal": 60,
    "files.sweep": 3600,
    "cases.sweep_unsent": 3600,
    "jobs.tidy": 24 * 3600,
    "sessions.clear": 24 * 3600,
}
#: Where the daily backups go: HUIYIN_BACKUPS, best another disk; "no" where somebody else backs up; a demo has none.
BACKUP_DIR = os.environ.get("HUIYIN_BACKUPS") or ("no" if DEMO else str(data_dir() / "backups"))
if BACKUP_DIR == "no":
    BACKUP_DIR = ""
else:
    PERIODIC_JOBS["backups.make"] = 24 * 3600

#: Where service tasks may call, by the name that diagrams use; the file's path is in HUIYIN_ENDPOINTS.
ENDPOINTS = endpoints.read(os.environ.get("HUIYIN_ENDPOINTS"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("HUIYIN_MAIL_FROM", "huiyin@localhost")
vars().update(endpoints.mail_server(os.environ.get("HUIYIN_SMTP")))

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # First, so that a stranger is answered 401 and told of tokens (a session has no such header).
        "api.authentication.GuardedToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.BoundedJson"],
    "DEFAULT_PAGINATION_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "api.problems.handle",
    "DEFAULT_VERSIONING_CLASS": None,
    # OPTIONS would guess at serializers; openapi.yaml says what there is.
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Huiyin 回音",
    "VERSION": "1",
    "DESCRIPTION": "Matters, tasks and their history. Errors are application/problem+json (RFC 9457).",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "AttachmentKind": "huiyin.files.models.Attachment.Kind",
        "UnitKind": "huiyin.directory.models.Unit.Kind",
        "PlaceLevel": "huiyin.directory.models.Place.Level",
        "TaskStatus": "huiyin.cases.models.Task.Status",
        "ReplyResult": "huiyin.cases.models.Reply.Result",
        "RatingResult": "huiyin.cases.models.Rating.Scale",
        "Rater": "huiyin.cases.models.Rating.Rater",
        "ContactWay": "huiyin.cases.models.Contact.Way",
        "AssignmentPart": "huiyin.cases.models.Assignment.Part",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.add_problems",
    ],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"waitress.queue": {"level": "ERROR"}},
}
