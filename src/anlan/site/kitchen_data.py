"""Invented records for the kitchen page."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.utils import timezone

STATES = {
    "found": {"code": "found", "label": "已发现", "tone": "waiting"},
    "claimed": {"code": "claimed", "label": "已认领", "tone": "ready"},
    "rectifying": {"code": "rectifying", "label": "整改中", "tone": "active"},
    "late": {"code": "rectifying", "label": "整改逾期", "tone": "late"},
    "disputed": {"code": "disputed", "label": "拒签待裁定", "tone": "disputed"},
    "closed": {"code": "closed", "label": "已销号", "tone": "done"},
    "transferred": {"code": "transferred", "label": "已移送", "tone": "stopped"},
}
PLACES = (
    "一号车间配电室",
    "喷涂车间东侧除尘器",
    "三楼宿舍疏散通道",
    "液氨储罐区",
    "地下车库排烟机房",
    "有限空间作业池",
)
FIRMS = (
    "青屏山精密铸造有限公司",
    "汾河湾木业有限公司",
    "云岭商贸城",
    "安和冷链食品有限公司",
    "锦澜花园物业",
    "清源污水处理厂",
)


def picture(words: str, fill: str) -> dict[str, str]:
    drawing = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 640 480'><rect width='640' height='480' fill='{fill}'/>"
        "<path d='M0 360h640v120H0z' fill='#00000022'/><rect x='210' y='130' width='220' height='230' rx='6' fill='#ffffff55'/>"
        f"<text x='320' y='90' font-size='30' fill='#fff' text-anchor='middle' font-family='sans-serif'>{words}</text></svg>"
    )
    return {"url": "data:image/svg+xml," + quote(drawing), "caption": words}


def menu_context() -> dict[str, Any]:
    return {
        "CITY_NAME": "云州市",
        "DEMO": True,
        "actor": {"name": "沈若安", "post_label": "云州市安委办 科长", "area": "云州市"},
        "my_posts": [
            {"id": "1", "label": "云州市安委办 科长", "area": "云州市", "active": True},
            {"id": "2", "label": "第三检查组 组长", "area": "临泉县", "active": False},
        ],
        "unread_count": 12,
        "crumbs": [{"label": "工作台", "url": "/"}, {"label": "隐患", "url": "/kitchen/"}, {"label": "YH-2026-004172"}],
        "menu": [
            {"label": "工作台", "url": "/", "icon": "layout-dashboard", "count": 18},
            {
                "label": "隐患",
                "icon": "alert-triangle",
                "active": True,
                "children": [
                    {"label": "隐患台账", "url": "#", "active": True},
                    {"label": "逾期看板", "url": "#", "count": 7},
                    {"label": "待签字", "url": "#", "count": 4},
                ],
            },
            {"label": "企业", "url": "#", "icon": "building-factory-2"},
            {"label": "人员与岗位", "url": "#", "icon": "users"},
            {"label": "判定标准", "url": "#", "icon": "book"},
            {"label": "工作日历", "url": "#", "icon": "calendar"},
            {"label": "留痕审计", "url": "#", "icon": "shield-check"},
            {"label": "设置", "url": "#", "icon": "settings"},
        ],
    }


def record_context() -> dict[str, Any]:
    now = timezone.now()
    day = timedelta(days=1)
    fills = ("#6b7a6a", "#7c6f64", "#5d6d7e", "#7a6a6f")
    return {
        "record": {
            "number": "YH-2026-004172",
            "title": "喷涂车间除尘器未设泄爆装置，粉尘积聚厚度超过规定",
            "url": "/kitchen/",
            "state": STATES["rectifying"],
            "grade": {"label": "重大", "tone": "strong"},
            "risk": {"colour": "red", "label": "重大风险"},
        },
        "stepper_steps": [
            {"label": "登记", "status": "done", "who": "沈若安", "at": now - 9 * day},
            {"label": "判级", "status": "done", "who": "沈若安", "at": now - 9 * day},
            {"label": "交办", "status": "done", "who": "市安委办", "at": now - 8 * day},
            {"label": "签字认领", "status": "done", "who": "三方已签", "at": now - 7 * day},
            {"label": "整改", "status": "current", "who": "汾河湾木业有限公司"},
            {"label": "复查", "status": "waiting", "who": "执法人员两名"},
            {"label": "销号", "status": "waiting"},
        ],
        "due": {"due_at": now + 3 * day, "started_at": now - 7 * day, "words": "剩 3 个工作日"},
        "dues": [
            {"due_at": now + 12 * day, "started_at": now - 2 * day, "words": "剩 9 个工作日"},
            {"due_at": now + timedelta(hours=5, minutes=20), "started_at": now - 4 * day},
            {"due_at": now - 2 * day, "started_at": now - 9 * day, "words": "逾期 2 个工作日"},
            {"due_at": now - day, "started_at": now - 9 * day, "done": True, "words": "提前 1 天完成"},
            None,
        ],
        "steps": [
            {"name": "submit", "label": "申请验收", "allowed": True, "url": "/kitchen/panel", "icon": "send"},
            {"name": "extend", "label": "申请延期", "allowed": True, "url": "/kitchen/panel"},
            {"name": "stop_use", "label": "责令停用", "allowed": True, "url": "/kitchen/panel", "tone": "danger"},
            {"name": "recheck", "label": "复查", "allowed": False, "reason": "等待企业申请验收；复查人不能是整改人"},
        ],
        "facts": [
            {"label": "责任企业", "value": "汾河湾木业有限公司", "url": "#"},
            {"label": "具体部位", "value": "喷涂车间东侧 2 号除尘器"},
            {"label": "行业领域", "value": "工贸 · 木材加工"},
            {"label": "来源", "value": "市级第三检查组"},
            {"label": "发现时间", "value": "2026-11-12 10:24"},
            {"label": "整改期限", "value": "2026-11-24 18:00"},
            {"label": "判定依据", "value": "《工贸企业重大事故隐患判定标准》第十一条第（二）项", "wide": True},
            {
                "label": "隐患描述",
                "value": "干式除尘系统未设置泄爆装置，除尘管道内积尘约 3 毫米，未见清扫记录。",
                "wide": True,
            },
            {"label": "整改资金", "value": ""},
        ],
        "groups": [
            {
                "label": "整改前",
                "photos": [
                    {**picture(words, fill), "taken_at": now - 9 * day, "place": "汾河湾木业"}
                    for words, fill in zip(("除尘器无泄爆片", "管道积尘"), fills, strict=False)
                ],
            },
            {
                "label": "整改后",
                "photos": [{**picture("已加装泄爆片", fills[2]), "taken_at": now - day}],
                "empty": "尚未提交整改后照片",
            },
        ],
        "entries": timeline_entries(),
    }


def timeline_entries() -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {
            "what": "整改方案已报",
            "who": "郝春来",
            "post": "汾河湾木业有限公司 安全管理员",
            "at": now - timedelta(days=5),
            "shape": "half",
            "changes": [
                {"label": "整改期限", "before": "2026-11-20", "after": "2026-11-24"},
                {"label": "资金", "after": "86,000.00 元"},
            ],
            "proof": {"state": "pending"},
        },
        {
            "what": "到期前一天提醒",
            "who": "系统",
            "at": now - timedelta(days=5, hours=6),
            "tone": "clock",
            "shape": "pause",
            "proof": {"state": "sealed", "index": 20481, "url": "#"},
        },
        {
            "what": "县领导签字认领",
            "who": "秦望",
            "post": "临泉县人民政府 副县长",
            "at": now - timedelta(days=7),
            "shape": "check",
            "note": "同意认领，请县应急局盯住整改，每周报一次进度。",
            "proof": {"state": "sealed", "index": 20377, "url": "#"},
        },
        {
            "what": "拒签",
            "who": "郝春来",
            "post": "汾河湾木业有限公司 安全管理员",
            "at": now - timedelta(days=8),
            "tone": "danger",
            "shape": "cross",
            "note": "除尘器为租赁设备，责任应由出租方承担。",
            "proof": {"state": "broken"},
        },
        {
            "what": "登记隐患",
            "who": "沈若安",
            "post": "市级第三检查组 组长",
            "at": now - timedelta(days=9),
            "shape": "dot",
            "photos": [picture("除尘器无泄爆片", "#6b7a6a"), picture("管道积尘", "#7c6f64")],
            "proof": {"state": "sealed", "index": 20215, "url": "#"},
        },
    ]


def table() -> dict[str, Any]:
    now = timezone.now()
    states = list(STATES.values())
    rows = [
        {
            "id": str(at),
            "url": "/kitchen/",
            "cells": {
                "number": f"YH-2026-{4172 - at:06d}",
                "what": f"{PLACES[at % 6]}未按规定设置安全设施",
                "firm": FIRMS[at % 6],
                "state": states[at % 7],
                "grade": {"label": "重大", "tone": "strong"} if at % 4 == 0 else {"label": "一般", "tone": "plain"},
                "due": None
                if at % 7 == 5
                else {
                    "due_at": now + timedelta(days=at - 4),
                    "started_at": now - timedelta(days=10),
                    "words": f"剩 {at - 4} 个工作日" if at > 4 else f"逾期 {5 - at} 个工作日",
                },
                "found": now - timedelta(days=10 + at),
                "cost": 1_250_000 + at * 98_700,
                "times": {"value": at + 1, "url": "#"},
            },
            "actions": [
                {"label": "交办", "url": "/kitchen/panel", "panel": True},
                {"label": "详情", "url": "/kitchen/"},
            ],
        }
        for at in range(9)
    ]
    columns = [
        {"key": "number", "label": "编号", "kind": "link", "always": True, "width": "narrow"},
        {"key": "what", "label": "隐患", "width": "wide", "lead": True},
        {"key": "firm", "label": "责任企业"},
        {"key": "state", "label": "状态", "kind": "state"},
        {"key": "grade", "label": "等级", "kind": "grade"},
        {"key": "due", "label": "剩余时间", "kind": "time_left", "sort": "due_at"},
        {"key": "found", "label": "发现日期", "kind": "date", "sort": "found_at"},
        {"key": "times", "label": "复发", "kind": "number"},
        {"key": "cost", "label": "资金（元）", "kind": "money", "hidden": True},
    ]
    return {
        "id": "hazards",
        "columns": columns,
        "rows": rows,
        "sort": "due_at",
        "page": {"next": "c2", "previous": None, "words": "共 1,204 条，按剩余时间排列"},
        "bulk": [
            {"name": "dispatch", "label": "批量交办", "url": "/kitchen/panel", "panel": True, "tone": "primary"},
            {"name": "remind", "label": "催办", "url": "/kitchen/"},
        ],
        "export_url": "/kitchen/export",
        "create_url": "/kitchen/panel",
        "create_label": "登记隐患",
    }


def chart_figures() -> list[dict[str, Any]]:
    months = [f"{month}月" for month in range(1, 13)]
    found = [96, 88, 120, 131, 142, 128, 117, 125, 139, 150, 162, 104]
    closed = [90, 86, 101, 126, 140, 131, 116, 119, 130, 148, 151, 97]
    counties = ["临泉县", "云岭县", "清源区", "汾阳镇", "石门县"]
    return [
        {
            "id": "trend",
            "title": "发现与销号",
            "words": "近十二个月，件",
            "kind": "line",
            "labels": months,
            "label_title": "月份",
            "series": [{"name": "发现", "values": found, "urls": ["#"] * 12}, {"name": "销号", "values": closed}],
        },
        {
            "id": "late",
            "title": "各县区逾期",
            "words": "点开即是明细",
            "kind": "ranking",
            "labels": counties,
            "label_title": "县区",
            "series": [{"name": "逾期", "values": [31, 22, 14, 9, 4], "urls": ["#"] * 5, "tone": "late"}],
        },
        {
            "id": "pattern",
            "title": "行业 × 类别",
            "kind": "heat",
            "labels": ["电气", "消防", "粉尘", "有限空间", "特种设备"],
            "series": [
                {"name": name, "values": [(at * 7 + n * 5) % 23 for at in range(5)]}
                for n, name in enumerate(("工贸", "商贸", "物业", "燃气"))
            ],
        },
        {
            "id": "mix",
            "title": "状态构成",
            "kind": "stacked",
            "labels": counties,
            "series": [
                {"name": "在办", "values": [40, 32, 28, 18, 12]},
                {"name": "逾期", "values": [31, 22, 14, 9, 4], "tone": "late"},
                {"name": "已销号", "values": [210, 180, 166, 120, 98]},
            ],
        },
    ]
