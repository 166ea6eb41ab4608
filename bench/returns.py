"""`returns`: a month of returns checked, 3,000 units × 200 elements × 300 checks, against the bare evaluation of the same expressions."""

import os
from random import Random
from time import perf_counter

from bench.common import arguments, finish, say

UNITS, PANELS, ELEMENTS, CHECKS = 3_000, 10, 20, 300
BLANK, ROUNDS = 0.03, 3
"""Share of elements that are blank, and how often both sides are run in turn."""


def template() -> str:
    return (
        'code = "bench"\nversion = 1\nzh = "测"\nen = "Bench"\nfrom_month = "2024-01"\ndue = 5\nsource = "bench"\n'
        + "\n".join(
            f'[[panels]]\ncode = "p{panel}"\nzh = "板块{panel}"\nen = "Panel {panel}"\nfills = ["district"]\nsource = "bench"\nelements = [\n'
            + "".join(
                f'  {{ code = "e{one}", type = "count", unit = "家", zh = "项{one}", en = "Element {one}" }},\n'
                for one in range(ELEMENTS)
            )
            + "]\n"
            for panel in range(PANELS)
        )
    )  # fmt: skip


def checks(dice: Random) -> str:
    """A fifth each: two figures compared, a sum of three, an implication, two panels, this month and last."""
    names = [f"p{panel}.e{one}" for panel in range(PANELS) for one in range(ELEMENTS)]
    found = []
    for number in range(CHECKS):
        panel = number % PANELS
        a, b, c = (f"p{panel}.e{one}" for one in dice.sample(range(ELEMENTS), 3))
        other = dice.choice([name for name in names if not name.startswith(f"p{panel}.")])
        expression, level = (
            (f"{a} <= {b} + 800", "panel"),
            (f"{a} + {b} + {c} < 2600", "panel"),
            (f"{a} < 900 || {b} > 100", "panel"),
            (f"{a} <= {other} + 800", "cross_panel"),
            (f"{a} >= last.{a} - 800", "cross_month"),
        )[number // PANELS % 5]
        found.append(
            f'[[check]]\nid = "c{number}"\nlevel = "{level}"\nshows = ["{a}"]\nexpression = "{expression}"\n'
            f'zh = "{{{a}}} 不对"\nen = "{{{a}}} is wrong"\ninstead_zh = "核对"\ninstead_en = "Look again"\nsource = "bench"\n'
        )
    return "\n".join(found)


def main() -> None:
    options = arguments(__doc__ or "")
    os.environ.setdefault("ANLAN_MODE", "test")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    import django

    django.setup()
    from datetime import date

    from anlan.campaigns.returns.filled import Filled
    from anlan.campaigns.returns.shipped import checker_of

    dice = Random(7 if options.seed is None else options.seed)
    began = perf_counter()
    checker = checker_of(template(), checks(dice))
    loaded = perf_counter() - began
    names = list(checker.template.cells)
    units = max(1, round(UNITS * options.scale))
    month = [
        Filled(
            filler="district",
            month=date(2024, 4, 1),
            values={name: dice.randrange(1000) for name in names if dice.random() > BLANK},
            last={name: dice.randrange(1000) for name in names},
        )
        for _ in range(units)
    ]
    language = checker._language("")  # noqa: SLF001 -- the same compiled expressions, asked without us
    compiled = [language.compile(check.expression) for check in checker.checks]
    alone, read = [one.program for one in compiled], frozenset().union(*(one.names for one in compiled))
    every = [{**one.values, **{f"last.{name}": value for name, value in one.last.items()}} for one in month]
    whole = [{name: values.get(name, 0) for name in read} for values in every]
    checker.check(month[0])
    ours, bare, troubles = [], [], 0
    for _ in range(ROUNDS):
        began = perf_counter()
        troubles = sum(len(checker.check(one).troubles) for one in month)
        ours.append(perf_counter() - began)
        began = perf_counter()
        wrong = 0
        for values in whole:
            activation = language.activation(values)
            wrong += sum(not program.eval(activation).value() for program in alone)
        bare.append(perf_counter() - began)
        say(f"ours {ours[-1]:.2f} s, bare {bare[-1]:.2f} s, {troubles} troubles, bare {wrong}")
    values = units * len(names)
    finish(
        {
            "bench": "returns",
            "ratio": round(min(ours) / min(bare), 3),
            "values_per_second": round(values / min(ours)),
            "bare_values_per_second": round(values / min(bare)),
            "checks_per_second": round(units * len(checker.checks) / min(ours)),
            "seconds": round(min(ours), 2),
            "bare_seconds": round(min(bare), 2),
            "load_seconds": round(loaded, 2),
            "troubles": troubles,
            "units": units,
            "elements": len(names),
            "checks": len(checker.checks),
        },
        as_json=options.json,
    )


if __name__ == "__main__":
    main()
