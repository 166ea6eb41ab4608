"""A flow is a table: each step carries all facts of its edge, and everything else is derived from it.

Buttons, API operations, permission checks, time limits, the timeline's words, the diagrams in the docs and the tests
over every state × step × role read these declarations; nothing repeats them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from anlan.kernel.actor import Actor

Predicate = Callable[[Actor, Any], bool]


class Nothing(BaseModel):
    """A step that asks for nothing."""

    model_config = ConfigDict(extra="forbid")


class Check:
    """A numbered rule; its docstring is the message the user reads."""

    message: Any = ""
    """Set to a lazy translation of the docstring's words."""

    def holds(self, record: Any, actor: Actor, data: Any | None) -> bool:
        """Whether the step may go on. `data` is None when a button is offered, before anything was typed."""
        raise NotImplementedError

    def words(self, record: Any) -> Any:
        """The message, for checks that name something of the record."""
        return self.message

    @property
    def code(self) -> str:
        return f"check.{type(self).__name__}"


@dataclass(frozen=True, kw_only=True)
class State:
    """One state of a record: its word, its shape (never colour alone), and who is waited for."""

    code: str
    label: Any
    shape: str = "circle"
    tone: str = "neutral"
    final: bool = False
    waits_for: Any = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One verb on a record.

    `source` are the states it may be taken from (empty: it opens the record), `target` those it may lead to; with more
    than one, `do` returns which; with none, the record stays where it is. `who` says in words whom `by` lets through.
    """

    name: str
    label: Any
    source: tuple[str, ...]
    by: Predicate
    who: Any
    target: tuple[str, ...] = ()
    do: Callable[["Taking"], str | None] = lambda taking: None
    needs: type[BaseModel] = Nothing
    guards: tuple[Check, ...] = ()
    then: Callable[["Taking"], None] | None = None
    basis: str = ""
    consequence: Any = ""
    clock: bool = False
    quiet: bool = False
    """Not offered as a button: the platform takes it as part of another act."""
    internal: bool = False
    """Its entries are read only inside (`Flow.inside`), by nobody who merely sees the record."""
    listed: bool = True
    """Whether the greyed button is worth showing to those who may not press it."""

    @property
    def opens(self) -> bool:
        return not self.source

    @property
    def by_people(self) -> bool:
        """Taken by a person on a record: not by the clock, not as part of another act, not the opening one."""
        return not (self.clock or self.quiet or self.opens)

    @property
    def stays(self) -> bool:
        return not self.target

    def leads(self, source: str) -> tuple[str, ...]:
        return self.target or (source,)


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One rung of the ladder climbed while a record waits: `days` working days after the due date (negative: before)."""

    level: int
    days: int
    step: str


@dataclass(frozen=True, kw_only=True)
class Wait:
    """A time limit beside that of the state: something owed `since` a moment, with a due moment and a ladder of its own."""

    name: str
    label: Any
    since: Callable[[Any], datetime | None]
    due: Callable[[Any], datetime | None]
    ladder: Callable[[Any], Sequence[Rung]]


@dataclass(kw_only=True)
class Taking:
    """A step being taken: what `do` may read and change."""

    flow: "Flow"
    step: Step
    record: Any
    actor: Actor
    data: Any
    at: datetime
    before: dict[str, Any] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    digest: str | None = None
    notes: dict[str, Any] = field(default_factory=dict)
    """Extra facts for the ledger entry's `data`."""
    withheld: set[str] = field(default_factory=set)
    """Fields and inputs left out of the entry, because somebody who reads the record's entries may not know them."""
    restart: bool = False
    """Start a new waiting period although neither state nor due date changed."""
    later: list[Callable[[], object]] = field(default_factory=list)
    """Run once the record is stored and before its entry is written: children that need their parent."""


class FlowError(Exception):
    """The table contradicts itself."""


@dataclass(kw_only=True)
class Flow:
    """The declared life of one kind of record."""

    name: str
    label: Any
    model: str
    states: Sequence[State]
    steps: Sequence[Step]
    due: Callable[[Any], datetime | None] = lambda record: None
    ladder: Callable[[Any], Sequence[Rung]] = lambda record: ()
    waits: Sequence[Wait] = ()
    untracked: frozenset[str] = frozenset({"id", "version", "state", "clock", "search"})
    place: Callable[[Any], dict[str, Any]] = lambda record: {}
    """The ledger's scope columns for a record: region, industry_bit, enterprise_id."""
    inside: str = ""
    """SQL over the record's row: whether the reader belongs to the side whose own the internal steps are."""
    place_inside: Callable[[Any], dict[str, Any]] | None = None
    """The scope columns of internal steps, where they differ from `place`."""

    def __post_init__(self) -> None:
        self._states = {state.code: state for state in self.states}
        self._steps = {step.name: step for step in self.steps}
        self.prove()
        flows[self.name] = self

    def prove(self) -> None:
        """Unique verbs, known states, no orphan state, no way out of a final one unless it reopens by name."""
        if len(self._states) != len(self.states) or len(self._steps) != len(self.steps):
            raise FlowError(f"{self.name}: a state or step is declared twice")
        for step in self.steps:
            for code in (*step.source, *step.target):
                if code not in self._states:
                    raise FlowError(f"{self.name}.{step.name}: unknown state {code}")
            if step.opens and step.stays:
                raise FlowError(f"{self.name}.{step.name}: leads nowhere")
            for code in step.source:
                if self._states[code].final and set(step.leads(code)) != {code}:
                    raise FlowError(f"{self.name}.{step.name}: {code} is final")
        reached = {code for step in self.steps if step.opens for code in step.target}
        while True:
            more = {code for step in self.steps if set(step.source) & reached for code in step.target} - reached
            if not more:
                break
            reached |= more
        if bool(self.inside) != bool(self.internal):
            raise FlowError(f"{self.name}: internal steps and who is inside are declared together")
        if orphans := set(self._states) - reached:
            raise FlowError(f"{self.name}: no step leads to {', '.join(sorted(orphans))}")
        for state in self.states:
            leaves = any(
                state.code in step.source and set(step.leads(state.code)) - {state.code} for step in self.steps
            )
            if not state.final and not leaves:
                raise FlowError(f"{self.name}: no step leaves {state.code}, yet it is not final")

    def state(self, code: str) -> State:
        return self._states[code]

    def step(self, name: str) -> Step:
        return self._steps[name]

    def wait(self, name: str) -> Wait:
        return next(wait for wait in self.waits if wait.name == name)

    @property
    def internal(self) -> tuple[str, ...]:
        return tuple(step.name for step in self.steps if step.internal)

    def has(self, name: str) -> bool:
        return name in self._steps

    @property
    def table(self) -> str:
        from django.apps import apps

        return apps.get_model(self.model)._meta.db_table

    def edges(self) -> list[tuple[str, str, str]]:
        """Every (step, from, to); from is "" for an opening step."""
        return [
            (step.name, source, target)
            for step in self.steps
            for source in (step.source or ("",))
            for target in step.leads(source)
        ]


flows: dict[str, Flow] = {}
