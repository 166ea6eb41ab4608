"""What the environment says: mode, secrets, host names, transport, mail, time zones."""

import os
import smtplib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from anlan.site.doctor import Answer, check, fail, ok, warn

LEAST_SECRET = 50
MAIL_SECONDS = 5
LOCAL = {"127.0.0.1", "localhost", "[::1]", "testserver"}


@check("configuration.mode")
def mode() -> Answer:
    if settings.ANLAN_MODE == "production":
        return ok("Production mode.")
    return warn(
        f"ANLAN_MODE is {settings.ANLAN_MODE}: defaults are relaxed, and demo accounts may have known passwords.",
        "Serve a real city only with ANLAN_MODE=production.",
    )


@check("configuration.debug")
def debug() -> Answer:
    if settings.DEBUG:
        return fail("DEBUG is on: error pages show code and data.", "Set DEBUG to False.")
    return ok("DEBUG is off.")


@check("configuration.secret")
def secret() -> Answer:
    key = str(settings.SECRET_KEY)
    remedy = (
        "Set ANLAN_SECRET_KEY to at least 50 random characters:"
        ' python3 -c "import secrets; print(secrets.token_urlsafe(64))"'
    )
    if len(key) < LEAST_SECRET or len(set(key)) < 12:
        return fail("ANLAN_SECRET_KEY is too short or too uniform to be a secret.", remedy)
    if not os.environ.get("ANLAN_SECRET_KEY"):
        return warn("ANLAN_SECRET_KEY is not set; the built-in one is known to everybody.", remedy)
    return ok("ANLAN_SECRET_KEY is set and long.")


@check("configuration.hosts")
def hosts() -> Answer:
    names = set(settings.ALLOWED_HOSTS)
    remedy = "Set ANLAN_HOSTS to the host names users type, separated by commas."
    if any(name == "*" or name.startswith(".") for name in names):
        return fail(f"ANLAN_HOSTS accepts too much: {', '.join(sorted(names))}.", remedy)
    if names <= LOCAL:
        return warn("Only names of this machine are accepted; nobody else can reach the pages.", remedy)
    return ok(f"Accepted host names: {', '.join(sorted(names))}.")


@check("configuration.transport")
def transport() -> Answer:
    if settings.SECURE_SSL_REDIRECT and not settings.SECURE_PROXY_SSL_HEADER:
        return fail(
            "Requests are sent on to https, but nothing says that the proxy in front ends TLS: they would go round for ever.",
            "Serve behind deploy/nginx.conf and set ANLAN_PROXY=1.",
        )
    if not settings.SESSION_COOKIE_SECURE or not settings.SECURE_SSL_REDIRECT:
        return warn(
            "Pages are served without TLS; passwords can be read on the way.",
            "Serve behind deploy/nginx.conf with ANLAN_TLS=1 and ANLAN_PROXY=1.",
        )
    return ok("TLS ends at the proxy, cookies travel only over it.")


@check("configuration.mail")
def mail() -> Answer:
    host = settings.EMAIL_HOST
    if not host:
        return warn("No mail server is set; messages stay in the inbox.", "Set ANLAN_MAIL_HOST and ANLAN_MAIL_FROM.")
    try:
        with smtplib.SMTP(host, settings.EMAIL_PORT, timeout=MAIL_SECONDS) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return warn(f"The mail server {host} does not answer: {error}.", "Check ANLAN_MAIL_HOST and the network.")
    return ok(f"The mail server {host} answers.")


@check("configuration.zones")
def zones() -> Answer:
    offset = ZoneInfo("Asia/Shanghai").utcoffset(datetime(2026, 7, 1, tzinfo=UTC).replace(tzinfo=None))
    if offset != timedelta(hours=8):
        return fail("Asia/Shanghai is not eight hours ahead here.", "Install the package tzdata.")
    return ok("Time zones are known.")
