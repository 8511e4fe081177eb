"""Details of a cluster, a participant, a step to another stage."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kuznitsa.accounts.models import User
from kuznitsa.base.text import clean
from kuznitsa.classifiers.queries import industries_by_name, regions_by_name
from kuznitsa.clusters.enums import CLUSTER_MOVES, ClusterStage, Part
from kuznitsa.clusters.models import Cluster, Participation
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing


class ClusterForm(forms.ModelForm):
    """What everybody reads about a cluster."""

    class Meta:
        model = Cluster
        fields = ("name", "name_en", "kind", "industry", "region", "summary", "summary_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["industry"].queryset = industries_by_name()
        self.fields["region"].queryset = regions_by_name()

    def clean_name(self) -> str:
        return clean(self.cleaned_data["name"])


class FoundingForm(ClusterForm):
    """A new cluster begins with the organisation of its coordinator."""

    founder = forms.ModelChoiceField(label=_("first participant"), queryset=Organisation.objects.none())
    part = forms.ChoiceField(label=_("part"), choices=Part.choices, initial=Part.BASE_COLLEGE)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = standing(user).organisations(Role.COORDINATOR)
        rows = Organisation.objects.all() if user.is_staff else Organisation.objects.filter(pk__in=mine)
        self.fields["founder"].queryset = rows.order_by("search")
        if len(mine) == 1:
            self.fields["founder"].initial = next(iter(mine))


class ParticipantForm(forms.ModelForm):
    """Which organisation takes part, as what, since when."""

    class Meta:
        model = Participation
        fields = ("organisation", "part", "started_on")
        widgets = {"started_on": forms.DateInput()}

    def __init__(self, *args: Any, cluster: Cluster, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = cluster.participations.current().values("organisation")
        self.fields["organisation"].queryset = Organisation.objects.exclude(pk__in=there).order_by("search")


class MoveForm(forms.Form):
    """To which stage, and why."""

    to = forms.ChoiceField(label=_("stage"))
    reason = forms.CharField(
        label=_("reason"),
        required=False,
        help_text=_("Needed for a step back and for closing."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, cluster: Cluster, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = CLUSTER_MOVES[ClusterStage(cluster.state)]
        self.fields["to"].choices = [(stage.value, stage.label) for stage in ClusterStage if stage in allowed]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
