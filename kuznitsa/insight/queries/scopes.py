"""What the thread is looked at for: a need, an offer, a cluster, a plant, a college, an occupation, a year."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from kuznitsa.admissions.models import TargetOffer
from kuznitsa.base.conditions import either
from kuznitsa.classifiers.models import Occupation, Region
from kuznitsa.clusters.models import Cluster
from kuznitsa.demand.models import Need
from kuznitsa.facts.models import Thread, ThreadQuerySet
from kuznitsa.organisations.enums import OrganisationKind
from kuznitsa.organisations.models import Organisation

# A number in an address that no database holds must not reach one.
LARGEST_ID = 2**63 - 1
DIGITS = len(str(LARGEST_ID))


@dataclass(frozen=True)
class Scope:
    """A part of all threads; what is None does not narrow it. Reads from and writes to the query string."""

    need: Need | None = None
    offer: TargetOffer | None = None
    cluster: Cluster | None = None
    employer: Organisation | None = None
    college: Organisation | None = None
    occupation: Occupation | None = None
    region: Region | None = None
    year: int | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, Any], user: Any) -> "Scope":
        """Return the scope that the query string names.

        Raises Http404 for what does not exist or the user may not see: a wider scope would pass for the one asked.
        """
        return cls(
            need=_by_number(Need, user, query.get("need")),
            offer=_by_number(TargetOffer, user, query.get("offer")),
            cluster=_by(Cluster.objects.visible_to(user), slug=query.get("cluster")),
            employer=_by(Organisation.objects.employers(), slug=query.get("employer")),
            college=_by(Organisation.objects.colleges(), slug=query.get("college")),
            occupation=_by(Occupation.objects.all(), code=query.get("occupation")),
            region=_by(Region.objects.all(), code=query.get("region")),
            year=_year(query.get("year")),
        )

    @classmethod
    def of_organisation(cls, organisation: Organisation) -> "Scope | None":
        """Return the threads of an enterprise or of a college; other organisations have none."""
        if organisation.kind == OrganisationKind.EMPLOYER:
            return cls(employer=organisation)
        if organisation.kind == OrganisationKind.COLLEGE:
            return cls(college=organisation)
        return None

    @property
    def threads(self) -> ThreadQuerySet:
        """The threads in the scope. A need brings the offers that answer it, a college the needs that it answers."""
        chosen = Thread.objects.all()
        if self.need:
            chosen = chosen.filter(Q(pk=self.need.thread_id or 0) | Q(parent=self.need.thread_id or 0))
        if self.offer:
            chosen = chosen.filter(pk=self.offer.thread_id or 0)
        if self.region:
            chosen = chosen.filter(cluster__region=self.region)
        if self.college:
            own = Thread.objects.filter(college=self.college)
            chosen = chosen.filter(pk__in=either(own, Thread.objects.filter(pk__in=own.values("parent"))))
        same = {
            "cluster": self.cluster,
            "employer": self.employer,
            "occupation": self.occupation,
            "year": self.year,
        }
        return chosen.filter(**{name: value for name, value in same.items() if value is not None})

    @property
    def query(self) -> dict[str, Any]:
        values = {
            "need": self.need and self.need.pk,
            "offer": self.offer and self.offer.pk,
            "cluster": self.cluster and self.cluster.slug,
            "employer": self.employer and self.employer.slug,
            "college": self.college and self.college.slug,
            "occupation": self.occupation and self.occupation.code,
            "region": self.region and self.region.code,
            "year": self.year,
        }
        return {name: value for name, value in values.items() if value is not None}

    def url(self, name: str, *args: Any, **more: Any) -> str:
        """Return the address of a page of this app with this scope in its query string."""
        query = urlencode({**self.query, **more})
        return f"{reverse(name, args=args)}?{query}" if query else reverse(name, args=args)

    @property
    def title(self) -> str:
        """What the scope is, in words; empty for everything."""
        parts = (
            self.need,
            self.offer,
            self.cluster,
            self.employer,
            self.college,
            self.occupation,
            self.region,
            self.year,
        )
        return " · ".join(str(part) for part in parts if part is not None)


def _by_number(model: Any, user: Any, value: Any) -> Any:
    text = str(value or "")
    if not text:
        return None
    # Measured before it is read: Python refuses to read thousands of digits.
    if not text.isascii() or not text.isdigit() or len(text) > DIGITS or int(text) > LARGEST_ID:
        raise Http404
    return get_object_or_404(model.objects.visible_to(user), pk=int(text))


def _by(rows: Any, **where: Any) -> Any:
    (value,) = where.values()
    if value and "\x00" in value:
        raise Http404
    return get_object_or_404(rows, **where) if value else None


def _year(value: Any) -> int | None:
    text = str(value or "")
    if text and not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Http404
    return int(text) if text else None
