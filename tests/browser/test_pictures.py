"""The picture in the README is taken from the product: `pytest tests/browser --update-pictures` takes it anew."""

import struct

import pytest
from django.urls import reverse

from kuznitsa.accounts.models import User
from kuznitsa.demo import building
from tests.guards import ROOT

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PICTURE = ROOT / "docs" / "images" / "thread.png"
SIZE = {"width": 1280, "height": 860}


def test_picture_of_the_thread(request, open_window, sign_in, tmp_path):
    building.build_afresh("hired")
    user = User.objects.get(email="coordinator@demo.example")
    User.objects.filter(pk=user.pk).update(language="en")
    window = open_window(**SIZE, language="en")
    sign_in(window, user)
    taken = PICTURE if request.config.getoption("--update-pictures") else tmp_path / "thread.png"
    taken.parent.mkdir(exist_ok=True)

    window.goto(reverse("clusters:detail", args=["novokuznetsk"]))
    window.wait_for_load_state("networkidle")
    window.screenshot(path=taken)

    assert _size_of(taken) == _size_of(PICTURE) == (SIZE["width"], SIZE["height"])


def _size_of(picture) -> tuple[int, int]:
    return struct.unpack(">II", picture.read_bytes()[16:24])
