"""The templates that come with the platform, with their checks; made once."""

import tomllib
from functools import cache, lru_cache

from pydantic import ValidationError

from anlan.campaigns.returns import naming
from anlan.campaigns.returns.checking import Checker, CheckError
from anlan.campaigns.returns.rulebook import Check, Checks
from anlan.campaigns.returns.template import DATA, joined, parse

SHIPPED = ("2024-campaign",)


def parse_checks(source: str) -> tuple[Check, ...]:
    """The checks of a text of TOML. Raises CheckError with every place that is wrong."""
    try:
        given = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise CheckError(str(error)) from None
    try:
        return Checks.model_validate(given).check
    except ValidationError as error:
        raise CheckError(joined(error, given)) from None


@lru_cache(maxsize=64)
def checker_of(template: str, checks: str) -> Checker:
    """From the texts of a template and its checks, made once a process. Raises TemplateError or CheckError."""
    return Checker(parse(template), parse_checks(checks), naming.FUNCTIONS)


def texts(code: str) -> tuple[str, str]:
    """Template and checks as they are shipped."""
    return tuple((DATA / f"{code}{end}.toml").read_text(encoding="utf-8") for end in ("", "-checks"))  # type: ignore[return-value]


@cache
def shipped(code: str) -> Checker:
    return checker_of(*texts(code))
