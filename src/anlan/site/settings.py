"""Settings from the environment. Unsafe defaults refuse to start outside demo and test."""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE = Path(__file__).resolve().parent
PROJECT = BASE.parents[2]

ANLAN_MODE = os.environ.get("ANLAN_MODE", "production")
if ANLAN_MODE not in ("production", "demo", "test"):
    raise ImproperlyConfigured("ANLAN_MODE must be production, demo or test")
DEMO = ANLAN_MODE == "demo"
RELAXED = ANLAN_MODE != "production"
DEBUG = False

ANLAN_VAR = Path(os.environ.get("ANLAN_VAR", PROJECT / "var"))
ANLAN_FILES = Path(os.environ.get("ANLAN_FILES", ANLAN_VAR / "files"))
ANLAN_KEYS = Path(os.environ.get("ANLAN_KEYS", ANLAN_VAR / "keys"))
ANLAN_HEADS = Path(os.environ.get("ANLAN_HEADS", ANLAN_VAR / "heads"))
ANLAN_LOG_NAME = os.environ.get("ANLAN_LOG_NAME", "anlan")
ANLAN_CITY = int(os.environ.get("ANLAN_CITY", "141000000000"))
"""The 12-digit code of the city (or county) this deployment serves."""


def _secret(name: str, relaxed: str) -> str:
    value = os.environ.get(name, "")
    if not value and not RELAXED:
        raise ImproperlyConfigured(f"{name} is not set; give a random value of at least 50 characters")
    if value and not RELAXED and len(value) < 50:
        raise ImproperlyConfigured(f"{name} is too short; give at least 50 random characters")
    return value or relaxed


SECRET_KEY = _secret("ANLAN_SECRET_KEY", "not-secret-outside-production-" * 2)
ALLOWED_HOSTS = [host for host in os.environ.get("ANLAN_HOSTS", "").split(",") if host] or (
    ["127.0.0.1", "localhost", "[::1]", "testserver"] if RELAXED else []
)
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ANLAN_HOSTS is not set; give the host names users type, separated by commas")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if not RELAXED]


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django_prometheus.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or options.pop("port", "") or ""),
        "OPTIONS": {
            # A server that still replays its log after a disaster would show the city as it was before what was acknowledged last.
            "target_session_attrs": "primary",
            **options,
            "options": "-c timezone=UTC",
            "server_side_binding": True,
            "prepare_threshold": 3,
        },
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,  # kernel.web opens the one transaction of a request together with its scope
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


DATABASES: dict[str, dict[str, Any]] = {}
if url := os.environ.get("DATABASE_URL"):
    DATABASES["default"] = _database(url)
else:
    DATABASES["default"] = _database("postgresql://anlan_app@127.0.0.1:5432/anlan")
if url := os.environ.get("DATABASE_OWNER_URL"):
    DATABASES["owner"] = _database(url)

INSTALLED_APPS = [
    "anlan.kernel",
    "anlan.channels",
    "anlan.identity",
    "anlan.files",
    "anlan.notify",
    "anlan.registry",
    "anlan.risks",
    "anlan.chain",
    "anlan.experts",
    "anlan.standards",
    "anlan.inspections",
    "anlan.reports",
    "anlan.hazards",
    "anlan.rewards",
    "anlan.enforcement",
    "anlan.campaigns",
    "anlan.plans",
    "anlan.directives",
    "anlan.bulletins",
    "anlan.assessments",
    "anlan.demo",
    "anlan.site",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "template_partials",
    "procrastinate.contrib.django",
    "django_prometheus",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "anlan.site.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "anlan.site.edge.ApiEdge",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "anlan.identity.middleware.SessionLimits",
    "anlan.identity.middleware.ActingPost",
    "anlan.site.idempotency.Idempotency",
    "anlan.site.middleware.ProblemPages",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "anlan.site.urls"
WSGI_APPLICATION = "anlan.site.wsgi.application"
APPEND_SLASH = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "anlan.site.frame.frame",
            ],
        },
    }
]

