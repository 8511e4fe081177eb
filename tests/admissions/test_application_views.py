import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kuznitsa.admissions.actions import applications, campaigns, seats
from kuznitsa.admissions.enums import ApplicationState, SeatState
from kuznitsa.admissions.models import Application
from kuznitsa.organisations.enums import Role
from kuznitsa.people.models import Person
from tests.factories.accounts import UserFactory
from tests.factories.admissions import OpenOfferFactory, checked, office_of, published, submitted
from tests.factories.organisations import member
from tests.factories.people import GuardianshipFactory, PersonFactory

pytestmark = pytest.mark.django_db


def url(name, obj):
    return reverse(f"admissions:{name}", args=[obj.pk])


@pytest.fixture
def family():
    guardianship = GuardianshipFactory(
        child=PersonFactory(minor=True, user=UserFactory()), guardian=PersonFactory(user=UserFactory())
    )
    return guardianship.child, guardianship.guardian


def test_a_newcomer_applies_from_the_first_page_to_the_receipt(at, client_as):
    one = OpenOfferFactory()
    two = OpenOfferFactory(campaign=one.campaign)
    user = UserFactory()
    client = client_as(user)
    assert one.campaign.name in client.get(reverse("admissions:application-new")).text
    start = url("application-start", one.campaign)
    assert "for_whom" in client.get(start).templates[0].name
    start += "?for=me"
    assert client.get(start).status_code == 200
    client.post(start, {"family_name": "Иванов", "given_name": "Иван", "born_on": "2000-01-02"})
    application = Application.objects.get(person__user=user)
    edit = url("application-edit", application)
    typed = {"rank_1": one.pk, "rank_2": two.pk, "average_mark_hundredths": "4,35"}
    page = client.post(edit, {**typed, "move": "2-up"})
    assert page.context["form"]["rank_1"].value() == str(two.pk)
    assert not application.choices.exists()
    assert client.post(edit, {**typed, "rank_1": two.pk, "rank_2": two.pk}).status_code == 200
    assert client.post(edit, typed).status_code == 302
    detail = client.get(application.get_absolute_url())
    assert "consents" in detail.context
    client.post(url("application-submit", application), {"processing": "on"})
    application.refresh_from_db()
    assert application.state == ApplicationState.DRAFT
    consents = {"processing": "on", "employer": "on", "target_contract": "on"}
    answer = client.post(url("application-submit", application), consents)
    assert answer.url == url("application-receipt", application)
    application.refresh_from_db()
    assert application.average_mark_hundredths == 435
    assert application.receipt_hash in client.get(answer.url).text


def test_a_form_with_a_wrong_mark_keeps_what_was_typed(at, client_as):
    offer = OpenOfferFactory()
    person = PersonFactory(user=UserFactory())
    application = applications.start_application(campaign=offer.campaign, person=person, by=person.user, at=at)
    page = client_as(person.user).post(
        url("application-edit", application), {"rank_1": offer.pk, "average_mark_hundredths": "7"}
    )
    assert page.status_code == 200
    assert page.context["form"]["rank_1"].value() == str(offer.pk)


def test_a_guardian_applies_for_the_child_and_agrees(at, client_as, family):
    child, guardian = family
    offer = OpenOfferFactory()
    client = client_as(guardian.user)
    client.post(url("application-start", offer.campaign), {"person": child.pk})
    application = Application.objects.get(person=child)
    client.post(url("application-edit", application), {"rank_1": offer.pk, "average_mark_hundredths": "4.5"})
    client.post(url("application-submit", application))
    agree = url("application-agree", application)
    assert str(offer.position) in client.get(agree).text
    assert client.post(agree, {"processing": "on"}).status_code == 200
    client.post(agree, {"processing": "on", "employer": "on", "target_contract": "on"})
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED


def test_the_office_records_what_the_guardian_has_signed(at, client_as, family):
    child, guardian = family
    offer = OpenOfferFactory()
    application = applications.start_application(campaign=offer.campaign, person=child, by=None, at=at)
    applications.edit_application(application=application, offers=[offer], average_mark_hundredths=450, by=None, at=at)
    applications.submit_application(application=application, by=None, at=at)
    client, agree = client_as(office_of(offer.campaign)), url("application-agree", application)
    assert "подписал на бумаге" in client.get(agree).text
    ticked = {"processing": "on", "employer": "on", "target_contract": "on", "signed_by": guardian.pk}
    assert "где лежат оригиналы" in client.post(agree, ticked).text
    application.refresh_from_db()
    assert application.state == ApplicationState.AWAITING_GUARDIAN
    scan = SimpleUploadedFile("согласия.pdf", b"%PDF-1.7")
    client.post(agree, {"signed_by": guardian.pk, "scan": scan})
    application.refresh_from_db()
    assert (application.state, application.guardian) == (ApplicationState.SUBMITTED, guardian)
    assert all(consent.scan and consent.channel == "paper" for consent in child.consents.all())


