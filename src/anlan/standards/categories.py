"""The names of hazard categories, which the room of hazards knows: it registers them here, so that no import runs back."""

from collections.abc import Callable, Mapping

from anlan.kernel.phrases import chinese

Provider = Callable[[], Mapping[str, Mapping[str, str]]]
_provider: Provider | None = None


def name_categories_by(provider: Provider) -> None:
    """`provider` answers code → {"zh": …, "en": …} in the order to show. Call it from `AppConfig.ready`."""
    global _provider  # noqa: PLW0603 -- one registration a process
    _provider = provider


def category_names() -> dict[str, tuple[str, str]]:
    """Code → its name in the reader's language, then in the other one."""
    order = ("zh", "en") if chinese() else ("en", "zh")
    known = _provider() if _provider else {}
    return {code: (words[order[0]], words[order[1]]) for code, words in known.items()}


def category_name(code: str) -> str:
    names = category_names()
    return names[code][0] if code in names else code
