"""The names of supervision fields, which a room downstream knows: it registers them here, so that no import runs back."""

from collections.abc import Callable

from django.utils.translation import gettext as _

Provider = Callable[[], list[tuple[int, str]]]
_provider: Provider | None = None


def name_industries_by(provider: Provider) -> None:
    """`provider` answers (bit, name in the reader's language) in the order to show. Call it from `AppConfig.ready`."""
    global _provider  # noqa: PLW0603 -- one registration a process
    _provider = provider


def industry_choices() -> list[tuple[int, str]]:
    return _provider() if _provider else []


def mask_of(bits: list[int]) -> int:
    return sum(1 << bit for bit in set(bits))


def words_of(mask: int) -> str:
    """The fields of a mask in words."""
    if mask == -1:
        return _("All supervision fields")
    names = dict(industry_choices())
    return _(", ").join(names.get(bit, f"#{bit}") for bit in range(62) if (mask >> bit) & 1)