def test_the_office_sends_for_an_adult_by_paper(at, client_as):
    offer = OpenOfferFactory()
    person = PersonFactory()
    application = applications.start_application(campaign=offer.campaign, person=person, by=None, at=at)
    applications.edit_application(application=application, offers=[offer], average_mark_hundredths=450, by=None, at=at)
    client, send = client_as(office_of(offer.campaign)), url("application-submit", application)
    assert "Отправить по бумаге" in client.get(application.get_absolute_url()).text
    client.post(send, {"processing": "on", "employer": "on", "target_contract": "on"})
    application.refresh_from_db()
    assert application.state == ApplicationState.DRAFT
    client.post(send, {"signed_by": person.pk, "original": "личное дело 12"})
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED
    assert {consent.original for consent in person.consents.all()} == {"личное дело 12"}


def test_a_guardian_declines(at, client_as, family):
    child, guardian = family
    offer = OpenOfferFactory()
    application = applications.start_application(campaign=offer.campaign, person=child, by=None, at=at)
    applications.edit_application(application=application, offers=[offer], average_mark_hundredths=450, by=None, at=at)
    applications.submit_application(application=application, by=None, at=at)
    client_as(guardian.user).post(url("application-decline", application), {"reason": "далеко"})
    application.refresh_from_db()
    assert (application.state, application.state_reason) == (ApplicationState.DRAFT, "далеко")


def test_the_office_starts_for_somebody(at, client_as):
    offer = OpenOfferFactory()
    client = client_as(office_of(offer.campaign))
    client.post(
        url("application-start", offer.campaign),
        {"family_name": "Петрова", "given_name": "Анна", "born_on": "2011-05-01"},
    )
    person = Person.objects.get(family_name="Петрова")
    assert person.user is None
    assert person.applications.count() == 1


def test_the_office_checks_returns_and_rejects(at, client_as):
    offer = OpenOfferFactory()
    client = client_as(office_of(offer.campaign))
    application = submitted(offer, at=at)
    assert client.get(application.get_absolute_url()).status_code == 200
    client.post(url("application-check", application), {"average_mark_hundredths": "9", "achievement_points": "5"})
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED
    client.post(url("application-check", application), {"average_mark_hundredths": "4.2", "achievement_points": "5"})
    application.refresh_from_db()
    assert (application.state, application.score) == (ApplicationState.CHECKED, 425)
    client.post(url("application-return", application), {"reason": "нет аттестата"})
    application.refresh_from_db()
    assert application.state == ApplicationState.RETURNED
    other = submitted(offer, at=at)
    client.post(url("application-reject", other), {"reason": "ещё учится"})
    client.post(url("application-reconsider", other))
    other.refresh_from_db()
    assert other.state == ApplicationState.SUBMITTED


def test_papers_come_and_go(at, client_as):
    offer = OpenOfferFactory()
    person = PersonFactory(user=UserFactory())
    application = applications.start_application(campaign=offer.campaign, person=person, by=person.user, at=at)
    client = client_as(person.user)
    paper = {"kind": "school", "file": SimpleUploadedFile("аттестат.pdf", b"%PDF-1.7")}
    client.post(url("application-add-document", application), paper)
    document = application.documents.get()
    answer = client.get(url("application-document", document))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert client_as(UserFactory()).get(url("application-document", document)).status_code == 404
    client.post(url("application-remove-document", document))
    assert not application.documents.exists()


def test_changing_and_withdrawing(at, client_as):
    offer = OpenOfferFactory()
    person = PersonFactory(user=UserFactory())
    application = submitted(offer, at=at, person=person)
    client = client_as(person.user)
    assert client.post(url("application-revise", application)).url == url("application-edit", application)
    client.post(url("application-withdraw", application), {"reason": "передумал"})
    application.refresh_from_db()
    assert application.state == ApplicationState.WITHDRAWN


