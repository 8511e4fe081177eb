import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from kuznitsa.base.refusal import Refused


@login_not_required
def refuse(request):
    raise Refused("No seat is free.")


@login_not_required
def echo(request):
    return HttpResponse(request.POST["reason"])


urlpatterns = [path("refuse/", refuse), path("echo/", echo)]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.mark.parametrize(
    ("came_from", "led_to"),
    [
        ("http://testserver/offers/1/", "http://testserver/offers/1/"),
        ("https://elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_refusal_is_a_message_on_the_page_the_user_came_from(client, came_from, led_to):
    response = client.post("/refuse/", headers={"Referer": came_from})

    assert response["Location"] == led_to
    assert [str(message) for message in response.wsgi_request._messages] == ["No seat is free."]


def test_htmx_leads_the_whole_page_back(client):
    response = client.post("/refuse/", headers={"HX-Request": "true", "Referer": "http://testserver/offers/1/"})

    assert response["HX-Redirect"] == "http://testserver/offers/1/"


def test_null_characters_are_taken_out_of_what_is_sent(client):
    assert client.post("/echo/", {"reason": "ill\0ness"}).content == b"illness"
