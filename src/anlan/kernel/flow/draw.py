"""A flow as people read it: its diagram, its steps, its rules. Markdown, from the declaration alone."""

from collections.abc import Iterable, Iterator
from typing import Any

from anlan.kernel.flow.declare import Flow, Step


def table(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """A markdown table; a bar or line break inside a cell does not break it."""
    columns = list(heads)
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(_cell(one) for one in line) + " |" for line in lines)


def _cell(value: Any) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def diagram(flow: Flow) -> str:
    """The states and the steps between them as a Mermaid state diagram; steps that stay are in the table of steps."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state.code}: {state.label}" for state in flow.states]
    for (source, target), names in _arrows(flow).items():
        lines.append(f"    {source or '[*]'} --> {target}: {', '.join(names)}")
    lines += [f"    {state.code} --> [*]" for state in flow.states if state.final]
    return "\n".join([*lines, "```"])


def _arrows(flow: Flow) -> dict[tuple[str, str], list[str]]:
    arrows: dict[tuple[str, str], list[str]] = {}
    for name, source, target in flow.edges():
        if not flow.step(name).stays:
            arrows.setdefault((source, target), []).append(name)
    return arrows


def states_table(flow: Flow) -> str:
    return table(
        ("state", "label", "waits for", "final"),
        ((f"`{one.code}`", one.label, one.waits_for, "yes" if one.final else "") for one in flow.states),
    )


def steps_table(flow: Flow) -> str:
    return table(
        ("step", "label", "from", "to", "who", "asks for", "rules", "consequence", "basis"),
        (_step_row(step) for step in flow.steps),
    )


def _step_row(step: Step) -> Iterator[Any]:
    yield f"`{step.name}`"
    yield f"{step.label}{' (clock)' if step.clock else ' (part of another act)' if step.quiet else ''}"
    yield ", ".join(step.source) or "–"
    yield ", ".join(step.target) or "stays"
    yield step.who
    yield ", ".join(_asked(step))
    yield ", ".join(type(guard).__name__ for guard in step.guards)
    yield step.consequence
    yield step.basis


def _asked(step: Step) -> Iterator[str]:
    for name, field in step.needs.model_fields.items():
        yield f"**{name}**" if field.is_required() else name


def checks_table(flow: Flow) -> str:
    found = {guard.code: (guard, step) for step in flow.steps for guard in step.guards}
    users: dict[str, list[str]] = {}
    for step in flow.steps:
        for guard in step.guards:
            users.setdefault(guard.code, []).append(f"`{step.name}`")
    return table(
        ("code", "message", "steps"),
        ((f"`{code}`", found[code][0].message, ", ".join(users[code])) for code in sorted(found)),
    )
