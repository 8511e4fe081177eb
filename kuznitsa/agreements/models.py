"""Agreements, parties, signatures, obligations, acts."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kuznitsa.agreements.enums import (
    ACT_MOVES,
    AGREEMENT_MOVES,
    COUNTED,
    OBLIGATION_MOVES,
    ActState,
    AgreementKind,
    AgreementState,
    ObligationKind,
    ObligationState,
    SignatureMethod,
)
from kuznitsa.base.fields import SearchField, StateField
from kuznitsa.base.uploads import UploadTo
from kuznitsa.classifiers.models import Occupation
from kuznitsa.clusters.models import Cluster
from kuznitsa.facts.enums import FACT_CARDS, FactKind, Unit
from kuznitsa.facts.models import Thread
from kuznitsa.organisations.models import Organisation, Signatory
from kuznitsa.organisations.queries import named_signatory_of, standing

if TYPE_CHECKING:
    from typing import Self


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: Any) -> "Self":
        """Parties and their signatories see theirs; their cluster and overseers see what has been in force."""
        if not user.is_authenticated:
            return self.none()
        held = standing(user)
        been_in_force = Q(state__in=[AgreementState.IN_FORCE, AgreementState.EXPIRED, AgreementState.TERMINATED])
        parties = Party.objects.filter(organisation__in=held.organisations().union(named_signatory_of(user)))
        own = Q(pk__in=parties.values("agreement")) | Q(created_by=user.pk)
        if held.oversees_all:
            return self.filter(own | been_in_force)
        return self.filter(own | (been_in_force & Q(cluster__in=Cluster.objects.of(user))))

    def in_force(self) -> "Self":
        return self.filter(state=AgreementState.IN_FORCE)

    def locked(self, pk: int) -> "Agreement":
        """Return the agreement read anew, locked until the transaction ends: one changes or signs at a time."""
        agreement: Agreement = self.select_for_update(of=("self",)).select_related("cluster").get(pk=pk)
        return agreement

    def ended_by(self, day: date) -> "Self":
        """Agreements in force whose last day lies before `day`."""
        return self.in_force().filter(ends_on__lt=day)


class Agreement(models.Model):
    """What parties promise each other, for how long."""

    number = models.CharField(_("number"), max_length=60)
    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=AgreementKind.choices, default=AgreementKind.PARTNERSHIP)
    cluster = models.ForeignKey(
        Cluster, on_delete=models.PROTECT, null=True, blank=True, related_name="agreements", verbose_name=_("cluster")
    )
    subject = models.TextField(_("subject"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    state = StateField(AgreementState, moves=AGREEMENT_MOVES, verbose_name=_("state"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="agreements_created",
        verbose_name=_("drawn up by"),
    )
    in_force_on = models.DateField(_("in force since"), null=True, blank=True)
    return_reason = models.CharField(_("why it was returned to draft"), max_length=300, blank=True)
    text_hash = models.CharField(_("hash of the text to be signed"), max_length=64, blank=True)
    ending_reason = models.CharField(_("reason of the ending"), max_length=300, blank=True)
    search = SearchField(of=("number", "title"))

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="agreements_dates_in_order",
                violation_error_message=_("The agreement ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} № {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("agreements:detail", args=[self.pk])


class PartyQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        return self.filter(agreement__in=Agreement.objects.visible_to(user))

    def unsigned(self) -> "Self":
        return self.filter(signed_at=None)


class Party(models.Model):
    """An organisation in an agreement, and how it signed.

    `signatory`, `signed_*` and `text_hash` are empty until it has; an edit of the agreement clears them.
    """

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="parties", verbose_name=_("agreement")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreement_parties", verbose_name=_("organisation")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    signatory = models.ForeignKey(
        Signatory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signatures",
        verbose_name=_("signatory"),
    )
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreement_signatures",
        verbose_name=_("recorded by"),
    )
    method = models.CharField(_("how"), max_length=20, choices=SignatureMethod.choices, blank=True)
    scan = models.FileField(_("scan"), upload_to=UploadTo("agreements"), max_length=200, blank=True)
    text_hash = models.CharField(_("hash of the signed text"), max_length=64, blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"],
                name="agreements_party_once",
                violation_error_message=_("This organisation is already a party."),
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None, method="", signatory=None)
                | Q(signed_at__isnull=False, signatory__isnull=False) & ~Q(method=""),
                name="agreements_party_signature_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class ObligationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        return self.filter(agreement__in=Agreement.objects.visible_to(user))

    def active(self) -> "Self":
        """Obligations that bind now."""
        return self.filter(state=ObligationState.ACTIVE, agreement__state=AgreementState.IN_FORCE)

    def binding(self) -> "Self":
        """Obligations that bind or have bound until the agreement expired; waived ones do not count."""
        return self.filter(
            state=ObligationState.ACTIVE,
            agreement__state__in=[AgreementState.IN_FORCE, AgreementState.EXPIRED],
        )


class Obligation(models.Model):
    """Who owes what to whom, how much, by when. What is fulfilled is counted from facts."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="obligations", verbose_name=_("agreement")
    )
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="obligations", verbose_name=_("who owes")
    )
    beneficiary = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="obligations_received", verbose_name=_("to whom")
    )
    kind = models.CharField(_("what"), max_length=20, choices=ObligationKind.choices)
    text = models.CharField(_("in the words of the agreement"), max_length=500, blank=True)
    quantity = models.PositiveBigIntegerField(_("how much"), help_text=_("Money in roubles, the rest in pieces."))
    due_on = models.DateField(_("by when"))
    occupation = models.ForeignKey(
        Occupation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="obligations",
        verbose_name=_("occupation"),
    )
    thread = models.ForeignKey(
        Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="obligations", verbose_name=_("thread")
    )
    state = StateField(ObligationState, moves=OBLIGATION_MOVES, verbose_name=_("state"))
    waiver_reason = models.CharField(_("why it was waived"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="agreements_obligation_not_empty",
                violation_error_message=_("An obligation is for more than nothing."),
            ),
            models.CheckConstraint(
                condition=~Q(owner=F("beneficiary")),
                name="agreements_obligation_between_two",
                violation_error_message=_("Nobody owes something to themselves."),
            ),
            models.CheckConstraint(
                condition=Q(state=ObligationState.ACTIVE) | ~Q(waiver_reason=""),
                name="agreements_waiver_has_reason",
                violation_error_message=_("Say why the obligation is waived."),
            ),
        ]

    def __str__(self) -> str:
        return self.text or f"{self.get_kind_display()}: {self.quantity}"

    def get_absolute_url(self) -> str:
        return reverse("agreements:obligation", args=[self.pk])

    @property
    def fact_kind(self) -> FactKind:
        """The kind of fact that is counted towards it."""
        return COUNTED[ObligationKind(self.kind)]

    @property
    def unit(self) -> Unit:
        return FACT_CARDS[self.fact_kind].unit


class ActQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        return self.filter(obligation__in=Obligation.objects.visible_to(user))

    def waiting(self) -> "Self":
        return self.filter(state=ActState.SUBMITTED)


class Act(models.Model):
    """A paper that something owed was done; becomes a fact when the other party accepts it."""

    obligation = models.ForeignKey(
        Obligation, on_delete=models.CASCADE, related_name="acts", verbose_name=_("obligation")
    )
    on = models.DateField(_("done on"))
    quantity = models.PositiveBigIntegerField(_("how much"), help_text=_("Money in roubles, the rest in pieces."))
    description = models.CharField(_("what was done"), max_length=500)
    scan = models.FileField(_("paper"), upload_to=UploadTo("acts"), max_length=200, blank=True)
    state = StateField(ActState, moves=ACT_MOVES, verbose_name=_("state"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="acts_submitted",
        verbose_name=_("submitted by"),
    )
    submitted_at = models.DateTimeField(_("submitted at"))
    return_reason = models.CharField(_("why it was returned"), max_length=300, blank=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="agreements_act_not_empty",
                violation_error_message=_("An act is about more than nothing."),
            )
        ]

    def __str__(self) -> str:
        return self.description

    def get_absolute_url(self) -> str:
        return reverse("agreements:obligation", args=[self.obligation_id])
