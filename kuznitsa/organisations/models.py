"""Organisations, their sites and signatories; memberships and invitations; what a user stands for."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kuznitsa.accounts.models import hash_of
from kuznitsa.base.fields import SearchField
from kuznitsa.base.memo import per_request
from kuznitsa.base.uploads import UploadTo
from kuznitsa.classifiers.models import Region
from kuznitsa.organisations.enums import TEACHING, AuthorityKind, OrganisationKind, Role

if TYPE_CHECKING:
    from typing import Self


# `clusters` adds here, when it starts, for which organisations a coordinator answers; it is not known from below.
ANSWERED_FOR: list[Callable[[Any], models.QuerySet]] = []


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """The directory of organisations is public."""
        return self

    def of(self, user: Any, *roles: Role) -> "Self":
        """Organisations in which `user` is a member now (in one of `roles`, if any are named)."""
        memberships = Membership.objects.current().filter(user=user.pk)
        if roles:
            memberships = memberships.filter(role__in=roles)
        return self.filter(pk__in=memberships.values("organisation"))

    def answered_for_by(self, user: Any) -> "Self":
        """Organisations for which `user` answers as a coordinator of their cluster, or who entered them."""
        scope = Q()
        for ask in ANSWERED_FOR:
            scope |= Q(pk__in=ask(user).values("pk"))
        return self.filter(scope) if scope and standing(user).organisations(Role.COORDINATOR) else self.none()

    def employers(self) -> "Self":
        return self.filter(kind=OrganisationKind.EMPLOYER)

    def colleges(self) -> "Self":
        return self.filter(kind=OrganisationKind.COLLEGE)


# All that a list draws of an organisation.
SHORT_NAMES = ("short_name", "short_name_en")


class Organisation(models.Model):
    """A plant, college, school, university, authority or another partner."""

    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    name = models.CharField(_("full name of the organisation"), max_length=300)
    short_name = models.CharField(_("short name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=300, blank=True)
    short_name_en = models.CharField(_("short name in English"), max_length=120, blank=True)
    slug = models.SlugField(_("address on the site"), max_length=80, unique=True)
    tax_number = models.CharField(_("tax number (INN)"), max_length=12, unique=True, null=True, blank=True)
    registration_number = models.CharField(_("registration number (OGRN)"), max_length=15, blank=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="organisations", verbose_name=_("region"), null=True, blank=True
    )
    town = models.CharField(_("town"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    about = models.TextField(_("about"), blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="organisations_entered",
        verbose_name=_("entered by"),
    )
    search = SearchField(of=("short_name", "name", "name_en", "short_name_en", "tax_number", "town"))

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return (get_language() == "en" and self.short_name_en) or self.short_name

    def get_absolute_url(self) -> str:
        return reverse("organisations:detail", args=[self.slug])

    @property
    def full_name(self) -> str:
        return (get_language() == "en" and self.name_en) or self.name


class OwnedQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """What belongs to an organisation is shown to its members, and to staff of the installation."""
        return self if user.is_staff else self.filter(organisation__in=Organisation.objects.of(user))


class SiteQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """Sites are public, as addresses are."""
        return self


class Site(models.Model):
    """A place where an organisation works: a shop, a campus."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="sites", verbose_name=_("organisation")
    )
    name = models.CharField(_("name of the site"), max_length=200)
    address = models.CharField(_("address"), max_length=300, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="organisations_site_once",
                violation_error_message=_("The organisation already has a site with this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class SignatoryQuerySet(OwnedQuerySet):
    def visible_to(self, user: Any) -> "Self":
        """Members, staff, and the coordinator who answers for the organisation and confirms its signatories."""
        if user.is_staff:
            return self
        answered_for = Organisation.objects.answered_for_by(user).values("pk")
        return self.filter(
            Q(organisation__in=Organisation.objects.of(user).values("pk")) | Q(organisation__in=answered_for)
        )

    def confirmed(self) -> "Self":
        return self.exclude(confirmed_at=None)

    def in_authority_on(self, day: date) -> "Self":
        in_force = Q(authority_from__lte=day), Q(authority_until=None) | Q(authority_until__gte=day)
        return self.confirmed().filter(*in_force)


class Signatory(models.Model):
    """Who may sign for an organisation, by which paper, from when until when.

    `confirmed_at` is empty while a paper that somebody entered for themselves waits for another person to confirm it.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="signatories", verbose_name=_("organisation")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signatory_of",
        verbose_name=_("user"),
        help_text=_("Needed to sign in the product; without it only scans of papers signed elsewhere."),
    )
    full_name = models.CharField(_("full name"), max_length=200)
    post = models.CharField(_("post"), max_length=200)
    authority_kind = models.CharField(_("paper of authority"), max_length=20, choices=AuthorityKind.choices)
    authority_number = models.CharField(_("number of the paper"), max_length=60, blank=True)
    authority_from = models.DateField(_("valid from"))
    authority_until = models.DateField(_("valid until"), null=True, blank=True)
    scan = models.FileField(_("scan"), upload_to=UploadTo("signatories"), blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="signatories_confirmed",
        verbose_name=_("confirmed by"),
    )

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")
        constraints = [
            models.CheckConstraint(
                condition=Q(authority_until=None) | Q(authority_until__gte=F("authority_from")),
                name="organisations_signatory_dates_in_order",
                violation_error_message=_("The paper ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(authority_kind=AuthorityKind.CHARTER) | ~Q(authority_number=""),
                name="organisations_signatory_paper_numbered",
                violation_error_message=_("A power of attorney or an order needs its number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.post}"

    def is_in_authority_on(self, day: date) -> bool:
        is_in_force = self.authority_from <= day and (self.authority_until is None or day <= self.authority_until)
        return is_in_force and self.confirmed_at is not None


class MembershipQuerySet(OwnedQuerySet):
    def current(self) -> "Self":
        return self.filter(ended_at=None)


class Membership(models.Model):
    """A user holds a role in an organisation, since when and until when."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("organisation")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    started_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user", "role"],
                condition=Q(ended_at=None),
                name="organisations_membership_once",
                violation_error_message=_("This person already has this role here."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.organisation}"


class InvitationQuerySet(OwnedQuerySet):
    def waiting(self) -> "Self":
        return self.filter(accepted_at=None, withdrawn_at=None)

    def with_secret(self, secret: str) -> "Self":
        return self.filter(secret_hash=hash_of(secret))


class Invitation(models.Model):
    """A letter that invites an address into an organisation with a role. Only the hash of its secret is kept."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("organisation")
    )
    email = models.EmailField(_("e-mail"))
    full_name = models.CharField(_("full name"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    secret_hash = models.CharField(_("hash of the secret"), max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="invitations_sent",
        verbose_name=_("invited by"),
    )
    invited_at = models.DateTimeField(_("invited at"))
    expires_at = models.DateTimeField(_("expires at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.email} · {self.get_role_display()}"


@dataclass(frozen=True)
class Standing:
    """The current roles of a user, read once; asked by every `visible_to` and `why_not_…`."""

    roles: Mapping[int, frozenset[Role]]
    overseen_regions: frozenset[int]
    oversees_all: bool
    kinds: Mapping[int, str]

    def organisations(self, *roles: Role) -> set[int]:
        """Ids of organisations in which the user holds one of `roles` (any role when none is named)."""
        return {pk for pk, held in self.roles.items() if not roles or held.intersection(roles)}

    def employers(self, *roles: Role) -> set[int]:
        """The same of enterprises only: a director or coordinator holds the same role in organisations of any kind."""
        return {pk for pk in self.organisations(*roles) if self.kinds[pk] == OrganisationKind.EMPLOYER}

    def colleges(self, *roles: Role) -> set[int]:
        """The same of those who teach only: colleges and universities."""
        return {pk for pk in self.organisations(*roles) if self.kinds[pk] in TEACHING}

    def holds(self, organisation_id: int | None, *roles: Role) -> bool:
        """Whether the user holds one of `roles` (any role when none is named) in that organisation."""
        held = self.roles.get(organisation_id or 0, frozenset())
        return bool(held.intersection(roles) if roles else held)


NOBODY = Standing(roles={}, overseen_regions=frozenset(), oversees_all=False, kinds={})


@per_request
def standing(user: Any) -> Standing:
    """Return the standing of `user`; a visitor stands for nobody. One query a request."""
    if not user.is_authenticated:
        return NOBODY
    roles: dict[int, set[Role]] = defaultdict(set)
    regions = set()
    everything = user.is_staff
    rows = Membership.objects.current().filter(user=user.pk)
    kinds = {}
    of_organisation = ("organisation__region", "organisation__kind")
    for organisation, role, region, kind in rows.values_list("organisation", "role", *of_organisation):
        roles[organisation].add(Role(role))
        kinds[organisation] = kind
        if role == Role.REGIONAL_COORDINATOR and region:
            regions.add(region)
        if role == Role.FEDERAL_OPERATOR:
            everything = True
    return Standing(
        roles={pk: frozenset(held) for pk, held in roles.items()},
        overseen_regions=frozenset(regions),
        oversees_all=everything,
        kinds=kinds,
    )
