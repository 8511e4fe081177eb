import io
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from kuznitsa.admissions.actions import applications, checking, imports
from kuznitsa.admissions.enums import ApplicationState, CampaignState, ImportState
from kuznitsa.admissions.models import Application
from kuznitsa.admissions.queries.imports import CHANGED, NEW, SAME, difference, errors_of
from kuznitsa.admissions.queries.receipts import ReceiptVerdict, check_receipt
from kuznitsa.admissions.queries.sheets import columns, template_file
from kuznitsa.base.refusal import Refused
from kuznitsa.base.spreadsheets import write_csv, write_table
from kuznitsa.demo.applicants import applicants_file
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact, Thread
from kuznitsa.facts.queries import totals, unbalanced_sums
from kuznitsa.people.actions import edit_person
from kuznitsa.people.enums import ConsentChannel
from kuznitsa.people.models import Person
from tests.factories.accounts import UserFactory
from tests.factories.admissions import CampaignFactory, OpenOfferFactory, office_of

pytestmark = pytest.mark.django_db

CHILD = {
    "family_name": "Искрин",
    "given_name": "Лев",
    "patronymic": "Петрович",
    "born_on": date(2010, 4, 5),
    "average_mark": 435,
    "guardian_family_name": "Искрина",
    "guardian_given_name": "Ольга",
    "consent_on": date(2026, 8, 28),
    "choice_1": "Э-1",
}


@pytest.fixture
def offer():
    return OpenOfferFactory(number="Э-1", seats=5)


def sheet(*people, choices=5, write=write_table):
    known = columns(choices)
    return write(known, [[{**CHILD, **person}.get(column.name) for column in known] for person in people])


def upload(campaign, data, at, by=None, name="список.xlsx"):
    file = SimpleUploadedFile(name, data)
    return imports.upload_import(campaign=campaign, file=file, by=by or office_of(campaign), at=at)


def confirm(campaign, data, at):
    office = office_of(campaign)
    return imports.confirm_import(applicant_import=upload(campaign, data, at, office), by=office, at=at)


def applied(offer):
    return totals(Thread.objects.filter(pk=offer.thread_id)).get(FactKind.APPLIED, 0)


@pytest.mark.sweep
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_file_of_the_demonstration_passes(at, offer, form):
    OpenOfferFactory(number="Э-2", campaign=offer.campaign)
    data = applicants_file(["Э-1", "Э-2"], today=at.date(), form=form)
    assert form == "xlsx" or data == applicants_file(["Э-1", "Э-2"], today=at.date(), form=form)
    found = upload(offer.campaign, data, at, name=f"a.{form}")
    assert found.errors == []
    imports.confirm_import(applicant_import=found, by=office_of(offer.campaign), at=at)
    assert Application.objects.filter(state=ApplicationState.SUBMITTED).count() == 41
    assert applied(offer) == 41
    assert unbalanced_sums() == []


def test_confirming_registers_the_family_with_consents_on_paper(at, offer):
    confirm(offer.campaign, sheet({"achievement_points": 7, "medical": True}), at)
    application = Application.objects.get()
    person = application.person
    assert (person.full_name, person.born_on) == ("Искрин Лев Петрович", date(2010, 4, 5))
    assert application.guardian.full_name == "Искрина Ольга"
    guardianship = person.guardianships.in_force().get()
    assert guardianship.guardian == application.guardian
    assert "28.08.2026" in guardianship.document
    assert application.score == 442
    assert application.documents.get().kind == "medical"
    consents = person.consents.all()
    assert {consent.channel for consent in consents} == {ConsentChannel.PAPER}
    assert {timezone.localdate(consent.given_at) for consent in consents} == {date(2026, 8, 28)}
    assert application.receipt_number


