"""Each component: what it shows, that it escapes, that its keywords are closed."""

import inspect
import re
from datetime import date, timedelta

import pytest
from django import forms
from django.template import TemplateSyntaxError

from kuznitsa.base.models import AuditEntry
from kuznitsa.ui.parts import Crumb, Event, Fact, Series, Stage, Step, Tab
from kuznitsa.ui.templatetags import ui

EVIL = "<script>alert(1)</script>"
COMPONENTS = sorted(ui.register.tags)

# Every component with the evil text wherever a text may stand.
EXAMPLES = {
    "alert": "{% alert title=evil %}{{ evil }}{% endalert %}",
    "as_written": "{% as_written text=evil note=evil %}{% as_written text=evil block=True %}",
    "avatar": "{% avatar name=evil %}",
    "badge": "{% badge label=evil %}",
    "band": "{% band stages=stages label=evil %}",
    "bar_chart": "{% bar_chart title=evil categories=names series=series unit=evil %}",
    "breadcrumbs": "{% breadcrumbs items=crumbs %}",
    "button": "{% button label=evil url='/' confirm=evil values=values %}{% button label=evil url='/' why_not=evil %}",
    "card": "{% card title=evil meta=evil %}{{ evil }}{% endcard %}",
    "clock": "{% clock until=day label=evil %}",
    "definitions": "{% definitions items=facts %}",
    "dialog": "{% dialog label=evil title=evil %}{{ evil }}{% enddialog %}",
    "empty_state": "{% empty_state title=evil text=evil action_label=evil action_url='/' %}",
    "field": "{% field field=form.evil label=evil unit=evil %}",
    "file_link": "{% file_link url='/' name=evil size=5 %}",
    "form": "{% form form=form submit=evil cancel_url='/' %}{{ evil }}{% endform %}",
    "history": "{% history entries=entries %}",
    "icon": "{% icon name='anvil' %}",
    "link_button": "{% link_button label=evil url='/' %}",
    "money": "{% money kopecks=100 %}",
    "once_field": "{% once_field %}",
    "page_header": "{% page_header title=evil lead=evil %}{{ evil }}{% endpage_header %}",
    "progress": "{% progress done=1 total=2 label=evil unit=evil %}",
    "stat": "{% stat label=evil value=evil unit=evil note=evil %}",
    "steps": "{% steps items=steps label=evil %}",
    "tabs": "{% tabs items=tabs label=evil %}",
    "timeline": "{% timeline items=events %}",
}
WITH_A_REQUEST = {"filter_bar", "pagination", "rows"}  # see test_listings.py and the gallery


@pytest.fixture
def values(at):
    form = forms.Form({})
    form.fields["evil"] = forms.CharField(label=EVIL, help_text="help")
    return {
        "evil": EVIL,
        "values": {"name": EVIL},
        "day": at.date(),
        "names": [EVIL],
        "crumbs": [Crumb(EVIL, "/"), Crumb(EVIL)],
        "facts": [Fact(EVIL, EVIL, "/", EVIL)],
        "form": form,
        "stages": [Stage(EVIL, 3, "/", EVIL), Stage(EVIL, None)],
        "series": [Series(EVIL, [3])],
        "steps": [Step(EVIL, "done", EVIL, "/")],
        "tabs": [Tab(EVIL, "/", active=True, count=1)],
        "events": [Event(at.date(), EVIL, EVIL, "/")],
        "entries": [AuditEntry(verb="a.b.signed", actor_name=EVIL, at=at, details={"reason": EVIL})],
    }


def test_every_component_has_an_example():
    assert set(COMPONENTS) == set(EXAMPLES) | WITH_A_REQUEST


@pytest.mark.parametrize("name", EXAMPLES)
def test_component_escapes_what_it_is_given(draw, values, name):
    assert EVIL not in draw(EXAMPLES[name], **values)


@pytest.mark.parametrize("name", COMPONENTS)
def test_component_takes_keywords_only_and_shows_an_example(name):
    function = getattr(ui, name)
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name not in ("context", "content")]
    assert {p.kind for p in parameters} <= {inspect.Parameter.KEYWORD_ONLY}
    assert "{% " + name in function.__doc__


@pytest.mark.parametrize("source", ["{% badge word='x' %}", "{% badge 'x' %}", "{% card name='x' %}{% endcard %}"])
def test_wrong_keyword_fails_when_the_template_is_compiled(draw, source):
    with pytest.raises(TemplateSyntaxError):
        draw(source)


