"""Applications with ranked choices and documents; imports of applicants from spreadsheets."""

import secrets
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kuznitsa.admissions.enums import (
    APPLICATION_MOVES,
    IMPORT_MOVES,
    STANDING_STATES,
    ApplicationState,
    DocumentKind,
    ImportState,
)
from kuznitsa.admissions.models.offers import Campaign, TargetOffer
from kuznitsa.base.conditions import either
from kuznitsa.base.fields import StateField
from kuznitsa.base.rules import rule
from kuznitsa.base.uploads import UploadTo
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.queries import standing
from kuznitsa.people.enums import ConsentPurpose
from kuznitsa.people.models import Consent, Person

if TYPE_CHECKING:
    from typing import Self


COLLEGE_ROLES = (
    Role.ADMISSIONS,
    Role.COORDINATOR,
    Role.DIRECTOR,
    Role.CURATOR,
    Role.PRACTICE_LEAD,
    Role.AUDITOR,
)
PLANT_ROLES = (Role.EMPLOYER_HR, Role.DIRECTOR, Role.COORDINATOR, Role.AUDITOR)


# What is consented to together with an application, each as a paper of its own.
PURPOSES = (ConsentPurpose.PROCESSING, ConsentPurpose.EMPLOYER, ConsentPurpose.TARGET_CONTRACT)


def consented(person: str) -> Q:
    """Say of rows whose field `person` leads to an applicant: no consent that applying needs is withdrawn."""
    return ~Q(Exists(Consent.objects.lacking().filter(person=OuterRef(person), purpose__in=PURPOSES)))


class ApplicantImportQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        offices = standing(user).organisations(Role.ADMISSIONS, Role.COORDINATOR, Role.AUDITOR)
        return self.filter(campaign__college__in=offices)


