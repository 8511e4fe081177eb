"""Kinds of organisations, and roles as declared data."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    EMPLOYER = "employer", _("enterprise")
    COLLEGE = "college", _("college")
    SCHOOL = "school", _("school")
    UNIVERSITY = "university", _("university or institute")
    AUTHORITY = "authority", _("authority")
    NETWORK = "network", _("federal operator")
    ASSOCIATION = "association", _("association or fund")


class AuthorityKind(models.TextChoices):
    """The paper that lets a signatory sign."""

    CHARTER = "charter", _("charter")
    POWER_OF_ATTORNEY = "power", _("power of attorney")
    ORDER = "order", _("order")


class Role(models.TextChoices):
    """What a member does for an organisation. Students and guardians are persons, not members."""

    ADMINISTRATOR = "administrator", _("administrator of the organisation")
    DIRECTOR = "director", _("director")
    COORDINATOR = "coordinator", _("cluster coordinator")
    EMPLOYER_HR = "employer_hr", _("employer's HR")
    MENTOR = "mentor", _("mentor")
    ADMISSIONS = "admissions", _("admissions office")
    PRACTICE_LEAD = "practice_lead", _("practice lead")
    CURATOR = "curator", _("group curator")
    EXPERT = "expert", _("exam expert")
    CAREERS_LEAD = "careers_lead", _("school careers lead")
    REGIONAL_COORDINATOR = "regional_coord", _("regional coordinator")
    FEDERAL_OPERATOR = "federal_operator", _("federal operator")
    AUDITOR = "auditor", _("auditor (reads only)")


@dataclass(frozen=True)
class RoleCard:
    """What a person who is given the role reads about it, and where the role exists."""

    description: str | Promise
    kinds: frozenset[OrganisationKind]


_ALL = frozenset(OrganisationKind)
TEACHING = frozenset({OrganisationKind.COLLEGE, OrganisationKind.UNIVERSITY})
_RUNNING = TEACHING | {OrganisationKind.EMPLOYER, OrganisationKind.AUTHORITY, OrganisationKind.ASSOCIATION}

ROLE_CARDS: dict[Role, RoleCard] = {
    Role.ADMINISTRATOR: RoleCard(
        _("Invites people into the organisation, gives and ends roles, keeps its details, sites and signatories."), _ALL
    ),
    Role.DIRECTOR: RoleCard(
        _("Sees everything of the organisation and signs for it where a paper of authority is on record."), _ALL
    ),
    Role.COORDINATOR: RoleCard(
        _("Runs the clusters of the organisation: partners, agreements, campaigns, the thread and the balance."),
        _RUNNING,
    ),
    Role.EMPLOYER_HR: RoleCard(
        _("States the plant's needs, makes target offers, follows contracts, support, practice and hires."),
        frozenset({OrganisationKind.EMPLOYER}),
    ),
    Role.MENTOR: RoleCard(
        _("Meets trainees at the plant, confirms that practice has started and was completed, gives a mark."),
        frozenset({OrganisationKind.EMPLOYER}),
    ),
    Role.ADMISSIONS: RoleCard(
        _("Runs admission campaigns: checks applications, imports applicants, runs and publishes allocations."),
        TEACHING,
    ),
    Role.PRACTICE_LEAD: RoleCard(_("Places students with mentors at the plants and follows their practice."), TEACHING),
    Role.CURATOR: RoleCard(_("Keeps a group: its students, their contracts, practice and exams."), TEACHING),
    Role.EXPERT: RoleCard(_("Records the results of demonstration exams."), TEACHING | {OrganisationKind.EMPLOYER}),
    Role.CAREERS_LEAD: RoleCard(
        _("Helps the pupils of the school to apply and sees how their applications went."),
        frozenset({OrganisationKind.SCHOOL}),
    ),
    Role.REGIONAL_COORDINATOR: RoleCard(
        _("Sees clusters, promises and numbers of the region, without personal data."),
        frozenset({OrganisationKind.AUTHORITY}),
    ),
    Role.FEDERAL_OPERATOR: RoleCard(
        _("Sees clusters, promises and numbers of all regions, without personal data."),
        frozenset({OrganisationKind.NETWORK}),
    ),
    Role.AUDITOR: RoleCard(_("Reads everything of the organisation and changes nothing."), _ALL),
}
