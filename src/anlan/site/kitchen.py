"""The kitchen: one page with every component on invented data. Routed in demo and test only."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from anlan.site.kitchen_data import STATES, chart_figures, menu_context, record_context, table


class FilterForm(forms.Form):
    q = forms.CharField(
        label="关键词",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "编号、地点、企业"}),
    )
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *((key, value["label"]) for key, value in STATES.items())]
    )
    grade = forms.ChoiceField(
        label="等级", required=False, choices=[("", "全部"), ("major", "重大"), ("general", "一般")]
    )
    since = forms.DateField(label="发现日期自", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    mine = forms.BooleanField(label="只看由我办理", required=False)
    industry = forms.ChoiceField(
        label="行业领域", required=False, choices=[("", "全部"), ("mine", "矿山"), ("fire", "消防"), ("gas", "燃气")]
    )
    source = forms.ChoiceField(
        label="来源", required=False, choices=[("", "全部"), ("self", "企业自查"), ("county", "县级检查")]
    )


class HazardForm(forms.Form):
    place = forms.CharField(
        label="具体部位", max_length=80, help_text="写到能让人找到的程度，例如“二号车间东门外配电箱”。"
    )
    industry = forms.ChoiceField(
        label="行业领域", choices=[("", "请选择"), ("metal", "工贸·金属冶炼"), ("fire", "消防")]
    )
    found_at = forms.DateTimeField(label="发现时间", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    cost = forms.DecimalField(label="预计资金（元）", required=False)
    description = forms.CharField(label="隐患描述", widget=forms.Textarea(attrs={"rows": 3}))
    grade = forms.ChoiceField(
        label="等级",
        choices=[("general", "一般隐患"), ("major", "重大事故隐患")],
        widget=forms.RadioSelect,
        initial="general",
    )
    photos = forms.Field(
        label="现场照片",
        widget=forms.MultipleHiddenInput(
            attrs={"data-widget": "photos", "data-url": "/kitchen/photos", "data-max": "9"}
        ),
    )
    signature = forms.CharField(label="检查人员签名", widget=forms.HiddenInput(attrs={"data-widget": "signature"}))
    stop = forms.BooleanField(label="已责令现场暂停使用", required=False)


def kitchen(request: HttpRequest) -> HttpResponse:
    form = HazardForm(
        request.POST
        if request.method == "POST"
        else {"place": "配电室", "grade": "general"}
        if "errors" in request.GET
        else None
    )
    if request.method == "POST" and form.is_valid():
        messages.success(request, "隐患已登记")
    if "toasts" in request.GET:
        messages.success(request, "隐患 YH-2026-004172 已交办给汾河湾木业有限公司")
        messages.error(request, "导出失败：结果超过一百万行，请缩小筛选范围")
    status = 422 if request.method == "POST" and not form.is_valid() else 200
    return render(request, "site/kitchen.html", kitchen_context(request, form), status=status)


def panel(request: HttpRequest) -> HttpResponse:
    form = HazardForm(request.POST or None)
    context = {
        "title": "申请验收",
        "form": form,
        "consequences": ["复查人员将在 10 个工作日内到现场复查", "提交后不能再改整改措施和完成日期"],
        "submit_label": "提交验收申请",
        "back_url": "/kitchen/",
        "draft": "kitchen-panel",
    }
    return render(
        request, "form.html", context, status=422 if request.method == "POST" and not form.is_valid() else 200
    )


def photos(request: HttpRequest) -> JsonResponse:
    """Takes nothing: answers as the files room does, and refuses what is named so."""
    upload = request.FILES.get("file")
    if upload is None or "bad" in (upload.name or ""):
        problem = {
            "title": "无法识别的照片",
            "detail": "这不是完整的照片文件，请重新拍摄。",
            "code": "files.unreadable",
        }
        return JsonResponse(problem, status=422, content_type="application/problem+json")
    return JsonResponse({"id": str(UUID(int=upload.size or 0))}, status=201)


def kitchen_context(request: HttpRequest, form: forms.Form) -> dict[str, Any]:
    return {
        **menu_context(),
        **record_context(),
        "form": form,
        "filter_form": FilterForm(request.GET or None),
        "saved_views": [
            {"label": "本周到期的重大隐患", "url": "?grade=major", "active": False},
            {"label": "拒签待裁定", "url": "?state=disputed", "active": True},
        ],
        "table": table(),
        "empty_table": {"id": "none", "columns": [{"key": "a", "label": "编号"}], "rows": []},
        "figures": [
            {"label": "待办", "value": "18", "url": "?mine=on", "words": "其中 3 件今日到期"},
            {"label": "逾期", "value": "7", "url": "?state=late", "tone": "late", "words": "比上周少 2 件"},
            {"label": "本月发现", "value": "1,204", "url": "?", "words": "已发现 = 已销号 + 在办"},
            {"label": "整改率", "value": "93.6", "unit": "%", "url": "?", "tone": "accent"},
            {"label": "待签字", "value": "4", "url": "?"},
        ],
        "charts": chart_figures(),
        "jobs": [
            {
                "id": "1",
                "url": "/kitchen/",
                "state": "done",
                "words": "导出 12,480 条隐患",
                "done": 12480,
                "total": 12480,
                "result_url": "#",
            },
            {
                "id": "2",
                "url": "/kitchen/",
                "state": "failed",
                "words": "导入失败：第 3 行“统一社会信用代码”校验位不对",
            },
            {
                "id": "3",
                "url": "/kitchen/job",
                "state": "running",
                "words": "正在导入企业",
                "done": 61000,
                "total": 100000,
            },
        ],
        "error": {
            "code": "hazards.self_recheck",
            "title": "不能复查自己整改的隐患",
            "detail": "申请验收的人和复查的人必须不是同一人。",
            "status": 403,
        },
        "risks": [
            {"colour": "red", "label": "重大风险"},
            {"colour": "orange", "label": "较大风险"},
            {"colour": "yellow", "label": "一般风险"},
            {"colour": "blue", "label": "低风险"},
        ],
        "states": list(STATES.values()),
    }


def job(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "components/job.html",
        {"job": {"id": "3", "url": "/kitchen/job", "state": "done", "words": "已导入 100,000 家企业"}},
    )
