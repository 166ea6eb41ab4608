"""The services outside: what is set up, half set up, or still the sandbox's; whether it answers."""

from django.conf import settings

from anlan.channels import setup, wechat
from anlan.channels.http import Outside, ask
from anlan.channels.templates import offered
from anlan.kernel.errors import Problem
from anlan.site.doctor import Answer, check, fail, ok, warn

HOW = "docs/how-to/wechat.md says what goes where."


def _half(*names: str) -> list[str]:
    """What is missing where something is set."""
    missing = [name for name in names if not getattr(settings, name, "")]
    return missing if 0 < len(missing) < len(names) else []


@check("outside.sandbox")
def sandbox() -> Answer:
    if settings.ANLAN_SANDBOX_URL:
        return warn(
            "Messages go to the sandbox, not to people.", "A real city runs in production mode, which knows no sandbox."
        )
    return ok("No sandbox stands between the platform and the services outside.")


@check("outside.sms")
def sms() -> Answer:
    if missing := _half("ANLAN_SMS_URL", "ANLAN_SMS_KEY", "ANLAN_SMS_SECRET"):
        return fail(f"Text messages are half set up: {', '.join(missing)} missing.", HOW)
    if not setup.has_sms():
        return warn("No gateway for text messages: citizens cannot sign in by phone.", f"Set ANLAN_SMS_URL. {HOW}")
    try:
        ask("GET", setup.sms().url)
    except Outside:
        return fail("The gateway for text messages does not answer.", "Check ANLAN_SMS_URL and the network.")
    return ok("The gateway for text messages answers.")


@check("outside.wechat", database=True)
def mini_program() -> Answer:
    if missing := _half("ANLAN_WECHAT_APPID", "ANLAN_WECHAT_SECRET"):
        return fail(f"WeChat is half set up: {', '.join(missing)} missing.", HOW)
    if not setup.has_wechat():
        return warn("No mini-program is set up; the web page works without it.", HOW)
    try:
        wechat.access_token()
    except Problem as problem:
        words = f"WeChat lends no access token: {problem.code} {problem.params.get('errcode', '')}".strip()
        return fail(f"{words}.", "Check appid, secret and the list of allowed addresses in the mini-program's console.")
    return ok("WeChat lends its access token.")


@check("outside.wechat_push")
def push() -> Answer:
    if not setup.has_wechat():
        return ok("No mini-program, no events.")
    at = setup.wechat()
    if not at.push_token or len(at.push_key) != 43:
        return warn(
            "Results of picture checks do not arrive: the event push is not set up in safe mode.",
            f"Set ANLAN_WECHAT_PUSH_TOKEN and the 43 characters of ANLAN_WECHAT_PUSH_KEY. {HOW}",
        )
    if not settings.ANLAN_PUBLIC_URL:
        return warn(
            "Pictures are not shown to WeChat's check: it has no address to fetch them from.",
            f"Set ANLAN_PUBLIC_URL to the platform's own https address. {HOW}",
        )
    return ok("The event push is set up in safe mode.")


@check("outside.wechat_templates")
def subscribe_messages() -> Answer:
    if not setup.has_wechat():
        return ok("No mini-program, no subscribe messages.")
    found = offered()
    if not found:
        return warn(
            "No subscribe message is chosen; citizens are told by text message.", f"Set ANLAN_WECHAT_TEMPLATES. {HOW}"
        )
    return ok(f"Subscribe messages: {', '.join(sorted(found))}.")
