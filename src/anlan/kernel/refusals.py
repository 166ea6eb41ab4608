"""A file that came from outside and is not taken in: which rule refused it, and what would make it pass."""

from collections.abc import Mapping

from anlan.kernel.errors import Problem


class Refused(Problem):
    """`message` has %(named)s places, filled in `detail` from `params`."""

    code = "refused"
    status = 422

    def __init__(self, code: str, message: object, params: Mapping[str, str | int | float] | None = None) -> None:
        super().__init__(message, code=code, **dict(params or {}))

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"
