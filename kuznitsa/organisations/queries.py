"""Reads: what a user stands for, who signs, whom to write to, what waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kuznitsa.accounts.models import User
from kuznitsa.base.duties import Duty
from kuznitsa.base.memo import per_request
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import NOBODY, Invitation, Membership, Organisation, Signatory, Standing, standing
from kuznitsa.organisations.permissions import KEEPERS, OVERSEERS, why_not_sign_for

__all__ = [
    "NOBODY",
    "Standing",
    "duties",
    "free_slug",
    "holders",
    "invitations_without_answer",
    "is_inside",
    "named_signatory_of",
    "organisations_of",
    "people_of",
    "signatories_on",
    "signatory_for",
    "standing",
    "unkept",
]

PAPER_WARNING = timedelta(days=30)
INVITATION_WARNING = timedelta(days=3)
# One Latin text a letter, in the order of the alphabet; the signs are left out.
CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщыэюя"
LATIN = "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch y e iu ia"
TO_LATIN = {**dict(zip(CYRILLIC, LATIN.split(), strict=True)), "ъ": "", "ь": ""}


def organisations_of(user: Any) -> list[Organisation]:
    """Return the organisations of `user`, by name."""
    return list(Organisation.objects.filter(pk__in=standing(user).organisations()).order_by("short_name"))


def is_inside(user: Any, organisation: Organisation) -> bool:
    """Whether `user` reads who signs for the organisation: a member, staff, the coordinator who answers for it."""
    if user.is_staff or standing(user).holds(organisation.pk):
        return True
    return Organisation.objects.answered_for_by(user).filter(pk=organisation.pk).exists()


def signatory_for(user: Any, organisation: Organisation, day: date) -> Signatory | None:
    """Return the paper by which `user` may sign for `organisation` on `day`; None when there is none.

    `permissions.why_not_sign_for` says why there is none.
    """
    if why_not_sign_for(user, organisation, day):
        return None
    return organisation.signatories.in_authority_on(day).filter(user=user).order_by("-authority_from").first()


@per_request
def named_signatory_of(user: Any) -> tuple[int, ...]:
    """Return the ids of the organisations where `user` is or was named a signatory: they read what they sign."""
    if not user.is_authenticated:
        return ()
    return tuple(Signatory.objects.filter(user=user.pk).values_list("organisation", flat=True).distinct())


@per_request
def signed_for(user: Any, day: date) -> tuple[int, ...]:
    """Return the ids of the organisations for which `user` may sign on `day`. Most users sign nothing."""
    papers = Signatory.objects.in_authority_on(day).filter(user=user.pk)
    return tuple(papers.values_list("organisation", flat=True))


def signatories_on(organisation: Organisation, day: date) -> QuerySet[Signatory]:
    """Return who may sign for `organisation` on `day`, on paper too, by name."""
    return organisation.signatories.in_authority_on(day).order_by("full_name")


def holders(organisations: Iterable[int], *roles: Role) -> QuerySet[User]:
    """Return the users who hold one of `roles` (any role when none is named) in organisations with these ids."""
    memberships = Membership.objects.current().filter(organisation__in=organisations)
    if roles:
        memberships = memberships.filter(role__in=roles)
    return User.objects.filter(pk__in=memberships.values("user"), is_active=True).order_by("pk")


def free_slug(taken: QuerySet[Any], *names: str) -> str:
    """Return an address for the first of `names` that is not empty, in Latin letters, that nobody in `taken` has."""
    name = next(filter(None, names), "")
    latin = "".join(TO_LATIN.get(letter, letter) for letter in name.lower())
    slug = slugify(latin)[:70].strip("-") or "x"
    known = set(taken.filter(slug__startswith=slug).values_list("slug", flat=True))
    numbered = (f"{slug}-{number}" for number in range(2, len(known) + 3))
    return next(text for text in (slug, *numbered) if text not in known)


def duties(user: Any, today: date) -> list[Duty]:
    """What waits for `user` here: invitations to accept and invitations nobody has answered, organisations that
    nobody keeps, papers of authority to confirm, and those that end.
    """
    if not user.is_authenticated:
        return []
    return [
        *_invitations_for(user, today),
        *_invitations_to_repeat(user, today),
        *_organisations_to_hand_over(user),
        *_papers_to_confirm(user),
        *_papers_that_end(user, today),
    ]


def _invitations_for(user: Any, today: date) -> list[Duty]:
    waiting = Invitation.objects.waiting().filter(email__iexact=user.email, expires_at__date__gte=today)
    return [
        Duty(
            title=_("Accept an invitation: open the link in the letter"),
            about=str(invitation.get_role_display()),
            url=invitation.organisation.get_absolute_url(),
            organisation=str(invitation.organisation),
            due_on=timezone.localdate(invitation.expires_at),
        )
        for invitation in waiting.select_related("organisation")
    ]


def _invitations_to_repeat(user: Any, today: date) -> list[Duty]:
    """Of the organisations that `user` keeps: invitations that run out, or have, without an answer."""
    mine = standing(user).organisations(*KEEPERS)
    if not mine:
        return []
    waiting = Invitation.objects.waiting().filter(
        organisation__in=mine, expires_at__date__lte=today + INVITATION_WARNING
    )
    return [
        Duty(
            title=_("Remind of the invitation, or send it again"),
            about=f"{invitation.full_name or invitation.email} · {invitation.get_role_display()}",
            url=reverse("organisations:people", args=[invitation.organisation.slug]),
            organisation=str(invitation.organisation),
            due_on=timezone.localdate(invitation.expires_at),
        )
        for invitation in waiting.select_related("organisation")
    ]


def unkept() -> QuerySet[Organisation]:
    """Return the organisations that have neither an administrator nor a director, by name."""
    keepers = Membership.objects.current().filter(role__in=KEEPERS)
    return Organisation.objects.exclude(pk__in=keepers.values("organisation")).order_by("search")


def invitations_without_answer(today: date) -> QuerySet[Invitation]:
    """Return the invitations that ran out before `today` and that nobody has answered, withdrawn or sent again."""
    return Invitation.objects.waiting().filter(expires_at__date__lt=today).select_related("organisation")


def _organisations_to_hand_over(user: Any) -> list[Duty]:
    """A coordinator may bring a keeper in as long as there is none; once invited, the invitation waits."""
    mine = standing(user).organisations(Role.COORDINATOR)
    if not mine:
        return []
    invited = Invitation.objects.waiting().filter(role__in=KEEPERS)
    found = unkept().filter(pk__in=mine).exclude(pk__in=invited.values("organisation"))
    return [
        Duty(
            title=_("Invite a director or an administrator: nobody keeps the organisation"),
            about=organisation.full_name,
            url=reverse("organisations:people", args=[organisation.slug]),
            organisation=str(organisation),
        )
        for organisation in found.exclude(kind__in=OVERSEERS).order_by()
    ]


def _papers_to_confirm(user: Any) -> list[Duty]:
    """Return what somebody entered for themselves, for the other keepers and the coordinator who answers for it."""
    # Few papers wait for a confirmation; whom it concerns is a long question.
    if not Signatory.objects.filter(confirmed_at=None).exclude(user=user.pk).exists():
        return []
    kept = Q(organisation__in=standing(user).organisations(*KEEPERS))
    answered_for = Q(organisation__in=Organisation.objects.answered_for_by(user).values("pk"))
    waiting = Signatory.objects.filter(kept | answered_for, confirmed_at=None).exclude(user=user.pk)
    return [
        Duty(
            title=_("Confirm a signatory's paper of authority"),
            about=signatory.full_name,
            url=signatory.organisation.get_absolute_url(),
            organisation=str(signatory.organisation),
        )
        for signatory in waiting.select_related("organisation")
    ]


def _papers_that_end(user: Any, today: date) -> list[Duty]:
    """One row an organisation and signatory: the latest paper counts, so a renewed one ends the duty."""
    mine = standing(user).organisations(*KEEPERS)
    if not mine:
        return []
    latest = (
        Signatory.objects.filter(organisation__in=mine)
        .values("organisation", "full_name")
        .annotate(ends=Max("authority_until"), endless=Max("pk", filter=Q(authority_until=None)))
        .filter(endless=None, ends__gte=today, ends__lte=today + PAPER_WARNING)
        .order_by("ends")
    )
    rows = list(latest)
    organisations = Organisation.objects.in_bulk({row["organisation"] for row in rows})
    return [
        Duty(
            title=_("Renew a signatory's paper of authority"),
            about=row["full_name"],
            url=organisations[row["organisation"]].get_absolute_url(),
            organisation=str(organisations[row["organisation"]]),
            due_on=row["ends"],
        )
        for row in rows
    ]


@dataclass(frozen=True)
class People:
    """Who has to do with an organisation: by person, the roles they hold; roles that ended; invitations."""

    members: list[Membership]
    former: list[Membership]
    invitations: list[Invitation]


def people_of(organisation: Organisation) -> People:
    """Return members by name, the roles that ended last, and the invitations that wait. Three queries."""
    memberships = organisation.memberships.select_related("user")
    return People(
        members=list(memberships.current().order_by("user__search", "started_at")),
        former=list(memberships.exclude(ended_at=None).order_by("-ended_at")[:20]),
        invitations=list(organisation.invitations.waiting().order_by("-invited_at")),
    )
