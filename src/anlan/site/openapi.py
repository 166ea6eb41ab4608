"""The OpenAPI 3.1 document: what ninja derives from the operations, with the problems, keys and labels all of them share."""

from typing import Any

from django.utils.translation import gettext_noop as _
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from anlan.identity.middleware import APART
from anlan.kernel.api import ProblemDetails, in_english, label_fields

INTRODUCTION = _(
    "Every finding becomes a hazard, and a hazard walks one declared loop from finding to closing off. "
    "A token acts as one post and sees what that post may see; a record outside it answers like one that does not exist. "
    "Problems are `application/problem+json` (RFC 9457) with stable codes. "
    "Writes take an `Idempotency-Key`: the same request again gets the first answer, and nothing is done twice."
)
TAGS = {
    "hazards": _("The closed loop: list, register, and one operation for each step."),
    "workbench": _("What waits for this post."),
    "files": _("Photos and evidence documents."),
    "self-checks": _("An enterprise's own checks: cycles, what is due, what was done, late or missed."),
    "sync": _("The phone in the field: the day's work down, commands up, each done exactly once."),
    "messages": _("What this person was told, and why."),
    "people": _("Who I am, my posts and tokens, people, organisations and regions."),
    "registry": _("Supervision fields, enterprises and their sites."),
    "criteria": _("Criteria for major hazards and laws with their clauses, each with its days in force."),
    "checklists": _("What may be asked on a visit: lists, their editions and items, from draft to publication."),
    "risks": _("Risk points with their sources, assessments and controls, and what workers reported there."),
    "chain": _("Who answers for which territory, sector and enterprise: duties, duty cards, the check over them."),
    "experts": _("The expert pool, its groups and absences; officers' certificates; avoidances."),
    "inspections": _("Random draws and visits: planned, made, recorded, signed and filed."),
    "citizens": _("For citizens' programs: signing in, one's account, reporting, following, rewards."),
    "plaza": _("What everybody may read: public reports, figures, knowledge."),
    "reports": _("Citizens' reports for officials: list, record and steps, never the reporter."),
    "rewards": _("Rewards of reports: proposed, approved, claimed, paid and reconciled."),
    "enforcement": _("Letters, orders and decisions: drafted, approved, numbered, sealed, served, answered, filed."),
    "campaigns": _("Campaigns and their monthly returns: templates, filling, checks, review, lock, amendments."),
    "plans": _("A campaign's plan: actions, tasks, works, sub-plans and items, with their progress."),
    "directives": _("Documents from above, the tasks read out of them, and their supervision to the end."),
    "bulletins": _("Bulletins drafted from the records, edited, issued."),
    "assessments": _("The yearly assessment: score cards, self-score, check-score, appeals, publication."),
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "1–100 visible ASCII characters, new for each act. The same key with another request is refused.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
}
PROBLEMS = {
    400: "Unreadable",
    401: "SignInNeeded",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    411: "LengthNeeded",
    413: "TooLarge",
    412: "OtherProtocol",
    415: "WrongType",
    422: "Invalid",
    423: "InUse",
    429: "TooMany",
    460: "Damaged",
    502: "Outside",
    504: "Unreachable",
    507: "NoRoom",
}
ALWAYS = (400, 401, 403, 422)
NEEDED = (404,)
WRITES = (409, 411, 413, 415)
UPLOADS = (412, 423, 429, 460, 507)
"""Of the tus protocol, and of the room that is left."""
CITIZENS = (429,)
"""Whoever is known to nobody is counted."""
BEYOND = (502, 504)
"""Where a service outside is asked."""


class UniqueNames(OpenAPISchema):
    """Two shapes of one name would silently become one."""

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        for name, shape in definitions.items():
            if self.schemas.setdefault(name, shape) != shape:
                raise ValueError(f"two different API shapes are called {name}: rename one")


def schema(api: NinjaAPI, prefix: str) -> OpenAPISchema:
    made: OpenAPISchema = in_english(lambda: _complete(UniqueNames(api, prefix)))
    return made


def _complete(found: OpenAPISchema) -> OpenAPISchema:
    components = found["components"]
    for shape in components["schemas"].values():
        label_fields(shape)
    problem = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    components["schemas"] |= problem.pop("$defs")
    components["schemas"]["ProblemDetails"] = problem
    components["responses"] = {name: _problem(status) for status, name in PROBLEMS.items()}
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            _complete_operation(path, method, operation)
    used = {tag for operations in found["paths"].values() for one in operations.values() for tag in one.get("tags", [])}
    found["tags"] = [{"name": name, "description": text} for name, text in TAGS.items() if name in used]
    return found


def _complete_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    writes = method != "get"
    # A record is named in the address, in what is sent, or in a question ("region"): it may be none of the reader's.
    names = writes or "{" in path or any(one["in"] == "query" for one in operation.get("parameters", ()))
    answers = [*ALWAYS, *(WRITES if writes else ()), *(NEEDED if names else ())]
    answers += UPLOADS if path.startswith("/api/v1/uploads") else ()
    answers += CITIZENS if path.startswith(("/api/v1/citizen/", "/api/v1/files")) else ()
    answers += BEYOND if path == "/api/v1/citizen/wechat" else ()
    operation.setdefault("security", [])  # open to everybody, and said so
    for status in sorted(set(answers)):
        operation["responses"].setdefault(status, {"$ref": f"#/components/responses/{PROBLEMS[status]}"})
    operation["responses"] = {str(status): one for status, one in operation["responses"].items()}
    if writes and not path.startswith(APART):
        operation["parameters"].append(KEY)


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": f"{status} {PROBLEMS[status]}",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }
