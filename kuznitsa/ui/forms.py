"""Form fields every app needs, and how the widgets of Django's forms are dressed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from kuznitsa.base.money import format_money, parse_money

# Django's own default; a form that did not ask for a height gets a smaller one.
DJANGO_TEXTAREA_ROWS = "10"
TEXTAREA_ROWS = "4"
DJANGO_EMPTY_LABEL = "---------"


class RoublesField(forms.CharField):
    """A sum typed in roubles ("12 000,50"), cleaned to a whole number of kopecks; its initial value is kopecks too."""

    def __init__(self, *, least_kopecks: int = 0, **kwargs: Any) -> None:
        self.least_kopecks = least_kopecks
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        kopecks = parse_money(text)
        if kopecks < self.least_kopecks:
            least = format_money(self.least_kopecks)
            raise ValidationError(_("At least %(least)s.") % {"least": least}, code="min_value")
        return kopecks

    def prepare_value(self, value: Any) -> Any:
        return format_money(value).removesuffix("₽").strip() if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class ModelChoicesField(forms.ModelMultipleChoiceField):
    """Several rows to choose from; a number that no database could hold is none of them, and no error of ours."""

    def _check_values(self, value: Any) -> Any:
        try:
            return super()._check_values(value)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid_list"], code="invalid_list") from error


def kind(field: BoundField) -> str:
    """Return which of the field's templates fits: "hidden", "checkbox", "choices", "file", "select" or "text"."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "select" if isinstance(widget, forms.Select) else "text"


CLASSES = {"checkbox": "form-check-input", "select": "form-select", "file": "form-control", "text": "form-control"}


def dressed(field: BoundField) -> str:
    """Return the widget's HTML with our classes, native date pickers and a calm height of text areas."""
    widget = field.field.widget
    _prefer_native_picker(widget)
    if isinstance(widget, forms.Textarea) and str(widget.attrs.get("rows")) == DJANGO_TEXTAREA_ROWS:
        widget.attrs["rows"] = TEXTAREA_ROWS
    if isinstance(widget, forms.Select):
        _name_the_empty_choice(field.field, widget)
    names = [widget.attrs.get("class", ""), CLASSES.get(kind(field), "")]
    if field.errors:
        names.append("is-invalid")
    attrs = {"class": " ".join(filter(None, names))} if any(names) else {}
    return field.as_widget(attrs=attrs)


def _name_the_empty_choice(field: forms.Field, widget: forms.Select) -> None:
    """Replace Django's row of dashes by words."""
    empty = _("Choose") if field.required else _("not chosen")
    if isinstance(field, forms.ModelChoiceField):  # its rows are read when the page is drawn, once
        if field.empty_label == DJANGO_EMPTY_LABEL:
            field.empty_label = empty
        return
    widget.choices = [(value, empty if label == DJANGO_EMPTY_LABEL else label) for value, label in widget.choices]


def _prefer_native_picker(widget: forms.Widget) -> None:
    """Phones have good pickers of dates; they want ISO values, which Django reads in every language."""
    if isinstance(widget, forms.DateTimeInput) and widget.input_type == "text":
        widget.input_type, widget.format = "datetime-local", "%Y-%m-%dT%H:%M"
    elif isinstance(widget, forms.DateInput) and widget.input_type == "text":
        widget.input_type, widget.format = "date", "%Y-%m-%d"
