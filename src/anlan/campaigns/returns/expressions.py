"""Expressions of the checks: CEL, compiled once, typed where they are loaded and limited in what they may cost."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cel_expr_python import cel
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.kernel.phrases import listed

COUNT, TEXT, MOMENT, TRUTH = "count", "text", "moment", "truth"
"""What a variable is: a whole number (pieces, people, fen), words, a moment at midnight UTC, yes or no."""
TYPES = {COUNT: cel.Type.INT, TEXT: cel.Type.STRING, MOMENT: cel.Type.TIMESTAMP, TRUTH: cel.Type.BOOL}

KINDS = {
    "int": gettext_lazy("a whole number"),
    "double": gettext_lazy("a decimal number"),
    "string": gettext_lazy("words"),
    "timestamp": gettext_lazy("a day"),
    "bool": gettext_lazy("yes or no"),
}
"""What the library calls its types, in words."""

LONGEST = 2_000
"""Signs of one expression."""
MOST_TOKENS = 200
"""What one expression may cost: it has no loops, so that its work is bounded by its length."""
LONGEST_BATCH = 50_000
"""Signs that are evaluated in one go: the library takes no source longer than a hundred thousand."""
LOOPS = frozenset({"all", "exists", "exists_one", "filter", "map", "transformList", "transformMap"})

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*)
    | (?P<text>[rRbB]{0,2}(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
    | (?P<path>[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*)
    | (?P<number>\d[\w.]*)
    | (?P<mark>[^\s\w])""",
    re.VERBOSE | re.DOTALL,
)
_UNKNOWN = re.compile("undeclared reference to '([^']+)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']+)' applied to '([^']+)'")
_PLACE = re.compile(r"<input>:(\d+):(\d+): (.+)")


