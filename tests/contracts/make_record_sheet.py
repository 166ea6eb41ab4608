"""
The vectors that the server and the phone both prove their sheet against: `python -m tests.contracts.make_record_sheet`.

Written anew only when the form of the sheet changes, which is a new version of the contract. Vectors of an earlier form are
kept byte for byte: what was signed in it must be read for ever, though nobody signs in it any more.
"""

import json
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).with_name("record_sheet.json")
ONE, TWO, THREE = (f"0198f3c2-0000-7000-8000-00000000000{number}" for number in (1, 2, 3))
CLAUSE, POINT = (f"0198f3c2-0000-7000-8000-0000000000{end}" for end in ("aa", "bb"))
FRONT, BACK = "0a" * 32, "f1" * 32

SHEETS: list[dict[str, Any]] = [
    {
        "answers": [],
        "arrived": "2026-11-20T01:30Z",
        "basis": "",
        "check": "county",
        "enterprise": "翠岭铸造有限公司",
        "findings": [],
        "form": 2,
        "kind": "administrative",
        "left": "2026-11-20T03:05Z",
        "met": ["王某", "", ""],
        "number": "JC-141002-2026-000101",
        "officers": [["周某", "14100200001"], ["郑某", "14100200002"]],
        "on_site": [],
        "style": "unannounced",
        "summary": "未发现问题。",
        "visit": ONE,
    },
    {
        "answers": [
            {"item": ONE, "photos": [], "remark": "", "value": "yes"},
            {"item": TWO, "photos": [FRONT], "remark": "三台缺防护罩", "value": "no"},
            {"item": THREE, "photos": [], "remark": 'a "quoted" \\ path\ttab / slash <b>&amp;</b>', "value": "unseen"},
        ],
        "arrived": "2026-11-20T16:00Z",
        "basis": "临安委〔2026〕9号",
        "check": "group",
        "enterprise": "Ａ１冷库😀é",
        "findings": [
            {
                "category": "equipment",
                "clause": None,
                "description": "传动部位缺少防护罩，人员可触及。",
                "id": ONE,
                "item": TWO,
                "major": False,
                "photos": [FRONT, BACK],
                "place": "1号机组东侧",
                "risk_point": POINT,
            },
            {
                "category": "gas",
                "clause": CLAUSE,
                "description": "报警装置失效。\n无人处置。",
                "id": TWO,
                "item": None,
                "major": True,
                "photos": [BACK],
                "place": "煤气区",
                "risk_point": None,
            },
        ],
        "form": 2,
        "kind": "supervision",
        "left": "2026-11-20T17:59Z",
        "met": ["李某", "厂长", "13800000000"],
        "number": "JC-141002-2026-000102",
        "officers": [["Zoë", ""], ["周某", "14100200001"]],
        "on_site": [
            {
                "finding": TWO,
                "id": ONE,
                "kind": "stop_use",
                "people": None,
                "until": "2026-12-01",
                "words": "停用煤气区",
            },
            {"finding": None, "id": TWO, "kind": "training", "people": 6, "until": None, "words": "现场讲解防护罩要求"},
        ],
        "style": "cross_region",
        "summary": "查看了一号车间。\n煤气区停用。",
        "visit": TWO,
    },
]


def earlier() -> list[dict[str, Any]]:
    """Vectors of the first form, as they were made."""
    kept: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))
    return [row for row in kept if "form" not in row["sheet"]]


def main() -> None:
    from anlan.inspections.sheet import made

    rows = earlier()
    for facts in SHEETS:
        found = made(facts)
        rows.append({"sheet": facts, "canonical": found.shown.decode(), "digest": found.digest})
    VECTORS.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    import django

    django.setup()
    main()
