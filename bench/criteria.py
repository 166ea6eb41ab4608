"""`criteria`: what the criteria helper leaves to be desired against plain BM25 on findings neither has seen."""

import argparse

from tests.standards import measures

from anlan.standards.suggest import ranker
from bench.common import finish, median_ms


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the result as the last line")
    options = parser.parse_args()
    learnt, plain = measures.every(ranker()), measures.plain_bm25()
    parts: dict[str, str | float] = {}
    for name, (grave, ordinary) in {"own": measures.own_test(), "demo city": measures.foreign_test()}.items():
        parts[f"{name}, trained"] = str(measures.figures(grave, learnt))
        parts[f"{name}, plain BM25"] = str(measures.figures(grave, plain))
        parts[f"{name}, confident"] = round(measures.sure_share(ranker(), grave), 3)
        parts[f"{name}, falsely confident"] = round(measures.sure_share(ranker(), ordinary), 3)
    asked = measures.searches()
    found = sum(bool(one["wanted"] & set(learnt(one["words"])[:5])) for one in asked)
    parts["searches in the first five"] = f"{found} of {len(asked)}"
    grave = measures.own_test()[0]
    parts["ms a suggestion"] = round(median_ms(lambda: learnt(grave[0].words), rounds=50), 2)
    ratio = (1 - measures.figures(grave, learnt).reciprocal) / (1 - measures.figures(grave, plain).reciprocal)
    finish({"bench": "criteria", "ratio": round(ratio, 3), **parts}, as_json=options.json)


if __name__ == "__main__":
    main()
