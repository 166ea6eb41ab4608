"""Codes of the People's Republic that records carry: regions, organisations, persons, phones, and our own numbers."""

import re
from datetime import date
from operator import mul
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _

Level = Literal["province", "city", "county", "township", "village"]

# Each level with the size of the range below one code: 省2 市2 县2 乡3 村3 (GB/T 2260 and the statistical extension).
_LEVELS: tuple[tuple[Level, int], ...] = (
    ("province", 10**10),
    ("city", 10**8),
    ("county", 10**6),
    ("township", 10**3),
    ("village", 1),
)
_REGION_DIGITS = (2, 4, 6, 9, 12)

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUE = {letter: value for value, letter in enumerate(USCC_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_USCC_SHAPE = re.compile(rf"[{USCC_ALPHABET}]{{2}}[0-9]{{6}}[{USCC_ALPHABET}]{{10}}")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_ID_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))
_ID_CHECKS = "10X98765432"
_ID_SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]")
_MOBILE_SHAPE = re.compile(r"1[3-9][0-9]{9}")
_NUMBER_SHAPE = re.compile(r"([A-Z]{1,8})-([0-9]{6})-([0-9]{4})-([0-9]{6,})")

_FULL_WIDTH = {ord(c) + 0xFEE0: c for c in map(chr, range(0x21, 0x7F))}


class CodeError(ValueError):
    """The message is for the person who typed the code."""


class RecordNumber(NamedTuple):
    prefix: str
    region: int  # first six digits, 141000
    year: int
    sequence: int


def tidy(text: str) -> str:
    """What a person means by a code: full width to half width, no spaces or hyphens at the edges, capital letters."""
    return text.translate(_FULL_WIDTH).strip(" \t\r\n\u3000\u00a0").upper()


# Regions


def parse_region(text: str) -> int:
    """`14`, `1410`, `141000`, `141002001` or all twelve digits, as the 12-digit integer."""
    digits = tidy(text)
    if not (digits.isascii() and digits.isdigit()):
        raise CodeError(_("A region code consists of digits only."))
    if len(digits) not in _REGION_DIGITS:
        raise CodeError(_("A region code has 2, 4, 6, 9 or 12 digits, not %(count)s.") % {"count": len(digits)})
    code = int(digits.ljust(12, "0"))
    level(code)
    return code


def is_region(code: int) -> bool:
    return 11 * 10**10 <= code < 10**12


def level(code: int) -> Level:
    if not is_region(code):
        raise CodeError(_("%(code)s is not a region code of twelve digits.") % {"code": code})
    return next(name for name, size in _LEVELS if code % size == 0)


def subtree(code: int) -> tuple[int, int]:
    """The region with all below it as a half-open range: `lo <= code < hi`."""
    size = dict(_LEVELS)[level(code)]
    return code, code + size


def parent(code: int) -> int | None:
    """The nearest higher code by arithmetic, None for a province; a city without counties is passed over."""
    own = level(code)
    higher = [size for name, size in _LEVELS if size > dict(_LEVELS)[own]]
    return next((code - code % size for size in reversed(higher)), None)


def ancestors(code: int) -> list[int]:
    """All higher codes by arithmetic, nearest first; a registry may lack some (省直辖县 has no true city above it)."""
    found: list[int] = []
    above = parent(code)
    while above is not None:
        found.append(above)
        above = parent(above)
    return found


def format_region(code: int) -> str:
    """The customary length: six digits down to county, nine for a township, twelve for a village."""
    text = f"{code:012d}"
    return {"township": text[:9], "village": text}.get(level(code), text[:6])


# Organisations: GB 32100-2015. python-stdnum refuses codes with a letter for the registering department or the kind
# (N, Y, A…), which are valid, so the rule is written out here.


def uscc_fault(text: str) -> str | None:
    """Why this is no unified social credit code, or None; give it `tidy` text."""
    # Imports ask this a hundred thousand times: a good code takes two steps.
    if _USCC_SHAPE.fullmatch(text):
        if uscc_check(text[:17]) == text[17]:
            return None
        return _("The check character does not fit: one of the 18 characters is mistyped.")
    if len(text) != 18:
        return _("A unified social credit code has 18 characters, not %(count)s.") % {"count": len(text)}
    if foreign := sorted(set(text) - set(USCC_ALPHABET)):
        return _("A unified social credit code has no %(letters)s.") % {"letters": " ".join(foreign)}
    return _("Characters 3 to 8 of a unified social credit code are digits: the region that registered it.")


