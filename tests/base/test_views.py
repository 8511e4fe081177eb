import pytest
from django.db.migrations.recorder import MigrationRecorder

pytestmark = [pytest.mark.urls("kuznitsa.base.urls"), pytest.mark.django_db]


def test_a_living_process_answers(client):
    assert client.get("/healthz").content == b"ok"


def test_an_up_to_date_database_is_ready(client):
    assert client.get("/readyz").status_code == 200


def test_missing_migrations_are_told_to_the_load_balancer(client):
    MigrationRecorder.Migration.objects.filter(app="base").delete()

    assert client.get("/readyz").status_code == 503