class ApplicantImport(models.Model):
    """A spreadsheet of applicants: uploaded, its errors and differences shown, confirmed, undoable.

    `rows` holds what was read, `errors` what could not be, `undo` what to put back when it is undone.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="imports", verbose_name=_("campaign"))
    file = models.FileField(_("file"), upload_to=UploadTo("imports"))
    file_name = models.CharField(_("name of the file"), max_length=200)
    rows = models.JSONField(_("rows"), default=list, encoder=DjangoJSONEncoder)
    errors = models.JSONField(_("errors"), default=list, encoder=DjangoJSONEncoder)
    undo = models.JSONField(_("what to put back"), default=list, encoder=DjangoJSONEncoder)
    state = StateField(ImportState, moves=IMPORT_MOVES, verbose_name=_("state"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="imports",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))

    objects = ApplicantImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of applicants")
        verbose_name_plural = _("imports of applicants")

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("admissions:import", args=[self.pk])


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """Those who see an application as a whole; plants see who named them once that is submitted."""
        if not user.is_authenticated:
            return self.none()
        plants = standing(user).organisations(*PLANT_ROLES)
        named = Choice.objects.filter(offer__employer__in=plants)
        at_plants = Application.objects.standing().filter(consented("person"), pk__in=named.values("application"))
        return self.filter(pk__in=either(*_whole(user), at_plants))

    def seen_whole_by(self, user: Any) -> "Self":
        """The applicant and guardian, the college of the campaign, the school its pupils: they see every wish."""
        return self.filter(pk__in=either(*_whole(user))) if user.is_authenticated else self.none()

    def standing(self) -> "Self":
        """Applications that take part in the selection."""
        return self.filter(state__in=STANDING_STATES)

    def in_time(self) -> "Self":
        """Those that take part from the beginning."""
        return self.standing().filter(late_reason="")

    def consented(self) -> "Self":
        """Those of persons who have not withdrawn a consent that applying needs."""
        return self.filter(consented("person"))

    def without_consent(self) -> "Self":
        """Those of persons who have withdrawn a consent that applying needs, and not given it anew."""
        return self.filter(person__in=Consent.objects.lacking().filter(purpose__in=PURPOSES).values("person"))


# Read aloud without mistakes: no letters that look like digits.
PSEUDONYM_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_pseudonym() -> str:
    """Return a name for public records that says nothing of the person and cannot be computed from anything."""
    return "A-" + "".join(secrets.choice(PSEUDONYM_SIGNS) for _sign in range(10))


def _whole(user: Any) -> tuple[ApplicationQuerySet, ...]:
    held = standing(user)
    # Each part by an index of the applications themselves: joined, a database would go through all of them.
    campaigns = Campaign.objects.filter(college__in=held.organisations(*COLLEGE_ROLES))
    pupils = Person.objects.filter(school__in=held.organisations(Role.CAREERS_LEAD))
    applications = Application.objects.all()
    return (
        applications.filter(person__in=Person.objects.family(user)),
        applications.filter(campaign__in=campaigns.values("pk")),
        applications.filter(person__in=pupils.values("pk")),
    )


class Application(models.Model):
    """A person applies in a campaign: offers in order of preference, marks, documents, the guardian's agreement.

    `receipt_hash` is the SHA-256 of the wishes as submitted, so that the receipt can be checked later.
    `pseudonym` is the application's name in public records: drawn at random, and told to the applicant only.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="applications", verbose_name=_("campaign")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="applications", verbose_name=_("applicant")
    )
    pseudonym = models.CharField(
        _("name in public records"), max_length=20, unique=True, default=new_pseudonym, editable=False
    )
    average_mark_hundredths = models.PositiveSmallIntegerField(_("average mark"), null=True, blank=True)
    achievement_points = models.PositiveSmallIntegerField(_("points for achievements"), default=0)
    state = StateField(ApplicationState, moves=APPLICATION_MOVES, verbose_name=_("state"))
    state_reason = models.CharField(_("why returned or rejected"), max_length=300, blank=True)
    guardian = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applications_agreed",
        verbose_name=_("guardian who agreed"),
    )
    guardian_agreed_at = models.DateTimeField(_("guardian agreed at"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    receipt_number = models.CharField(_("number of the receipt"), max_length=20, blank=True)
    receipt_hash = models.CharField(_("hash of the wishes"), max_length=64, blank=True)
    late_reason = models.CharField(_("why it came late"), max_length=300, blank=True)
    imported_by = models.ForeignKey(
        ApplicantImport,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("import"),
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "person"],
                name="admissions_application_once",
                violation_error_message=_("This person has already applied in this campaign."),
            ),
            models.CheckConstraint(
                condition=Q(average_mark_hundredths=None)
                | Q(average_mark_hundredths__gte=200, average_mark_hundredths__lte=500),
                name="admissions_application_mark_possible",
                violation_error_message=_("A mark lies between 2.00 and 5.00."),
            ),
            models.CheckConstraint(
                condition=Q(guardian=None, guardian_agreed_at=None)
                | Q(guardian__isnull=False, guardian_agreed_at__isnull=False),
                name="admissions_guardian_agreement_whole",
            ),
            models.CheckConstraint(
                condition=Q(achievement_points__lte=50),
                name="admissions_achievements_limited",
                violation_error_message=_("Achievements give 50 points at most."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.campaign}"

    def get_absolute_url(self) -> str:
        return reverse("admissions:application", args=[self.pk])

    @property
    def average_mark(self) -> Decimal | None:
        """The mark as people write it: 4.35."""
        return None if self.average_mark_hundredths is None else Decimal(self.average_mark_hundredths) / 100

    def needs_guardian(self, on: date) -> bool:
        """Whether a guardian has to agree: the applicant is under age, or their date of birth is not known."""
        age = self.person.age_on(on)
        return age is None or age < rule("adult_age", on=on).value

    @property
    def score(self) -> int | None:
        """Average mark in hundredths plus points for achievements: what applicants are ranked by."""
        if self.average_mark_hundredths is None:
            return None
        return self.average_mark_hundredths + self.achievement_points


class ChoiceQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """A plant sees that it was named, not whom else the applicant has named."""
        whole = Q(application__in=Application.objects.seen_whole_by(user))
        plants = standing(user).organisations(*PLANT_ROLES)
        at_plants = Q(offer__employer__in=plants, application__state__in=STANDING_STATES)
        return self.filter(whole | (at_plants & consented("application__person")))


class Choice(models.Model):
    """An offer on an applicant's list; rank 1 is the dearest."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="choices", verbose_name=_("application")
    )
    offer = models.ForeignKey(
        TargetOffer, on_delete=models.PROTECT, related_name="choices", verbose_name=_("target offer")
    )
    rank = models.PositiveSmallIntegerField(_("rank"))

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        constraints = [
            models.UniqueConstraint(fields=["application", "offer"], name="admissions_choice_once"),
            models.UniqueConstraint(fields=["application", "rank"], name="admissions_choice_rank_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.offer}"


class ApplicationDocumentQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """Papers of a person: the applicant, the guardian and the college; not the plants."""
        offices = standing(user).organisations(Role.ADMISSIONS, Role.AUDITOR)
        return self.filter(
            Q(application__person__in=Person.objects.family(user)) | Q(application__campaign__college__in=offices)
        )


class ApplicationDocument(models.Model):
    """A paper that belongs to an application."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="documents", verbose_name=_("application")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    file = models.FileField(
        _("file"), upload_to=UploadTo("applications"), blank=True, help_text=_("Empty: shown on paper at the college.")
    )
    added_at = models.DateTimeField(_("added at"))
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)

    objects = ApplicationDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return self.get_kind_display()
