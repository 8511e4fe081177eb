"""Files that people send by mistake, through the page where applicants are imported and those that take papers."""

import io
import zipfile
from contextlib import contextmanager
from html import unescape

import openpyxl
import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import override_settings
from django.urls import reverse

from kuznitsa.admissions.actions import start_application
from kuznitsa.admissions.models import ApplicantImport, ApplicationDocument
from kuznitsa.admissions.queries.sheets import columns
from kuznitsa.people.models import Person
from tests.base.test_uploads import MEGABYTE, HugeForm
from tests.factories.accounts import UserFactory
from tests.factories.admissions import CampaignFactory, OpenOfferFactory, office_of
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db

CHILD = {"family_name": "Щеглов", "given_name": "Пётр", "born_on": "05.04.2000", "average_mark": "4,35"}


@pytest.fixture
def campaign(at):
    return OpenOfferFactory(number="Э-1").campaign


@pytest.fixture
def office(campaign, client_as, language):
    """The office of the campaign's college, in a browser that asks for the language of the test."""
    client = client_as(office_of(campaign), language=language)
    client.cookies["django_language"] = language
    return client


def table(count=1):
    known = columns(1)
    head = [str(column.titles[0]) for column in known]
    row = [{**CHILD, "choice_1": "Э-1"}.get(column.name, "") for column in known]
    return [head, *[row] * count]


def csv(count=1):
    return "".join(";".join(row) + "\r\n" for row in table(count))


def workbook(rows, *, merged=""):
    book = openpyxl.Workbook(write_only=not merged)
    sheet = book.active if merged else book.create_sheet()
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def bomb():
    """A book of two hundred megabytes of nothing in a small archive."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(200 * MEGABYTE))
    return data.getvalue()


@contextmanager
def connections_kept():
    """A request closes the connections of its process, and with them the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def send(client, campaign, data, name="applicants.xlsx"):
    url = reverse("admissions:imports", args=[campaign.pk])
    return client.post(url, {"file": SimpleUploadedFile(name, data)}, headers={"referer": f"http://testserver{url}"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "koi8-r", "cp866", "utf-16"])
def test_a_list_is_read_in_the_encoding_it_came_in(office, campaign, encoding):
    answer = send(office, campaign, csv(3).encode(encoding), "applicants.csv")

    found = ApplicantImport.objects.get()
    assert answer["Location"] == found.get_absolute_url()
    assert "Щеглов" in office.get(found.get_absolute_url()).content.decode()


WRONG_FILES = {
    "merged": (lambda: workbook(table(3), merged="A3:A4"), "A3:A4", "A3:A4"),
    "bomb": (bomb, "слишком велик", "too large"),
    "long": (lambda: csv(100_000).encode(), "слишком много строк", "more than 5000 rows"),
    "program": (lambda: b"MZ\x90\x00" + bytes(5000), "другого вида", "another kind"),
    "renamed archive": (lambda: b"PK\x03\x04" + b"\x07" * 500, "другого вида", "another kind"),
    "page": (lambda: b"<html><table><tr><td>1</td></tr></table>", "другого вида", "another kind"),
    "rubbish": (lambda: bytes(range(128, 256)) * 40, "столб", "column"),
    "broken": (lambda: workbook(table())[:-700], "другого вида", "another kind"),
    "empty": (lambda: b"", "пуст", "empty"),
    "only headings": (lambda: csv(0).encode(), "ни одной строки", "no rows"),
}


@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_file_that_cannot_be_used_says_why_and_changes_nothing(office, campaign, language, name, settings):
    make, russian, english = WRONG_FILES[name]

    answer = send(office, campaign, make())

    page = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert (russian if language == "ru" else english) in page.replace("\xa0", "").replace("\u202f", "")
    assert 'type="file"' in page
    assert not ApplicantImport.objects.exists()
    assert not Person.objects.exists()
    assert not list(settings.MEDIA_ROOT.rglob("*.*"))


def test_200_megabytes_are_told_on_the_page_of_the_form_and_kept_nowhere(
    campaign, office, language, tmp_path, settings
):
    form = HugeForm(200 * MEGABYTE)
    url = reverse("admissions:imports", args=[campaign.pk])
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": url,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_REFERER": f"http://testserver{url}",
        "HTTP_ACCEPT_LANGUAGE": language,
        "HTTP_COOKIE": "; ".join(f"{name}={morsel.value}" for name, morsel in office.cookies.items()),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": str(form.length),
        "wsgi.url_scheme": "http",
        "wsgi.input": form,
    }
    answer = {}

    with override_settings(FILE_UPLOAD_TEMP_DIR=tmp_path), connections_kept():
        WSGIHandler()(environ, lambda status, headers: answer.update(status=status, headers=headers)).close()

    assert answer["status"] == "302 Found"
    headers = dict(answer["headers"])
    assert headers["Location"] == f"http://testserver{url}"
    for name, value in answer["headers"]:
        if name == "Set-Cookie":
            office.cookies.load(value)
    page = unescape(office.get(url).content.decode())
    assert {"ru": "Файл слишком велик", "en": "The file is too large"}[language] in page
    assert 'type="file"' in page
    assert not ApplicantImport.objects.exists()
    assert list(tmp_path.rglob("*.upload*")) == []


@pytest.mark.parametrize(
    ("data", "russian", "english"),
    [
        (b"MZ\x90\x00" + bytes(500), "другого вида", "another kind"),
        (b"<svg onload=alert(1)>", "другого вида", "another kind"),
        (b"", "пуст", "empty"),
    ],
)
def test_a_paper_of_another_kind_is_refused(at, campaign, client_as, language, data, russian, english):
    person = PersonFactory(user=UserFactory())
    application = start_application(campaign=campaign, person=person, by=person.user, at=at)
    client = client_as(person.user, language=language)
    client.cookies["django_language"] = language
    page = application.get_absolute_url()

    answer = client.post(
        reverse("admissions:application-add-document", args=[application.pk]),
        {"kind": "school", "file": SimpleUploadedFile("аттестат.pdf", data)},
        headers={"referer": f"http://testserver{page}"},
        follow=True,
    )

    assert (russian if language == "ru" else english) in unescape(answer.content.decode())
    assert not ApplicationDocument.objects.exists()


def test_a_campaign_of_another_college_cannot_be_filled(campaign, client_as):
    answer = send(client_as(office_of(CampaignFactory())), campaign, csv().encode())

    told = [str(message) for message in get_messages(answer.wsgi_request)]
    assert told == ["Это делает приёмная комиссия колледжа."]
    assert not ApplicantImport.objects.exists()
