"""Persons, their guardians, their consents, and which organisations may see them."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kuznitsa.base.conditions import either
from kuznitsa.base.fields import SearchField
from kuznitsa.base.memo import per_request
from kuznitsa.base.uploads import UploadTo
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing
from kuznitsa.people.enums import AffiliationKind, ConsentChannel, ConsentPurpose, GuardianKind

if TYPE_CHECKING:
    from typing import Self

# Roles whose holders work with persons; the others see numbers.
ROLES_THAT_SEE_PERSONS = (
    Role.ADMINISTRATOR,
    Role.DIRECTOR,
    Role.COORDINATOR,
    Role.EMPLOYER_HR,
    Role.ADMISSIONS,
    Role.PRACTICE_LEAD,
    Role.CURATOR,
    Role.EXPERT,
    Role.CAREERS_LEAD,
    Role.AUDITOR,
)

# Roles whose holders read the papers of a person, with what stands in a passport.
ROLES_THAT_READ_PAPERS = (
    Role.ADMINISTRATOR,
    Role.COORDINATOR,
    Role.ADMISSIONS,
    Role.PRACTICE_LEAD,
    Role.CURATOR,
    Role.CAREERS_LEAD,
    Role.AUDITOR,
)


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """Oneself, one's wards, and those who have to do with one's organisations."""
        if not user.is_authenticated:
            return self.none()
        tied = Affiliation.objects.current().filter(
            organisation__in=standing(user).organisations(*ROLES_THAT_SEE_PERSONS)
        )
        return self.filter(pk__in=either(*_family(user), Person.objects.filter(pk__in=tied.values("person"))))

    def own_and_wards(self, user: Any) -> "Self":
        """The person that `user` is and the children whose confirmed guardian `user` is: for whom they decide."""
        return self.filter(pk__in=decided_by(user)) if user.is_authenticated else self.none()

    def family(self, user: Any) -> "Self":
        """`own_and_wards` and the children whom `user` has entered: whose papers they fill in."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(pk__in=either(*_family(user)))

    def by_name(self) -> "Self":
        return self.order_by("search")


@per_request
def decided_by(user: Any) -> tuple[int, ...]:
    """Return the ids of the person that `user` is and of the children whose confirmed guardian `user` is.

    Asked once a request, and most users are nobody's: what they may see is told in shorter questions.
    """
    guarded = Guardianship.objects.in_force().filter(guardian__user=user.pk)
    own = Person.objects.filter(user=user.pk)
    return tuple(own.values_list("pk", flat=True).union(guarded.values_list("child", flat=True)))


def _family(user: Any) -> tuple[PersonQuerySet, PersonQuerySet]:
    return Person.objects.filter(pk__in=decided_by(user)), Person.objects.filter(entered_by=user.pk)


# All that a list draws of a person.
NAMES = ("family_name", "given_name", "patronymic")


