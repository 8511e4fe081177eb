"""Who may begin an application, for whom, and how a newcomer gets that far."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.urls import Resolver404, resolve, reverse

from kuznitsa.admissions.models import Application, Campaign
from kuznitsa.admissions.permissions import applications as may
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing
from kuznitsa.people.enums import AffiliationKind
from kuznitsa.people.models import Affiliation, Person

# For whom one begins an application, as the address of the page says it.
ME, CHILD, PUPIL, NEW_PUPIL, APPLICANT, KNOWN = "me", "child", "pupil", "new-pupil", "applicant", "known"


@dataclass(frozen=True)
class Known:
    """Oneself or a ward, and the application that they have in the campaign, if there is one."""

    person: Person
    application: Application | None

    @property
    def values(self) -> dict[str, Any]:
        """What the button sends along."""
        return {"person": self.person.pk}


@dataclass(frozen=True)
class WayIn:
    """The applicant or a guardian, where a link would go, and why none can be sent."""

    person: Person
    address: str
    has_account: bool
    why_not: str

    @property
    def values(self) -> dict[str, Any]:
        """What the button sends along."""
        return {"person": self.person.pk}


def for_whom(user: Any, campaign: Campaign) -> list[str]:
    """Return for whom the user may begin an application there, besides the persons of `known_persons`."""
    found = [APPLICANT] if not may.why_not_check_applications(user, campaign) else []
    if not Person.objects.filter(user=user.pk).exists():
        found.append(ME)
    found.append(CHILD)
    if schools_of(user).exists():
        found += [PUPIL, NEW_PUPIL] if pupils_of(user, campaign).exists() else [NEW_PUPIL]
    return found


def known_persons(user: Any, campaign: Campaign) -> list[Known]:
    """Return the person that the user is and their wards, each with the application in the campaign."""
    persons = list(Person.objects.family(user).by_name())
    applications = {row.person_id: row for row in campaign.applications.filter(person__in=persons)}
    return [Known(person, applications.get(person.pk)) for person in persons]


def schools_of(user: Any) -> Any:
    """Return the schools whose careers lead the user is."""
    return Organisation.objects.filter(pk__in=standing(user).organisations(Role.CAREERS_LEAD)).order_by("short_name")


def pupils_of(user: Any, campaign: Campaign) -> Any:
    """Return the pupils for whom a careers lead may begin an application there: those who have none."""
    kept = Affiliation.objects.current().filter(kind=AffiliationKind.PUPIL, organisation__in=schools_of(user))
    pupils = Person.objects.visible_to(user).filter(pk__in=kept.values("person"), school__in=schools_of(user))
    return pupils.exclude(pk__in=campaign.applications.values("person")).by_name()


def ways_in(user: Any, application: Application) -> list[WayIn]:
    """Return the applicant and the guardians for those who may send them a link; nothing for others."""
    if may.why_not_check_applications(user, application.campaign) and not may.helps(user, application.person):
        return []
    return [
        WayIn(
            person=person,
            address=person.user.email if person.user else person.email,
            has_account=person.user is not None,
            why_not=may.why_not_send_way_in(user, application, person),
        )
        for person in (application.person, *may.guardians_of(application))
    ]


def panel_of_sign_in(request: Any, next_url: str) -> dict[str, Any] | None:
    """Return the way to an account for somebody who wants to apply, to the campaign that they were about to open."""
    return None if may.why_not_join() else {"join_url": join_url(next_url)}


def join_url(next_url: str) -> str:
    """Return the page on which a newcomer asks for an account, to go on to the campaign and offer of `next_url`.

    Only their ids are taken from an address that anybody may have typed, so it leads nowhere else.
    """
    campaign, offer = _wanted_of(next_url)
    if campaign is None:
        return reverse("admissions:join-any")
    return reverse("admissions:join", args=[campaign], query={"offer": offer} if offer else None)


def _wanted_of(url: str) -> tuple[int | None, int | None]:
    try:
        parts = urlsplit(url)
        match = resolve(parts.path)
    except (Resolver404, ValueError):
        return None, None
    if match.view_name != "admissions:application-start":
        return None, None
    return match.kwargs["pk"], number_of(parse_qs(parts.query).get("offer", [""])[0])


def number_of(text: str) -> int | None:
    """Return an id that somebody has typed into an address, None when it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
