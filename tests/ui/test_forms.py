import re

import pytest
from django import forms

from kuznitsa.ui.forms import RoublesField


class Form(forms.Form):
    name = forms.CharField(label="Name", help_text="As in the licence.")
    on = forms.DateField(required=False)
    sum_kopecks = RoublesField(required=False)
    text = forms.CharField(widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)
    scan = forms.FileField(required=False)


@pytest.mark.parametrize(
    ("typed", "kopecks"), [("5 000", 500000), ("5000,50", 500050), ("", None), ("0", 0), ("12 000 ₽", 1200000)]
)
def test_roubles_are_cleaned_to_kopecks(typed, kopecks):
    form = Form({"name": "x", "sum_kopecks": typed})
    assert form.is_valid()
    assert form.cleaned_data["sum_kopecks"] == kopecks


@pytest.mark.parametrize("typed", ["-5", "many", "1.0055"])
def test_what_is_not_a_sum_of_roubles_is_refused(typed):
    assert "sum_kopecks" in Form({"name": "x", "sum_kopecks": typed}).errors


def test_kopecks_are_shown_as_roubles_and_unchanged_when_sent_back(ru):
    form = Form(initial={"sum_kopecks": 1200050})
    shown = re.search(r'name="sum_kopecks" value="([^"]+)"', str(form["sum_kopecks"]))[1]
    assert shown == "12\N{NO-BREAK SPACE}000,50"
    assert (
        not Form({"sum_kopecks": shown}, initial={"sum_kopecks": 1200050})
        .fields["sum_kopecks"]
        .has_changed(1200050, shown)
    )


def test_date_gets_the_phones_own_picker_in_every_language(draw, language):
    html = draw("{% field field=form.on %}", form=Form(initial={"on": __import__("datetime").date(2026, 9, 1)}))
    assert 'type="date"' in html
    assert 'value="2026-09-01"' in html


def test_field_ties_label_help_and_error_to_its_input(draw, en):
    html = draw("{% field field=form.name %}", form=Form({}))
    described = re.search(r'aria-describedby="([^"]+)"', html)[1].split()
    assert [f'id="{name}"' in html for name in described] == [True, True]
    assert 'aria-invalid="true"' in html
    assert 'for="id_name"' in html


def test_choices_are_a_group_with_a_name(draw):
    html = draw("{% field field=form.kind label='Which' %}", form=Form())
    assert re.search(r"<fieldset.*<legend[^>]*>Which", html, re.DOTALL)
    assert html.count('type="radio"') == 2


def test_form_lists_its_errors_first_and_links_to_fields(draw, en):
    html = draw("{% form form=form submit='Save' %}{% endform %}", form=Form({}))
    assert html.index('href="#id_name"') < html.index('name="name"')


def test_form_with_a_file_can_send_it(draw):
    assert 'enctype="multipart/form-data"' in draw("{% form form=form submit='Save' %}{% endform %}", form=Form())


def test_form_that_places_its_own_fields_shows_each_once(draw):
    html = draw("{% form form=form own_fields=True %}{% field field=form.name %}{% endform %}", form=Form())
    assert html.count('name="name"') == 1
    assert 'name="text"' not in html
    assert html.count('name="hidden"') == 1


def test_form_that_is_not_allowed_says_why(draw):
    html = draw("{% form form=form submit='Save' why_not='Closed.' %}{% endform %}", form=Form())
    assert "Closed." in html
    assert 'type="submit"' not in html


def test_text_area_has_a_calm_height(draw):
    assert 'rows="4"' in draw("{% field field=form.text %}", form=Form())


def test_empty_choice_is_named_in_words(draw, en):
    class Choice(forms.Form):
        must = forms.ChoiceField(choices=[("", "---------"), ("a", "A")])
        may = forms.ChoiceField(choices=[("", "---------"), ("a", "A")], required=False)

    assert "Choose</option>" in draw("{% field field=form.must %}", form=Choice())
    assert "not chosen</option>" in draw("{% field field=form.may %}", form=Choice())


def test_options_of_a_select_are_escaped_and_marked():
    class Picking(forms.Form):
        one = forms.ChoiceField(choices=[("", "—"), ("a", "<b>Сталь & К°</b>"), ("Группа", [("c", "третий")])])

    html = str(Picking(data={"one": "a"})["one"])
    assert '<option value="a" selected>&lt;b&gt;Сталь &amp; К°&lt;/b&gt;</option>' in html
    assert '<option value="">—</option>' in html
    assert '<optgroup label="Группа">' in html
    assert html.count(" selected") == 1
