"""Kinds and states of agreements, obligations and acts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kuznitsa.facts.enums import FactKind


class AgreementKind(models.TextChoices):
    CLUSTER = "cluster", _("agreement on a cluster")
    PARTNERSHIP = "partnership", _("agreement on educational partnership")
    SPONSORSHIP = "sponsorship", _("agreement on support")
    COOPERATION = "cooperation", _("agreement on cooperation of centres")


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SIGNING = "signing", _("being signed")
    IN_FORCE = "in_force", _("in force")
    EXPIRED = "expired", _("expired")
    TERMINATED = "terminated", _("terminated")
    WITHDRAWN = "withdrawn", _("withdrawn")


AGREEMENT_MOVES = {
    AgreementState.DRAFT: {AgreementState.SIGNING, AgreementState.WITHDRAWN},
    AgreementState.SIGNING: {AgreementState.IN_FORCE, AgreementState.DRAFT, AgreementState.WITHDRAWN},
    AgreementState.IN_FORCE: {AgreementState.EXPIRED, AgreementState.TERMINATED},
    AgreementState.EXPIRED: {AgreementState.IN_FORCE},
    AgreementState.TERMINATED: set(),
    AgreementState.WITHDRAWN: {AgreementState.DRAFT},
}


class SignatureMethod(models.TextChoices):
    IN_PRODUCT = "in_product", _("signed in the product")
    SCAN = "scan", _("scan of a paper signed elsewhere")


class ObligationKind(models.TextChoices):
    SEATS = "seats", _("target seats")
    LABORATORIES = "laboratories", _("laboratories and workshops")
    SCHOLARSHIPS = "scholarships", _("personal scholarships")
    SUPPORT = "support", _("support of students under contract")
    PRACTICE = "practice", _("practice at the plant")
    EMPLOYMENT = "employment", _("employment of graduates")
    TRAINING = "training", _("training of students")
    VISITS = "visits", _("visits to the plant")


# What is counted towards an obligation.
COUNTED = {
    ObligationKind.SEATS: FactKind.SEATS_OFFERED,
    ObligationKind.LABORATORIES: FactKind.LABORATORY_ACCEPTED,
    ObligationKind.SCHOLARSHIPS: FactKind.SCHOLARSHIP_PAID,
    ObligationKind.SUPPORT: FactKind.SUPPORT_PAID,
    ObligationKind.PRACTICE: FactKind.PRACTICE_COMPLETED,
    ObligationKind.EMPLOYMENT: FactKind.HIRED,
    ObligationKind.TRAINING: FactKind.EXAM_PASSED,
    ObligationKind.VISITS: FactKind.VISIT_HELD,
}

# Facts of these kinds follow a thread, so an obligation that names an occupation counts only the facts of its threads.
ON_THREADS = (
    ObligationKind.SEATS,
    ObligationKind.SUPPORT,
    ObligationKind.PRACTICE,
    ObligationKind.EMPLOYMENT,
    ObligationKind.TRAINING,
)

# Kinds without a process of their own in the product: their facts come from acts that the other party accepts.
BY_ACT = (ObligationKind.SCHOLARSHIPS, ObligationKind.VISITS)


class ObligationState(models.TextChoices):
    """Only what a person decides is a state; fulfilled or overdue is counted from facts."""

    ACTIVE = "active", _("active")
    WAIVED = "waived", _("waived")


OBLIGATION_MOVES = {
    ObligationState.ACTIVE: {ObligationState.WAIVED},
    ObligationState.WAIVED: {ObligationState.ACTIVE},
}


class Fulfilment(models.TextChoices):
    """How an obligation stands today, counted from facts."""

    FULFILLED = "fulfilled", _("fulfilled")
    ON_THE_WAY = "on_the_way", _("on the way")
    OVERDUE = "overdue", _("overdue")
    WAIVED = "waived", _("waived")
    NOT_IN_FORCE = "not_in_force", _("not in force yet")
    ENDED = "ended", _("ended with the agreement")


class ActState(models.TextChoices):
    SUBMITTED = "submitted", _("waits for acceptance")
    ACCEPTED = "accepted", _("accepted")
    RETURNED = "returned", _("returned")


ACT_MOVES = {
    ActState.SUBMITTED: {ActState.ACCEPTED, ActState.RETURNED},
    ActState.ACCEPTED: {ActState.RETURNED},
    ActState.RETURNED: {ActState.SUBMITTED},
}
