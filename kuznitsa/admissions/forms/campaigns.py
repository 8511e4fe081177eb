"""Forms of campaigns."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kuznitsa.admissions.models import Campaign
from kuznitsa.admissions.queries import colleges_with_campaigns_of
from kuznitsa.clusters.models import Cluster


class CampaignForm(forms.ModelForm):
    """`user` limits the colleges; the college of an existing campaign does not change."""

    class Meta:
        model = Campaign
        fields = (
            "college",
            "name",
            "opens_on",
            "closes_on",
            "publishes_on",
            "answer_working_days",
            "max_choices",
            "min_size_rule",
            "draw_source",
            "cluster",
        )
        help_texts = {
            "min_size_rule": _("An offer may say how many its group needs at least; this is what happens with fewer."),
            "draw_source": _(
                "Applicants with the same score are put in order by one draw. Name beforehand a public event after"
                " the last day that nobody can steer, such as a lottery of the state on a given day."
            ),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleges = colleges_with_campaigns_of(user)
        self.fields["college"].queryset = colleges
        own = Cluster.objects.filter(
            participations__organisation__in=colleges.values("pk"), participations__ended_on=None
        )
        self.fields["cluster"].queryset = own.distinct().order_by("name")
        if self.instance.pk:
            del self.fields["college"]
        else:
            self.fields["college"].initial = colleges.first()


class ReopeningForm(forms.Form):
    closes_on = forms.DateField(label=_("new last day of applications"))
    publishes_on = forms.DateField(label=_("results on"))
    reason = forms.CharField(label=_("reason"), max_length=300)


class SeedForm(forms.Form):
    seed = forms.CharField(
        label=_("seed of the draw"),
        max_length=100,
        help_text=_("Exactly as the announced source has published it. It can be entered only once."),
    )
