from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse

from kuznitsa.accounts.models import SignInLink, User
from tests.factories.accounts import SignInLinkFactory, UserFactory

pytestmark = pytest.mark.django_db

SIGN_IN = reverse("accounts:sign-in")
PASSWORD = "correct horse battery"


@pytest.fixture
def anna():
    return User.objects.create_user("anna@example.org", PASSWORD, full_name="Anna", language="en")


@pytest.fixture
def client(client_as):
    return client_as(None, language="en")


def signed_in(client: Client) -> bool:
    return get_user(client).is_authenticated


def sign_in(client, **data):
    return client.post(SIGN_IN, {"email": "Anna@example.org", "password": PASSWORD} | data)


def test_a_password_signs_in_and_speaks_the_language_of_the_user(client, anna):
    answer = sign_in(client, next="/profile/")
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")
    assert signed_in(client)
    assert client.cookies["django_language"].value == "en"


def test_next_leads_to_this_site_only(client, anna):
    answer = sign_in(client, next="https://elsewhere.example/")
    assert "elsewhere" not in answer["Location"]


def test_a_wrong_password_keeps_the_address(client, anna):
    answer = sign_in(client, password="wrong")
    assert "do not fit" in answer.content.decode()
    assert "Anna@example.org" in answer.content.decode()
    assert not signed_in(client)


def test_too_many_wrong_passwords_have_to_wait(client, anna):
    for _number in range(5):
        sign_in(client, password="wrong")
    answer = sign_in(client)
    assert "Too many attempts" in answer.content.decode()
    assert not signed_in(client)


def test_a_closed_account_does_not_sign_in(client, anna):
    User.objects.update(is_active=False)
    sign_in(client)
    assert not signed_in(client)


def test_who_is_signed_in_is_led_on(client_as, anna):
    assert client_as(anna).get(SIGN_IN, {"next": "/profile/"})["Location"] == "/profile/"


def test_known_and_unknown_addresses_get_the_same_answer(client, anna):
    url = reverse("accounts:link-request")
    known = client.post(url, {"email": anna.email})
    unknown = client.post(url, {"email": "nobody@example.org"})
    assert known["Location"] == unknown["Location"]
    assert client.get(known["Location"]).status_code == 200
    assert SignInLink.objects.count() == 1


def test_requests_for_links_are_limited(client):
    url = reverse("accounts:link-request")
    answers = [client.post(url, {"email": "anna@example.org"}) for _number in range(4)]
    assert "Too many attempts" in answers[-1].content.decode()


def test_looking_at_a_link_spends_nothing_and_the_button_signs_in(client, at):
    link = SignInLinkFactory(secret="abc", next_url="/profile/")
    url = reverse("accounts:link", args=["abc"])

    for _number in range(2):
        assert client.get(url).status_code == 200
    link.refresh_from_db()
    assert link.used_at is None

    assert client.post(url)["Location"] == "/profile/"
    assert get_user(client) == link.user


def test_a_used_link_offers_a_fresh_one(client, at, mailoutbox, django_capture_on_commit_callbacks):
    link = SignInLinkFactory(secret="abc", used_at=at, user__email="anna@example.org")
    url = reverse("accounts:link", args=["abc"])

    answer = client.post(url)
    assert "used already" in answer.content.decode()
    assert "a…@example.org" in answer.content.decode()
    assert not signed_in(client)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("accounts:link-again", args=["abc"]))
    assert mailoutbox[0].to == [link.user.email]


def test_an_expired_link_says_so(client, at):
    SignInLinkFactory(secret="abc", expires_at=at - timedelta(seconds=1))
    assert "too old" in client.get(reverse("accounts:link", args=["abc"])).content.decode()


def test_an_unknown_link_leads_to_a_fresh_one(client):
    answer = client.get(reverse("accounts:link", args=["abc"]))
    assert answer.status_code == 404
    assert reverse("accounts:link-request") in answer.content.decode()


def test_after_a_link_a_forgotten_password_is_replaced(client, anna, at):
    assert client.get(reverse("accounts:password-reset")).status_code == 302
    SignInLinkFactory(secret="abc", user=anna, next_url=reverse("accounts:password"))
    page = client.post(reverse("accounts:link", args=["abc"]))["Location"]

    client.post(page, {"password": "another good one", "again": "another good one"})

    anna.refresh_from_db()
    assert anna.check_password("another good one")
    assert signed_in(client)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"current": "wrong"}, "not your current password"),
        ({"again": "another"}, "differ"),
        ({"password": "short", "again": "short"}, "too short"),
    ],
)
def test_a_password_that_does_not_do_is_not_set(client_as, anna, data, message):
    given = {"current": PASSWORD, "password": "another good one", "again": "another good one"} | data
    answer = client_as(anna, language="en").post(reverse("accounts:password"), given)
    assert message in answer.content.decode()
    anna.refresh_from_db()
    assert anna.check_password(PASSWORD)


def test_the_profile_changes_name_and_language(client_as):
    user = UserFactory()
    client = client_as(user)
    assert client.get(reverse("accounts:profile")).status_code == 200
    client.post(reverse("accounts:profile"), {"full_name": " Анна  Петрова ", "language": "en"})
    user.refresh_from_db()
    assert (user.full_name, user.language) == ("Анна Петрова", "en")
    assert "Saved." in client.get(reverse("accounts:profile")).content.decode()


def test_an_empty_name_is_not_saved(client_as):
    user = UserFactory()
    answer = client_as(user).post(reverse("accounts:profile"), {"full_name": "", "language": "en"})
    assert answer.status_code == 200
    assert not User.objects.filter(full_name="").exists()


def test_signing_out_is_a_post(client_as):
    client = client_as(UserFactory())
    assert client.get(reverse("accounts:sign-out")).status_code == 405
    client.post(reverse("accounts:sign-out"))
    assert not signed_in(client)
