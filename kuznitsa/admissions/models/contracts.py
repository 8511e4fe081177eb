"""Target contracts: parties, support ledger, suspensions."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kuznitsa.admissions.enums import CONTRACT_MOVES, ContractRole, ContractState, SuspensionReason, TerminationReason
from kuznitsa.admissions.models.offers import SupportMeasure, TargetOffer
from kuznitsa.admissions.models.runs import Seat
from kuznitsa.agreements.enums import SignatureMethod
from kuznitsa.base.conditions import either
from kuznitsa.base.fields import SearchField, StateField
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Organisation, Signatory
from kuznitsa.organisations.queries import named_signatory_of, standing
from kuznitsa.people.models import Person, decided_by
from kuznitsa.programmes.models import Enrolment

if TYPE_CHECKING:
    from typing import Self

ROLES_THAT_SEE_CONTRACTS = (
    Role.DIRECTOR,
    Role.COORDINATOR,
    Role.EMPLOYER_HR,
    Role.ADMISSIONS,
    Role.CURATOR,
    Role.PRACTICE_LEAD,
    Role.AUDITOR,
)


class TargetContractQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """The student and guardian, the organisations that are parties, and those who may sign for them."""
        if not user.is_authenticated:
            return self.none()
        mine = standing(user).organisations(*ROLES_THAT_SEE_CONTRACTS)
        parties = ContractParty.objects.filter(organisation__in=mine.union(named_signatory_of(user)))
        contracts = TargetContract.objects.all()
        return self.filter(
            pk__in=either(
                contracts.filter(person__in=decided_by(user)), contracts.filter(pk__in=parties.values("contract"))
            )
        )

    def in_force(self) -> "Self":
        return self.filter(state__in=[ContractState.ACTIVE, ContractState.SUSPENDED])

    def live(self) -> "Self":
        """Contracts that take up a seat: in force or being signed."""
        return self.filter(state__in=[ContractState.SIGNING, ContractState.ACTIVE, ContractState.SUSPENDED])


class TargetContract(models.Model):
    """A student studies for a plant: terms frozen from the offer at the moment the contract is drawn up.

    `regulation` names the rules in force on its date; they keep governing it.
    """

    number = models.CharField(_("number"), max_length=60, unique=True)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="target_contracts", verbose_name=_("student")
    )
    offer = models.ForeignKey(
        TargetOffer, on_delete=models.PROTECT, related_name="contracts", verbose_name=_("target offer")
    )
    seat = models.OneToOneField(
        Seat, on_delete=models.PROTECT, null=True, blank=True, related_name="contract", verbose_name=_("seat")
    )
    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="target_contracts",
        verbose_name=_("enrolment"),
    )
    drawn_up_on = models.DateField(_("drawn up on"))
    regulation = models.CharField(_("rules in force"), max_length=60)
    terms = models.JSONField(_("terms"), default=dict, encoder=DjangoJSONEncoder)
    terms_hash = models.CharField(_("hash of the terms"), max_length=64, db_index=True)
    service_months = models.PositiveSmallIntegerField(_("months to work"))
    state = StateField(ContractState, moves=CONTRACT_MOVES, verbose_name=_("state"))
    signed_on = models.DateField(_("in force since"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    termination_reason = models.CharField(
        _("why it ended early"), max_length=20, choices=TerminationReason.choices, blank=True
    )
    ending_note = models.CharField(_("note on the ending"), max_length=300, blank=True)
    search = SearchField(of=("number", "person", "offer"))

    objects = TargetContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("target contract")
        verbose_name_plural = _("target contracts")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=[ContractState.SIGNING, ContractState.ACTIVE, ContractState.SUSPENDED]),
                name="admissions_one_contract_a_person",
                violation_error_message=_("This person already has a target contract."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ContractState.TERMINATED) | ~Q(termination_reason="") & Q(ended_on__isnull=False),
                name="admissions_termination_has_reason",
                violation_error_message=_("Say when and why the contract ended."),
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number} · {self.person}"

    def get_absolute_url(self) -> str:
        return reverse("admissions:contract", args=[self.pk])


class OfContractQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        return self.filter(contract__in=TargetContract.objects.visible_to(user))


class ContractPartyQuerySet(OfContractQuerySet):
    def unsigned(self) -> "Self":
        return self.filter(signed_at=None)


class ContractParty(models.Model):
    """Who signs a contract, and how they did."""

    contract = models.ForeignKey(
        TargetContract, on_delete=models.CASCADE, related_name="parties", verbose_name=_("contract")
    )
    role = models.CharField(_("role"), max_length=20, choices=ContractRole.choices)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contract_parties",
        verbose_name=_("organisation"),
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contract_parties",
        verbose_name=_("person"),
    )
    signatory = models.ForeignKey(
        Signatory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contract_signatures",
        verbose_name=_("signatory"),
    )
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contract_signatures",
        verbose_name=_("recorded by"),
    )
    method = models.CharField(_("how"), max_length=20, choices=SignatureMethod.choices, blank=True)
    scan = models.FileField(_("scan"), upload_to="contracts/", blank=True)

    objects = ContractPartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.UniqueConstraint(fields=["contract", "role"], name="admissions_party_once_per_role"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, person=None) | Q(organisation=None, person__isnull=False),
                name="admissions_party_is_somebody",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None, method="") | Q(signed_at__isnull=False) & ~Q(method=""),
                name="admissions_party_signature_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation or self.person)

    @property
    def contract_is_open(self) -> bool:
        return self.contract.state == ContractState.SIGNING


class SupportPayment(models.Model):
    """A payment of the plant to the student, with its paper: the support ledger of the contract."""

    contract = models.ForeignKey(
        TargetContract, on_delete=models.PROTECT, related_name="payments", verbose_name=_("contract")
    )
    measure = models.ForeignKey(
        SupportMeasure,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name=_("support measure"),
    )
    paid_on = models.DateField(_("paid on"))
    amount_kopecks = models.PositiveBigIntegerField(_("amount"))
    document = models.CharField(_("paper"), max_length=200)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancellation_reason = models.CharField(_("why cancelled"), max_length=300, blank=True)

    objects = OfContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("support payment")
        verbose_name_plural = _("support payments")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_kopecks__gt=0),
                name="admissions_payment_not_empty",
                violation_error_message=_("A payment is greater than zero."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | ~Q(cancellation_reason=""),
                name="admissions_payment_cancelled_with_reason",
                violation_error_message=_("Say why the payment is cancelled."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paid_on:%d.%m.%Y} · {self.document}"

    def get_absolute_url(self) -> str:
        return reverse("admissions:contract", args=[self.contract_id])


class Suspension(models.Model):
    """The clock of the contract stands still for a reason, from the day the plant was told."""

    contract = models.ForeignKey(
        TargetContract, on_delete=models.CASCADE, related_name="suspensions", verbose_name=_("contract")
    )
    reason = models.CharField(_("reason"), max_length=20, choices=SuspensionReason.choices)
    starts_on = models.DateField(_("since"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    document = models.CharField(_("paper"), max_length=200, blank=True)

    objects = OfContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        constraints = [
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(ends_on=None),
                name="admissions_one_open_suspension",
                violation_error_message=_("The contract is suspended already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="admissions_suspension_dates_in_order",
                violation_error_message=_("The suspension ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} · {self.starts_on:%d.%m.%Y}"
