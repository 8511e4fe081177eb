"""Which pages are measured: every address of the product, with a thing of the world and people who may see it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kuznitsa.accounts.models import User
from kuznitsa.admissions.models import (
    AllocationRun,
    ApplicantImport,
    Application,
    ApplicationDocument,
    Campaign,
    ContractParty,
    Seat,
    SupportPayment,
    TargetContract,
    TargetOffer,
)
from kuznitsa.agreements.models import Act, Agreement, Obligation, Party
from kuznitsa.clusters.models import Cluster, Participation
from kuznitsa.demand.models import Need
from kuznitsa.demo.world.partners import DOMAIN
from kuznitsa.facts.models import Fact, Thread
from kuznitsa.organisations.models import Invitation, Membership, Organisation, Signatory, Site
from kuznitsa.outcomes.models import CheckPoint, Exam, Hire
from kuznitsa.people.models import Consent, Guardianship, Person
from kuznitsa.placements.models import Placement, PracticePlace
from kuznitsa.programmes.models import Enrolment, Facility, Intake, Programme

# What stands for `<int:pk>` after a plural noun: the first of its kind, which belongs to the first cluster.
KINDS: dict[str, type[Model]] = {
    "acts": Act,
    "agreements": Agreement,
    "applications": Application,
    "campaigns": Campaign,
    "check-points": CheckPoint,
    "clusters": Cluster,
    "consents": Consent,
    "contracts": TargetContract,
    "documents": ApplicationDocument,
    "enrolments": Enrolment,
    "exams": Exam,
    "facilities": Facility,
    "facts": Fact,
    "guardianships": Guardianship,
    "hires": Hire,
    "imports": ApplicantImport,
    "intakes": Intake,
    "invitations": Invitation,
    "memberships": Membership,
    "needs": Need,
    "obligations": Obligation,
    "offers": TargetOffer,
    "organisations": Organisation,
    "participations": Participation,
    "parties": Party,
    "contract-parties": ContractParty,
    "payments": SupportPayment,
    "people": Person,
    "placements": Placement,
    "practice-places": PracticePlace,
    "programmes": Programme,
    "runs": AllocationRun,
    "seats": Seat,
    "signatories": Signatory,
    "sites": Site,
    "threads": Thread,
}
# What stands for other arguments, by their noun and name.
WORDS = {"thread/key": "applied", "consents/purpose": "processing"}
# Not ours, or nothing to look at.
LEFT_OUT = re.compile(r"^(admin:|account_|base:)")
ARGUMENT = re.compile(r"([\w-]*)/<(?:\w+:)?(\w+)>")
# Pages that are asked for a part of the country, too.
QUERIES = {"insight:thread": "?cluster=cluster-001", "insight:stage": "?cluster=cluster-001"}

VIEWERS = (
    "",
    f"federal_operator.operator@{DOMAIN}",
    f"regional_coord.ministry-0001@{DOMAIN}",
    f"coordinator.college-0001@{DOMAIN}",
    f"admissions.college-0001@{DOMAIN}",
    f"administrator.college-0001@{DOMAIN}",
    f"director.college-0001@{DOMAIN}",
    f"practice_lead.college-0001@{DOMAIN}",
    f"curator.college-0001@{DOMAIN}",
    f"expert.college-0001@{DOMAIN}",
    f"employer_hr.plant-0001@{DOMAIN}",
    f"director.plant-0001@{DOMAIN}",
    f"mentor.plant-0001@{DOMAIN}",
    f"careers_lead.school-0001@{DOMAIN}",
)


@dataclass(frozen=True)
class Page:
    """An address with everything in place; `name` tells it from the others in the table."""

    name: str
    path: str


def pages() -> Iterator[Page]:
    """Yield the pages to be measured, in the order of their names."""
    for name, route in sorted(_addresses(get_resolver())):
        if LEFT_OUT.match(name):
            continue
        arguments = {argument: _sample(noun, argument) for noun, argument in ARGUMENT.findall(route)}
        if None in arguments.values() or route.count("<") != len(arguments):
            continue
        path = reverse(name, kwargs=arguments)
        yield Page(name, path)
        if name in QUERIES:
            yield Page(f"{name} of a cluster", path + QUERIES[name])


def viewers() -> Iterator[User | None]:
    """Yield a visitor, and a user of every role; students and guardians last."""
    for email in VIEWERS:
        yield User.objects.get(email=email) if email else None
    for prefix in ("student", "guardian"):
        yield from User.objects.filter(email__startswith=f"{prefix}.plant-0001-").order_by("pk")[:2]


def _addresses(resolver: URLResolver, namespace: str = "", route: str = "") -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _addresses(pattern, inner, route + str(pattern.pattern))
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}{pattern.name}", route + str(pattern.pattern)


def _sample(noun: str, argument: str) -> Any:
    if f"{noun}/{argument}" in WORDS:
        return WORDS[f"{noun}/{argument}"]
    model = KINDS.get(noun)
    if model is None or argument not in ("pk", "slug"):
        return None
    return model._default_manager.order_by("pk").values_list(argument, flat=True).first()