def test_strangers_find_nothing(at, client_as):
    application = submitted(OpenOfferFactory(), at=at)
    for name in ("application", "application-edit", "application-agree", "application-receipt", "application-why"):
        assert client_as(UserFactory()).get(url(name, application)).status_code == 404


def test_the_list_costs_the_same_for_any_number(at, client_as, query_count):
    offer = OpenOfferFactory()
    client = client_as(office_of(offer.campaign))
    query_count(lambda: client.get(reverse("admissions:applications")), lambda: submitted(offer, at=at))


def test_the_list_is_searched_filtered_and_exported(at, client_as):
    offer = OpenOfferFactory()
    submitted(offer, at=at, person=PersonFactory(family_name="Ёлкин"))
    submitted(offer, at=at, person=PersonFactory(family_name="Сидоров"))
    client = client_as(office_of(offer.campaign))
    page = client.get(reverse("admissions:applications"), {"q": "елкин", "state": "submitted", "offer": offer.pk}).text
    assert "Ёлкин" in page
    assert "Сидоров" not in page
    assert client.get(reverse("admissions:applications"), {"export": "csv"}).status_code == 200


def test_anybody_checks_a_receipt_and_sees_no_name(at, client_as):
    application = submitted(OpenOfferFactory(), at=at)
    client = client_as(None)
    address = reverse("admissions:receipts")
    assert client.get(address).status_code == 200
    page = client.get(address, {"number": application.receipt_number, "hash": application.receipt_hash})
    assert "Расписка действует" in page.text
    assert application.person.family_name not in page.text
    said = {
        (application.receipt_number, "0"): "Сумма не совпадает",
        ("26-AAAA-AAAA", "0"): "Такой расписки нет",
    }
    for (number, receipt_hash), answer in said.items():
        assert answer in client.get(address, {"number": number, "hash": receipt_hash}).text
    given = {"number": application.receipt_number, "hash": application.receipt_hash}
    applications.withdraw_application(
        application=application, reason="переезд", by=office_of(application.campaign), at=at
    )
    assert "Заявление отозвано" in client.get(address, given).text


@pytest.mark.parametrize(
    ("language", "said"), [("ru", "Расписка потеряла силу"), ("en", "The receipt has lost its force")]
)
def test_a_receipt_that_was_replaced_says_so(at, client_as, language, said):
    application = submitted(OpenOfferFactory(), at=at)
    given = {"number": application.receipt_number, "hash": application.receipt_hash}
    applications.revise_application(application=application, by=None, at=at)
    applications.submit_application(application=application, by=None, at=at)
    page = client_as(None, language=language).get(reverse("admissions:receipts"), given).text
    assert said in page
    assert application.person.family_name not in page


def test_a_seat_is_answered_on_the_application_page(at, client_as):
    offer = OpenOfferFactory()
    person = PersonFactory(user=UserFactory())
    first = checked(offer, at=at, mark=500, person=person)
    second = checked(offer, at=at, mark=400, person=PersonFactory(user=UserFactory()))
    published(offer.campaign, at=at)
    client = client_as(person.user)
    assert url("seat-accept", first.seats.get()) in client.get(first.get_absolute_url()).text
    client.post(url("seat-accept", first.seats.get()))
    assert first.seats.get().state == SeatState.ACCEPTED
    assert client.get(first.get_absolute_url()).status_code == 200
    client.post(url("seat-give-back", first.seats.get()), {"reason": "переезд"})
    assert first.seats.get().state == SeatState.WITHDRAWN
    client_as(second.person.user).post(url("seat-decline", second.seats.get()))
    assert second.seats.get().state == SeatState.DECLINED


def test_why_in_words(at, client_as, language):
    dear = OpenOfferFactory(minimum_mark_hundredths=450)
    other = OpenOfferFactory(campaign=dear.campaign)
    third = OpenOfferFactory(campaign=dear.campaign, needs_medical=True)
    people = [PersonFactory(user=UserFactory()) for _number in range(3)]
    best = checked(dear, other, at=at, mark=500, person=people[0])
    middle = checked(dear, other, at=at, mark=460, person=people[1])
    last = checked(dear, third, other, at=at, mark=400, person=people[2])
    assert client_as(people[0].user, language=language).get(url("application-why", best)).status_code == 200
    published(dear.campaign, at=at)
    pages = [
        client_as(one.person.user, language=language).get(url("application-why", one)).context["stories"]
        for one in (best, middle, last)
    ]
    assert [[story.reason for story in stories] for stories in pages] == [
        ["assigned", "not_needed"],
        ["place_full", "assigned"],
        ["not_eligible", "not_eligible", "place_full"],
    ]
    full = pages[1][0]
    assert (full.score, full.cut_off, full.needed, full.queue) == (460, 500, 501, 1) or full.needed == 500
    assert ("4,50" if language == "ru" else "4.50") in " ".join(pages[2][0].words)


