"""States and confidence of a need."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Confidence(models.TextChoices):
    """How sure the plant is: from soft interest to a firm number."""

    INTEREST = "interest", _("interest")
    PROBABLE = "probable", _("probable")
    FIRM = "firm", _("firm")


class NeedState(models.TextChoices):
    DRAFT = "draft", _("draft")
    STATED = "stated", _("stated")
    MET = "met", _("met")
    PARTLY_MET = "partly_met", _("partly met")
    UNMET = "unmet", _("unmet")
    WITHDRAWN = "withdrawn", pgettext_lazy("need", "withdrawn")


NEED_MOVES = {
    NeedState.DRAFT: {NeedState.STATED, NeedState.WITHDRAWN},
    NeedState.STATED: {NeedState.DRAFT, NeedState.MET, NeedState.PARTLY_MET, NeedState.UNMET, NeedState.WITHDRAWN},
    NeedState.MET: {NeedState.STATED},
    NeedState.PARTLY_MET: {NeedState.STATED},
    NeedState.UNMET: {NeedState.STATED},
    NeedState.WITHDRAWN: {NeedState.DRAFT},
}

ENDED = (NeedState.MET, NeedState.PARTLY_MET, NeedState.UNMET)


class UnmetReason(models.TextChoices):
    """Why a need ended partly met or unmet."""

    NO_PROGRAMME = "no_programme", _("no college teaches the occupation")
    NO_SEATS = "no_seats", _("no seats were opened")
    NO_APPLICANTS = "no_applicants", _("too few applicants")
    LEFT = "left", _("people left on the way")
    PLANS_CHANGED = "plans_changed", _("the plant's plans have changed")
    OTHER = "other", _("other")