class ExpressionError(ValueError):
    """An expression that is refused; `line` and `column` count from one."""

    def __init__(self, reason: str, *, line: int = 1, column: int = 1) -> None:
        self.reason, self.line, self.column = reason, line, column
        super().__init__(f"{line}:{column}: {reason}")


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function of ours that expressions may call with one text; it answers yes or no."""

    name: str
    does: Callable[[str], bool]


@dataclass(frozen=True, kw_only=True)
class Expression:
    """One compiled expression. `names` are the variables it reads."""

    source: str
    names: frozenset[str]
    program: Any
    yields: str

    def value(self, activation: Any) -> Any:
        """Its value; raises ArithmeticError where it has none (a division by zero, a number beyond 64 bits)."""
        found = self.program.eval(activation)
        if found.type() == cel.Type.ERROR:
            raise ArithmeticError(str(found.value()))
        return found.value()


class Language:
    """The variables that expressions may name, with their types, and the functions they may call."""

    def __init__(self, variables: Mapping[str, str], functions: tuple[Function, ...] = ()) -> None:
        self.variables = dict(variables)
        self._env = cel.NewEnv(
            variables={name: TYPES[kind] for name, kind in variables.items()},
            functions=[_declared(one) for one in functions],
        )

    def compile(self, source: str) -> Expression:
        """
        Compile and type an expression. Raises ExpressionError with the place of an unknown name, of types that do not fit, of a
        loop, of bad syntax, or when it is too long.
        """
        names = frozenset(self._names(source))
        program = self._compiled(source)
        return Expression(source=source, names=names, program=program, yields=program.return_type().name())

    def together(self, expressions: list[Expression]) -> "Together":
        return Together(self, expressions)

    def activation(self, values: Mapping[str, Any]) -> Any:
        """Values for all names that will be asked; the same one serves many expressions."""
        return self._env.Activation(values)

    def _compiled(self, source: str) -> Any:
        try:
            return self._env.compile(source)
        except RuntimeError as error:
            found = _PLACE.search(str(error))
            if found is None:
                raise ExpressionError(str(error)) from None
            line, column, reason = int(found[1]), int(found[2]), found[3].removesuffix(" (in container '')")
            column = _beginning(source, line, column, reason)
            raise ExpressionError(_plainly(reason), line=line, column=column) from None

    def _names(self, source: str) -> Iterator[str]:
        if len(source) > LONGEST:
            raise ExpressionError(_("an expression has at most %(n)s signs") % {"n": LONGEST}, column=LONGEST)
        cost = 0
        for token in _TOKEN.finditer(source):
            if token.lastgroup == "comment":
                continue
            cost += 1
            if cost > MOST_TOKENS:
                raise ExpressionError(
                    _("an expression has at most %(n)s words and marks") % {"n": MOST_TOKENS}, **_at(source, token)
                )
            if token.lastgroup != "path":
                continue
            path = re.sub(r"\s", "", token[0])
            if path.rpartition(".")[2] in LOOPS and source[token.end() :].lstrip().startswith("("):
                raise ExpressionError(_("loops are not allowed: %(path)s") % {"path": path}, **_at(source, token))
            if name := self._longest(path):
                yield name

    def _longest(self, path: str) -> str:
        """The variable that a path begins with, as CEL resolves it: the longest name that is declared."""
        parts = path.split(".")
        tries = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
        return next((name for name in tries if name in self.variables), "")


class Together:
    """
    Expressions of yes or no that are asked of the same values, evaluated in a few calls instead of one each. One that has no
    value would take its neighbours along, so then they are asked one by one.
    """

    def __init__(self, language: Language, expressions: list[Expression]) -> None:
        self._parts = []
        for some in _batches(expressions):
            source = "[" + ",".join(f"({one.source}\n)" for one in some) + "]"
            self._parts.append((some, language._compiled(source)))  # noqa: SLF001 -- the language's own other half

    def values(self, activation: Any) -> list[bool | ArithmeticError]:
        """One answer each; an ArithmeticError stands for one that has no value."""
        found: list[bool | ArithmeticError] = []
        for some, program in self._parts:
            answer = program.eval(activation)
            if answer.type() == cel.Type.ERROR:
                found += [_alone(one, activation) for one in some]
            else:
                found += answer.plain_value()
        return found


def _batches(expressions: list[Expression]) -> Iterator[list[Expression]]:
    batch: list[Expression] = []
    signs = 0
    for one in expressions:
        if batch and signs + len(one.source) > LONGEST_BATCH:
            yield batch
            batch, signs = [], 0
        batch.append(one)
        signs += len(one.source) + 4
    if batch:
        yield batch


def _alone(expression: Expression, activation: Any) -> bool | ArithmeticError:
    try:
        return bool(expression.value(activation))
    except ArithmeticError as error:
        return error


def _declared(one: Function) -> Any:
    overload = cel.Overload(
        f"{one.name}_string", return_type=cel.Type.BOOL, parameters=[cel.Type.STRING], impl=one.does
    )
    return cel.FunctionDecl(one.name, [overload])


def _beginning(source: str, line: int, column: int, reason: str) -> int:
    """An unknown name is reported at its last dot or its bracket; people look for its first sign."""
    name = _UNKNOWN.match(reason)
    if name is None:
        return column
    words = source.splitlines()[line - 1]
    start = words.rfind(name[1], 0, column + len(name[1]) - 1)
    return start + 1 if start >= 0 else column


def _plainly(reason: str) -> str:
    """What the library says most, in the reader's language; the rest as it is."""
    if name := _UNKNOWN.match(reason):
        return _("nothing is called “%(name)s” here") % {"name": name[1]}
    if found := _OVERLOAD.match(reason):
        kinds = listed(str(KINDS.get(kind, kind)) for kind in re.findall(r"[\w.]+", found[2]))
        return _("“%(sign)s” does not go with %(kinds)s") % {"sign": found[1].strip("_"), "kinds": kinds}
    return _("cannot be read: %(reason)s") % {"reason": reason}


def _at(source: str, token: "re.Match[str]") -> dict[str, int]:
    before = source[: token.start()]
    return {"line": before.count("\n") + 1, "column": token.start() - (before.rfind("\n") + 1) + 1}
