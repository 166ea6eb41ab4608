"""A file that came from outside and is not taken in: which rule refused it, and what would make it pass."""

from collections import defaultdict
from collections.abc import Mapping

from anlan.kernel.errors import Problem


class Refused(Problem):
    """`message` has %(named)s places, filled in `detail` from `params`."""

    code = "refused"
    status = 422

    def __init__(self, code: str, message: object, params: Mapping[str, str | int | float] | None = None) -> None:
        super().__init__(message, code=code)
        self.params = dict(params or {})

    @property
    def detail(self) -> str:
        """Params may come from a child process that was taken over: a missing one must not break the answer."""
        return str(self.message) % defaultdict(lambda: "?", self.params)

    def __str__(self) -> str:
        return self.detail
