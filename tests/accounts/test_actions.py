from datetime import timedelta

import pytest

from kuznitsa.accounts import actions
from kuznitsa.accounts.jobs import tidy
from kuznitsa.accounts.models import SignInLink, User
from kuznitsa.base.models import SentLetter
from kuznitsa.base.refusal import Refused
from tests.factories.accounts import SignInLinkFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("en")]


def test_an_account_is_made_with_a_hashed_password(at):
    user = actions.create_account(
        email=" Anna@Example.org ", full_name="Анна", password="a long secret", by=None, at=at
    )
    assert user.email == "anna@example.org"
    assert user.password != "a long secret"
    assert user.check_password("a long secret")


def test_an_account_without_a_password_signs_in_by_links(at):
    assert not actions.create_account(email="a@example.org", full_name="А", by=None, at=at).has_usable_password()


def test_an_address_has_one_account(at):
    UserFactory(email="anna@example.org")
    with pytest.raises(Refused, match="taken"):
        actions.create_account(email="ANNA@example.org", full_name="Анна", by=None, at=at)


def test_a_weak_password_makes_no_account(at):
    with pytest.raises(Refused, match="too short"):
        actions.create_account(email="anna@example.org", full_name="Анна", password="abc", by=None, at=at)
    assert not User.objects.exists()


def test_a_link_goes_out_by_letter_and_keeps_no_secret(at, mailoutbox, django_capture_on_commit_callbacks):
    user = UserFactory(email="anna@example.org")

    with django_capture_on_commit_callbacks(execute=True):
        actions.request_link(email="Anna@example.org", next_url="/needs/", at=at)

    url = next(word for word in mailoutbox[0].body.split() if "/sign-in/links/" in word)
    link = SignInLink.objects.with_secret(url.rstrip("/").rsplit("/", 1)[-1]).get()
    assert (link.user, link.next_url) == (user, "/needs/")
    assert SentLetter.objects.get().body == ""


@pytest.mark.parametrize("closed", [True, False])
def test_no_letter_goes_to_an_unknown_or_closed_account(closed, at, mailoutbox, django_capture_on_commit_callbacks):
    if closed:
        UserFactory(email="anna@example.org", is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        actions.request_link(email="anna@example.org", at=at)
    assert mailoutbox == []


def test_letters_to_one_address_are_limited(at):
    user = UserFactory()
    for _number in range(actions.LETTERS_AT_MOST + 2):
        actions.request_link(email=user.email, at=at)
    assert user.sign_in_links.count() == actions.LETTERS_AT_MOST


def test_a_link_is_spent_by_use(at):
    link = SignInLinkFactory()
    stale = SignInLink.objects.get(pk=link.pk)

    assert actions.use_link(link=link, at=at) == link.user

    link.refresh_from_db()
    for again in (link, stale):
        with pytest.raises(Refused, match="used already"):
            actions.use_link(link=again, at=at)


def test_an_old_link_does_not_work(at):
    with pytest.raises(Refused, match="too old"):
        actions.use_link(link=SignInLinkFactory(), at=at + timedelta(hours=1))


def test_the_link_of_a_closed_account_does_not_work(at):
    with pytest.raises(Refused, match="closed"):
        actions.use_link(link=SignInLinkFactory(user__is_active=False), at=at)


def test_everybody_changes_their_own_profile(at):
    user = UserFactory()
    actions.change_profile(user=user, full_name="Ёлкина Анна", language="en", by=user, at=at)
    user.refresh_from_db()
    assert (user.full_name, user.language) == ("Ёлкина Анна", "en")
    assert "елкина" in user.search


def test_nobody_changes_the_profile_of_others(at):
    with pytest.raises(Refused, match="Only the owner"):
        actions.change_profile(user=UserFactory(), full_name="X", language="en", by=UserFactory(is_staff=True), at=at)


def test_a_new_password_spends_waiting_links_and_sends_a_letter(at, mailoutbox, django_capture_on_commit_callbacks):
    link = SignInLinkFactory()
    with django_capture_on_commit_callbacks(execute=True):
        actions.set_password(user=link.user, password="a long secret", by=link.user, at=at)
    link.refresh_from_db()
    assert link.used_at == at
    assert link.user.check_password("a long secret")
    assert mailoutbox[0].to == [link.user.email]


def test_a_weak_password_is_refused(at):
    user = UserFactory()
    with pytest.raises(Refused, match="too short"):
        actions.set_password(user=user, password="abc", by=user, at=at)


def test_nobody_sets_the_password_of_others(at):
    with pytest.raises(Refused, match="Only the owner"):
        actions.set_password(user=UserFactory(), password="a long secret", by=UserFactory(), at=at)


def test_links_are_forgotten_a_month_after_they_expired(at):
    kept = SignInLinkFactory(expires_at=at - timedelta(days=29))
    SignInLinkFactory(expires_at=at - timedelta(days=31))
    tidy()
    assert list(SignInLink.objects.all()) == [kept]


def test_a_newcomers_link_makes_the_account_once(at):
    for _number in range(2):
        actions.request_account(email=" New@Example.org ", language="en", next_url="/needs/", at=at)
    assert not User.objects.exists()
    first, second = SignInLink.objects.order_by("pk")

    user = actions.use_link(link=first, at=at)

    assert (user.email, user.language, user.full_name, user.has_usable_password()) == (
        "new@example.org",
        "en",
        "",
        False,
    )
    with pytest.raises(Refused, match="used already"):
        actions.use_link(link=SignInLink.objects.get(pk=first.pk), at=at)
    assert actions.use_link(link=second, at=at) == user
    assert User.objects.count() == 1


def test_letters_to_a_newcomer_are_limited_before_and_after_the_account(at):
    for _number in range(actions.LETTERS_AT_MOST):
        actions.request_account(email="new@example.org", language="ru", at=at)
    actions.request_account(email="new@example.org", language="ru", at=at)
    assert SignInLink.objects.count() == actions.LETTERS_AT_MOST
    user = actions.use_link(link=SignInLink.objects.first(), at=at)
    assert not actions.request_link(email=user.email, at=at)


def test_a_newcomers_link_does_not_open_an_account_that_was_closed_meanwhile(at):
    actions.request_account(email="new@example.org", language="ru", at=at)
    UserFactory(email="new@example.org", is_active=False)
    with pytest.raises(Refused, match="closed"):
        actions.use_link(link=SignInLink.objects.get(), at=at)


def test_a_new_password_spends_a_newcomers_links_too(at):
    actions.request_account(email="new@example.org", language="ru", at=at)
    user = UserFactory(email="new@example.org")
    actions.set_password(user=user, password="a long secret", by=user, at=at)
    assert SignInLink.objects.get().used_at == at