AUTH_USER_MODEL = "identity.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if ANLAN_MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "phone")},
    },
    {"NAME": "anlan.identity.passwords.ThreeKinds"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "anlan.identity.adapter.Adapter"
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = False  # axes counts failures, by account and address
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "anlan.identity.forms.SignInForm",
    "change_password": "anlan.identity.forms.NewPasswordForm",
    "reauthenticate": "anlan.identity.forms.ConfirmPasswordForm",
}
MFA_ADAPTER = "anlan.identity.factors.FactorAdapter"
MFA_FORMS = {"authenticate": "anlan.identity.forms.CodeForm", "reauthenticate": "anlan.identity.forms.ConfirmCodeForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "安澜 Anlan"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = RELAXED
USERSESSIONS_TRACK_ACTIVITY = False  # identity.middleware notes it once a minute, not with every request

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "anlan.identity.lockout.answer"
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "anlan.identity.addresses.client_ip"
AXES_USERNAME_CALLABLE = "anlan.identity.lockout.account_name"
AXES_DISABLE_ACCESS_LOG = True  # identity keeps the sign-in history

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not RELAXED
SESSION_COOKIE_NAME = "anlan_session" if RELAXED else "__Host-anlan_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
ANLAN_IDLE_SECONDS = int(os.environ.get("ANLAN_IDLE_SECONDS", str(30 * 60)))
ANLAN_ABSOLUTE_SECONDS = int(os.environ.get("ANLAN_ABSOLUTE_SECONDS", str(12 * 3600)))
ANLAN_FLOODS = os.environ.get("ANLAN_FLOODS", "refuse") if RELAXED else "refuse"
"""`count`: tries are counted and nobody is refused, for measuring from one address. Never in production."""
ANLAN_CITIZEN_SECONDS = int(os.environ.get("ANLAN_CITIZEN_SECONDS", str(30 * 86_400)))
"""How long a citizen stays signed in: a report takes weeks, and a phone is one person's."""
ANLAN_PASSWORD_DAYS = int(os.environ.get("ANLAN_PASSWORD_DAYS", "0" if DEMO else "90"))
"""等保 2.0 expects passwords to be changed regularly, ASVS 6.2.10 advises against it; 0 switches it off."""
CSRF_COOKIE_SECURE = not RELAXED
CSRF_COOKIE_NAME = "anlan_csrf" if RELAXED else "__Host-anlan_csrf"
CSRF_FAILURE_VIEW = "anlan.site.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = not RELAXED and os.environ.get("ANLAN_TLS", "1") == "1"
SECURE_HSTS_SECONDS = 0 if RELAXED else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not RELAXED
SECURE_HSTS_PRELOAD = not RELAXED
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("ANLAN_PROXY") == "1" else None
X_FRAME_OPTIONS = "DENY"

ANLAN_MAP_TILES = os.environ.get("ANLAN_MAP_TILES", "").split()
"""Addresses of a base map's pictures with {z}, {x}, {y} and, where the service wants one, {key}; several are laid on one another."""
ANLAN_MAP_KEY = os.environ.get("ANLAN_MAP_KEY", "")
"""Seen by every browser that shows the map: take a key that the service binds to this host."""
ANLAN_MAP_SYSTEM = os.environ.get("ANLAN_MAP_SYSTEM", "wgs84")
"""The system the base map is drawn in: wgs84 (CGCS2000 counts as one with it) or gcj02."""
ANLAN_MAP_SOURCE = os.environ.get("ANLAN_MAP_SOURCE", "")
"""Whom the base map is from, as its licence wants it said (天地图: its name and review number)."""
ANLAN_BOUNDARIES = os.environ.get("ANLAN_BOUNDARIES", "")
"""A GeoJSON file of boundaries in WGS 84, each feature with its region code in `code` or `adcode`."""


def _map_hosts() -> list[str]:
    hosts = []
    for template in ANLAN_MAP_TILES:
        parts = urlsplit(template)
        if (
            parts.scheme not in (("https", "http") if RELAXED else ("https",))
            or not parts.netloc
            or "{" in parts.netloc
        ):
            raise ImproperlyConfigured("ANLAN_MAP_TILES must begin with https:// and one host name")
        if not all(mark in template for mark in ("{z}", "{x}", "{y}")):
            raise ImproperlyConfigured("ANLAN_MAP_TILES needs {z}, {x} and {y}")
        if "{key}" in template and not ANLAN_MAP_KEY:
            raise ImproperlyConfigured("ANLAN_MAP_TILES names {key}, and ANLAN_MAP_KEY is not set")
        hosts.append(f"{parts.scheme}://{parts.netloc}")
    return sorted(set(hosts))


MAP_HOSTS = _map_hosts()
if ANLAN_MAP_SYSTEM not in ("wgs84", "gcj02"):
    raise ImproperlyConfigured("ANLAN_MAP_SYSTEM must be wgs84 or gcj02")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *MAP_HOSTS],
        "connect-src": [SELF, *MAP_HOSTS],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE / "locale"]
LANGUAGE_COOKIE_NAME = "anlan_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = ANLAN_VAR / "static"
STATICFILES_DIRS = [BASE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if ANLAN_MODE == "production"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = RELAXED

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("ANLAN_MAIL_HOST")
    else "django.core.mail.backends.dummy.EmailBackend"
)
EMAIL_HOST = os.environ.get("ANLAN_MAIL_HOST", "")
DEFAULT_FROM_EMAIL = os.environ.get("ANLAN_MAIL_FROM", "anlan@localhost")

ANLAN_SANDBOX_URL = os.environ.get("ANLAN_SANDBOX_URL", "") if RELAXED else ""
"""Where `anlan sandbox` plays the services outside; the demo uses it unless it is told of real ones."""