def test_errors_name_cells_and_the_copy_shows_them(at, offer, client_as):
    rows = [
        {},
        {},
        {"family_name": "Горнов", "choice_1": "Э-9"},
        {"family_name": "Ковшов", "consent_on": date(2026, 9, 2)},
        {"family_name": "Шлаков", "guardian_given_name": None},
        {"family_name": "Лотков", "average_mark": 600},
        {"family_name": "Тигельцев", "choice_2": "Э-1"},
        {"family_name": "Чугунов", "email": "нет"},
        {"family_name": "Сплавов", "born_on": date(2024, 1, 1)},
    ]
    office = office_of(offer.campaign)
    found = upload(offer.campaign, sheet(*rows), at, office)
    errors = errors_of(found)
    assert sorted({error.row for error in errors}) == [3, 4, 5, 6, 7, 8, 9, 10]
    assert len(found.rows) == 1
    client = client_as(office)
    assert "Э-9" in client.get(found.get_absolute_url()).text
    copy = client.get(reverse("admissions:import-errors", args=[found.pk]))
    book = openpyxl.load_workbook(io.BytesIO(copy.content))
    assert "Э-9" in str(book.worksheets[0].cell(4, book.worksheets[0].max_column).value)


def test_a_file_that_cannot_be_used_is_refused(at, offer, settings):
    office = office_of(offer.campaign)
    merged = openpyxl.load_workbook(io.BytesIO(sheet({}, {"given_name": "Глеб"})))
    merged.worksheets[0].merge_cells("A2:A3")
    saved = io.BytesIO()
    merged.save(saved)
    for data in (b"", b"%PDF-1.7", b"PK\x03\x04broken", saved.getvalue(), b"a;b\n1;2\n"):
        with pytest.raises(Refused):
            upload(offer.campaign, data, at, office)
    settings.MAX_UPLOAD_BYTES = 10
    with pytest.raises(Refused):
        upload(offer.campaign, sheet({}), at, office)


def test_an_old_encoding_is_read(at, offer):
    data = sheet({}, write=write_csv).decode("utf-8-sig").encode("cp1251")
    assert upload(offer.campaign, data, at, name="a.csv").rows[0]["values"]["family_name"] == "Искрин"


def test_only_the_office_of_an_open_campaign_imports(at, offer):
    with pytest.raises(Refused):
        upload(offer.campaign, sheet({}), at, UserFactory())
    offer.campaign.state = CampaignState.CLOSED
    offer.campaign.save()
    with pytest.raises(Refused):
        upload(offer.campaign, sheet({}), at)


def test_the_difference_is_new_changed_or_same(at, offer):
    confirm(offer.campaign, sheet({}), at)
    found = upload(
        offer.campaign,
        sheet({"average_mark": 480}, {"given_name": "Глеб"}),
        at,
    )
    changed, new = difference(found)
    assert (changed.kind, new.kind) == (CHANGED, NEW)
    assert [(change.was, change.now) for change in changed.changes] == [("4,35", "4,80")]
    assert [row.kind for row in difference(upload(offer.campaign, sheet({}), at))] == [SAME]


def test_a_change_is_brought_in_once_and_can_be_undone(at, offer):
    other = OpenOfferFactory(number="Э-2", campaign=offer.campaign)
    confirm(offer.campaign, sheet({}), at)
    found = confirm(offer.campaign, sheet({"choice_1": "Э-2", "average_mark": 450, "phone": "+7 900"}), at)
    application = Application.objects.get()
    assert (application.average_mark_hundredths, applied(offer), applied(other)) == (450, 0, 1)
    assert Person.objects.filter(family_name="Искрин").count() == 1
    assert Person.objects.filter(family_name="Искрина").count() == 1
    imports.undo_import(applicant_import=found, by=office_of(offer.campaign), at=at)
    application.refresh_from_db()
    assert (application.state, application.average_mark_hundredths) == (ApplicationState.SUBMITTED, 435)
    assert (applied(offer), applied(other)) == (1, 0)
    assert application.person.phone == ""


def test_undoing_withdraws_what_was_new_and_it_can_come_again(at, offer):
    found = confirm(offer.campaign, sheet({}), at)
    with pytest.raises(Refused):
        imports.undo_import(applicant_import=found, by=UserFactory(), at=at)
    imports.undo_import(applicant_import=found, by=office_of(offer.campaign), at=at)
    assert Application.objects.get().state == ApplicationState.WITHDRAWN
    assert applied(offer) == 0
    assert Fact.objects.effective().count() == 0
    assert not Person.objects.visible_to(office_of(offer.campaign)).exists()
    with pytest.raises(Refused):
        imports.undo_import(applicant_import=found, by=office_of(offer.campaign), at=at)
    confirm(offer.campaign, sheet({}), at)
    assert Application.objects.get().state == ApplicationState.SUBMITTED
    assert applied(offer) == 1


