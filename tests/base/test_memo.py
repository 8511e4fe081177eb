import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from kuznitsa.base.memo import per_request, remembering

asked = []


@per_request
def standing(name):
    asked.append(name)
    return len(asked)


@login_not_required
def page(request):
    return HttpResponse(f"{standing('Anna')} {standing('Anna')} {standing('Boris')}")


urlpatterns = [path("page/", page)]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def nothing_asked():
    asked.clear()


def test_a_reading_request_asks_once_and_the_next_one_asks_anew(client):
    assert client.get("/page/").content == b"1 1 2"
    assert client.get("/page/").content == b"3 3 4"


def test_a_writing_request_remembers_nothing(client):
    assert client.post("/page/").content == b"1 2 3"


def test_outside_a_request_nothing_is_remembered():
    assert (standing("Anna"), standing("Anna")) == (1, 2)


def test_an_action_over_many_rows_asks_once():
    with remembering():
        assert (standing("Anna"), standing("Anna")) == (1, 1)
    assert standing("Anna") == 2