def _outside(name: str, sandbox: str = "", otherwise: str = "") -> str:
    """What reaches a service outside: as the operator says, else the sandbox's, else nothing (and the service is not set up)."""
    return os.environ.get(name, "") or (sandbox if ANLAN_SANDBOX_URL else otherwise)


def _templates() -> dict[str, Any]:
    try:
        found = json.loads(os.environ.get("ANLAN_WECHAT_TEMPLATES", "") or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ImproperlyConfigured("ANLAN_WECHAT_TEMPLATES must be a JSON object: name of the message to template")
    return found


ANLAN_WECHAT_URL = _outside("ANLAN_WECHAT_URL", ANLAN_SANDBOX_URL, "https://api.weixin.qq.com")
ANLAN_WECHAT_APPID = _outside("ANLAN_WECHAT_APPID", "wxsandbox0000000000")
ANLAN_WECHAT_SECRET = _outside("ANLAN_WECHAT_SECRET", "sandbox-wechat-secret")
ANLAN_WECHAT_PUSH_TOKEN = _outside("ANLAN_WECHAT_PUSH_TOKEN", "sandbox-push-token")
ANLAN_WECHAT_PUSH_KEY = _outside("ANLAN_WECHAT_PUSH_KEY", "tGiEtMoPxw4FZyRzTmV2ButEVz8D08NzCs726fDG9tY")
"""Of the event push in safe mode: the token, and the 43 characters of its key."""
ANLAN_WECHAT_STATE = os.environ.get("ANLAN_WECHAT_STATE", "formal")
"""Which version of the mini-program a message opens: formal, trial or developer."""
ANLAN_WECHAT_TEMPLATES = _templates()
"""The operator's subscribe messages by our names: {"report.answered": {"id": "…", "fields": {"thing2": "{words}"}}}."""
ANLAN_PUBLIC_URL = os.environ.get("ANLAN_PUBLIC_URL", "")
"""Where services outside reach the platform, such as https://anlan.city.example: WeChat fetches from there what it checks."""
ANLAN_SMS_URL = _outside("ANLAN_SMS_URL", ANLAN_SANDBOX_URL)
ANLAN_SMS_KEY = _outside("ANLAN_SMS_KEY", "sandbox")
ANLAN_SMS_SECRET = _outside("ANLAN_SMS_SECRET", "sandbox-sms-secret")
ANLAN_SMS_SIGN = os.environ.get("ANLAN_SMS_SIGN", "安澜")
ANLAN_WECHAT_PAY_URL = os.environ.get("ANLAN_WECHAT_PAY_URL", "") or "https://api.mch.weixin.qq.com"
ANLAN_WECHAT_PAY_MCHID = os.environ.get("ANLAN_WECHAT_PAY_MCHID", "")
"""The merchant that pays rewards; empty: by voucher alone, in the demo from the sandbox's account."""
ANLAN_WECHAT_PAY_CERT_SERIAL = os.environ.get("ANLAN_WECHAT_PAY_CERT_SERIAL", "")
ANLAN_WECHAT_PAY_KEY_FILE = os.environ.get("ANLAN_WECHAT_PAY_KEY_FILE", "")
ANLAN_WECHAT_PAY_V3_KEY = os.environ.get("ANLAN_WECHAT_PAY_V3_KEY", "")
ANLAN_WECHAT_PAY_PUBLIC_KEY_FILE = os.environ.get("ANLAN_WECHAT_PAY_PUBLIC_KEY_FILE", "")
ANLAN_WECHAT_PAY_PUBLIC_KEY_ID = os.environ.get("ANLAN_WECHAT_PAY_PUBLIC_KEY_ID", "")
ANLAN_WECHAT_PAY_NOTIFY_URL = os.environ.get("ANLAN_WECHAT_PAY_NOTIFY_URL", "")
"""https://…/api/v1/wechat-pay/notices, without a query."""
if ANLAN_WECHAT_PAY_MCHID:
    for _name in ("CERT_SERIAL", "KEY_FILE", "V3_KEY", "PUBLIC_KEY_FILE", "PUBLIC_KEY_ID", "NOTIFY_URL"):
        if not globals()[f"ANLAN_WECHAT_PAY_{_name}"]:
            raise ImproperlyConfigured(f"ANLAN_WECHAT_PAY_{_name} is not set, and ANLAN_WECHAT_PAY_MCHID is")
for _service in (ANLAN_WECHAT_URL, ANLAN_SMS_URL, ANLAN_WECHAT_PAY_URL, ANLAN_PUBLIC_URL):
    if _service and not RELAXED and not _service.startswith("https://"):
        raise ImproperlyConfigured(f"{_service}: services outside are only asked, and ask us, over https://")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROMETHEUS_EXPORT_MIGRATIONS = False
ANLAN_METRICS_FROM = [network for network in os.environ.get("ANLAN_METRICS_FROM", "").split(",") if network]
"""Networks besides loopback that may read /metrics, such as 10.3.0.0/24."""
LOGGING_CONFIG = None
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