def test_undoing_is_refused_when_nothing_can_be_taken_back(at, offer):
    found = confirm(offer.campaign, sheet({"given_name": "Глеб"}), at)
    checking.check_application(application=Application.objects.get(), by=None, at=at)
    with pytest.raises(Refused, match="Глеб"):
        imports.undo_import(applicant_import=found, by=office_of(offer.campaign), at=at)
    found.refresh_from_db()
    assert found.state == ImportState.CONFIRMED
    assert not Application.objects.filter(state=ApplicationState.WITHDRAWN).exists()


def test_a_row_that_was_worked_on_since_stays_and_the_page_says_why(at, offer, client_as):
    found = confirm(offer.campaign, sheet({}, {"given_name": "Глеб"}, {"given_name": "Тихон"}), at)
    checked, revised = (Application.objects.get(person__given_name=name) for name in ("Глеб", "Тихон"))
    checking.check_application(application=checked, by=None, at=at)
    applications.revise_application(application=revised, by=None, at=at)
    submitted = {"application": revised, "by": None, "at": at}
    applications.submit_application(**submitted)
    applications.agree_to_application(**submitted, guardian=revised.person.guardianships.get().guardian)
    client = client_as(office_of(offer.campaign))
    page = client.post(f"{found.get_absolute_url()}undo/", follow=True).text
    found.refresh_from_db()
    assert found.state == ImportState.UNDONE
    states = dict(Application.objects.values_list("person__given_name", "state"))
    assert states == {"Лев": "withdrawn", "Глеб": "checked", "Тихон": "submitted"}
    for said in ("Искрин Глеб", "Искрин Тихон", "заявление сейчас — «проверено»", "заявление с тех пор изменили"):
        assert said in page
    for row in (checked, revised):
        assert row.person.consents.in_force().count() == 3


def test_undoing_ends_the_consents_and_guardianships_that_came_with_the_file(at, offer):
    found = confirm(offer.campaign, sheet({}), at)
    person = Application.objects.get().person
    assert person.consents.in_force().count() == 3
    imports.undo_import(applicant_import=found, by=office_of(offer.campaign), at=at)
    assert not person.consents.in_force().exists()
    assert not person.guardianships.current().exists()


def test_a_guardian_who_has_signed_in_since_stays_one(at, offer):
    found = confirm(offer.campaign, sheet({}), at)
    guardianship = Application.objects.get().person.guardianships.get()
    guardianship.guardian.user = UserFactory()
    guardianship.guardian.save()
    imports.undo_import(applicant_import=found, by=office_of(offer.campaign), at=at)
    guardianship.refresh_from_db()
    assert guardianship.ended_on is None


def test_what_was_on_record_before_the_import_stays(at, offer):
    confirm(offer.campaign, sheet({}), at)
    was = Application.objects.get()
    found = confirm(offer.campaign, sheet({"average_mark": 480, "medical": True, "achievement_points": 5}), at)
    imports.undo_import(applicant_import=found, by=office_of(offer.campaign), at=at)
    now = Application.objects.get()
    for name in ("state", "receipt_number", "receipt_hash", "guardian_id", "average_mark_hundredths", "imported_by_id"):
        assert getattr(now, name) == getattr(was, name)
    assert now.achievement_points == 0
    assert not now.documents.exists()
    assert now.person.consents.in_force().count() == 3
    assert check_receipt(was.receipt_number, was.receipt_hash).verdict is ReceiptVerdict.IN_FORCE


