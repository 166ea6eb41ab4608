"""The pages' components: what they draw, what they refuse, and that the content policy can stay strict."""

import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template import Context, Engine, Template, engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from anlan.site import kitchen
from anlan.site.components import forms as form_views
from anlan.site.components import records, tables
from anlan.site.components.words import script_words
from anlan.site.templatetags.anlan_ui import fen, register

PROJECT = Path(__file__).resolve().parents[2]
TEMPLATES = PROJECT / "src/anlan/site/templates"
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def draw(source: str, **context: Any) -> str:
    return Template("{% load anlan_ui %}" + source).render(Context(context))


def kitchen_page(query: str = "", form: forms.Form | None = None) -> str:
    request = RequestFactory().get(f"/kitchen/{query}")
    context = kitchen.kitchen_context(request, form or kitchen.HazardForm())
    context.pop("messages", None)
    django = engines["django"]
    bare = Engine(
        dirs=django.engine.dirs, app_dirs=True, libraries=django.engine.libraries, builtins=django.engine.builtins
    )
    return bare.get_template("site/kitchen.html").render(
        Context({**context, "request": request, "csrf_token": "token"})
    )


class Policy(HTMLParser):
    """What a strict content policy would refuse, and what readers of screens would miss."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []
        self.ids: list[str] = []
        self.pointed: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.refused += [f"<{tag} {name}>" for name in given if name == "style" or name.startswith(("on", "hx-on"))]
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") != "application/json"):
            self.refused.append(f"<{tag}>")
        self.refused += [
            f"{name}={value}"
            for name, value in attrs
            if name in {"src", "href"} and re.match(r"(https?:)?//|javascript:", value or "")
        ]
        if given.get("id"):
            self.ids.append(str(given["id"]))
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            self.pointed += (given.get(name) or "").split()


def read(html: str) -> Policy:
    policy = Policy()
    policy.feed(html)
    return policy


def test_the_kitchen_page_keeps_the_content_policy_and_asks_nothing_from_outside() -> None:
    page = read(kitchen_page("?grade=major"))
    assert page.refused == []
    assert page.tags.count("h1") == 1
    assert {"dialog", "progress", "canvas", "table"} <= set(page.tags)


def test_ids_are_unique_and_every_pointer_points() -> None:
    page = read(kitchen_page("?grade=major", kitchen.HazardForm({"place": "x"})))
    assert sorted(page.ids) == sorted(set(page.ids))
    # The panel's title and a radio group's first option come only with what is opened or chosen.
    assert set(page.pointed) - set(page.ids) <= {"panel-title", "id_grade"}


@pytest.mark.parametrize("name", ["error.html", "500.html"])
def test_error_pages_draw_without_a_request(name: str) -> None:
    error = {"code": "hazards.self_recheck", "title": "No", "detail": "Because.", "status": 403}
    page = render_to_string(name, {"error": error})
    assert 'role="alert"' in page
    assert ("hazards.self_recheck" if name == "error.html" else "broken") in page
    assert read(page).refused == []


def test_no_template_of_any_room_breaks_the_policy() -> None:
    broken = {}
    for path in (PROJECT / "src/anlan").rglob("templates/**/*.html"):
        source = re.sub(r"{%.*?%}|{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        if found := read(source).refused:
            broken[str(path.relative_to(PROJECT))] = found
    assert broken == {}


def test_every_icon_that_templates_name_is_in_the_sprite() -> None:
    known = set(json.loads((PROJECT / "frontend/icons.json").read_text(encoding="utf-8")))
    used = set()
    for path in (PROJECT / "src/anlan").rglob("templates/**/*.html"):
        used |= set(re.findall(r'{% icon "([^"]+)"', path.read_text(encoding="utf-8")))
    assert len(used) > 20
    assert used <= known


def test_every_tag_is_explained_to_page_authors() -> None:
    readme = (TEMPLATES / "README.md").read_text(encoding="utf-8")
    inner = {"shape", "html_lang", "words_for_scripts"}
    assert {name for name in register.tags if name not in inner and f"{{% {name}" not in readme} == set()


def test_scripts_and_catalogue_know_the_same_words() -> None:
    spoken = set()
    for path in (PROJECT / "frontend/src").rglob("*.ts"):
        for call in re.findall(r"\bsay\(([^;]*?)\)", path.read_text(encoding="utf-8")):
            spoken |= set(re.findall(r'"([a-z_]+)"', call))
    assert spoken - set(script_words()) == {"info", "warning", "error"} & spoken
    assert set(script_words()) - spoken == set()


def test_a_state_speaks_by_word_and_shape() -> None:
    html = draw("{% state_badge state %}", state={"code": "late", "label": "Overdue", "tone": "late"})
    assert "#shape-triangle" in html
    assert "Overdue" in html
    assert records.state_view({"label": "x", "tone": "neutral", "shape": "circle"})["shape"] == "ring"


def test_labels_are_escaped() -> None:
    nasty = "<script>alert(1)</script>"
    html = draw(
        "{% state_badge s %}{% facts f %}{% timeline t %}",
        s={"label": nasty},
        f=[{"label": nasty, "value": nasty}],
        t=[{"what": nasty, "note": nasty, "at": NOW}],
    )
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 5


def test_only_the_four_legal_colours_are_risks() -> None:
    assert "risk-orange" in draw("{% risk_badge r %}", r={"colour": "orange", "label": "x"})
    with pytest.raises(ValueError, match="no risk colour"):
        draw("{% risk_badge r %}", r={"colour": "green", "label": "x"})


@pytest.mark.parametrize(
    ("due", "mood", "used", "words"),
    [
        ({"due_at": NOW + timedelta(days=8), "started_at": NOW - timedelta(days=2)}, "calm", 20, "8 days left"),
        ({"due_at": NOW + timedelta(days=2), "started_at": NOW - timedelta(days=8)}, "soon", 80, "2 days left"),
        ({"due_at": NOW + timedelta(hours=5)}, "soon", None, "5 hours left"),
        ({"due_at": NOW - timedelta(days=1)}, "late", 100, "1 day overdue"),
        ({"due_at": NOW - timedelta(days=1), "done": True, "words": "On time"}, "done", 100, "On time"),
        ({"due_at": NOW + timedelta(days=5), "words": "3 working days left"}, "calm", None, "3 working days left"),
        ({"due_at": NOW, "started_at": NOW}, "soon", None, "0 minutes left"),
    ],
)
def test_time_left(due: dict[str, Any], mood: str, used: int | None, words: str) -> None:
    view = records.time_left_view(due, now=NOW)
    assert (view["mood"], view["used"], view["words"]) == (mood, used, words)


def test_nothing_due_is_a_dash() -> None:
    assert "–" in draw("{% time_left none %}", none=None)


def test_a_step_that_waits_for_somebody_else_says_so_in_plain_sight() -> None:
    steps = [
        {"name": "submit", "label": "Submit", "allowed": True},
        {"name": "recheck", "label": "Recheck", "allowed": False, "reason": "Waits for the enterprise."},
    ]
    html = draw("{% step_buttons steps base='/hazards/7/' %}", steps=steps)
    assert 'hx-get="/hazards/7/steps/submit/"' in html
    assert re.search(r'<button[^>]+disabled[^>]+aria-describedby="why-recheck"', html)
    assert re.search(r'<span[^>]+id="why-recheck">Waits for the enterprise\.</span>', html)
    assert "/steps/recheck/" not in html


def test_the_flows_own_offers_make_buttons_too() -> None:
    class Declared:
        def __init__(self, *, listed: bool) -> None:
            self.listed = listed

    class Offer:
        def __init__(self, name: str, *, allowed: bool, listed: bool = True) -> None:
            self.name, self.label, self.allowed, self.reason = name, name.title(), allowed, "no"
            self.step = Declared(listed=listed)

    view = records.buttons_view(
        [Offer("sign", allowed=True), Offer("list", allowed=False), Offer("quiet", allowed=False, listed=False)],
        "/h/1/",
    )
    assert [one["url"] for one in view["allowed"]] == ["/h/1/steps/sign/"]
    assert [one["name"] for one in view["refused"]] == ["list"]


class Sample(forms.Form):
    place = forms.CharField(help_text="Where?")
    kind = forms.MultipleChoiceField(choices=[("a", "Fire"), ("b", "Dust")], required=False)
    mine = forms.BooleanField(required=False)
    photos = forms.Field(
        widget=forms.MultipleHiddenInput(attrs={"data-widget": "photos", "data-max": "3"}), required=False
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_names_its_help_and_its_error_to_screen_readers() -> None:
    html = draw("{% form_fields form %}", form=Sample({"place": ""}))
    page = read(html)
    assert 'aria-describedby="id_place_help id_place_error"' in html
    assert 'aria-invalid="true"' in html
    assert {"id_place_help", "id_place_error"} <= set(page.ids)
    assert "1 place needs your attention" in html


def test_photos_already_sent_survive_an_error() -> None:
    form = Sample({"place": "", "photos": ["one", "two"]})
    view = form_views.field_view(form["photos"])
    assert view["picker"]["ids"] == ["one", "two"]
    html = draw("{% form_fields form %}", form=form)
    assert re.findall(r'name="photos" value="(\w+)"', html) == ["one", "two"]
    assert 'data-max="3"' in html
    assert '<input type="hidden" name="token"' in html


def test_each_form_gets_its_own_key() -> None:
    keys = re.findall(r'value="([0-9a-f-]{36})"', draw("{% idempotency_key %}{% idempotency_key %}"))
    assert len(set(keys)) == 2


def test_a_filter_chip_removes_its_own_value_and_the_cursor() -> None:
    request = RequestFactory().get("/x/?place=pit&kind=a&kind=b&mine=on&after=c9&sort=-due")
    chips = {chip["words"]: chip["url"] for chip in tables.filter_chips(Sample(request.GET), request)}
    assert chips == {
        "pit": "?kind=a&kind=b&mine=on&sort=-due",
        "Fire": "?place=pit&mine=on&sort=-due&kind=b",
        "Dust": "?place=pit&mine=on&sort=-due&kind=a",
        "yes": "?place=pit&kind=a&kind=b&sort=-due",
    }


def sample_table(**more: Any) -> dict[str, Any]:
    columns = [
        {"key": "n", "label": "N", "kind": "link"},
        {"key": "due", "label": "Due", "kind": "date", "sort": "due"},
    ]
    return {"id": "t", "columns": columns, "rows": [{"id": "1", "url": "/r/1/", "n": "A1", "due": NOW}], **more}


def test_sorting_turns_round_and_forgets_the_cursor() -> None:
    request = RequestFactory().get("/x/?q=fire&sort=due&after=c1")
    view = tables.table_view(
        sample_table(sort="due", page={"next": "c2", "previous": None}, export_url="/x/export"), request
    )
    assert view["columns"][1]["sorted"] == "ascending"
    assert view["columns"][1]["sort_url"] == "?q=fire&sort=-due"
    assert view["page"]["next_url"] == "?q=fire&sort=due&after=c2"
    assert "previous_url" not in view["page"]
    assert view["export_href"] == "/x/export?q=fire&sort=due"


def test_a_table_says_why_it_is_empty() -> None:
    def words(query: str) -> str:
        return draw("{% data_table table %}", table=sample_table(rows=[]), request=RequestFactory().get(f"/x/{query}"))

    assert "Nothing here yet." in words("")
    assert "No rows fit these filters." in words("?q=fire")


def test_rows_carry_their_labels_for_phones_and_their_ids_for_bulk_acts() -> None:
    html = draw(
        "{% data_table table %}",
        table=sample_table(bulk=[{"name": "go", "label": "Go", "url": "/go/"}]),
        request=RequestFactory().get("/x/"),
    )
    assert 'data-label="Due"' in html
    assert re.search(r'name="ids" value="1" form="t-bulk"', html)
    assert 'id="t-bulk"' in html
    assert 'href="/r/1/"' in html


def test_an_unknown_cell_kind_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no cell kind 'sparkle'"):
        tables.table_view(sample_table(columns=[{"key": "n", "label": "N", "kind": "sparkle"}]), None)


def test_a_chart_is_also_a_table_of_links() -> None:
    figure = {
        "id": "c",
        "title": "T",
        "kind": "bar",
        "labels": ["a", "b"],
        "series": [{"name": "late", "values": [3, None], "urls": ["/a/", "/b/"]}],
    }
    html = draw("{% chart f %}", f=figure)
    assert 'class="chart"' in html
    none = {**figure, "series": [{"name": "late", "values": [0, None]}]}
    assert 'class="chart is-empty"' in draw("{% chart f %}", f=none)  # left out of prints
    assert '<a href="/a/">3</a>' in html
    assert '<a href="/b/">–</a>' in html
    assert 'data-chart="c-data"' in html
    assert json.loads(re.findall(r'<script id="c-data" type="application/json">(.*?)</script>', html)[0])["series"][0][
        "values"
    ] == [3, None]


@pytest.mark.parametrize(
    ("amount", "words"), [(12345, "123.45"), (0, "0.00"), (-5, "-0.05"), (123456789, "1,234,567.89"), (None, "")]
)
def test_fen(amount: int | None, words: str) -> None:
    assert fen(amount) == words


def test_a_running_job_is_polled_and_a_finished_one_is_not() -> None:
    running = draw(
        "{% job_progress j %}", j={"id": "1", "url": "/j/1", "state": "running", "words": "w", "done": 3, "total": 9}
    )
    done = draw("{% job_progress j %}", j={"id": "1", "url": "/j/1", "state": "done", "words": "w", "result_url": "/f"})
    assert 'hx-trigger="every 2s"' in running
    assert 'value="3"' in running
    assert "hx-trigger" not in done
    assert 'href="/f"' in done


def test_the_frame_draws_what_it_is_given() -> None:
    page = kitchen_page()
    assert "Demonstration city: invented people and enterprises" in page
    assert re.search(
        r'class="menu-link is-active" href="#" aria-current="page"><span class="menu-label">隐患台账', page
    )
    assert "云州市安委办 科长" in page
    assert re.search(r"<title>[^<]+ · 云州市 · Anlan</title>", page)
