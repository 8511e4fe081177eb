"""The command as an operator meets it: languages, and mistakes said in one line."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from argparse import Namespace
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from kuznitsa.cli import commands
from kuznitsa.cli.installation import Stop, prepared
from kuznitsa.cli.serving import site_url

NO_TRACE = "Traceback"


def kuznitsa(*arguments, reads=True, **environment):
    """Runs the command in a process of its own; its language and settings come from `environment` only.

    Without `reads` its output goes into a pipe that nobody reads, as after `| head`.
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KUZNITSA", "LC_", "LANG"))}
    clean.pop("DATABASE_URL", None)
    clean.pop("DJANGO_SETTINGS_MODULE", None)
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return subprocess.run(
            [sys.executable, "-m", "kuznitsa.cli", *arguments],
            env=clean | {"PYTHONUTF8": "1"} | environment,
            stdout=subprocess.PIPE if reads else writer,
            stderr=subprocess.PIPE,
            text=True,
            timeout=300,
        )
    finally:
        os.close(writer)


@pytest.fixture
def installation(tmp_path, migrated):
    """The folder of an installation. Its migrations, 10 s of them, may have been paid for by the other tests."""
    if migrated:
        shutil.copyfile(migrated, tmp_path / "kuznitsa.sqlite3")
    return tmp_path


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "serve the pages"),
        ({"LANG": "en_GB.UTF-8"}, "serve the pages"),
        ({"LANG": "ru_RU.UTF-8"}, "отдавать страницы"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "ru_RU.UTF-8"}, "отдавать страницы"),
        ({"LC_ALL": "ru_RU.UTF-8", "KUZNITSA_LANG": "en"}, "serve the pages"),
        ({"KUZNITSA_LANG": "ru"}, "отдавать страницы"),
    ],
)
def test_help_speaks_the_language_of_the_environment(environment, expected):
    helped = kuznitsa("--help", **environment)

    assert helped.returncode == 0
    assert expected in helped.stdout


def test_help_does_not_load_django():
    seen = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "kuznitsa.cli", "--help"], capture_output=True, text=True, check=True
    )

    assert "kuznitsa.cli" in seen.stderr
    assert "django" not in seen.stderr


@pytest.mark.parametrize(
    "arguments", [[], ["sreve"], ["serve", "--prot", "1"], ["demo", "--stage", "end"], ["serve", "--port=70000"]]
)
def test_a_wrong_command_is_explained(arguments):
    refused = kuznitsa(*arguments, KUZNITSA_LANG="ru")

    assert refused.returncode == 2
    assert "использование: kuznitsa" in refused.stderr


def test_a_command_of_django_gets_all_its_arguments(tmp_path):
    passed = kuznitsa("manage", "migrate", "--help", KUZNITSA_VAR=str(tmp_path))

    assert passed.returncode == 0
    assert "--fake-initial" in passed.stdout


@pytest.mark.django_db
@pytest.mark.parametrize("command", [commands.serve, commands.worker, commands.createadmin])
def test_a_database_that_is_not_prepared_is_named(command, tmp_path, monkeypatch, socket_enabled):
    monkeypatch.setenv("KUZNITSA_VAR", str(tmp_path))
    # What it would go on to in this process.
    monkeypatch.setattr(os, "execv", pytest.fail)
    monkeypatch.setattr("django.core.management.call_command", pytest.fail)
    MigrationRecorder(connection).migration_qs.filter(app="accounts").delete()

    with pytest.raises(Stop, match=r"not of this version \(migrations to apply: \d+\); run: kuznitsa migrate"):
        command(Namespace(host="127.0.0.1", port=0, processes=1, email=None, name=None))


@pytest.mark.parametrize("command", ["worker", "migrate"])
def test_a_database_that_does_not_answer_is_named(command, tmp_path):
    url = f"postgres://nobody@/nothing?host={tmp_path}"

    refused = kuznitsa(command, KUZNITSA_VAR=str(tmp_path), DATABASE_URL=url)

    assert refused.returncode == 1
    assert "the database does not answer" in refused.stderr
    assert NO_TRACE not in refused.stderr


def test_a_port_that_is_taken_is_named(tmp_path, socket_enabled):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = kuznitsa("serve", "--port", str(taken.getsockname()[1]), KUZNITSA_VAR=str(tmp_path))

    assert refused.returncode == 1
    assert "choose another --port" in refused.stderr


