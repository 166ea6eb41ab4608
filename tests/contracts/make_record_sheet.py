"""
The vectors that the server and the phone both prove their sheet against: `python -m tests.contracts.make_record_sheet`.

Written anew only when the form of the sheet changes, which is a new version of the contract.
"""

import json
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).with_name("record_sheet.json")
ONE, TWO, THREE = (f"0198f3c2-0000-7000-8000-00000000000{number}" for number in (1, 2, 3))
CLAUSE = "0198f3c2-0000-7000-8000-0000000000aa"

SHEETS: list[dict[str, Any]] = [
    {
        "answers": [],
        "enterprise": "翠岭铸造有限公司",
        "findings": [],
        "met": ["王某", "", ""],
        "number": "JC-141002-2026-000001",
        "officers": [["周某", "14100200001"], ["郑某", "14100200002"]],
        "on_site": [],
        "summary": "未发现问题。",
        "visit": ONE,
    },
    {
        "answers": [[ONE, "yes", ""], [TWO, "no", "三台缺防护罩"], [THREE, "na", ""]],
        "enterprise": "翠岭铸造有限公司",
        "findings": [
            [ONE, "1号机组东侧", "传动部位缺少防护罩，人员可触及。", None, False],
            [TWO, "煤气区", "报警装置失效。", CLAUSE, True],
        ],
        "met": ["王某", "厂长", "13800000000"],
        "number": "JC-141002-2026-000002",
        "officers": [["周某", "14100200001"], ["郑某", "14100200002"]],
        "on_site": [[ONE, "evacuate", "撤出煤气区人员", 6], [TWO, "training", "现场讲解防护罩要求", None]],
        "summary": "查看了一号车间。\n煤气区停用。",
        "visit": TWO,
    },
    {
        "answers": [[ONE, "unseen", 'a "quoted" \\ path\ttab / slash <b>&amp;</b>']],
        "enterprise": "Ａ１冷库😀é",
        "findings": [],
        "met": ["李\u2028某", "", ""],
        "number": "JC-141021-2026-000003",
        "officers": [["Zoë", ""], ["安某", "14102100009"]],
        "on_site": [],
        "summary": "控制符\u0007与换行\n在内",
        "visit": THREE,
    },
]


def main() -> None:
    from anlan.inspections.sheet import made

    rows = []
    for facts in SHEETS:
        found = made(facts)
        rows.append({"sheet": facts, "canonical": found.shown.decode(), "digest": found.digest})
    VECTORS.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    import django

    django.setup()
    main()
