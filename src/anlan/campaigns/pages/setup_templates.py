"""What is asked: begun from a shipped template or the last version, edited in Excel or as TOML, tried, published; and looked at."""

from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from anlan.campaigns import actions
from anlan.campaigns.models import Campaign
from anlan.campaigns.pages.setup import asker, crumbs, office_of, page_of
from anlan.campaigns.queries import setup
from anlan.campaigns.returns.checking import Checker
from anlan.campaigns.returns.rulebook import implied
from anlan.campaigns.returns.saying import severity_words
from anlan.campaigns.returns.shipped import SHIPPED, shipped
from anlan.campaigns.returns.texts import check_data, checks_text, template_data, template_text
from anlan.campaigns.workbooks import asked_in, asked_out
from anlan.campaigns.workbooks.asked import FILLERS, KINDS, LEVELS
from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.forms import refuse
from anlan.kernel.pages import download
from anlan.kernel.phrases import chinese, in_tongue
from anlan.kernel.refusals import Refused

SALT = "campaigns.template"
MOST_BYTES = 1 << 20
"""Of a text of TOML."""
LISTED = 200


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Workbook or template"),
        help_text=gettext_lazy("The edited workbook (.xlsx), or the template as a text (.toml)."),
        widget=forms.FileInput({"accept": ".xlsx,.toml"}),
    )
    checks = forms.FileField(
        label=gettext_lazy("Checks"),
        required=False,
        help_text=gettext_lazy("Only beside a template as a text: its checks (.toml)."),
        widget=forms.FileInput({"accept": ".toml"}),
    )


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    _actor, row = office_of(request, campaign_id)
    if request.method == "POST" and ("carried" in request.POST or "as_it_is" in request.POST):
        return _publish(request, row)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            return _tried(request, row, _read(form.cleaned_data["file"], form.cleaned_data.get("checks")))
        except (Refused, Invalid) as problem:
            refuse(form, problem)
    last = setup.versions(row)
    context = {
        "title": _("Publish what is asked"),
        "crumbs": crumbs(row, _("Publish what is asked")),
        "row": row,
        "form": form,
        "back_url": page_of(row),
        "last": last[0] if last else None,
        "last_label": last[0].checker.template.label if last else "",
        "last_url": f"{reverse('campaigns:start-book', args=[row.pk])}?from=last" if last else "",
        "shipped": [
            {
                "code": code,
                "label": in_tongue(shipped(code).template),
                "source": shipped(code).template.source,
                "url": f"{reverse('campaigns:start-book', args=[row.pk])}?from={code}",
                "may_publish": not last,
            }
            for code in SHIPPED
        ],
    }
    return render(request, "campaigns/publish.html", context, status=422 if form.errors else 200)


@require_GET
def start_book(request: HttpRequest, campaign_id: UUID) -> HttpResponseBase:
    """The workbook that a new version begins with."""
    _actor, row = office_of(request, campaign_id)
    checker = setup.starting(row, request.GET.get("from", ""))
    return _book(checker)


@require_GET
def template_book(request: HttpRequest, campaign_id: UUID, template_id: UUID) -> HttpResponseBase:
    row = setup.campaign(asker(request), campaign_id)
    return _book(setup.checker(setup.version(row, template_id)))


def _book(checker: Checker) -> HttpResponseBase:
    stream = BytesIO()
    asked_out.write(stream, checker)
    stream.seek(0)
    return download(stream, f"{checker.template.label}-{checker.template.version}.xlsx")


@require_GET
def template_text_of(request: HttpRequest, campaign_id: UUID, template_id: UUID, part: str) -> HttpResponseBase:
    """As it is kept: the template or its checks."""
    row = setup.campaign(asker(request), campaign_id)
    found = setup.version(row, template_id)
    texts = {"template": found.template, "checks": found.checks}
    if part not in texts:
        raise NotFound
    return download(BytesIO(texts[part].encode()), f"{found.code}-{found.version}-{part}.toml", "application/toml")


def _read(file: UploadedFile, checks: UploadedFile | None) -> asked_in.Read:
    """Raises Refused for what is no workbook, Invalid for what is no text."""
    if (file.name or "").lower().endswith(".toml"):
        return asked_in.read_texts(_text(file, "file"), _text(checks, "checks") if checks else "")
    with NamedTemporaryFile(suffix=".xlsx") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        return asked_in.read(Path(kept.name))