@pytest.mark.parametrize("block", [False, True])
def test_what_was_written_in_russian_is_marked_on_an_english_page_only(draw, language, block):
    source = "{% as_written text=text block=block note='in Russian' %}"
    shown = draw(source, text="Соблюдать <правила>", block=block)
    assert ('lang="ru"' in shown, "in Russian" in shown) == ((True, True) if language == "en" else (False, False))
    assert "&lt;правила&gt;" in shown


def test_what_was_written_in_english_is_not_marked(draw, en):
    assert draw("{% as_written text='Keep the rules' note='in Russian' %}") == "Keep the rules"


def test_unknown_variant_fails(draw):
    with pytest.raises(TemplateSyntaxError, match="none of"):
        draw("{% link_button label='x' url='/' variant='big' %}")


def test_button_sends_once(draw):
    html = draw("{% button label='Sign' url='/sign/' values=values %}", values={"run": 7})
    assert re.search(r'name="_once" value="[\w-]{16,}"', html)
    assert 'name="run" value="7"' in html
    assert 'name="csrfmiddlewaretoken"' in html


def test_button_that_is_not_allowed_says_why(draw):
    html = draw("{% button label='Sign' url='/sign/' why_not='The term is over.' %}")
    assert "<form" not in html
    described = re.search(r'disabled aria-describedby="([\w-]+)"', html)
    assert f'id="{described[1]}"' in html
    assert "The term is over." in html


def test_button_that_asks_first_works_without_scripts(draw):
    html = draw("{% button label='Refuse' url='/x/' confirm='Sure?' %}")
    assert html.index("<summary") < html.index("Sure?") < html.index('type="submit"')


@pytest.mark.parametrize(
    ("state", "tone"), [("draft", "neutral"), ("in_force", "accent"), ("unmet", "danger"), ("never heard", "neutral")]
)
def test_badge_colours_a_state(draw, state, tone):
    assert f"k-badge--{tone}" in draw("{% badge label='x' state=state %}", state=state)


@pytest.mark.parametrize(
    ("days", "tone", "text"),
    [
        (-2, "danger", "просрочено на 2 дня"),
        (0, "warning", "сегодня последний день"),
        (1, "warning", "остался 1 день"),
        (40, "neutral", "осталось 40 дней"),
    ],
)
def test_clock_says_how_long_is_left(draw, ru, days, tone, text):
    today = date(2026, 9, 1)
    html = draw("{% clock until=day today=today %}", day=today + timedelta(days=days), today=today)
    assert f"k-clock--{tone}" in html
    assert text in html


def test_stopped_clock_shows_the_day_alone(draw, en):
    html = draw("{% clock until=day today=day stopped=True %}", day=date(2026, 9, 1))
    assert "until 1 September" in html
    assert "today" not in html


def test_clock_without_a_day_shows_nothing(draw):
    assert draw("{% clock until=None %}").strip() == ""


def test_progress_past_the_promise_does_not_leave_its_bar(draw):
    html = draw("{% progress done=41 total=25 label='Seats' %}")
    assert 'width="100"' in html
    assert "k-progress--success" in html


def test_progress_without_a_promise_is_empty(draw):
    assert 'width="0"' in draw("{% progress done=0 total=0 label='Seats' %}")


def test_money_without_a_sum_is_a_dash(draw):
    assert draw("{% money kopecks=None %}") == "—"


def test_definitions_show_zero_and_a_dash_for_nothing(draw):
    html = draw("{% definitions items=items %}", items=[Fact("a", 0), Fact("b", None)])
    assert re.findall(r"<dd>(.*?)</dd>", html) == ["0", "—"]


def test_chart_has_the_same_numbers_as_a_table(draw):
    html = draw(
        "{% bar_chart title='Need' categories=years series=series %}",
        years=[2026, 2027],
        series=[Series("need", [31, 34]), Series("studying", [18, 23], "ember")],
    )
    assert re.findall(r'<td class="k-num">(\d+)</td>', html) == ["31", "18", "34", "23"]


def test_page_header_without_actions_leaves_no_empty_box(draw):
    assert "k-actions" not in draw("{% page_header title='x' %}  {% endpage_header %}")


def test_captured_block_is_shown_as_it_was_rendered(draw):
    html = draw("{% captured as title %} <b>{{ name }}</b> {% endcaptured %}[{{ title }}]", name="A & B")
    assert html == "[<b>A &amp; B</b>]"