def test_a_withdrawn_application_gets_its_old_values_back(at, offer):
    other = OpenOfferFactory(number="Э-2", campaign=offer.campaign)
    confirm(offer.campaign, sheet({}), at)
    applications.withdraw_application(application=Application.objects.get(), reason="переезд", by=None, at=at)
    found = confirm(offer.campaign, sheet({"choice_1": "Э-2", "average_mark": 480}), at)
    assert applied(other) == 1
    imports.undo_import(applicant_import=found, by=office_of(offer.campaign), at=at)
    application = Application.objects.get()
    assert (application.state, application.state_reason) == (ApplicationState.WITHDRAWN, "переезд")
    assert application.average_mark_hundredths == 435
    assert [choice.offer for choice in application.choices.all()] == [offer]
    assert (applied(offer), applied(other)) == (0, 0)


def test_a_returned_application_is_returned_again(at, offer):
    confirm(offer.campaign, sheet({}), at)
    checking.return_application(application=Application.objects.get(), reason="нет справки", by=None, at=at)
    found = confirm(offer.campaign, sheet({"average_mark": 480}), at)
    imports.undo_import(applicant_import=found, by=office_of(offer.campaign), at=at)
    application = Application.objects.get()
    assert (application.state, application.state_reason) == (ApplicationState.RETURNED, "нет справки")


def test_an_address_that_was_changed_since_stays(at, offer):
    confirm(offer.campaign, sheet({"phone": "1", "email": "a@example.org"}), at)
    found = confirm(offer.campaign, sheet({"phone": "2", "email": "b@example.org", "consent_on": None}), at)
    person = Application.objects.get().person
    edit_person(person=person, phone="3", by=None, at=at)
    imports.undo_import(applicant_import=found, by=office_of(offer.campaign), at=at)
    person.refresh_from_db()
    assert (person.phone, person.email) == ("3", "a@example.org")


def test_without_a_paper_a_minor_waits_for_the_guardian(at, offer):
    confirm(offer.campaign, sheet({"consent_on": None}), at)
    application = Application.objects.get()
    assert application.state == ApplicationState.AWAITING_GUARDIAN
    assert not application.person.consents.exists()
    assert application.person.guardianships.current().count() == 1
    same = upload(offer.campaign, sheet({"consent_on": None}), at)
    assert [row.kind for row in difference(same)] == [SAME]
    confirm(offer.campaign, sheet({}), at)
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED


def test_a_new_address_leaves_the_guardians_word_untouched(at, offer):
    confirm(offer.campaign, sheet({}), at)
    was = Application.objects.get()
    confirm(offer.campaign, sheet({"phone": "2", "consent_on": None}), at)
    now = Application.objects.get()
    assert (now.person.phone, now.state) == ("2", ApplicationState.SUBMITTED)
    assert (now.receipt_number, now.guardian_agreed_at) == (was.receipt_number, was.guardian_agreed_at)


def test_the_consents_of_an_adult_are_not_invented(at, offer, client_as):
    adult = {"born_on": date(2000, 1, 1), "consent_on": None}
    confirm(offer.campaign, sheet(adult), at)
    application = Application.objects.get()
    assert application.state == ApplicationState.SUBMITTED
    assert not application.person.consents.exists()
    office = office_of(offer.campaign)
    found = upload(offer.campaign, sheet({**adult, "consent_on": date(2026, 8, 30)}), at, office)
    assert "30.08.2026" in client_as(office).get(found.get_absolute_url()).text
    imports.confirm_import(applicant_import=found, by=office, at=at)
    given = {timezone.localdate(consent.given_at) for consent in application.person.consents.in_force()}
    assert given == {date(2026, 8, 30)}
    imports.undo_import(applicant_import=found, by=office, at=at)
    assert not application.person.consents.in_force().exists()


def test_the_page_says_that_consents_are_awaited(at, offer, client_as):
    office = office_of(offer.campaign)
    found = upload(offer.campaign, sheet({"consent_on": None}), at, office)
    assert "согласий ещё нет, тех ждём" in client_as(office).get(found.get_absolute_url()).text
    named = upload(offer.campaign, sheet({}), at, office)
    assert "тех ждём" not in client_as(office).get(named.get_absolute_url()).text


def test_what_was_decided_upon_is_not_overwritten(at, offer):
    confirm(offer.campaign, sheet({}), at)
    checking.check_application(application=Application.objects.get(), by=None, at=at)
    found = upload(offer.campaign, sheet({"average_mark": 500}), at)
    assert (found.rows, len(found.errors)) == ([], 1)
    with pytest.raises(Refused):
        imports.confirm_import(applicant_import=found, by=office_of(offer.campaign), at=at)