def _text(file: UploadedFile, field: str) -> str:
    if (file.size or 0) > MOST_BYTES:
        raise Invalid(fields={field: [_("This text is too long.")]})
    try:
        return str(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Invalid(fields={field: [_("Save the text as UTF-8.")]}) from None


def _tried(request: HttpRequest, row: Campaign, read: asked_in.Read) -> HttpResponse:
    """Everything that is wrong at its row; or what it would ask, ready to be published."""
    context: dict[str, Any] = {
        "title": _("Trial run"),
        "crumbs": crumbs(row, _("Trial run")),
        "row": row,
        "faults": read.faults[:LISTED],
        "more": max(len(read.faults) - LISTED, 0),
        "again_url": reverse("campaigns:publish", args=[row.pk]),
        "back_url": page_of(row),
    }
    if read.checker:
        carried = signing.dumps([read.template, read.checks], salt=SALT, compress=True)
        context |= {"carried": carried, "figures": _figures(read.checker), **_shown(read.checker)}
    return render(request, "campaigns/publish_tried.html", context, status=422 if read.faults else 200)


def _publish(request: HttpRequest, row: Campaign) -> HttpResponse:
    actor = asker(request)
    if code := request.POST.get("as_it_is"):
        checker = setup.starting(row, code)
        follow = {one.id for one in implied(checker.template)}
        own = [check_data(one) for one in checker.checks if one.id not in follow]
        template, checks = template_text(template_data(checker.template)), checks_text(own)
    else:
        try:
            template, checks = signing.loads(request.POST["carried"], salt=SALT, max_age=86_400)
        except (signing.BadSignature, ValueError):
            raise NotFound(_("This trial run is over. Upload the workbook again.")) from None
    try:
        made = actions.publish_template(actor=actor, campaign=row.pk, data={"template": template, "checks": checks})
    except Invalid as problem:
        faults = [
            asked_in.Fault(sheet=_("General"), row=0, column="", reason=str(reason))
            for reasons in problem.fields.values()
            for reason in reasons
        ]
        return _tried(request, row, asked_in.Read(faults=faults))
    messages.success(
        request,
        _("Version %(n)s is published; it holds from %(month)s.")
        % {"n": made.version, "month": f"{made.from_month:%Y-%m}"},
    )
    return redirect(f"{page_of(row)}#templates")


@require_GET
def template(request: HttpRequest, campaign_id: UUID, template_id: UUID) -> HttpResponse:
    """One version, as people read it."""
    row = setup.campaign(asker(request), campaign_id)
    found = setup.version(row, template_id)
    checker = setup.checker(found)
    title = _("%(name)s, version %(n)s") % {"name": checker.template.label, "n": found.version}
    context = {
        "title": title,
        "crumbs": crumbs(row, title),
        "row": row,
        "found": found,
        "figures": _figures(checker),
        "facts": [
            {"label": _("From the month"), "value": f"{found.from_month:%Y-%m}"},
            {"label": _("Due on the working day of the next month"), "value": checker.template.due},
            {"label": _("Where it comes from"), "value": checker.template.source, "wide": True},
        ],
        **_shown(checker),
    }
    return render(request, "campaigns/template.html", context)


def _figures(checker: Checker) -> list[dict[str, Any]]:
    counts = setup.counts(checker)
    labels = (
        ("panels", _("Panels"), "#panels"),
        ("elements", _("Elements"), "#panels"),
        ("checks", _("Checks"), "#checks"),
        ("examples", _("Examples that come true"), "#checks"),
    )
    return [{"label": label, "value": counts[name], "url": url} for name, label, url in labels]


def _shown(checker: Checker) -> dict[str, Any]:
    """Panels with their elements and checks, in words."""
    panels = [
        {
            "label": panel.label,
            "code": panel.code,
            "fills": "、".join(str(FILLERS[one]) for one in panel.fills),
            "repeats": panel.repeats,
            "source": panel.source,
            "evidence": panel.evidence,
            "elements": [
                {
                    "label": one.label,
                    "code": f"{panel.code}.{one.code}",
                    "kind": str(KINDS[one.type]),
                    "unit": _("yuan") if one.type == "money" else one.unit,
                    "needed": one.needed,
                    "counted": bool(one.counted),
                    "cumulative": one.over == "cumulative",
                    "choices": " / ".join(option.label for option in one.options),
                    "help": one.help,
                }
                for one in panel.elements
            ],
        }
        for panel in checker.template.panels
    ]
    checks = [
        {
            "id": one.id,
            "severity": severity_words(one.severity),
            "level": str(LEVELS[one.level]),
            "message": one.zh if chinese() else one.en,
            "instead": one.instead_zh if chinese() else one.instead_en,
            "expression": one.expression or one.source_text or one.operator,
            "source": one.source,
            "evidence": one.evidence,
            "examples": len(one.passes) + len(one.fails),
        }
        for one in checker.checks
    ]
    return {"panels": panels, "checks": checks}
