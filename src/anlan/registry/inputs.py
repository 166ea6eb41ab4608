"""What is asked of an enterprise and its sites: one declaration for verbs, forms, API and import."""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from anlan.kernel.codes import CodeError, parse_mobile, parse_region, tidy, uscc_fault
from anlan.kernel.inputs import Input
from anlan.kernel.text import clean_line
from anlan.registry.facilities import facilities, facility_words, split_words

SCALES = [
    ("", gettext_lazy("not known")),
    ("micro", gettext_lazy("micro")),
    ("small", gettext_lazy("small")),
    ("medium", gettext_lazy("medium")),
    ("large", gettext_lazy("large")),
]
_PLAIN_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}(?:-\d{1,5})?")


def phone(text: str) -> str:
    """A mobile number, or a landline with its area code; empty stays empty."""
    text = clean_line(text)
    if not text or _LANDLINE.fullmatch(text):
        return text
    try:
        return parse_mobile(text)
    except CodeError:
        raise ValueError(
            _("Write a mobile number of 11 digits, or a landline with its area code such as 0357-2222222.")
        ) from None


def phone_fault(text: str) -> str | None:
    if _PLAIN_MOBILE.fullmatch(text):
        return None  # an import asks two hundred thousand times
    try:
        phone(text)
    except ValueError as wrong:
        return str(wrong)
    return None


def mobile_fault(text: str) -> str | None:
    """Accounts have mobile numbers alone."""
    try:
        parse_mobile(text)
    except CodeError as wrong:
        return str(wrong)
    return None


def name_fault(text: str) -> str | None:
    return _("Please write at least %(min_length)s characters.") % {"min_length": 2} if len(text) < 2 else None


def _uscc(text: str) -> str:
    code = tidy(text)
    if fault := uscc_fault(code):
        raise ValueError(fault)
    return code


def _region(value: Any) -> Any:
    try:
        return parse_region(str(value))
    except CodeError as wrong:
        raise ValueError(str(wrong)) from None


def facility_codes(value: Any) -> Any:
    """Codes in the order of the catalogue, from a list or from one cell of words; each word nobody knows is named."""
    words = split_words(value) if isinstance(value, str) else value
    if not isinstance(words, list | tuple | set | frozenset):
        return value
    known, given = facility_words(), [str(word) for word in words]
    if strangers := [word for word in given if word.casefold() not in known]:
        raise ValueError(
            _("Not known: %(words)s. Choose from the list of equipment, processes and places.")
            % {"words": "、".join(strangers)[:200]}
        )
    found = {known[word.casefold()] for word in given}
    return [code for code in facilities() if code in found]


def facilities_fault(text: str) -> str | None:
    try:
        facility_codes(text)
    except ValueError as wrong:
        return str(wrong)
    return None


def _empty_is_none(value: Any) -> Any:
    return None if value == "" else value


Phone = Annotated[str, Field(max_length=20), AfterValidator(phone)]
Uscc = Annotated[str, Field(max_length=30), AfterValidator(_uscc)]
RegionCode = Annotated[int, BeforeValidator(_region)]
Name = Annotated[str, Field(min_length=2, max_length=120), AfterValidator(clean_line)]
Words = Annotated[str, Field(max_length=200), AfterValidator(clean_line)]
PersonName = Annotated[str, Field(max_length=60), AfterValidator(clean_line)]
System = Literal["wgs84", "gcj02", "bd09"]
Grade = Literal["", "A", "B", "C", "D"]
Scale = Literal["", "micro", "small", "medium", "large"]
Facilities = Annotated[list[str], BeforeValidator(facility_codes)]


class Place(Input):
    """A point in the system it was read from, or none at all."""

    lon: Annotated[Annotated[Decimal, Field(ge=-180, le=180)] | None, BeforeValidator(_empty_is_none)] = None
    lat: Annotated[Annotated[Decimal, Field(ge=-90, le=90)] | None, BeforeValidator(_empty_is_none)] = None
    system: System = "wgs84"

    @model_validator(mode="after")
    def both_or_none(self) -> Self:
        if (self.lon is None) != (self.lat is None):
            raise ValueError(_("A point needs both longitude and latitude."))
        return self


class Contacts(Input):
    """What an enterprise keeps up to date itself."""

    principal_name: PersonName = ""
    principal_phone: Phone = ""
    safety_manager_name: PersonName = ""
    safety_manager_phone: Phone = ""
    employees: Annotated[Annotated[int, Field(ge=0, le=10_000_000)] | None, BeforeValidator(_empty_is_none)] = None


class EnterpriseInput(Contacts, Place):
    """An enterprise as its territory or industry registers it."""

    name: Name
    uscc: Uscc
    region: RegionCode
    industry: Annotated[str, Field(max_length=30)]
    address: Words = ""
    scale: Scale = ""
    grade: Grade = ""
    facilities: Facilities = Field(default_factory=list, description="Codes of equipment, processes and places.")
    status: Literal["active", "suspended"] = "active"


class SiteInput(Place):
    """A place of an enterprise; it lies where its enterprise lies unless another region is named."""

    name: Name
    address: Words = ""
    region: Annotated[RegionCode | None, BeforeValidator(_empty_is_none)] = None


CONTACTS = frozenset(Contacts.model_fields)