def test_all_rows_or_none(at, offer):
    office = office_of(offer.campaign)
    found = upload(offer.campaign, sheet({}, {"given_name": "Глеб"}), at, office)
    applications.start_application(
        campaign=CampaignFactory(college=offer.campaign.college),
        person=Person.objects.create(
            family_name="Искрин", given_name="Глеб", patronymic="Петрович", born_on=date(2010, 4, 5)
        ),
        by=None,
        at=at,
    )
    offer.state = "withdrawn"
    offer.save()
    with pytest.raises(Refused, match="2"):
        imports.confirm_import(applicant_import=found, by=office, at=at)
    found.refresh_from_db()
    assert found.state == ImportState.UPLOADED
    assert not offer.campaign.applications.exists()


def test_an_import_is_confirmed_once_or_cancelled(at, offer):
    office = office_of(offer.campaign)
    found = upload(offer.campaign, sheet({}), at, office)
    stale = type(found).objects.get(pk=found.pk)
    imports.confirm_import(applicant_import=found, by=office, at=at)
    with pytest.raises(Refused):
        imports.apply_import(applicant_import=stale, by=office, at=at)
    with pytest.raises(Refused):
        imports.cancel_import(applicant_import=found, by=office, at=at)
    other = upload(offer.campaign, sheet({}), at, office)
    imports.cancel_import(applicant_import=other, by=office, at=at)
    assert other.state == ImportState.CANCELLED


def test_a_long_file_is_left_to_a_worker(at, offer, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(imports, "AT_ONCE", 1)
    with django_capture_on_commit_callbacks(execute=True):
        found = confirm(offer.campaign, sheet({}, {"given_name": "Глеб"}), at)
        assert found.state == ImportState.UPLOADED
    found.refresh_from_db()
    assert found.state == ImportState.CONFIRMED
    assert offer.campaign.applications.count() == 2


def test_an_adult_needs_no_guardian(at, offer):
    row = {"born_on": date(2000, 1, 1), "guardian_family_name": None, "consent_on": None}
    confirm(offer.campaign, sheet(row), at)
    application = Application.objects.get()
    assert (application.state, application.guardian) == (ApplicationState.SUBMITTED, None)


def test_an_unfinished_draft_is_finished_by_the_file(at, offer):
    person = Person.objects.create(
        family_name="Искрин", given_name="Лев", patronymic="Петрович", born_on=date(2010, 4, 5)
    )
    applications.start_application(campaign=offer.campaign, person=person, by=None, at=at)
    found = confirm(offer.campaign, sheet({}), at)
    assert Application.objects.get().state == ApplicationState.SUBMITTED
    imports.undo_import(applicant_import=found, by=office_of(offer.campaign), at=at)
    assert Application.objects.get().state == ApplicationState.DRAFT


def test_the_screens(at, offer, client_as, language):
    client = client_as(office_of(offer.campaign), language=language)
    address = reverse("admissions:imports", args=[offer.campaign.pk])
    assert client.get(address).status_code == 200
    template = client.get(reverse("admissions:import-template", args=[offer.campaign.pk]))
    assert template.content[:2] == template_file(offer.campaign)[:2] == b"PK"
    page = client.post(address, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")})
    assert page.status_code == 200
    assert page.context["form"].errors
    answer = client.post(address, {"file": SimpleUploadedFile("a.xlsx", sheet({}))})
    assert "Искрин" in client.get(answer.url).text
    client.post(f"{answer.url}confirm/")
    assert client.get(answer.url).context["import"].state == ImportState.CONFIRMED
    client.post(f"{answer.url}undo/")
    assert client.get(answer.url).context["import"].state == ImportState.UNDONE
    other = client.post(address, {"file": SimpleUploadedFile("b.xlsx", sheet({"average_mark": 500}))})
    assert client.get(other.url).context["changed"] == 1
    client.post(f"{other.url}cancel/")
    assert client_as(UserFactory()).get(other.url).status_code == 404
