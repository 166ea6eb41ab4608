"""A new city's first chain: what its organisations and posts already say, given where nobody has it yet."""

from collections.abc import Collection
from datetime import date

from anlan.chain.actions.duties import give_duty, keeper
from anlan.chain.queries.usual import propose
from anlan.kernel import clock
from anlan.kernel.actor import Actor

BASIS = "行业划分默认牵头部门，待本级文件确认"


def seed_duties(
    *, actor: Actor, region: int, valid_from: date | None = None, only: Collection[str] | None = None
) -> dict[str, int]:
    """
    Fill the empty slots of a region and all below it from what is registered: departments by the industries' default
    department, governments by their kind, leaders by their posts. Marked K; nothing that was given is touched.

    `only` names the proposals that were looked at (`Usual.key`). One that no longer stands, because the slot was filled or
    somebody else came into office meanwhile, is counted as `changed` and not given.
    """
    keeper(actor)
    found = propose(actor, region)
    counts: dict[str, int] = {}
    if found.left and only is None:
        counts["left"] = len(found.left)
    stands = {one.key for one in found.usual}
    if only is not None and (changed := set(only) - stands):
        counts["changed"] = len(changed)
    for one in found.usual:
        if only is not None and one.key not in only:
            continue
        data = {
            "kind": one.kind, "part": one.part, "region": one.region, "industry": one.industry, "basis": BASIS,
            "organisation": one.organisation, "post": one.post, "valid_from": valid_from or clock.today(),
        }  # fmt: skip
        give_duty(actor=actor, data=data, evidence="K")
        counts[one.kind] = counts.get(one.kind, 0) + 1
    return counts