def test_a_secret_missing_in_production_is_named(tmp_path):
    refused = kuznitsa("serve", KUZNITSA_VAR=str(tmp_path), KUZNITSA_PRODUCTION="1")

    assert refused.returncode == 1
    assert "KUZNITSA_SECRET_KEY" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.sweep
def test_the_demonstration_names_the_port_that_is_served(installation):
    """And whoever reads only the first lines is not told of a broken pipe."""
    demo = ["demo", "--no-serve", "--stage", "need", "--port", "8111"]
    environment = {"KUZNITSA_VAR": str(installation), "KUZNITSA_LANG": "en"}

    built = kuznitsa(*demo, **environment)
    unread = kuznitsa(*demo, **environment, reads=False)

    assert built.returncode == 0, built.stderr
    assert "http://127.0.0.1:8111/sign-in/" in built.stdout
    assert ":8000" not in built.stdout
    assert (unread.returncode, unread.stderr) == (128 + signal.SIGPIPE, "")


def test_an_address_that_is_set_stands_for_the_demonstration(monkeypatch):
    monkeypatch.setenv("KUZNITSA_SITE_URL", "https://cluster.example.org")
    monkeypatch.setattr(commands, "demo_at_home", lambda _options: os.environ["KUZNITSA_SITE_URL"])

    assert commands.demo(Namespace(host="127.0.0.1", port=8111)) == "https://cluster.example.org"


def test_output_that_nobody_reads_is_no_error(tmp_path):
    unread = kuznitsa("check", KUZNITSA_VAR=str(tmp_path), reads=False)

    assert (unread.returncode, unread.stderr) == (128 + signal.SIGPIPE, "")


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:81"),
        ("0.0.0.0", "http://localhost:81"),
        ("::", "http://localhost:81"),
        ("::1", "http://[::1]:81"),
        ("cluster.example.org", "http://cluster.example.org:81"),
    ],
)
def test_links_lead_to_where_the_pages_are_served(host, url):
    assert site_url(host, 81) == url


def test_a_demonstration_in_production_is_refused(tmp_path):
    production = {"KUZNITSA_PRODUCTION": "1", "KUZNITSA_SECRET_KEY": "x" * 60, "KUZNITSA_HOSTS": "cluster.example.org"}

    refused = kuznitsa("demo", "--no-serve", KUZNITSA_VAR=str(tmp_path), **production)

    assert refused.returncode == 1
    assert "in production" in refused.stderr


def test_check_says_what_is_in_order_and_what_is_not(tmp_path):
    checked = kuznitsa("check", KUZNITSA_VAR=str(tmp_path))

    assert checked.returncode == 1
    said = dict(line.split(": ", 1) for line in checked.stdout.splitlines())
    assert said["database"].endswith("run: kuznitsa migrate")
    assert said["static files"].endswith("run: kuznitsa migrate")
    assert said[f"folder {tmp_path}"] == "in order"
    assert said["letters"] == "in order"


@pytest.mark.sweep
def test_after_migrate_the_installation_is_in_order_and_takes_an_administrator(installation):
    environment = {"KUZNITSA_VAR": str(installation), "KUZNITSA_ADMIN_PASSWORD": "long enough, is it not"}
    administrator = ["createadmin", "--email", "admin@example.org", "--name", "Анна Иванова"]

    migrated = kuznitsa("migrate", **environment)
    checked = kuznitsa("check", **environment)
    made = kuznitsa(*administrator, **environment)
    again = kuznitsa(*administrator, **environment)

    assert migrated.returncode == 0, migrated.stderr
    assert checked.returncode == 0, checked.stdout
    assert made.returncode == 0, made.stderr
    assert again.returncode == 1
    assert NO_TRACE not in again.stderr


def test_two_who_prepare_one_installation_wait_for_each_other(tmp_path, settings, monkeypatch):
    settings.VAR = tmp_path
    at_work, most = [], []

    def command(name, **options):
        at_work.append(name)
        most.append(len(at_work))
        sleep(0.05)
        at_work.pop()

    monkeypatch.setattr("kuznitsa.cli.installation.connection_problem", lambda: "")
    monkeypatch.setattr("django.core.management.call_command", command)

    def prepare():
        with prepared():
            pass

    with ThreadPoolExecutor() as both:
        for done in [both.submit(prepare), both.submit(prepare)]:
            done.result()
    # The static files are copied by the first alone.
    assert most == [1, 1, 1]
