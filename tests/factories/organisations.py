"""Organisations, sites, signatories, memberships."""

from datetime import UTC, date, datetime

import factory

from kuznitsa.accounts.models import User, hash_of
from kuznitsa.organisations.enums import AuthorityKind, OrganisationKind, Role
from kuznitsa.organisations.models import Invitation, Membership, Organisation, Signatory, Site
from tests.factories.accounts import UserFactory
from tests.factories.classifiers import RegionFactory


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    kind = OrganisationKind.ASSOCIATION
    name = factory.Sequence(lambda number: f"Примерная организация {number}")
    short_name = factory.Sequence(lambda number: f"Организация {number}")
    slug = factory.Sequence(lambda number: f"organisation-{number}")
    region = factory.SubFactory(RegionFactory)


class EmployerFactory(OrganisationFactory):
    kind = OrganisationKind.EMPLOYER
    short_name = factory.Sequence(lambda number: f"Завод {number}")


class CollegeFactory(OrganisationFactory):
    kind = OrganisationKind.COLLEGE
    short_name = factory.Sequence(lambda number: f"Техникум {number}")


class SchoolFactory(OrganisationFactory):
    kind = OrganisationKind.SCHOOL
    short_name = factory.Sequence(lambda number: f"Школа {number}")


class SiteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Site

    organisation = factory.SubFactory(EmployerFactory)
    name = factory.Sequence(lambda number: f"Цех {number}")


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.ADMINISTRATOR
    started_at = datetime(2026, 1, 1, tzinfo=UTC)


class SignatoryFactory(factory.django.DjangoModelFactory):
    """A director who signs by charter, with a user."""

    class Meta:
        model = Signatory

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    full_name = factory.Sequence(lambda number: f"Директоров {number}")
    post = "директор"
    authority_kind = AuthorityKind.CHARTER
    authority_from = date(2020, 1, 1)
    confirmed_at = datetime(2026, 1, 1, tzinfo=UTC)


def member(organisation: Organisation, role: Role, **user: object) -> User:
    """Return a new user who holds `role` in `organisation`."""
    return MembershipFactory(organisation=organisation, role=role, user=UserFactory(**user)).user


class InvitationFactory(factory.django.DjangoModelFactory):
    """An invitation that waits; its link ends with `secret`."""

    class Meta:
        model = Invitation

    class Params:
        secret = factory.Sequence(lambda number: f"secret-{number}")

    organisation = factory.SubFactory(EmployerFactory)
    email = factory.Sequence(lambda number: f"invited{number}@example.org")
    full_name = "Новикова Анна"
    role = Role.MENTOR
    secret_hash = factory.LazyAttribute(lambda invitation: hash_of(invitation.secret))
    invited_at = datetime(2026, 8, 25, 9, 0, tzinfo=UTC)
    expires_at = datetime(2026, 9, 8, 9, 0, tzinfo=UTC)
