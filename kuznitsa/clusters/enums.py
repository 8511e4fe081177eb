"""Kinds and stages of clusters, parts in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClusterKind(models.TextChoices):
    INDUSTRY = "industry", _("education–production cluster")
    SOCIAL = "social", _("education cluster")
    CAREER = "career", _("school career cluster")


class ClusterStage(models.TextChoices):
    IDEA = "idea", _("idea")
    SESSION = "session", _("strategic session")
    PARTNERS = "partners", _("pool of partners")
    AGREEMENT = "agreement", _("agreement signed")
    EQUIPPING = "equipping", _("equipping")
    OPERATING = "operating", _("operating")
    CLOSED = "closed", _("closed")


CLUSTER_MOVES = {
    ClusterStage.IDEA: {ClusterStage.SESSION, ClusterStage.PARTNERS, ClusterStage.CLOSED},
    ClusterStage.SESSION: {ClusterStage.PARTNERS, ClusterStage.IDEA, ClusterStage.CLOSED},
    ClusterStage.PARTNERS: {ClusterStage.AGREEMENT, ClusterStage.SESSION, ClusterStage.CLOSED},
    ClusterStage.AGREEMENT: {
        ClusterStage.EQUIPPING,
        ClusterStage.OPERATING,
        ClusterStage.PARTNERS,
        ClusterStage.CLOSED,
    },
    ClusterStage.EQUIPPING: {ClusterStage.OPERATING, ClusterStage.AGREEMENT, ClusterStage.CLOSED},
    ClusterStage.OPERATING: {ClusterStage.EQUIPPING, ClusterStage.CLOSED},
    ClusterStage.CLOSED: {ClusterStage.OPERATING},
}


class Part(models.TextChoices):
    """The part an organisation plays in a cluster."""

    BASE_COLLEGE = "base_college", _("base college")
    COLLEGE = "college", _("network college")
    ANCHOR_EMPLOYER = "anchor", _("anchor employer")
    EMPLOYER = "employer", _("employer")
    SCHOOL = "school", _("school")
    UNIVERSITY = "university", _("university or institute")
    AUTHORITY = "authority", _("authority")
    PARTNER = "partner", _("partner")
