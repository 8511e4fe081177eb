"""What stands in the place of `<int:pk>` and its like when an address is tried.

An address names a thing by the plural noun before its argument: `people/<int:pk>/edit/` is tried with what
`people/pk` says here. An address with an argument that is not here fails the matrix: add it, and what it needs
to the world. Where the noun does not tell, an entry `demand:detail/pk` goes before it.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from tests.permissions.world import SECRET

Sample = Callable[[SimpleNamespace], Any]


def _pk_of(name: str) -> Sample:
    return lambda world: getattr(world, name).pk


SAMPLES: dict[str, Sample] = {
    "acts/pk": _pk_of("act"),
    "agreements/pk": _pk_of("agreement"),
    "applications/pk": _pk_of("application"),
    "admissions:record/pk": _pk_of("published_run"),
    "admissions:record-archive/pk": _pk_of("published_run"),
    "campaigns/pk": _pk_of("campaign"),
    "check-points/pk": _pk_of("check_point"),
    "claims/pk": _pk_of("claim"),
    "clusters/pk": _pk_of("cluster"),
    "clusters/slug": lambda world: world.cluster.slug,
    "consents/pk": _pk_of("consent"),
    "consents/purpose": lambda world: world.consent.purpose,
    "contracts/pk": _pk_of("contract"),
    "documents/pk": _pk_of("document"),
    "enrolments/pk": _pk_of("enrolment"),
    "exams/pk": _pk_of("exam"),
    "facilities/pk": _pk_of("facility"),
    "facts/pk": _pk_of("fact"),
    "guardianships/pk": _pk_of("guardianship"),
    "hires/pk": _pk_of("hire"),
    "imports/pk": _pk_of("imported"),
    "intakes/pk": _pk_of("intake"),
    "invitations/pk": _pk_of("invitation"),
    "memberships/pk": _pk_of("membership"),
    "invitations/secret": lambda world: SECRET,
    "links/secret": lambda world: SECRET,
    "needs/pk": _pk_of("need"),
    "obligations/pk": _pk_of("obligation"),
    "offers/pk": _pk_of("offer"),
    "organisations/pk": _pk_of("plant"),
    "organisations/slug": lambda world: world.plant.slug,
    "participations/pk": _pk_of("participation"),
    "parties/pk": _pk_of("party"),
    "payments/pk": _pk_of("payment"),
    "people/pk": _pk_of("person"),
    "placements/pk": _pk_of("placement"),
    "practice-places/pk": _pk_of("place"),
    "programmes/pk": _pk_of("programme"),
    "runs/pk": _pk_of("run"),
    "scenarios/pk": _pk_of("scenario"),
    "seats/pk": _pk_of("seat"),
    "signatories/pk": _pk_of("signatory"),
    "verify/digest": lambda world: "0" * 64,
    "sites/pk": _pk_of("site"),
    "thread/key": lambda world: "hired",
    "threads/pk": _pk_of("thread"),
}

# Addresses that are not tried, with the reason.
NOT_TRIED: dict[str, str] = {
    "admin": "Django's own; opens to staff only",
    "account": "django-allauth's own; tested there",
}
