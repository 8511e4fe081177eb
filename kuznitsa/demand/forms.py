"""A need, the grid of needs, a block pasted from a spreadsheet."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from kuznitsa.base.spreadsheets import parse_block
from kuznitsa.base.text import searchable
from kuznitsa.classifiers.models import Occupation
from kuznitsa.classifiers.queries import occupations_on
from kuznitsa.clusters.models import Cluster
from kuznitsa.demand.enums import Confidence, NeedState, UnmetReason
from kuznitsa.demand.models import Need
from kuznitsa.organisations.models import Organisation, Site
from kuznitsa.ui.forms import RoublesField

GRID_ROWS = 8
MOST_ROWS = 501
# A pasted block has these columns, in this order.
GRID_COLUMNS = ("occupation", "site", "year", "replacement", "growth", "confidence")
# What spreadsheets of plants call the columns, besides the names that the grid gives them.
HEADINGS = {
    *("код", "код профессии", "наименование", "специальность", "должность", "цех", "подразделение", "участок"),
    *("количество", "кол-во", "численность", "всего", "замена", "рост", "уверенность"),
    *("code", "trade", "position", "shop", "department", "number", "total", "replacement", "growth"),
}


class NeedForm(forms.ModelForm):
    wage_from_kopecks = RoublesField(label=_("wage from, roubles a month"), required=False)
    wage_to_kopecks = RoublesField(label=_("wage to, roubles a month"), required=False)

    class Meta:
        model = Need
        fields = (
            "occupation",
            "site",
            "year",
            "replacement",
            "growth",
            "confidence",
            "wage_from_kopecks",
            "wage_to_kopecks",
            "cluster",
            "note",
        )

    reason = forms.CharField(
        label=_("why the number changes"),
        max_length=300,
        required=False,
        help_text=_("The cluster reads it in the history of the need and beside the corrected number."),
    )

    def __init__(self, *args: Any, employer: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if self.instance.state != NeedState.STATED:
            del fields["reason"]
        fields["occupation"].queryset = occupations_on(timezone.localdate())
        fields["site"].queryset = Site.objects.filter(organisation=employer).order_by("name")
        fields["cluster"].queryset = Cluster.objects.filter(
            participations__organisation=employer, participations__ended_on=None
        ).order_by("search")
        fields["year"].initial = timezone.localdate().year + 3
        for name in ("site", "cluster"):
            fields[name].required = False


class GridRowForm(forms.Form):
    """One row of the grid; a row without an occupation is no row."""

    occupation = forms.CharField(label=_("occupation (code or name)"), required=False)
    site = forms.CharField(label=_("site"), required=False)
    year = forms.IntegerField(label=_("year"), required=False, min_value=2000, max_value=2100)
    replacement = forms.IntegerField(label=_("to replace leavers"), required=False, min_value=0, max_value=100_000)
    growth = forms.IntegerField(label=_("for growth"), required=False, min_value=0, max_value=100_000)
    confidence = forms.ChoiceField(
        label=_("confidence"),
        choices=[("", "—"), *Confidence.choices],
        required=False,
        initial=Confidence.INTEREST,
    )

    def __init__(self, *args: Any, employer: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.employer = employer

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(name) for name in GRID_COLUMNS if name != "confidence"):
            return {}
        cleaned["occupation"] = self._occupation(cleaned.get("occupation", ""))
        cleaned["site"] = self._site(cleaned.get("site", ""))
        if cleaned.get("year") is None and "year" not in self.errors:
            self.add_error("year", _("Which year?"))
        for name in ("replacement", "growth"):
            cleaned[name] = cleaned.get(name) or 0
        if not cleaned["replacement"] + cleaned["growth"] and not {"replacement", "growth"} & self.errors.keys():
            self.add_error("replacement", _("A need is for at least one person."))
        if not cleaned.get("confidence") and "confidence" not in self.errors:
            self.add_error("confidence", _("How sure is the enterprise of it?"))
        return cleaned

    def _occupation(self, text: str) -> Occupation | None:
        words = searchable(text)
        valid = occupations_on(timezone.localdate())
        code = words.split(" ")[0]
        found = list(valid.filter(Q(code=code) | Q(search__contains=words)).order_by("code")[:4]) if words else []
        exact = [row for row in found if code == row.code or words in map(searchable, (row.name_ru, row.name_en))]
        if len(exact or found) == 1:
            return (exact or found)[0]
        if found:
            names = "; ".join(f"{row.code} {row}" for row in found)
            self.add_error("occupation", _("Which one: %(names)s?") % {"names": names})
        else:
            self.add_error("occupation", _("There is no such occupation in the classifier."))
        return None

    def _site(self, text: str) -> Site | None:
        if not text.strip():
            return None
        for site in self.employer.sites.order_by("pk"):
            if searchable(site.name) == searchable(text):
                return site
        self.add_error("site", _("The enterprise has no site with this name."))
        return None


# One more than a block may have: the last row is empty, for typing.
GridFormSet = forms.formset_factory(GridRowForm, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


class GridReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("why numbers already stated change"),
        max_length=300,
        required=False,
        help_text=_("Only if the grid changes needs that the cluster sees already."),
    )


def _is_heading(line: list[str]) -> bool:
    """Whether the first row of a block names columns: no figures, and a known name first or many words."""
    if any(character.isdigit() for character in "".join(line)):
        return False
    known = set(HEADINGS)
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            labels = [str(field.label) for field in GridRowForm.base_fields.values()]
            known |= {searchable(part) for label in labels for part in (label, label.partition("(")[0].strip())}
    return len(line) > 2 or searchable(line[0].strip(" :")) in known


def _confidence_by_word() -> dict[str, str]:
    """Return the states of confidence by their names in every language: a spreadsheet has its own."""
    found: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {searchable(str(label)): value for value, label in Confidence.choices}
    return found


class BlockForm(forms.Form):
    block = forms.CharField(
        label=_("Paste the rows here"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Columns: occupation, site, year, to replace leavers, for growth, confidence."),
        max_length=200_000,
    )

    def clean_block(self) -> str:
        block = self.cleaned_data["block"]
        if len(parse_block(block)) > MOST_ROWS:
            raise forms.ValidationError(
                _("The grid takes %(rows)d rows at a time: paste the block in parts.") % {"rows": MOST_ROWS - 1}
            )
        return block

    def rows(self, today: date) -> list[dict[str, str]]:
        """Return the block as initial values of grid rows; a row of headings is left out."""
        lines = parse_block(self.cleaned_data["block"])
        if lines and _is_heading(lines[0]):
            lines = lines[1:]
        by_label = _confidence_by_word()
        rows = []
        for line in lines:
            row = dict(zip(GRID_COLUMNS, [*line, *[""] * len(GRID_COLUMNS)], strict=False))
            # A word that is not known leaves the cell empty, and saving asks.
            word = searchable(row["confidence"])
            row["confidence"] = by_label.get(word, "") if word else Confidence.INTEREST
            for name in ("year", "replacement", "growth"):
                row[name] = row[name].replace(" ", "").replace("\u00a0", "").removesuffix(",0")
            rows.append(row)
        return rows


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=300)


class ConfidenceForm(forms.Form):
    confidence = forms.ChoiceField(choices=Confidence.choices)


class EndForm(forms.Form):
    reason = forms.ChoiceField(label=_("why it was not met"), choices=[("", "—"), *UnmetReason.choices], required=False)
    note = forms.CharField(label=_("note"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)
