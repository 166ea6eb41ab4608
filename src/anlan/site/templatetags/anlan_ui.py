"""The components of the pages, as tags. Contexts and examples: templates/README.md."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from anlan.site.components import charts, forms, records, tables
from anlan.site.components.words import script_words

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """Without a label the icon is decoration and hidden from readers. Names: frontend/icons.json."""
    classes = f"icon icon-{size}" if size else "icon"
    href = f"{static('build/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', classes, label, href)
    return format_html('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"/></svg>', classes, href)


@register.simple_tag
def shape(name: str) -> SafeString:
    return format_html(
        '<svg class="shape" aria-hidden="true" focusable="false"><use href="{}#shape-{}"/></svg>',
        static("build/icons.svg"),
        name,
    )


@register.simple_tag
def idempotency_key() -> SafeString:
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', forms.new_key())


@register.simple_tag
def html_lang() -> str:
    """The BCP 47 tag browsers choose glyphs by: zh-hans → zh-CN."""
    language = get_language() or "zh-hans"
    return "zh-CN" if language.startswith("zh") else language


@register.inclusion_tag("components/words.html")
def words_for_scripts() -> dict[str, Any]:
    return {"words": script_words()}


@register.inclusion_tag("components/state.html")
def state_badge(state: Any) -> dict[str, Any]:
    return records.state_view(state)


@register.inclusion_tag("components/risk.html")
def risk_badge(risk: Mapping[str, Any]) -> dict[str, Any]:
    if risk["colour"] not in records.RISK_COLOURS:
        raise ValueError(f"no risk colour {risk['colour']!r}")
    return dict(risk)


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {"steps": list(steps)}


@register.inclusion_tag("components/time_left.html")
def time_left(due: Mapping[str, Any] | None) -> dict[str, Any]:
    return records.time_left_view(due)


@register.inclusion_tag("components/step_buttons.html")
def step_buttons(steps: Iterable[Any], base: str = "") -> dict[str, Any]:
    return records.buttons_view(steps, base)


@register.inclusion_tag("components/timeline.html")
def timeline(entries: Iterable[Mapping[str, Any]], more_url: str = "") -> dict[str, Any]:
    return {"entries": list(entries), "more_url": more_url}


@register.inclusion_tag("components/gallery.html")
def gallery(groups: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return records.gallery_view(groups)


@register.inclusion_tag("components/facts.html")
def facts(items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {"items": list(items)}


@register.inclusion_tag("components/stats.html")
def stats(items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {"items": list(items)}


@register.inclusion_tag("components/stat.html")
def stat(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"item": item}


@register.inclusion_tag("components/job.html")
def job_progress(job: Mapping[str, Any]) -> dict[str, Any]:
    return {"job": job}


@register.inclusion_tag("components/notice.html")
def notice(text: str, tone: str = "info", title: str = "", icon: str = "") -> dict[str, Any]:
    default = {"info": "info-circle", "done": "circle-check", "caution": "alert-triangle", "danger": "ban"}[tone]
    return {"text": text, "tone": tone, "title": title, "icon": icon or default}


@register.inclusion_tag("components/empty.html")
def empty(
    title: str, text: str = "", action_url: str = "", action_label: str = "", icon: str = "circle-check"
) -> dict[str, Any]:
    return {"title": title, "text": text, "action_url": action_url, "action_label": action_label, "icon": icon}


@register.inclusion_tag("components/chart.html")
def chart(figure: Mapping[str, Any]) -> dict[str, Any]:
    return charts.chart_view(figure)


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(
    context: Context, form: BaseForm, saved_views: Iterable[Mapping[str, Any]] = (), save_url: str = "", shown: int = 5
) -> dict[str, Any]:
    request = context.get("request")
    form.auto_id = "filter_%s"  # a form in the side panel may have fields of the same names
    fields = [bound for bound in form if not bound.is_hidden]
    rest = fields[shown:]
    return {
        "form": form,
        "first": [forms.field_view(bound) for bound in fields[:shown]],
        "rest": [forms.field_view(bound) for bound in rest],
        "rest_open": any(tables.shown_values(bound, form) for bound in rest) if form.is_bound else False,
        "chips": tables.filter_chips(form, request),
        "saved_views": list(saved_views),
        "save_url": save_url,
        "area": context.get("post_area"),
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/table.html", takes_context=True)
def data_table(context: Context, table: Mapping[str, Any]) -> dict[str, Any]:
    request = context.get("request")
    return {"table": tables.table_view(table, request), "request": request, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, width: str = "") -> dict[str, Any]:
    return forms.field_view(bound, width=width)


@register.inclusion_tag("components/form_fields.html")
def form_fields(form: BaseForm, columns: int = 1) -> dict[str, Any]:
    hidden = [bound for bound in form.hidden_fields() if forms.kind_of(bound) == "input"]
    shown = [bound for bound in form if bound not in hidden]
    return {"form": form, "hidden": hidden, "views": [forms.field_view(bound) for bound in shown], "columns": columns}


@register.inclusion_tag("components/photo_picker.html")
def photo_picker(name: str, url: str = "/api/v1/files", maximum: str = "", label: str = "") -> dict[str, Any]:
    return {"picker": {"name": name, "id": f"id_{name}", "url": url, "max": maximum, "ids": [], "label": label}}


@register.inclusion_tag("components/signature_pad.html")
def signature_pad(name: str = "signature") -> dict[str, Any]:
    return {"pad": {"name": name, "value": ""}}


@register.inclusion_tag("components/confirm.html")
def confirm(panel: Mapping[str, Any]) -> dict[str, Any]:
    return {"panel": panel}


@register.inclusion_tag("components/error.html")
def error_panel(error: Mapping[str, Any]) -> dict[str, Any]:
    return {"error": error}


@register.filter
def fen(amount: int | None) -> str:
    """Yuan with two decimals from an integer of fen."""
    if amount is None:
        return ""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100:,}.{abs(amount) % 100:02d}"
