import threading
from datetime import timedelta

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from kuznitsa.base import once
from kuznitsa.base.models import UsedToken
from kuznitsa.base.refusal import Refused

done: list[str] = []
answers: list[HttpResponse] = []
slow = threading.Event()


@login_not_required
def give_seat(request):
    if request.POST.get("name") == "":
        return HttpResponse("errors", status=422)
    if request.POST.get("name") == "slow":
        slow.wait(5)
    if request.POST.get("name") == "crash":
        raise RuntimeError
    if request.POST.get("name") == "twice":
        answers.append(Client().post("/give/", request.POST.dict(), headers={"Referer": request.headers["Referer"]}))
    if request.POST.get("name") == "refused":
        raise Refused("No seat is free.")
    done.append(request.POST["name"])
    return HttpResponse(status=302, headers={"Location": f"/seats/{len(done)}/"})


urlpatterns = [path("give/", give_seat)]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def nothing_done():
    done.clear()
    answers.clear()
    slow.clear()


def test_a_second_click_is_led_to_the_answer_of_the_first(client):
    form = {"_once": once.token(), "name": "Anna"}

    first = client.post("/give/", form)
    second = client.post("/give/", form)

    assert done == ["Anna"]
    assert first["Location"] == second["Location"] == "/seats/1/"


def test_htmx_is_led_there_too(client):
    form = {"_once": once.token(), "name": "Anna"}
    client.post("/give/", form)

    second = client.post("/give/", form, headers={"HX-Request": "true"})

    assert second["HX-Redirect"] == "/seats/1/"


def test_a_form_without_token_or_with_another_one_is_run(client):
    client.post("/give/", {"name": "Anna"})
    client.post("/give/", {"name": "Anna", "_once": once.token()})
    client.post("/give/", {"name": "Anna", "_once": once.token()})

    assert done == ["Anna", "Anna", "Anna"]


def test_a_changed_form_is_another_thing(client):
    token = once.token()

    client.post("/give/", {"_once": token, "name": "Anna"})
    client.post("/give/", {"_once": token, "name": "Boris"})

    assert done == ["Anna", "Boris"]


def test_the_same_form_from_another_browser_is_run(client):
    form = {"_once": once.token(), "name": "Anna"}
    client.post("/give/", form)
    other = Client()
    other.cookies["csrftoken"] = "another browser"

    other.post("/give/", form)

    assert done == ["Anna", "Anna"]


def test_a_form_with_errors_can_be_sent_again_unchanged(client):
    form = {"_once": once.token(), "name": ""}

    assert client.post("/give/", form).status_code == 422
    assert client.post("/give/", form).status_code == 422
    assert not UsedToken.objects.exists()


def test_a_crash_gives_the_token_up():
    client = Client(raise_request_exception=False)

    client.post("/give/", {"_once": once.token(), "name": "crash"})

    assert not UsedToken.objects.exists()


def test_a_refusal_is_told_once(client):
    form = {"_once": once.token(), "name": "refused"}

    client.post("/give/", form)

    assert client.post("/give/", form).status_code == 302
    assert UsedToken.objects.count() == 1


def test_while_the_first_is_under_way_the_second_is_told_so(client, monkeypatch):
    monkeypatch.setattr(once, "WAIT_SECONDS", 0)

    client.post("/give/", {"_once": once.token(), "name": "twice"}, headers={"Referer": "http://testserver/form/"})

    (second,) = answers
    assert second["Location"] == "http://testserver/form/"
    assert [str(message) for message in second.wsgi_request._messages] == [
        "This is already being done. Reload the page in a moment."
    ]


def test_the_claim_of_a_killed_process_is_taken_over():
    long_ago = timezone.now() - once.ABANDONED_AFTER - timedelta(seconds=1)
    UsedToken.objects.create(key="k", claimed_at=long_ago)

    assert once._claim("k", at=timezone.now())
    assert not once._claim("k", at=timezone.now())


def test_old_tokens_are_cleared():
    now = timezone.now()
    UsedToken.objects.create(key="old", claimed_at=now - timedelta(days=10))
    UsedToken.objects.create(key="new", claimed_at=now)

    assert once.clear_old_tokens(at=now) == 1
    assert UsedToken.objects.get().key == "new"


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_do_it_once():
    form = {"_once": once.token(), "name": "slow"}
    locations = []

    def click():
        locations.append(Client().post("/give/", form)["Location"])
        connection.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    threading.Timer(0.3, slow.set).start()
    for thread in clicks:
        thread.join()

    assert done == ["slow"]
    assert locations == ["/seats/1/", "/seats/1/"]
