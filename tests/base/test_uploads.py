import io
import zipfile

import openpyxl
import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from kuznitsa.base.uploads import UploadTo, content_kind, safe_name, validate_upload

received = []
MEGABYTE = 1024 * 1024


@login_not_required
def receive(request):
    received.append([file.size for file in request.FILES.values()])
    return HttpResponse("kept")


urlpatterns = [path("send/", receive)]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def nothing_received():
    received.clear()


class HugeForm(io.RawIOBase):
    """A form with a file of zeros that nobody has to keep in memory."""

    head = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="scan.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%PDF-1.7\n"
    )
    tail = b"\r\n--x--\r\n"

    def __init__(self, size):
        self.length = len(self.head) + size + len(self.tail)
        self.parts = [self.head, size, self.tail]
        self.read_bytes = 0

    def read(self, size=-1):
        while self.parts and self.parts[0] in (b"", 0):
            self.parts.pop(0)
        if not self.parts:
            return b""
        part = self.parts[0]
        if isinstance(part, int):
            chunk = bytes(min(size, part))
            self.parts[0] = part - len(chunk)
        else:
            chunk, self.parts[0] = part[:size], part[size:]
        self.read_bytes += len(chunk)
        return chunk


def test_a_200_mb_file_is_answered_with_a_message_and_kept_nowhere(tmp_path):
    form = HugeForm(200 * MEGABYTE)
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/send/",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_REFERER": "http://testserver/form/",
        "HTTP_ACCEPT_LANGUAGE": "en",
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": str(form.length),
        "wsgi.url_scheme": "http",
        "wsgi.input": form,
    }
    answer = {}

    with override_settings(FILE_UPLOAD_TEMP_DIR=tmp_path, ALLOWED_HOSTS=["testserver"]):
        WSGIHandler()(environ, lambda status, headers: answer.update(status=status, **dict(headers))).close()

    assert answer["status"] == "302 Found"
    assert answer["Location"] == "http://testserver/form/"
    assert received == []
    assert list(tmp_path.iterdir()) == []
    assert form.read_bytes == form.length


def test_files_that_are_too_large_together_are_refused(client, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    files = {f"file{n}": SimpleUploadedFile(f"{n}.pdf", b"%PDF-" + bytes(600)) for n in range(2)}

    response = client.post("/send/", files, headers={"Referer": "http://testserver/form/"})

    assert response["Location"] == "http://testserver/form/"
    assert [str(message) for message in response.wsgi_request._messages] == [
        "The file is too large: 1000\xa0bytes at most. Nothing was saved."
    ]
    assert received == []


def test_a_file_of_allowed_size_arrives(client):
    client.post("/send/", {"file": SimpleUploadedFile("a.pdf", b"%PDF-" + bytes(MEGABYTE))})

    assert received == [[MEGABYTE + 5]]


def spreadsheet_bytes():
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    return book.getvalue()


def archive_bytes(name, content=b""):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, content)
    return data.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n0000", "image"),
        (b"\xff\xd8\xff\xe0JFIF", "image"),
        (b"RIFF0000WEBPVP8 ", "image"),
        (spreadsheet_bytes(), "spreadsheet"),
        (archive_bytes("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), "spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "spreadsheet"),
        ("Фамилия;Балл\nИванова;4,5\n".encode("cp1251"), "spreadsheet"),
        ("Фамилия;Балл\n".encode("utf-16"), "spreadsheet"),
        (archive_bytes("virus.exe"), ""),
        (b"PK\x03\x04 broken", ""),
        (b"MZ\x90\x00\x03\x00", ""),
        (b"<html><script>alert(1)</script>", ""),
        (b"\xef\xbb\xbf <svg onload=x>", ""),
        (b"", ""),
    ],
)
def test_the_kind_is_told_by_content(content, kind):
    assert content_kind(io.BytesIO(content)) == kind


def test_a_file_of_another_kind_is_refused_with_the_kinds_that_can_be_sent():
    with pytest.raises(ValidationError, match=r"PDF, picture \(PNG, JPEG, WebP\)"):
        validate_upload(SimpleUploadedFile("scan.pdf", b"MZ\x90\x00"), kinds=("pdf", "image"))


def test_an_empty_file_is_refused():
    with pytest.raises(ValidationError, match="The file is empty"):
        validate_upload(SimpleUploadedFile("scan.pdf", b""))


def test_a_large_file_is_refused(settings):
    settings.MAX_UPLOAD_BYTES = 10
    with pytest.raises(ValidationError, match="too large"):
        validate_upload(SimpleUploadedFile("scan.pdf", b"%PDF-1.7 long"))


def test_an_accepted_file_is_left_at_its_start():
    file = SimpleUploadedFile("list.xlsx", spreadsheet_bytes())

    validate_upload(file, kinds=("spreadsheet",))

    assert file.read(2) == b"PK"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Договор №5 (скан).pdf", "Договор_5_скан.pdf"),
        ("..\\..\\windows\\a.pdf", "a.pdf"),
        ("../../etc/passwd", "passwd"),
        ("<b>.png", "b.png"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_names_are_made_safe(name, safe):
    assert safe_name(name) == safe


def test_a_stored_file_lies_in_a_folder_nobody_can_guess():
    upload_to = UploadTo("agreements")

    assert upload_to(None, "a.pdf") != upload_to(None, "a.pdf")
    assert upload_to(None, "a.pdf").startswith("agreements/")