def uscc_warning(text: str) -> str | None:
    """A valid code may hold an organisation code of the old kind whose own check (GB 11714) fails: worth a second look."""
    if organisation_check(text[8:16]) != text[16]:
        return _("The organisation code inside does not fit its own check character. Compare with the licence.")
    return None


def is_uscc(text: str) -> bool:
    return uscc_fault(text) is None


def uscc_check(first17: str) -> str:
    total = sum(map(mul, map(_USCC_VALUE.__getitem__, first17), _USCC_WEIGHTS))
    return USCC_ALPHABET[-total % 31]


def organisation_check(first8: str) -> str:
    """GB 11714: letters count from A = 10 to Z = 35."""
    total = sum(int(letter, 36) * weight for letter, weight in zip(first8, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def make_uscc(number: int, *, region: int, kind: str = "91") -> str:
    """A valid but invented code, the same for the same `number`; `region` is any 12-digit code of the county."""
    letters = []
    for _place in range(8):
        number, value = divmod(number, 31)
        letters.append(USCC_ALPHABET[value])
    if number:
        raise ValueError("There are 31 to the power of 8 made-up organisations, no more.")
    body = "".join(reversed(letters))
    first17 = f"{kind}{region // 10**6:06d}{body}{organisation_check(body)}"
    return first17 + uscc_check(first17)


# Persons


def id_card_fault(text: str) -> str | None:
    """Why this is no resident identity number (GB 11643-1999), or None; give it `tidy` text."""
    if len(text) != 18:
        return _("An identity number has 18 characters, not %(count)s.") % {"count": len(text)}
    if not _ID_SHAPE.fullmatch(text):
        return _("An identity number consists of digits; only the last may be X.")
    try:
        born = date.fromisoformat(f"{text[6:10]}-{text[10:12]}-{text[12:14]}")
    except ValueError:
        return _("Characters 7 to 14 of an identity number are a date of birth.")
    if born.year < 1850:
        return _("Characters 7 to 14 of an identity number are a date of birth.")
    if id_card_check(text[:17]) != text[17]:
        return _("The check character does not fit: one of the 18 characters is mistyped.")
    return None


def id_card_check(first17: str) -> str:
    return _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, _ID_WEIGHTS, strict=True)) % 11]


def mask_id_card(text: str) -> str:
    """What others may see: the region and the last two."""
    return f"{text[:6]}{'*' * 10}{text[-2:]}" if len(text) == 18 else "*" * len(text)


def parse_mobile(text: str) -> str:
    """Eleven digits; a leading +86 and separators are forgiven."""
    digits = re.sub(r"[\s\-]", "", tidy(text)).removeprefix("+86")
    if not _MOBILE_SHAPE.fullmatch(digits):
        raise CodeError(_("A mobile phone number has 11 digits and begins with 13 to 19."))
    return digits


def mask_phone(text: str) -> str:
    """138****5678; anything that is no mobile number keeps its last two."""
    if _MOBILE_SHAPE.fullmatch(text):
        return f"{text[:3]}****{text[7:]}"
    return "*" * max(len(text) - 2, 0) + text[-2:] if len(text) > 4 else "*" * len(text)


# Our own numbers


def record_number(prefix: str, *, region: int, year: int, sequence: int) -> str:
    """`YH-141000-2026-000123`: prefix, first six digits of a 12-digit region, year, sequence within both."""
    text = f"{prefix}-{region // 10**6:06d}-{year:04d}-{sequence:06d}"
    if not is_region(region) or sequence < 1 or not _NUMBER_SHAPE.fullmatch(text):
        raise ValueError(f"{text} is not a record number.")
    return text


def parse_record_number(text: str) -> RecordNumber:
    match = _NUMBER_SHAPE.fullmatch(tidy(text))
    if not match:
        raise CodeError(_("A number looks like YH-141000-2026-000123."))
    prefix, region, year, sequence = match.groups()
    return RecordNumber(prefix, int(region), int(year), int(sequence))
