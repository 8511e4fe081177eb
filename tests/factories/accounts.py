"""Users and their links."""

from datetime import UTC, datetime

import factory

from kuznitsa.accounts.models import SignInLink, User, hash_of


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"user{number}@example.org")
    full_name = factory.Sequence(lambda number: f"Пользователь {number}")
    password = "!"  # cannot sign in by password unless a test sets one


class SignInLinkFactory(factory.django.DjangoModelFactory):
    """A link sent just before the instant of the tests; it ends with `secret`."""

    class Meta:
        model = SignInLink

    class Params:
        secret = factory.Sequence(lambda number: f"secret-{number}")

    user = factory.SubFactory(UserFactory)
    secret_hash = factory.LazyAttribute(lambda link: hash_of(link.secret))
    created_at = datetime(2026, 9, 1, 5, 50, tzinfo=UTC)
    expires_at = datetime(2026, 9, 1, 6, 50, tzinfo=UTC)