def test_why_seats_are_empty(at, client_as, language):
    dear = OpenOfferFactory(seats=3, minimum_mark_hundredths=450)
    checked(dear, at=at, mark=500)
    checked(dear, at=at, mark=400)
    published(dear.campaign, at=at)
    client = client_as(office_of(dear.campaign), language=language)
    page = client.get(url("offer-waiting", dear))
    story = page.context["story"]
    assert (story.held, story.free, story.named, story.waiting) == (1, 2, 2, 0)
    assert len(story.words) == 2
    client.post(url("offer-call-next", dear))
    assert client.get(url("offer-waiting", OpenOfferFactory())).status_code == 200


def test_a_plant_sees_that_it_was_named_and_nothing_of_the_others(at, client_as):
    own = OpenOfferFactory()
    other = OpenOfferFactory(campaign=own.campaign)
    application = submitted(other, own, at=at)
    client = client_as(member(own.employer, Role.EMPLOYER_HR))
    page = client.get(application.get_absolute_url()).text
    assert own.position in page
    assert other.position not in page
    listed = client.get(reverse("admissions:applications")).text
    assert own.number in listed
    assert other.number not in listed
    for name in ("application-agree", "application-receipt", "application-why"):
        assert client.get(url(name, application)).status_code == 404


def test_nobody_starts_in_a_closed_campaign(at, client_as):
    offer = OpenOfferFactory()
    offer.campaign.state = "closed"
    offer.campaign.save()
    user = PersonFactory(user=UserFactory()).user
    assert client_as(user).get(url("application-start", offer.campaign)).status_code == 302


def waiting_for_one_seat(at):
    """Return the offer with one seat, who has it, and who waits for it."""
    offer = OpenOfferFactory()
    first, second = (checked(offer, at=at, mark=mark, person=PersonFactory(user=UserFactory())) for mark in (500, 400))
    published(offer.campaign, at=at)
    offer.campaign.refresh_from_db()
    return offer, first, second


@pytest.mark.parametrize(
    ("language", "place", "over"),
    [
        ("ru", "Ваше место в очереди сегодня", "Вы были в очереди под номером 1"),
        ("en", "Your place on the waiting list today", "You were number 1 on the list"),
    ],
)
def test_after_the_campaign_the_why_page_says_what_happened(at, client_as, language, place, over):
    offer, first, second = waiting_for_one_seat(at)
    seats.accept_seat(seat=first.seats.get(), by=first.person.user, at=at)
    client = client_as(second.person.user, language=language)
    while_open = client.get(url("application-why", second))
    assert while_open.context["stories"][0].queue == 1
    assert place in while_open.text
    assert over not in while_open.text
    campaigns.complete_campaign(campaign=offer.campaign, by=office_of(offer.campaign), at=at)
    page = client.get(url("application-why", second))
    assert page.context["stories"][0].queue is None
    assert place not in page.text
    assert over in page.text


def test_who_was_called_from_the_list_reads_so(at, client_as):
    _offer, first, second = waiting_for_one_seat(at)
    seats.decline_seat(seat=first.seats.get(), by=first.person.user, at=at)
    page = client_as(second.person.user, language="en").get(url("application-why", second)).text
    assert "A seat came free, and you were called on 01.09.2026. The seat is “waits for an answer”." in page


def test_who_said_no_to_the_seat_is_on_no_list_after_the_campaign(at, client_as):
    offer, first, second = waiting_for_one_seat(at)
    seats.decline_seat(seat=first.seats.get(), by=first.person.user, at=at)
    seats.decline_seat(seat=second.seats.get(), by=second.person.user, at=at)
    campaigns.complete_campaign(campaign=offer.campaign, by=office_of(offer.campaign), at=at)
    assert (
        "The seat is “declined”"
        in client_as(second.person.user, language="en").get(url("application-why", second)).text
    )
