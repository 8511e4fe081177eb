import pytest
from django.urls import reverse

from kuznitsa.classifiers.models import Occupation
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_staff_find_an_account_and_close_it(client_as):
    client = client_as(UserFactory(is_staff=True, is_superuser=True))
    user = UserFactory(full_name="Ёлкина Анна", password="kept")
    assert "Ёлкина Анна" in client.get(reverse("admin:accounts_user_changelist"), {"q": "елкина"}).content.decode()

    data = {"email": user.email, "full_name": user.full_name, "language": "ru"}
    client.post(reverse("admin:accounts_user_change", args=[user.pk]), data)

    user.refresh_from_db()
    assert (user.is_active, user.password) == (False, "kept")


def test_accounts_are_not_deleted(client_as):
    client = client_as(UserFactory(is_staff=True, is_superuser=True))
    assert client.get(reverse("admin:accounts_user_delete", args=[UserFactory().pk])).status_code == 403


def test_staff_open_an_occupation(client_as):
    client = client_as(UserFactory(is_staff=True, is_superuser=True))
    occupation = Occupation.objects.get(code="22.01.05")
    assert client.get(reverse("admin:classifiers_occupation_change", args=[occupation.pk])).status_code == 200
