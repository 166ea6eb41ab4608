"""The sandbox's own doors: `/_log` shows what happened, `/_faults` orders trouble, `/_clock` moves the time, `/_reset` forgets."""

from anlan.channels.sandbox.house import HOWS, Fault, house
from anlan.channels.sandbox.plain import Answer, Call, said


async def handle(call: Call) -> Answer:
    match call.method, call.path:
        case "GET", "/_health":
            return said({"sandbox": True})
        case "GET", "/_log":
            after = int(call.query.get("after", "0") or 0)
            where = call.query.get("where", "")
            rows = [one for one in house.log if one["n"] > after and one["where"].startswith(where)]
            return said({"items": rows})
        case "GET", "/_faults":
            return said({"items": [vars(one) for one in house.faults]})
        case "POST", "/_faults":
            return _order(call)
        case "DELETE", "/_faults":
            house.faults.clear()
            return said({})
        case "POST", "/_clock":
            house.seconds = float(call.json.get("seconds", 0))
            return said({"seconds": house.seconds})
        case "POST", "/_callback":
            house.callback = str(call.json.get("url", ""))
            return said({"url": house.callback})
        case "POST", "/_reset":
            house.reset()
            return said({})
    return said({"problem": "no such door"}, 404)


def _order(call: Call) -> Answer:
    asked = call.json
    if not asked.get("where") or asked.get("how") not in HOWS:
        return said({"problem": f"give where, and how as one of {', '.join(HOWS)}"}, 422)
    house.faults.append(
        Fault(
            where=str(asked["where"]),
            how=str(asked["how"]),
            value=asked.get("value"),
            times=int(asked.get("times", 1)),
        )
    )
    return said({"items": [vars(one) for one in house.faults]}, 201)