class Person(models.Model):
    """Somebody on the thread: a pupil, an applicant, a student, a worker, or a guardian of one.

    `entered_by` is the user who has registered a child as their own: they see what they have typed and go on with it.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("user"),
    )
    family_name = models.CharField(_("family name"), max_length=100)
    given_name = models.CharField(_("given name"), max_length=100)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    is_male = models.BooleanField(
        _("sex"),
        null=True,
        blank=True,
        choices=[(True, _("male")), (False, _("female"))],
        help_text=_("Only for the grammar of papers."),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    snils = models.CharField(_("insurance number (SNILS)"), max_length=14, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    school = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="pupils", verbose_name=_("school")
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="children_entered",
        verbose_name=_("entered by the parent"),
    )
    search = SearchField(of=("family_name", "given_name", "patronymic"))

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        indexes = [models.Index(fields=["search"])]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("people:detail", args=[self.pk])

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, (self.family_name, self.given_name, self.patronymic)))

    @property
    def short_name(self) -> str:
        """Family name with initials."""
        initials = " ".join(f"{name[0]}." for name in (self.given_name, self.patronymic) if name)
        return f"{self.family_name} {initials}".strip()

    def age_on(self, day: date) -> int | None:
        """Full years on that day; None when the date of birth is not known."""
        if self.born_on is None:
            return None
        had_birthday = (day.month, day.day) >= (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - (not had_birthday)


class GuardianshipQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        return self.filter(child__in=Person.objects.visible_to(user))

    def current(self) -> "Self":
        """On record today, confirmed or only stated: to be shown, not to be acted upon."""
        return self.filter(ended_on=None)

    def in_force(self) -> "Self":
        """Those that carry rights: current, and confirmed by an office that has seen the document."""
        return self.current().exclude(confirmed_at=None)

    def awaiting(self) -> "Self":
        """Stated by somebody, not confirmed yet."""
        return self.current().filter(confirmed_at=None)


class Guardianship(models.Model):
    """Who answers for a minor; carries rights once an office has seen the document.

    Nobody in `stated_by` or `confirmed_by`: the system did it.
    """

    child = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="guardianships", verbose_name=_("child"))
    guardian = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="wardships", verbose_name=_("guardian"))
    kind = models.CharField(_("kind"), max_length=20, choices=GuardianKind.choices, default=GuardianKind.PARENT)
    document = models.CharField(_("document"), max_length=200, blank=True)
    started_on = models.DateField(_("since"))
    ended_on = models.DateField(_("until"), null=True, blank=True)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="guardianships_stated",
        verbose_name=_("stated by"),
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="guardianships_confirmed",
        verbose_name=_("document seen by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("guardianship")
        verbose_name_plural = _("guardianships")
        constraints = [
            models.UniqueConstraint(
                fields=["child", "guardian"], condition=Q(ended_on=None), name="people_guardianship_once"
            ),
            models.CheckConstraint(condition=~Q(child=F("guardian")), name="people_guardianship_of_another"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | ~Q(document=""),
                name="people_guardianship_confirmed_by_document",
                violation_error_message=_("Say which document you have seen."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["child"], condition=Q(confirmed_at=None, ended_on=None), name="people_guardianship_awaiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.guardian} → {self.child}"


class ConsentTextQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """The texts are public."""
        return self

    def in_force(self, purpose: ConsentPurpose, day: date) -> "Self":
        """The newest version of the purpose on that day first."""
        return self.filter(purpose=purpose, valid_from__lte=day).order_by("-valid_from", "-version")


class ConsentText(models.Model):
    """A version of the text to which people consent; never edited once somebody has consented to it."""

    purpose = models.CharField(_("purpose"), max_length=20, choices=ConsentPurpose.choices)
    version = models.PositiveSmallIntegerField(_("version"))
    valid_from = models.DateField(_("valid from"))
    text_ru = models.TextField(_("text in Russian"))
    text_en = models.TextField(_("text in English"))

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of consent")
        verbose_name_plural = _("texts of consent")
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="people_consent_text_version_once")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} v{self.version}"


class ConsentQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        return self.filter(person__in=Person.objects.visible_to(user))

    def papers_visible_to(self, user: Any) -> "Self":
        """Consents whose paper the user may read: the family and the offices that keep the person, not the plants."""
        offices = standing(user).organisations(*ROLES_THAT_READ_PAPERS)
        kept = Affiliation.objects.current().filter(organisation__in=offices)
        family = Person.objects.own_and_wards(user)
        return self.filter(Q(person__in=family) | Q(person__in=kept.values("person")))

    def in_force(self) -> "Self":
        return self.filter(withdrawn_at=None)

    def lacking(self) -> "Self":
        """Withdrawn and not given anew: what the person does not want any more."""
        anew = Consent.objects.in_force().filter(person=OuterRef("person"), purpose=OuterRef("purpose"))
        return self.exclude(withdrawn_at=None).filter(~Exists(anew))


class Consent(models.Model):
    """A consent for one purpose, given by the person or by the guardian; withdrawable.

    One on paper has a `scan`, or says where the `original` lies.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents", verbose_name=_("person"))
    purpose = models.CharField(_("purpose"), max_length=20, choices=ConsentPurpose.choices)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents", verbose_name=_("text"))
    operator = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consents",
        verbose_name=_("operator"),
    )
    given_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="consents_given", verbose_name=_("given by")
    )
    channel = models.CharField(
        _("channel"), max_length=10, choices=ConsentChannel.choices, default=ConsentChannel.ONLINE
    )
    scan = models.FileField(_("scan"), upload_to=UploadTo("consents"), blank=True)
    original = models.CharField(_("where the original lies"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="consents_recorded",
        verbose_name=_("recorded by"),
    )
    given_at = models.DateTimeField(_("given at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("reason of withdrawal"), max_length=300, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"], condition=Q(withdrawn_at=None), name="people_consent_once_per_purpose"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "purpose"], condition=~Q(withdrawn_at=None), name="people_consent_withdrawn")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_purpose_display()}"


class AffiliationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        return self.filter(person__in=Person.objects.visible_to(user))

    def current(self) -> "Self":
        return self.filter(ended_on=None)


class Affiliation(models.Model):
    """Why an organisation may see a person, since when. Written by the actions that make it so."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="affiliations", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="affiliations", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=AffiliationKind.choices)
    started_on = models.DateField(_("since"))
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "kind"], condition=Q(ended_on=None), name="people_affiliation_once"
            )
        ]
        indexes = [models.Index(fields=["organisation", "ended_on", "person"])]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()} · {self.organisation}"
